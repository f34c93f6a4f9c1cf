package access_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tickt/domain"
	"tickt/domain/access"
)

func menu(id, parent string, order int, change ...func(*access.Menu)) access.Menu {
	m := access.Menu{
		ID: domain.ID(id), Name: id, NameKey: domain.FoldCase(id), URL: "/" + id + "/", ParentID: domain.ID(parent), DisplayOrder: order,
		Visible: true, IsActive: true,
	}
	for _, c := range change {
		c(&m)
	}
	return m
}

func hidden(m *access.Menu)   { m.Visible = false }
func inactive(m *access.Menu) { m.IsActive = false }

// formatTree formats a tree as in "a:7(b:1 c:15)": each menu with its actions as a number.
func formatTree(nodes []access.MenuNode) string {
	var parts []string
	for _, n := range nodes {
		s := fmt.Sprintf("%s:%d", n.Name, n.Actions)
		if n.Children != nil {
			s += "(" + formatTree(n.Children) + ")"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " ")
}

func TestVisibleTree(t *testing.T) {
	tree := []access.Menu{
		menu("a", "", 2), menu("b", "", 1), menu("a2", "a", 1), menu("A1", "a", 1), menu("a0", "a", 2), menu("deep", "a0", 1),
	}
	grant := func(id string, actions access.Actions) access.Grant {
		return access.Grant{MenuID: domain.ID(id), Actions: actions}
	}
	for name, c := range map[string]struct {
		menus     []access.Menu
		superuser bool
		grants    access.Grants
		want      string
	}{
		"everything for a superuser, by order, then name": {tree, true, nil, "b:15 a:15(A1:15 a2:15 a0:15(deep:15))"},
		"nothing without grants":                          {tree, false, nil, ""},
		"a parent without view above its child":           {tree, false, access.Grants{grant("a2", view)}, "a:0(a2:1)"},
		"a parent has its own actions": {
			tree, false, access.Grants{grant("a", access.MayCreate), grant("deep", viewCreate)}, "a:2(a0:0(deep:3))",
		},
		"a parent with view and no child": {tree, false, access.Grants{grant("a", view)}, "a:1"},
		"a grant without view":            {tree, false, access.Grants{grant("b", everything&^view)}, ""},
		"a hidden menu":                   {[]access.Menu{menu("a", "", 1, hidden), menu("b", "", 1)}, true, nil, "b:15"},
		"an inactive menu":                {[]access.Menu{menu("a", "", 1), menu("b", "", 1, inactive)}, true, nil, "a:15"},
		"a menu below a hidden parent":    {[]access.Menu{menu("a", "", 1, hidden), menu("b", "a", 1)}, true, nil, ""},
		"no menus":                        {nil, true, nil, ""},
		"children before their parents":   {[]access.Menu{menu("b", "a", 1), menu("a", "", 1)}, true, nil, "a:15(b:15)"},
	} {
		t.Run(name, func(t *testing.T) {
			got := access.VisibleTree(c.menus, c.superuser, c.grants)
			if got == nil {
				t.Error("the tree is nil")
			}
			if s := formatTree(got); s != c.want {
				t.Errorf("got %q, want %q", s, c.want)
			}
		})
	}
}

func TestWholeTreeSetsFullPaths(t *testing.T) {
	menus := []access.Menu{menu("Desk", "", 1), menu("Tickets", "Desk", 1, hidden), menu("Archive", "Tickets", 1, inactive)}
	tree := access.WholeTree(menus)
	if len(tree) != 1 || len(tree[0].Children) != 1 || len(tree[0].Children[0].Children) != 1 {
		t.Fatalf("the tree is %+v", tree)
	}
	leaf := tree[0].Children[0].Children[0]
	if leaf.FullPath != "Desk > Tickets > Archive" || leaf.ParentName != "Tickets" || leaf.HasChildren || leaf.Children != nil {
		t.Errorf("the leaf is %+v", leaf)
	}
	if root := tree[0]; root.FullPath != "Desk" || root.ParentName != "" || !root.HasChildren {
		t.Errorf("the root is %+v", root)
	}
	for _, m := range []access.MenuView{tree[0].MenuView, tree[0].Children[0].MenuView, leaf.MenuView} {
		if alone := m.ViewIn(menus); alone != m {
			t.Errorf("ViewIn returns %+v, WholeTree %+v", alone, m)
		}
	}
	if access.WholeTree(nil) == nil {
		t.Error("the empty tree is nil")
	}
}

func TestVisibleMenusAreInTreeOrderWithoutWhatIsBelowHiddenOnes(t *testing.T) {
	var got []string
	for _, v := range access.VisibleMenus([]access.Menu{
		menu("a", "", 2), menu("b", "", 1), menu("c", "", 3, hidden), menu("d", "", 4, inactive), menu("e", "c", 1), menu("f", "a", 1),
		menu("g", "d", 1), menu("h", "b", 1),
	}) {
		got = append(got, v.FullPath)
	}
	if want := []string{"b", "b > h", "a", "a > f"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if access.VisibleMenus(nil) == nil {
		t.Error("no menus: nil")
	}
}
