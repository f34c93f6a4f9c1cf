package importing

import (
	"context"
	"slices"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// takeRoles keeps the original's roles beside those that are here. An active one of the name of a predefined role comes
// in its place, id and all, unless accounts hold that already: then it is the predefined one that stays.
func (t *takeover) takeRoles(ctx context.Context) error {
	here, err := usecase.RolesByName(ctx, t.tx)
	if err != nil {
		return err
	}
	return take(ctx, t, t.From.Roles, ports.RoleID, func(missing []fresh[access.RoleRecord], there []domain.ID, r *Table) error {
		for _, id := range there {
			t.roles[string(id)] = id
		}
		var batch ports.ImportBatch
		for _, f := range missing {
			x, merged, err := t.settleRole(ctx, f, here, r)
			if err != nil {
				return err
			}
			if merged {
				continue
			}
			here[x.Name] = ports.RoleView{} // taken, by a role of the original
			t.roles[f.key], t.open[x.ID] = x.ID, true
			batch.Roles = append(batch.Roles, x)
			r.note(x.Name, domain.Note{Text: "ticketScope: " + string(x.TicketScope)})
			r.Written++
		}
		return t.tx.Imports.Add(ctx, batch)
	})
}

// settleRole makes the role of a row, in the place of a predefined one, or under a name of its own; merged says that
// one that is here stands for it instead. Neither is for an inactive role, which would come to permit something.
func (t *takeover) settleRole(
	ctx context.Context, f fresh[access.RoleRecord], here map[string]ports.RoleView, r *Table,
) (x access.Role, merged bool, err error) {
	x, notes := access.RestoreRole(f.id, f.rec, t.Clock())
	r.note(x.Name, notes...)
	same, taken := here[x.Name]
	_, imported := t.roles[string(same.ID)]
	ours := taken && same.IsPredefined && same.ID != "" && !imported && f.rec.IsActive
	switch {
	case ours && same.AccountCount > 0:
		return x, true, t.mergeRole(ctx, f, same, r)
	case ours:
		x.Succeed(same.Role)
		return x, false, t.replaceRole(ctx, same.Role, x)
	case taken:
		x.Rename()
		r.note(x.Name, domain.Note{Text: "name: another role has it; it became <name> <reference_id>"})
	}
	return x, false, nil
}

// mergeRole lets a role that is here stand for one of the original. It takes the original's permissions only where
// it has none: nobody who holds it may do more by surprise.
func (t *takeover) mergeRole(ctx context.Context, f fresh[access.RoleRecord], same ports.RoleView, r *Table) error {
	held, err := t.tx.RolePermissions.Of(ctx, []domain.ID{same.ID})
	if err != nil {
		return err
	}
	t.roles[f.key], t.open[same.ID] = same.ID, len(held) == 0
	r.There++
	r.note(same.Name, domain.Note{Text: "accounts hold the role of this name that is here: it keeps its id", Was: f.key})
	return nil
}

// replaceRole takes a predefined role that nobody holds away, so that another can come in its place, and hands on
// what it permits on the menus that the original does not know.
func (t *takeover) replaceRole(ctx context.Context, old, by access.Role) error {
	held, err := t.tx.RolePermissions.Of(ctx, []domain.ID{old.ID})
	if err != nil {
		return err
	}
	for _, p := range held {
		t.handed = append(t.handed, access.NewRolePermission(t.NewID(), by.ID, p.MenuID, p.Actions, t.Clock()))
	}
	return t.tx.Roles.Remove(ctx, old.ID)
}

// takeMenus keeps the menus that are here, by id, else by URL, and adds the others below their parents.
func (t *takeover) takeMenus(ctx context.Context) error {
	all, err := t.tx.Menus.LockAll(ctx)
	if err != nil {
		return err
	}
	var waiting []fresh[access.MenuRecord]
	var table *Table
	err = take(ctx, t, t.From.Menus, ports.MenuID, func(missing []fresh[access.MenuRecord], there []domain.ID, r *Table) error {
		for _, id := range there {
			t.menus[string(id)] = id
		}
		waiting, table = append(waiting, missing...), r
		return nil
	})
	if err != nil || len(waiting) == 0 {
		return err
	}
	return t.hang(ctx, waiting, all, table)
}

// hang adds menus, parents first; those whose parent never comes become roots.
func (t *takeover) hang(ctx context.Context, waiting []fresh[access.MenuRecord], all []access.Menu, r *Table) error {
	var batch ports.ImportBatch
	for len(waiting) > 0 {
		left := waiting[:0:0]
		for _, f := range waiting {
			if _, placed := t.menus[f.rec.Parent]; f.rec.Parent != "" && !placed {
				left = append(left, f)
				continue
			}
			all = t.place(f, all, r, &batch)
		}
		if len(left) == len(waiting) { // nothing of what is missing will come
			all = t.place(left[0], all, r, &batch)
			left = left[1:]
		}
		waiting = left
	}
	return t.tx.Imports.Add(ctx, batch)
}

// place puts one menu into the tree and gives the menus that there are then.
func (t *takeover) place(f fresh[access.MenuRecord], all []access.Menu, r *Table, batch *ports.ImportBatch) []access.Menu {
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

// pair is what there can be one permission for: a role or an account, and a menu.
type pair struct{ holder, menu domain.ID }

// takeRolePermissions gives roles that were written what they permitted in the original.
func (t *takeover) takeRolePermissions(ctx context.Context) error {
	held, err := t.heldByRoles(ctx)
	if err != nil {
		return err
	}
	err = take(
		ctx,
		t,
		t.From.RolePermissions,
		ports.RolePermissionID,
		func(missing []fresh[access.RolePermissionRecord], _ []domain.ID, r *Table) error {
			var batch ports.ImportBatch
			for _, f := range missing {
				x, reason := access.RestoreRolePermission(f.id, t.roles[f.rec.Role], t.menus[f.rec.Menu], f.rec, t.Clock())
				at := pair{t.roles[f.rec.Role], t.menus[f.rec.Menu]}
				switch {
				case reason != "":
					r.skip(f.key, reason)
				case held[at]:
					r.There++
					r.note(f.key, domain.Note{Text: "the role has a permission on that menu already: that one stays"})
				case !t.open[at.holder]:
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
	return t.handOn(ctx)
}

// heldByRoles gives what the roles permit that stand for those of the original.
func (t *takeover) heldByRoles(ctx context.Context) (map[pair]bool, error) {
	held := map[pair]bool{}
	ids := make([]domain.ID, 0, len(t.roles))
	for _, id := range t.roles {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return held, nil
	}
	views, err := t.tx.RolePermissions.Of(ctx, ids)
	for _, v := range views {
		held[pair{v.RoleID, v.MenuID}] = true
	}
	return held, err
}

// handOn gives the roles that came in the place of predefined ones what those permitted on menus that the original
// does not know.
func (t *takeover) handOn(ctx context.Context) error {
	known := map[domain.ID]bool{}
	for _, id := range t.menus {
		known[id] = true
	}
	var batch ports.ImportBatch
	for _, p := range t.handed {
		if !known[p.MenuID] {
			batch.RolePermissions = append(batch.RolePermissions, p)
		}
	}
	return t.tx.Imports.Add(ctx, batch)
}

// takeAccountPermissions gives accounts that were written what they held by themselves in the original.
func (t *takeover) takeAccountPermissions(ctx context.Context) error {
	held := map[pair]bool{}
	return take(
		ctx,
		t,
		t.From.AccountPermissions,
		ports.AccountPermissionID,
		func(missing []fresh[access.AccountPermissionRecord], _ []domain.ID, r *Table) error {
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
				case !t.open[account]:
					r.skip(f.key, "its account was here before: what it holds stays as it is")
				case held[pair{account, menu}]:
					r.skip(f.key, "the account has an assignment for that menu already")
				default:
					held[pair{account, menu}] = true
					batch.AccountPermissions = append(batch.AccountPermissions, x)
					r.Written++
				}
			}
			return t.tx.Imports.Add(ctx, batch)
		},
	)
}
