package access

import (
	"cmp"
	"slices"

	"tickt/domain"
)

// MenuNode is a menu as an account sees it: with what the account may do on it, and the menus below.
// Children is nil on a leaf.
type MenuNode struct {
	Menu
	Actions  Actions
	Children []MenuNode
}

// VisibleTree gives the menus that an account is shown: those that are visible, active and held with
// view, and above each of them its parents, with what the account holds there. Hiding or deactivating a
// menu takes the whole branch below it away. Siblings stand by display order, then name. The grants of
// a superuser do not matter: it holds everything. The result is never nil.
func VisibleTree(menus []Menu, superuser bool, grants Grants) []MenuNode {
	held := make(map[domain.ID]Actions, len(grants))
	for _, g := range grants {
		held[g.MenuID] = g.Actions
	}
	below := children(menus)
	var shown func(parent domain.ID) []MenuNode
	shown = func(parent domain.ID) (nodes []MenuNode) {
		for _, m := range below[parent] {
			if !m.Visible || !m.IsActive {
				continue
			}
			n := MenuNode{Menu: m, Actions: held[m.ID], Children: shown(m.ID)}
			if superuser {
				n.Actions = MayEverything
			}
			if n.Actions.Has(MayView) || len(n.Children) > 0 {
				nodes = append(nodes, n)
			}
		}
		return nodes
	}
	if nodes := shown(""); nodes != nil {
		return nodes
	}
	return []MenuNode{}
}

// MenuBranch is a menu in the whole tree. Children is nil on a leaf.
type MenuBranch struct {
	MenuView
	Children []MenuBranch
}

// MenuView is a menu with what its place in the tree says of it.
type MenuView struct {
	Menu
	ParentName  string // "" on a root
	FullPath    string // the names from the root on, as in "Ticket Management > Tickets"
	HasChildren bool
}

// WholeTree gives every menu, hidden ones included. Siblings stand by display order, then name. The
// result is never nil.
func WholeTree(menus []Menu) []MenuBranch {
	below := children(menus)
	var grow func(parent MenuView) []MenuBranch
	grow = func(parent MenuView) (branches []MenuBranch) {
		for _, m := range below[parent.ID] {
			v := MenuView{Menu: m, ParentName: parent.Name, FullPath: m.Name, HasChildren: len(below[m.ID]) > 0}
			if parent.FullPath != "" {
				v.FullPath = parent.FullPath + " > " + m.Name
			}
			branches = append(branches, MenuBranch{MenuView: v, Children: grow(v)})
		}
		return branches
	}
	if branches := grow(MenuView{}); branches != nil {
		return branches
	}
	return []MenuBranch{}
}

// ViewIn gives the menu with what its place among all menus says of it.
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

// FindMenu gives the menu with an id; ok is false where there is none.
func FindMenu(menus []Menu, id domain.ID) (m Menu, ok bool) {
	for _, m := range menus {
		if m.ID == id {
			return m, true
		}
	}
	return Menu{}, false
}

// children gives the menus below each menu, the roots below "", in the order in which they are shown.
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
