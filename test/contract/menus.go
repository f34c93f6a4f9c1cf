package contract

import (
	"context"
	"errors"
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

func allMenus(t *testing.T, d suite) []access.Menu {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) ([]access.Menu, error) { return tx.Menus.All(ctx) })
}

func menus(t *testing.T, d suite) {
	t.Run("the whole tree is listed, parents before children, siblings by display order and name", func(t *testing.T) { menuTree(t, d) })
	t.Run("Save writes every field", func(t *testing.T) {
		m, other := someMenu(), someMenu()
		other.ID, other.URL, other.Visible, other.IsActive = m.ID, "#", false, false
		other.CreateURL, other.ListURL, other.Icon = "", "", ""
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Menus.Add(ctx, m) })
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Menus.Save(ctx, other) })
		same(t, menuIn(allMenus(t, d), m.ID), other)
	})
	t.Run("an unknown menu is not found", func(t *testing.T) {
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Menus.Save(ctx, someMenu()) }))
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Menus.Remove(ctx, newID()) }))
	})
	t.Run("the name and the URL of another menu are taken, except the URL #", func(t *testing.T) { takenMenus(t, d) })
	t.Run("a menu with children or permissions is not removed", func(t *testing.T) { usedMenus(t, d) })
	t.Run("tickets lose a menu that is removed", func(t *testing.T) {
		g := d.addFixtures(t)
		x, gone := g.ticket(), g.ticket()
		x.MenuID, gone.MenuID, gone.DeletedAt = g.menu.ID, g.menu.ID, noon
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Tickets.Add(ctx, x), tx.Tickets.Add(ctx, gone))
		})
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Menus.Remove(ctx, g.menu.ID) })
		same(t, menuIn(allMenus(t, d), g.menu.ID), access.Menu{})
		x.MenuID = ""
		got, err := getTicket(t, d, x.ID, everything)
		must(t, err)
		same(t, got, g.view(x))
	})
}

func menuIn(all []access.Menu, id domain.ID) access.Menu {
	for _, m := range all {
		if m.ID == id {
			return m
		}
	}
	return access.Menu{}
}

func menuTree(t *testing.T, d suite) {
	same(t, allMenus(t, d), []access.Menu{})
	made := map[string]access.Menu{}
	grow := func(parent, name string, order int) {
		m := someMenu()
		m.Name, m.NameKey, m.URL = name, domain.FoldCase(name), "/"+name+"/"
		m.DisplayOrder, m.ParentID = order, made[parent].ID
		if parent != "" {
			m.Depth = made[parent].Depth + 1
		}
		made[name] = m
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Menus.Add(ctx, m) })
	}
	grow("", "zebra", 1)
	grow("", "ant", 2)
	grow("zebra", "Cow", 5)
	grow("zebra", "bee", 5)
	grow("zebra", "dog", 4)
	grow("dog", "elk", 1)
	grow("ant", "fox", 0)

	all := allMenus(t, d)
	under := map[domain.ID][]string{}
	seen := map[domain.ID]bool{"": true}
	for _, m := range all {
		same(t, m, made[m.Name])
		if !seen[m.ParentID] {
			t.Errorf("%s comes before its parent", m.Name)
		}
		seen[m.ID] = true
		under[m.ParentID] = append(under[m.ParentID], m.Name)
	}
	same(t, under, map[domain.ID][]string{
		"": {"zebra", "ant"}, made["zebra"].ID: {"dog", "bee", "Cow"}, made["dog"].ID: {"elk"}, made["ant"].ID: {"fox"},
	})
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		locked, err := tx.Menus.LockAll(ctx)
		same(t, locked, all)
		return err
	})
}

func takenMenus(t *testing.T, d suite) {
	a, b := someMenu(), someMenu()
	a.NameKey = domain.FoldCase("ÉLAN")
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Menus.Add(ctx, a), tx.Menus.Add(ctx, b))
	})
	for field, clash := range map[string]func(*access.Menu){
		"menuName": func(m *access.Menu) { m.NameKey = domain.FoldCase("élan") },
		"menuUrl":  func(m *access.Menu) { m.URL = a.URL },
	} {
		added, saved := someMenu(), b
		clash(&added)
		clash(&saved)
		wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Menus.Add(ctx, added) }), field)
		wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Menus.Save(ctx, saved) }), field)
	}
	x, y := someMenu(), someMenu()
	x.URL, y.URL = "#", "#"
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Menus.Add(ctx, x), tx.Menus.Add(ctx, y))
	})
}

func usedMenus(t *testing.T, d suite) {
	g := d.addFixtures(t)
	role, child := someRole(), someMenu()
	child.ParentID, child.Depth = g.menu.ID, 1
	byRole := permission(role.ID, g.menu.ID)
	byAccount := assignment(g.account.ID, g.menu.ID, g.account.ID)
	remove := func(ctx context.Context, tx ports.Tx) error { return tx.Menus.Remove(ctx, g.menu.ID) }

	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Roles.Add(ctx, role), tx.Menus.Add(ctx, child))
	})
	wantInUse(t, d.try(t, remove))
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Menus.Remove(ctx, child.ID), tx.RolePermissions.Replace(ctx, role.ID, []access.RolePermission{byRole}))
	})
	wantInUse(t, d.try(t, remove))
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.RolePermissions.Remove(ctx, byRole.ID), tx.AccountPermissions.Add(ctx, byAccount))
	})
	wantInUse(t, d.try(t, remove))
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.AccountPermissions.Remove(ctx, byAccount.ID) })
	d.update(t, remove)
	same(t, menuIn(allMenus(t, d), g.menu.ID), access.Menu{})
}

func getTicket(t *testing.T, d suite, id domain.ID, reach access.Reach) (ticket.View, error) {
	return attempt(t, d, func(ctx context.Context, tx ports.Tx) (ticket.View, error) { return tx.Tickets.Get(ctx, id, reach) })
}
