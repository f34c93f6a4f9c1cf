package permissions_test

import (
	"context"
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
	"tickt/test/desk"
)

// addMenuChain creates three menus, each below the one before.
func addMenuChain(d *desk.Desk) (top, middle, leaf access.MenuView) {
	d.T.Helper()
	clerk := d.Actor(desk.Clerk)
	add := func(name string, parent domain.ID) access.MenuView {
		d.T.Helper()
		return desk.Must(d.Menus.Create(d.T.Context(), clerk, access.MenuPatch{
			Name: domain.Some(name), URL: domain.Some("/" + name + "/"), ParentID: domain.Some(string(parent)),
		}, nil))(d.T)
	}
	top = add("top", "")
	middle = add("middle", top.ID)
	return top, middle, add("leaf", middle.ID)
}

func TestMenuHasItsPlaceInTheTree(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	before := desk.Must(d.Menus.Tree(t.Context(), clerk))(t)
	top, _, leaf := addMenuChain(d)
	if leaf.FullPath != "top > middle > leaf" || leaf.ParentName != "middle" || leaf.Depth != 2 || leaf.HasChildren {
		t.Errorf("the new leaf is %+v", leaf)
	}
	got := desk.Must(d.Menus.Get(t.Context(), clerk, top.ID))(t)
	if !got.HasChildren || got.Depth != 0 {
		t.Errorf("the top is %+v", got)
	}
	tree := desk.Must(d.Menus.Tree(t.Context(), clerk))(t)
	if len(tree) != len(before)+1 {
		t.Errorf("the tree has %d roots, want %d", len(tree), len(before)+1)
	}
	_, err := d.Menus.Get(t.Context(), clerk, d.NewID())
	desk.Fails(t, err, domain.NotFound, "Data not found.")
}

func TestMovingAMenuUpdatesTheDepthsBelowIt(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	_, middle, leaf := addMenuChain(d)
	moved := desk.Must(d.Menus.Update(t.Context(), clerk, middle.ID, access.MenuPatch{ParentID: domain.Null[string]()}, nil))(t)
	if moved.Depth != 0 || moved.FullPath != "middle" || !moved.HasChildren {
		t.Errorf("moved to %+v", moved)
	}
	got := desk.Must(d.Menus.Get(t.Context(), clerk, leaf.ID))(t)
	if got.Depth != 1 || got.FullPath != "middle > leaf" {
		t.Errorf("the menu below is %+v", got)
	}
}

func TestMenuChangeIsCheckedAgainstTheTree(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	top, middle, leaf := addMenuChain(d)
	below := func(m access.MenuView) access.MenuPatch { return access.MenuPatch{ParentID: domain.Some(string(m.ID))} }
	for name, c := range map[string]struct {
		change access.MenuPatch
		says   string
	}{
		"its own parent":   {below(top), "A menu cannot be its own parent."},
		"a descendant":     {below(leaf), "Cannot set parent: this would create a circular reference."},
		"an unknown menu":  {access.MenuPatch{ParentID: domain.Some(string(d.NewID()))}, "parentReferenceId: Parent menu does not exist."},
		"another's name":   {access.MenuPatch{Name: domain.Some("MIDDLE")}, "menuName: Menu with name 'MIDDLE' already exists."},
		"another's URL":    {access.MenuPatch{URL: domain.Some("/leaf/")}, "menuUrl: Menu with URL '/leaf/' already exists."},
		"a negative order": {access.MenuPatch{DisplayOrder: domain.Some(-1)}, "Display order must be non-negative"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.Menus.Update(t.Context(), clerk, top.ID, c.change, nil)
			desk.Fails(t, err, domain.Invalid, c.says)
		})
	}
	_, err := d.Menus.Replace(t.Context(), clerk, middle.ID, access.MenuPatch{Name: domain.Some("middle")}, nil)
	desk.Fails(t, err, domain.Invalid, "menuUrl: Menu URL cannot be blank.")
	_, err = d.Menus.Update(t.Context(), clerk, d.NewID(), access.MenuPatch{}, nil)
	desk.Fails(t, err, domain.NotFound, "")
}

func TestMenuKeepsTheLinksThatItHas(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	top, _, _ := addMenuChain(d)
	old := desk.Must(access.NewMenu(d.NewID(), access.MenuPatch{Name: domain.Some("old"), URL: domain.Some("/old/")}, nil, d.Now()))(t)
	old.URL, old.CreateURL, old.ListURL, old.ParentID, old.Depth = "reports", "javascript:alert(1)", "//example.org", top.ID, 1
	d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.Menus.Add(ctx, old) })
	is := func(m access.MenuView, url, create, list string) {
		t.Helper()
		if m.URL != url || m.CreateURL != create || m.ListURL != list {
			t.Errorf("its links are %q, %q, %q; want %q, %q, %q", m.URL, m.CreateURL, m.ListURL, url, create, list)
		}
	}
	is(desk.Must(d.Menus.Get(t.Context(), clerk, old.ID))(t), old.URL, old.CreateURL, old.ListURL)
	const refused = " must be '#', a path that begins with one '/', or an http or https URL."
	for _, step := range []struct {
		name              string
		change            access.MenuPatch
		says              string // "" if the change is accepted
		url, create, list string // after it
	}{
		{"another field", access.MenuPatch{Icon: domain.Some("chart")}, "", "reports", "javascript:alert(1)", "//example.org"},
		{"its name", access.MenuPatch{Name: domain.Some("older")}, "", "reports", "javascript:alert(1)", "//example.org"},
		{
			"the same link",
			access.MenuPatch{CreateURL: domain.Some("javascript:alert(1)")},
			"createUrl: Create URL" + refused,
			"reports", "javascript:alert(1)", "//example.org",
		},
		{
			"another bad link",
			access.MenuPatch{ListURL: domain.Some("data:,x")},
			"listUrl: List URL" + refused,
			"reports", "javascript:alert(1)", "//example.org",
		},
		{"a good link", access.MenuPatch{ListURL: domain.Some("/list/")}, "", "reports", "javascript:alert(1)", "/list/"},
		{"no link", access.MenuPatch{CreateURL: domain.Null[string]()}, "", "reports", "", "/list/"},
		{
			"a move",
			access.MenuPatch{ParentID: domain.Some(string(top.ID))},
			"menuUrl: Sub Menu URL should start with '/'",
			"reports", "", "/list/",
		},
		{"a good path", access.MenuPatch{URL: domain.Some("/reports/")}, "", "/reports/", "", "/list/"},
	} {
		_, err := d.Menus.Update(t.Context(), clerk, old.ID, step.change, nil)
		switch {
		case step.says != "":
			desk.Fails(t, err, domain.Invalid, step.says)
		case err != nil:
			t.Errorf("%s: %v", step.name, err)
		}
		is(desk.Must(d.Menus.Get(t.Context(), clerk, old.ID))(t), step.url, step.create, step.list)
	}
}

func TestMenuInUseCannotBeDeleted(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	_, middle, leaf := addMenuChain(d)
	const needed = "Menu has sub menus or permissions on it, or SLA policies name it."
	desk.Fails(t, d.Menus.Delete(t.Context(), clerk, middle.ID, nil), domain.Conflict, needed)
	desk.Fails(t, d.Menus.Delete(t.Context(), clerk, d.Menu(access.RolesMenu).ID, nil), domain.Conflict, needed)
	desk.Fails(t, d.Menus.Delete(t.Context(), clerk, d.NewID(), nil), domain.NotFound, "")
	if err := d.Menus.Delete(t.Context(), clerk, leaf.ID, nil); err != nil {
		t.Error(err)
	}
	if err := d.Menus.Delete(t.Context(), clerk, middle.ID, nil); err != nil {
		t.Error(err)
	}
}

func TestMovingAURLGrantsNothing(t *testing.T) {
	d := desk.New(t)
	root, clerk := d.Actor(desk.Root), d.Actor(desk.Clerk)
	plain := d.AddMenu("/plain/")
	away := access.MenuPatch{URL: domain.Some("/away/")}
	desk.Must(d.Menus.Update(t.Context(), root, d.Menu(access.StatusesMenu).ID, away, nil))(t)
	move := access.MenuPatch{URL: domain.Some(access.StatusesMenu)}
	_, err := d.Menus.Update(t.Context(), clerk, plain.ID, move, nil)
	desk.Fails(t, err, domain.Forbidden, "guards a resource")
	if _, err := d.Menus.Update(t.Context(), root, plain.ID, move, nil); err != nil {
		t.Error(err)
	}
}
