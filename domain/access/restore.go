package access

import (
	"strings"
	"time"

	"tickt/domain"
)

// What a system that tickt takes over from kept of roles, menus and permissions. It knew no scopes: whoever held a
// permission on tickets reached all of them. What is inactive there grants nothing.
type (
	// RoleRecord is a role of another system.
	RoleRecord struct {
		Name          string
		IsPredefined  bool
		IsActive      bool
		TicketActions Actions // what the role permits on tickets
		CreatedAt     time.Time
		UpdatedAt     time.Time
	}
	// MenuRecord is a menu of another system.
	MenuRecord struct {
		Name         string
		URL          string
		CreateURL    string
		ListURL      string
		Parent       string // "" on a root
		Icon         string
		Visible      bool
		DisplayOrder int
		IsActive     bool
		CreatedAt    time.Time
		UpdatedAt    time.Time
	}
	// RolePermissionRecord is what a role of another system permitted on a menu.
	RolePermissionRecord struct {
		Role      string
		Menu      string
		Actions   Actions
		IsActive  bool // and its role too
		CreatedAt time.Time
		UpdatedAt time.Time
	}
	// AccountPermissionRecord is what an account of another system held by itself on a menu.
	AccountPermissionRecord struct {
		Account    string
		Menu       string
		AssignedBy string
		Actions    Actions
		IsActive   bool
		AssignedAt time.Time
		CreatedAt  time.Time
		UpdatedAt  time.Time
	}
)

// RestoreRole makes a role of a record. Only who may change or delete tickets, and so works on those of others, sees
// all of them. No role becomes predefined by its record: see Succeed.
func RestoreRole(id domain.ID, r RoleRecord, now time.Time) (Role, domain.Notes) {
	var n domain.Notes
	x := Role{
		ID: id, TicketScope: ScopeOwn, CreatedAt: domain.FirstTime(r.CreatedAt, r.UpdatedAt, now),
		UpdatedAt: domain.FirstTime(r.UpdatedAt, r.CreatedAt, now),
	}
	x.Name = domain.FoldCase(n.Or("name", n.Line("name", r.Name, maxRoleName), "role "+string(id)))
	switch {
	case r.IsActive && r.TicketActions&(MayUpdate|MayDelete) != 0:
		x.TicketScope = ScopeAll
	case !r.IsActive:
		n.Add("inactive in the original: it permits nothing", "")
	}
	return x, n
}

// Succeed gives the role the name, the scope and the clockState of a predefined one in whose place it comes.
func (r *Role) Succeed(predefined Role) {
	r.Name, r.TicketScope, r.IsPredefined = predefined.Name, predefined.TicketScope, predefined.IsPredefined
}

// Rename gives the role a name that no other has, because its own is taken.
func (r *Role) Rename() { r.Name = domain.Distinct(r.Name, " "+string(r.ID), maxRoleName) }

// RestoreMenu makes a menu of a record, below a parent or, where that is nil, at the root.
func RestoreMenu(id domain.ID, r MenuRecord, parent *Menu, now time.Time) (Menu, domain.Notes) {
	var n domain.Notes
	m := Menu{
		ID: id, Visible: r.Visible, IsActive: r.IsActive,
		CreatedAt: domain.FirstTime(r.CreatedAt, r.UpdatedAt, now), UpdatedAt: domain.FirstTime(r.UpdatedAt, r.CreatedAt, now),
	}
	m.Name = n.Or("menu_name", n.Line("menu_name", r.Name, maxMenuName), "menu "+string(id))
	m.NameKey = domain.FoldCase(m.Name)
	m.URL = n.Or("menu_url", n.Line("menu_url", r.URL, maxURL), NoURL)
	m.CreateURL, m.ListURL = n.Line("create_url", r.CreateURL, maxURL), n.Line("list_url", r.ListURL, maxURL)
	m.Icon = n.Line("icon", r.Icon, maxIcon)
	m.DisplayOrder = n.Within("display_order", r.DisplayOrder, 0, MaxDisplayOrder)
	switch {
	case parent != nil && parent.Depth < MaxDepth:
		m.ParentID, m.Depth = parent.ID, parent.Depth+1
	case r.Parent != "":
		n.Add("parent_id: missing, or leads in a circle or too deep; the menu became a root", r.Parent)
	}
	return m, n
}

// Rename gives the menu a name that no other has, because its own is taken.
func (m *Menu) Rename() {
	m.Name = domain.Distinct(m.Name, " "+string(m.ID), maxMenuName)
	m.NameKey = domain.FoldCase(m.Name)
}

// Same finds, among menus, the one that guards what another menu guards: of its URL, or of its name where the other
// is a mere parent.
func (m Menu) Same(among []Menu) (Menu, bool) {
	for _, x := range among {
		if x.URL == m.URL && (m.URL != NoURL || x.NameKey == m.NameKey) {
			return x, true
		}
	}
	return Menu{}, false
}

// RestoreRolePermission makes a permission of a record, for the role and the menu that it led to. reason says why
// there can be none; "" where there is one.
func RestoreRolePermission(id, role, menu domain.ID, r RolePermissionRecord, now time.Time) (x RolePermission, reason string) {
	switch {
	case role == "":
		return x, "its role was not imported"
	case menu == "":
		return x, "its menu was not imported"
	case !r.IsActive:
		return x, "it or its role is inactive in the original: it grants nothing"
	case r.Actions&MayEverything == MayNothing:
		return x, "it grants nothing"
	}
	return RolePermission{
		ID: id, RoleID: role, MenuID: menu, Actions: r.Actions & MayEverything,
		CreatedAt: domain.FirstTime(r.CreatedAt, r.UpdatedAt, now), UpdatedAt: domain.FirstTime(r.UpdatedAt, r.CreatedAt, now),
	}, ""
}

// RestoreAccountPermission makes an assignment of a record, for the account and the menu that it led to. by is who
// assigned it, "" where nobody is known. reason says why there can be none; "" where there is one.
func RestoreAccountPermission(
	id, account, menu, by domain.ID, r AccountPermissionRecord, now time.Time,
) (x AccountPermission, reason string) {
	switch {
	case account == "":
		return x, "its account was not imported"
	case strings.TrimSpace(r.Menu) == "":
		return x, "it names no menu"
	case menu == "":
		return x, "its menu was not imported"
	case !r.IsActive:
		return x, "inactive in the original: it neither grants nor refuses"
	}
	return AccountPermission{
		ID: id, AccountID: account, MenuID: menu, Actions: r.Actions & MayEverything, AssignedBy: by,
		AssignedAt: domain.FirstTime(r.AssignedAt, r.CreatedAt, now),
		CreatedAt:  domain.FirstTime(r.CreatedAt, r.AssignedAt, now), UpdatedAt: domain.FirstTime(r.UpdatedAt, r.CreatedAt, now),
	}, ""
}
