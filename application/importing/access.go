package importing

import (
	"context"
	"slices"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// importRoles adds the original's roles to those that exist. An active role with the name of a predefined role replaces
// it, with its own id, unless accounts hold the predefined role, which then stays and represents it.
func (t *importRun) importRoles(ctx context.Context) error {
	here, err := usecase.RolesByName(ctx, t.tx)
	if err != nil {
		return err
	}
	return importTable(ctx, t, t.From.Roles, ports.RoleID, func(missing []missingRow[access.RoleRecord], there []domain.ID, r *Table) error {
		for _, id := range there {
			t.roles[string(id)] = id
		}
		var batch ports.ImportBatch
		for _, f := range missing {
			x, merged, err := t.importRole(ctx, f, here, r)
			if err != nil {
				return err
			}
			if merged {
				continue
			}
			here[x.Name] = ports.RoleView{} // the name is taken by a role of the original
			t.roles[f.key], t.takesPermissions[x.ID] = x.ID, true
			batch.Roles = append(batch.Roles, x)
			r.note(x.Name, domain.Note{Text: "ticketScope: " + string(x.TicketScope)})
			r.Written++
		}
		return t.tx.Imports.Add(ctx, batch)
	})
}

// importRole makes the role of a row, in place of a predefined one or under a name of its own. merged is true if an
// existing role represents it instead. An inactive role neither replaces nor merges, because it would permit something
// that it did not permit before.
func (t *importRun) importRole(
	ctx context.Context, f missingRow[access.RoleRecord], here map[string]ports.RoleView, r *Table,
) (x access.Role, merged bool, err error) {
	x, notes := access.RestoreRole(f.id, f.rec, t.Clock())
	r.note(x.Name, notes...)
	same, taken := here[x.Name]
	_, imported := t.roles[string(same.ID)]
	replaceable := taken && same.IsPredefined && same.ID != "" && !imported && f.rec.IsActive
	switch {
	case replaceable && same.AccountCount > 0:
		return x, true, t.mergeRole(ctx, f, same, r)
	case replaceable:
		x.Succeed(same.Role)
		return x, false, t.replaceRole(ctx, same.Role, x)
	case taken:
		x.Rename()
		r.note(x.Name, domain.Note{Text: "name: another role has it; it became <name> <reference_id>"})
	}
	return x, false, nil
}

// mergeRole lets an existing role represent one of the original. The existing role gets the original's permissions only
// if it has none, so that its accounts do not gain any.
func (t *importRun) mergeRole(ctx context.Context, f missingRow[access.RoleRecord], same ports.RoleView, r *Table) error {
	held, err := t.tx.RolePermissions.Of(ctx, []domain.ID{same.ID})
	if err != nil {
		return err
	}
	t.roles[f.key], t.takesPermissions[same.ID] = same.ID, len(held) == 0
	r.There++
	r.note(same.Name, domain.Note{Text: "accounts hold the role of this name that is here: it keeps its id", Was: f.key})
	return nil
}

// replaceRole removes a predefined role that no account holds, so that by can replace it, and remembers its permissions
// for by. addInherited adds those on menus that the original does not have.
func (t *importRun) replaceRole(ctx context.Context, old, by access.Role) error {
	held, err := t.tx.RolePermissions.Of(ctx, []domain.ID{old.ID})
	if err != nil {
		return err
	}
	for _, p := range held {
		t.inherited = append(t.inherited, access.NewRolePermission(t.NewID(), by.ID, p.MenuID, p.Actions, t.Clock()))
	}
	return t.tx.Roles.Remove(ctx, old.ID)
}

// importMenus keeps the existing menus with the ids or URLs of the original's, and adds the others below their parents.
func (t *importRun) importMenus(ctx context.Context) error {
	all, err := t.tx.Menus.LockAll(ctx)
	if err != nil {
		return err
	}
	var waiting []missingRow[access.MenuRecord]
	var table *Table
	err = importTable(ctx, t, t.From.Menus, ports.MenuID, func(missing []missingRow[access.MenuRecord], there []domain.ID, r *Table) error {
		for _, id := range there {
			t.menus[string(id)] = id
		}
		waiting, table = append(waiting, missing...), r
		return nil
	})
	if err != nil || len(waiting) == 0 {
		return err
	}
	return t.addMenus(ctx, waiting, all, table)
}

// addMenus adds menus, parents first. Menus whose parent is missing become roots.
func (t *importRun) addMenus(ctx context.Context, waiting []missingRow[access.MenuRecord], all []access.Menu, r *Table) error {
	var batch ports.ImportBatch
	for len(waiting) > 0 {
		left := waiting[:0:0]
		for _, f := range waiting {
			if _, placed := t.menus[f.rec.Parent]; f.rec.Parent != "" && !placed {
				left = append(left, f)
				continue
			}
			all = t.addMenu(f, all, r, &batch)
		}
		if len(left) == len(waiting) { // the missing parents will not come
			all = t.addMenu(left[0], all, r, &batch)
			left = left[1:]
		}
		waiting = left
	}
	return t.tx.Imports.Add(ctx, batch)
}

// addMenu adds one menu to the tree and returns all menus.
func (t *importRun) addMenu(f missingRow[access.MenuRecord], all []access.Menu, r *Table, batch *ports.ImportBatch) []access.Menu {
	var parent *access.Menu
	if p, ok := access.FindMenu(all, t.menus[f.rec.Parent]); ok {
		parent = &p
	}
	m, notes := access.RestoreMenu(f.id, f.rec, parent, t.Clock())
	if same, ok := m.Same(all); ok {
		t.menus[f.key] = same.ID
		r.There++
		r.note(m.Name, domain.Note{Text: "the menu of this URL that is here keeps its id", Was: f.key})
		return all
	}
	r.note(m.Name, notes...)
	if slices.ContainsFunc(all, func(x access.Menu) bool { return x.NameKey == m.NameKey }) {
		m.Rename()
		r.note(m.Name, domain.Note{Text: "menu_name: another menu has it; it became <name> <reference_id>"})
	}
	t.menus[f.key] = m.ID
	batch.Menus = append(batch.Menus, m)
	r.Written++
	return append(all, m)
}

// permissionKey identifies a permission: by a role or an account, and a menu.
type permissionKey struct{ holder, menu domain.ID }

// importRolePermissions imports the permissions of roles that take them from the original.
func (t *importRun) importRolePermissions(ctx context.Context) error {
	held, err := t.rolePermissionKeys(ctx)
	if err != nil {
		return err
	}
	err = importTable(
		ctx,
		t,
		t.From.RolePermissions,
		ports.RolePermissionID,
		func(missing []missingRow[access.RolePermissionRecord], _ []domain.ID, r *Table) error {
			var batch ports.ImportBatch
			for _, f := range missing {
				x, reason := access.RestoreRolePermission(f.id, t.roles[f.rec.Role], t.menus[f.rec.Menu], f.rec, t.Clock())
				at := permissionKey{t.roles[f.rec.Role], t.menus[f.rec.Menu]}
				switch {
				case reason != "":
					r.skip(f.key, reason)
				case held[at]:
					r.There++
					r.note(f.key, domain.Note{Text: "the role has a permission on that menu already: that one stays"})
				case !t.takesPermissions[at.holder]:
					r.skip(f.key, "its role was here before: what it permits stays as it is")
				default:
					held[at] = true
					batch.RolePermissions = append(batch.RolePermissions, x)
					r.Written++
				}
			}
			return t.tx.Imports.Add(ctx, batch)
		},
	)
	if err != nil {
		return err
	}
	return t.addInherited(ctx)
}

// rolePermissionKeys returns the permissions of the roles that represent those of the original.
func (t *importRun) rolePermissionKeys(ctx context.Context) (map[permissionKey]bool, error) {
	held := map[permissionKey]bool{}
	ids := make([]domain.ID, 0, len(t.roles))
	for _, id := range t.roles {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return held, nil
	}
	views, err := t.tx.RolePermissions.Of(ctx, ids)
	for _, v := range views {
		held[permissionKey{v.RoleID, v.MenuID}] = true
	}
	return held, err
}

// addInherited adds to the roles that replaced predefined ones the permissions that those had on menus which the original
// does not have.
func (t *importRun) addInherited(ctx context.Context) error {
	known := map[domain.ID]bool{}
	for _, id := range t.menus {
		known[id] = true
	}
	var batch ports.ImportBatch
	for _, p := range t.inherited {
		if !known[p.MenuID] {
			batch.RolePermissions = append(batch.RolePermissions, p)
		}
	}
	return t.tx.Imports.Add(ctx, batch)
}

// importAccountPermissions imports the assignments of accounts that this run wrote.
func (t *importRun) importAccountPermissions(ctx context.Context) error {
	held := map[permissionKey]bool{}
	return importTable(
		ctx,
		t,
		t.From.AccountPermissions,
		ports.AccountPermissionID,
		func(missing []missingRow[access.AccountPermissionRecord], _ []domain.ID, r *Table) error {
			names := make([]string, 0, 2*len(missing))
			for _, f := range missing {
				names = append(names, f.rec.Account, f.rec.AssignedBy)
			}
			known, err := t.accounts(ctx, names)
			if err != nil {
				return err
			}
			var batch ports.ImportBatch
			for _, f := range missing {
				account, menu := known.id(f.rec.Account), t.menus[f.rec.Menu]
				x, reason := access.RestoreAccountPermission(f.id, account, menu, known.id(f.rec.AssignedBy), f.rec, t.Clock())
				switch {
				case reason != "":
					r.skip(f.key, reason)
				case !t.takesPermissions[account]:
					r.skip(f.key, "its account was here before: what it holds stays as it is")
				case held[permissionKey{account, menu}]:
					r.skip(f.key, "the account has an assignment for that menu already")
				default:
					held[permissionKey{account, menu}] = true
					batch.AccountPermissions = append(batch.AccountPermissions, x)
					r.Written++
				}
			}
			return t.tx.Imports.Add(ctx, batch)
		},
	)
}
