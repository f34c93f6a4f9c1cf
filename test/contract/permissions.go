package contract

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

func permissions(t *testing.T, d suite) {
	t.Run("assignments are listed by page, the newest first", func(t *testing.T) { listedAssignments(t, d) })
	t.Run("an assignment is read with names as it was added or saved, until it is removed", func(t *testing.T) { assignmentLife(t, d) })
	t.Run("an account has at most one assignment per menu", func(t *testing.T) {
		g := d.addFixtures(t)
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return tx.AccountPermissions.Add(ctx, assignment(g.account.ID, g.menu.ID, g.account.ID))
		})
		wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
			return tx.AccountPermissions.Add(ctx, assignment(g.account.ID, g.menu.ID, g.account.ID))
		}), "menuId")
	})
	t.Run("a permission of a role is read with names as it was added or saved, until it is removed",
		func(t *testing.T) { permissionLife(t, d) })
	t.Run("Replace replaces all permissions of a role", func(t *testing.T) { replacedPermissions(t, d) })
	t.Run("unknown permissions are not found", func(t *testing.T) { unknownPermissions(t, d) })
}

func assignment(account, menu, by domain.ID) access.AccountPermission {
	return access.AccountPermission{
		ID: newID(), AccountID: account, MenuID: menu, Actions: access.MayCreate, AssignedBy: by,
		AssignedAt: noon.Add(-time.Minute), CreatedAt: noon.Add(-time.Hour), UpdatedAt: noon,
	}
}

func listedAssignments(t *testing.T, d suite) {
	list := func(p ports.Page, count int) []ports.AccountPermissionView {
		return read(t, d, func(ctx context.Context, tx ports.Tx) ([]ports.AccountPermissionView, error) {
			views, n, err := tx.AccountPermissions.List(ctx, p)
			if n != count {
				t.Errorf("%d assignments in all, want %d", n, count)
			}
			return views, err
		})
	}
	same(t, list(ports.Page{Number: 1, Size: 10}, 0), []ports.AccountPermissionView{})
	g := d.addFixtures(t)
	other := someMenu()
	a, b := assignment(g.account.ID, g.menu.ID, g.account.ID), assignment(g.account.ID, other.ID, "")
	b.CreatedAt = a.CreatedAt.Add(time.Microsecond)
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Menus.Add(ctx, other), tx.AccountPermissions.Add(ctx, b), tx.AccountPermissions.Add(ctx, a))
	})
	first := ports.AccountPermissionView{AccountPermission: b, Account: g.account.Username, Menu: other.Name}
	second := ports.AccountPermissionView{AccountPermission: a, Account: g.account.Username, Menu: g.menu.Name, Assigner: g.account.Username}
	same(t, list(ports.Page{Number: 1, Size: 1}, 2), []ports.AccountPermissionView{first})
	same(t, list(ports.Page{Number: 2, Size: 1}, 2), []ports.AccountPermissionView{second})
	same(t, list(ports.Page{Number: 3, Size: 1}, 2), []ports.AccountPermissionView{})
}

func assignmentLife(t *testing.T, d suite) {
	g := d.addFixtures(t)
	p := assignment(g.account.ID, g.menu.ID, g.account.ID)
	get := func(ctx context.Context, tx ports.Tx) (ports.AccountPermissionView, error) {
		return tx.AccountPermissions.Get(ctx, p.ID)
	}
	view := func() ports.AccountPermissionView {
		return ports.AccountPermissionView{AccountPermission: p, Account: g.account.Username, Menu: g.menu.Name, Assigner: g.account.Username}
	}
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.AccountPermissions.Add(ctx, p) })
	same(t, read(t, d, get), view())
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		locked, err := tx.AccountPermissions.Lock(ctx, p.ID)
		same(t, locked, view())
		p.Actions, p.UpdatedAt = access.MayNothing, noon.Add(time.Hour)
		return errors.Join(err, tx.AccountPermissions.Save(ctx, p))
	})
	same(t, read(t, d, get), view())
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.AccountPermissions.Remove(ctx, p.ID) })
	_, err := attempt(t, d, get)
	wantMissing(t, err)
}

func permissionLife(t *testing.T, d suite) {
	g, role := d.addFixtures(t), someRole()
	p := permission(role.ID, g.menu.ID)
	get := func(ctx context.Context, tx ports.Tx) (ports.RolePermissionView, error) {
		return tx.RolePermissions.Get(ctx, p.ID)
	}
	view := func() ports.RolePermissionView {
		return ports.RolePermissionView{RolePermission: p, Role: role.Name, Menu: g.menu.Name}
	}
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Roles.Add(ctx, role), tx.RolePermissions.Replace(ctx, role.ID, []access.RolePermission{p}))
	})
	same(t, read(t, d, get), view())
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		locked, err := tx.RolePermissions.Lock(ctx, p.ID)
		same(t, locked, view())
		p.Actions, p.UpdatedAt = access.MayEverything, noon.Add(time.Hour)
		return errors.Join(err, tx.RolePermissions.Save(ctx, p))
	})
	same(t, read(t, d, get), view())
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.RolePermissions.Remove(ctx, p.ID) })
	_, err := attempt(t, d, get)
	wantMissing(t, err)
}

func replacedPermissions(t *testing.T, d suite) {
	a, b := someRole(), someRole()
	urls := []string{"/z/", "/a-b/", "/aa/", "/Ab/"} // byte by byte: /Ab/ /a-b/ /aa/ /z/
	menus := make([]access.Menu, len(urls))
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		err := errors.Join(tx.Roles.Add(ctx, a), tx.Roles.Add(ctx, b))
		for i, url := range urls {
			menus[i] = someMenu()
			menus[i].URL = url
			err = errors.Join(err, tx.Menus.Add(ctx, menus[i]))
		}
		return err
	})
	of := func(roles ...domain.ID) []ports.RolePermissionView {
		return read(t, d, func(ctx context.Context, tx ports.Tx) ([]ports.RolePermissionView, error) {
			return tx.RolePermissions.Of(ctx, roles)
		})
	}
	replace := func(role access.Role, of ...access.Menu) (set []ports.RolePermissionView) {
		var raw []access.RolePermission
		for _, m := range of {
			p := permission(role.ID, m.ID)
			raw, set = append(raw, p), append(set, ports.RolePermissionView{RolePermission: p, Role: role.Name, Menu: m.Name})
		}
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.RolePermissions.Replace(ctx, role.ID, raw) })
		return set
	}
	same(t, of(a.ID, b.ID), []ports.RolePermissionView{})
	same(t, of(), []ports.RolePermissionView{})
	replace(a, menus[0], menus[1])
	whole := replace(a, menus...)
	own := replace(b, menus[0])
	inOrder := []ports.RolePermissionView{whole[3], whole[1], whole[2], whole[0]}
	same(t, of(a.ID), inOrder)
	same(t, of(a.ID, b.ID, newID()), append(inOrder, own...))
	replace(a)
	same(t, of(a.ID, b.ID), own)
	menu := menus[0].ID
	wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
		return tx.RolePermissions.Replace(ctx, a.ID, []access.RolePermission{permission(a.ID, menu), permission(a.ID, menu)})
	}), "menuId")
}

func unknownPermissions(t *testing.T, d suite) {
	g, role := d.addFixtures(t), someRole()
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Roles.Add(ctx, role) })
	for what, call := range map[string]func(context.Context, ports.Tx) error{
		"role permission, get": func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.RolePermissions.Get(ctx, newID())
			return err
		},
		"role permission, lock": func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.RolePermissions.Lock(ctx, newID())
			return err
		},
		"role permission, save": func(ctx context.Context, tx ports.Tx) error {
			return tx.RolePermissions.Save(ctx, permission(role.ID, g.menu.ID))
		},
		"role permission, remove": func(ctx context.Context, tx ports.Tx) error { return tx.RolePermissions.Remove(ctx, newID()) },
		"assignment, get": func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.AccountPermissions.Get(ctx, newID())
			return err
		},
		"assignment, lock": func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.AccountPermissions.Lock(ctx, newID())
			return err
		},
		"assignment, save": func(ctx context.Context, tx ports.Tx) error {
			return tx.AccountPermissions.Save(ctx, assignment(g.account.ID, g.menu.ID, g.account.ID))
		},
		"assignment, remove": func(ctx context.Context, tx ports.Tx) error { return tx.AccountPermissions.Remove(ctx, newID()) },
	} {
		t.Run(what, func(t *testing.T) { wantMissing(t, d.try(t, call)) })
	}
}
