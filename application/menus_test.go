package application_test

import (
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// shelf makes three menus, each below the one before.
func shelf(t *testing.T, o *office) (top, middle, leaf access.MenuView) {
	t.Helper()
	add := func(name string, parent domain.ID) access.MenuView {
		t.Helper()
		return must[access.MenuView](t)(o.Menus.Create(t.Context(), o.ann, access.MenuChange{
			Name: domain.To(name), URL: domain.To("/" + name + "/"), ParentID: domain.To(string(parent)),
		}, nil))
	}
	top = add("top", "")
	middle = add("middle", top.ID)
	return top, middle, add("leaf", middle.ID)
}

func TestAMenuKnowsItsPlaceInTheTree(t *testing.T) {
	o := newOffice(t)
	top, _, leaf := shelf(t, o)
	if leaf.FullPath != "top > middle > leaf" || leaf.ParentName != "middle" || leaf.Depth != 2 || leaf.HasChildren {
		t.Errorf("the new leaf is %+v", leaf)
	}
	got := must[access.MenuView](t)(o.Menus.Get(t.Context(), o.ann, top.ID))
	if !got.HasChildren || got.Depth != 0 {
		t.Errorf("the top is %+v", got)
	}
	tree := must[[]access.MenuBranch](t)(o.Menus.Tree(t.Context(), o.ann))
	if len(tree) != len(o.menus)+1 {
		t.Errorf("the tree has %d roots, want %d", len(tree), len(o.menus)+1)
	}
	_, err := o.Menus.Get(t.Context(), o.ann, o.id())
	fails(t, err, domain.NotFound, "Data not found.")
}

func TestAMovedMenuStoresTheDepthsBelowIt(t *testing.T) {
	o := newOffice(t)
	_, middle, leaf := shelf(t, o)
	moved := must[access.MenuView](t)(o.Menus.Change(t.Context(), o.ann, middle.ID, access.MenuChange{ParentID: domain.Cleared[string]()}, nil))
	if moved.Depth != 0 || moved.FullPath != "middle" || !moved.HasChildren {
		t.Errorf("moved to %+v", moved)
	}
	got := must[access.MenuView](t)(o.Menus.Get(t.Context(), o.ann, leaf.ID))
	if got.Depth != 1 || got.FullPath != "middle > leaf" {
		t.Errorf("below it lies %+v", got)
	}
}

func TestAMenuChangeIsCheckedAgainstTheWholeTree(t *testing.T) {
	o := newOffice(t)
	top, middle, leaf := shelf(t, o)
	for name, c := range map[string]struct {
		change access.MenuChange
		says   string
	}{
		"its own parent":   {access.MenuChange{ParentID: domain.To(string(top.ID))}, "A menu cannot be its own parent."},
		"a descendant":     {access.MenuChange{ParentID: domain.To(string(leaf.ID))}, "Cannot set parent: this would create a circular reference."},
		"an unknown menu":  {access.MenuChange{ParentID: domain.To(string(o.id()))}, "parentReferenceId: Parent menu does not exist."},
		"another's name":   {access.MenuChange{Name: domain.To("MIDDLE")}, "menuName: Menu with name 'MIDDLE' already exists."},
		"another's URL":    {access.MenuChange{URL: domain.To("/leaf/")}, "menuUrl: Menu with URL '/leaf/' already exists."},
		"a negative order": {access.MenuChange{DisplayOrder: domain.To(-1)}, "Display order must be non-negative"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := o.Menus.Change(t.Context(), o.ann, top.ID, c.change, nil)
			fails(t, err, domain.Invalid, c.says)
		})
	}
	_, err := o.Menus.Replace(t.Context(), o.ann, middle.ID, access.MenuChange{Name: domain.To("middle")}, nil)
	fails(t, err, domain.Invalid, "menuUrl: Menu URL cannot be blank.")
	_, err = o.Menus.Change(t.Context(), o.ann, o.id(), access.MenuChange{}, nil)
	fails(t, err, domain.NotFound, "")
}

func TestAMenuThatIsNeededCannotBeDeleted(t *testing.T) {
	o := newOffice(t)
	_, middle, leaf := shelf(t, o)
	const needed = "Menu has sub menus or permissions on it, or SLA policies name it."
	fails(t, o.Menus.Delete(t.Context(), o.ann, middle.ID, nil), domain.Conflict, needed)
	fails(t, o.Menus.Delete(t.Context(), o.ann, o.menus[access.RolesMenu].ID, nil), domain.Conflict, needed)
	fails(t, o.Menus.Delete(t.Context(), o.ann, o.id(), nil), domain.NotFound, "")
	if err := o.Menus.Delete(t.Context(), o.ann, leaf.ID, nil); err != nil {
		t.Error(err)
	}
	if err := o.Menus.Delete(t.Context(), o.ann, middle.ID, nil); err != nil {
		t.Error(err)
	}
}

func TestAPermissionDoesNotBecomeAnotherByMovingAURL(t *testing.T) {
	o := newOffice(t)
	plain := o.addMenu("/plain/")
	o.update(func(tx ports.Tx) error { return tx.Menus.Remove(t.Context(), o.menus[access.StatusesMenu].ID) })
	move := access.MenuChange{URL: domain.To(access.StatusesMenu)}
	_, err := o.Menus.Change(t.Context(), o.ann, plain.ID, move, nil)
	fails(t, err, domain.Forbidden, "guards a resource")
	if _, err := o.Menus.Change(t.Context(), o.root, plain.ID, move, nil); err != nil {
		t.Error(err)
	}
}
