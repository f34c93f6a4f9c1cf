package access

import (
	"cmp"
	"slices"

	"tickt/domain"
)

// MenuNode is a menu in the tree of an account, with the actions of the account on it. Children is nil for a leaf.
type MenuNode struct {
	Menu
	Actions  Actions
	Children []MenuNode
}

// VisibleTree returns the menus that an account is shown: those that are visible and active and that it may view, and their
// ancestors. A hidden or inactive menu hides everything below it. Siblings are sorted by display order, then name. A
// superuser holds everything, whatever its grants. The result is never nil.
func VisibleTree(menus []Menu, superuser bool, grants Grants) []MenuNode {
	held := make(map[domain.ID]Actions, len(grants))
	for _, g := range grants {
		held[g.MenuID] = g.Actions
	}
	below := children(menus)
	var build func(parent domain.ID) []MenuNode
	build = func(parent domain.ID) (nodes []MenuNode) {
		for _, m := range below[parent] {
			if !m.Visible || !m.IsActive {
				continue
			}
			n := MenuNode{Menu: m, Actions: held[m.ID], Children: build(m.ID)}
			if superuser {
				n.Actions = MayEverything
			}
			if n.Actions.Has(MayView) || len(n.Children) > 0 {
				nodes = append(nodes, n)
			}
		}
		return nodes
	}
	if nodes := build(""); nodes != nil {
		return nodes
	}
	return []MenuNode{}
}

// MenuBranch is a menu in the whole tree. Children is nil for a leaf.
type MenuBranch struct {
	MenuView
	Children []MenuBranch
}

// MenuView is a menu with what follows from its place in the tree.
type MenuView struct {
	Menu
	ParentName  string // "" for a root
	FullPath    string // the names from the root, for example "Ticket Management > Tickets"
	HasChildren bool
}

// WholeTree returns all menus, including hidden ones. Siblings are sorted by display order, then name. The result is never
// nil.
func WholeTree(menus []Menu) []MenuBranch {
	below := children(menus)
	var build func(parent MenuView) []MenuBranch
	build = func(parent MenuView) (branches []MenuBranch) {
		for _, m := range below[parent.ID] {
			v := MenuView{Menu: m, ParentName: parent.Name, FullPath: m.Name, HasChildren: len(below[m.ID]) > 0}
			if parent.FullPath != "" {
				v.FullPath = parent.FullPath + " > " + m.Name
			}
			branches = append(branches, MenuBranch{MenuView: v, Children: build(v)})
		}
		return branches
	}
	if branches := build(MenuView{}); branches != nil {
		return branches
	}
	return []MenuBranch{}
}

// VisibleMenus returns the menus that are visible and active, each before those below it. Siblings are sorted by display
// order, then name. A hidden or inactive menu hides everything below it. The result is never nil.
func VisibleMenus(menus []Menu) []MenuView {
	visible := []MenuView{}
	var collect func([]MenuBranch)
	collect = func(branches []MenuBranch) {
		for _, b := range branches {
			if b.Visible && b.IsActive {
				visible = append(visible, b.MenuView)
				collect(b.Children)
			}
		}
	}
	collect(WholeTree(menus))
	return visible
}

// ViewIn returns the menu with what follows from its place among all menus.
func (m Menu) ViewIn(menus []Menu) MenuView {
	v := MenuView{Menu: m, FullPath: m.Name}
	for above := m.ParentID; above != ""; {
		parent, ok := FindMenu(menus, above)
		if !ok {
			break
		}
		if above == m.ParentID {
			v.ParentName = parent.Name
		}
		v.FullPath = parent.Name + " > " + v.FullPath
		above = parent.ParentID
	}
	v.HasChildren = slices.ContainsFunc(menus, func(x Menu) bool { return x.ParentID == m.ID })
	return v
}

// FindMenu returns the menu with the id; ok is false if there is none.
func FindMenu(menus []Menu, id domain.ID) (m Menu, ok bool) {
	for _, m := range menus {
		if m.ID == id {
			return m, true
		}
	}
	return Menu{}, false
}

// children returns the menus directly below each menu, and the roots under "", in the order in which they are shown.
func children(menus []Menu) map[domain.ID][]Menu {
	below := map[domain.ID][]Menu{}
	for _, m := range menus {
		below[m.ParentID] = append(below[m.ParentID], m)
	}
	for _, siblings := range below {
		slices.SortFunc(siblings, func(a, b Menu) int {
			return cmp.Or(cmp.Compare(a.DisplayOrder, b.DisplayOrder), cmp.Compare(a.NameKey, b.NameKey), cmp.Compare(a.ID, b.ID))
		})
	}
	return below
}
