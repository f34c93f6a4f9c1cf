package access

import (
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/text"
)

// Records are the roles, menus and permissions of a system that is imported. That system has no scopes: an account with a
// permission on tickets reaches all of them. An inactive record grants nothing.
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
		Parent       string // "" for a root
		Icon         string
		Visible      bool
		DisplayOrder int
		IsActive     bool
		CreatedAt    time.Time
		UpdatedAt    time.Time
	}
	// RolePermissionRecord is what a role of another system permits on a menu.
	RolePermissionRecord struct {
		Role      string
		Menu      string
		Actions   Actions
		IsActive  bool // the permission and its role are active
		CreatedAt time.Time
		UpdatedAt time.Time
	}
	// AccountPermissionRecord is an assignment of another system.
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

// RestoreRole returns the role of a record. An active role that may update or delete tickets gets ScopeAll, since its
// accounts work on the tickets of others. The role is never predefined, whatever the record says; see Succeed.
func RestoreRole(id domain.ID, r RoleRecord, now time.Time) (Role, domain.Notes) {
	var n domain.Notes
	x := Role{
		ID: id, TicketScope: ScopeOwn, CreatedAt: domain.FirstTime(r.CreatedAt, r.UpdatedAt, now),
		UpdatedAt: domain.FirstTime(r.UpdatedAt, r.CreatedAt, now),
	}
	x.Name = text.Lower(n.Or("name", n.Line("name", r.Name, maxRoleName), "role "+string(id)))
	x.NameKey = text.Key(x.Name)
	switch {
	case r.IsActive && r.TicketActions&(MayUpdate|MayDelete) != 0:
		x.TicketScope = ScopeAll
	case !r.IsActive:
		n.Add("inactive in the original: it permits nothing", "")
	}
	return x, n
}

// Succeed sets the role to the name and scope of the role that it replaces, and makes it predefined if that one is.
func (r *Role) Succeed(predefined Role) {
	r.Name, r.NameKey = predefined.Name, predefined.NameKey
	r.TicketScope, r.IsPredefined = predefined.TicketScope, predefined.IsPredefined
	r.ReceivesUnassigned = predefined.ReceivesUnassigned
}

// Rename makes the name of the role unique by adding its id.
func (r *Role) Rename() {
	r.Name = domain.Distinct(r.Name, " "+string(r.ID), maxRoleName)
	r.NameKey = text.Key(r.Name)
}

// RestoreMenu returns the menu of a record, below parent, or at the root if parent is nil or too deep.
func RestoreMenu(id domain.ID, r MenuRecord, parent *Menu, now time.Time) (Menu, domain.Notes) {
	var n domain.Notes
	m := Menu{
		ID: id, Visible: r.Visible, IsActive: r.IsActive,
		CreatedAt: domain.FirstTime(r.CreatedAt, r.UpdatedAt, now), UpdatedAt: domain.FirstTime(r.UpdatedAt, r.CreatedAt, now),
	}
	m.Name = n.Or("menu_name", n.Line("menu_name", r.Name, maxMenuName), "menu "+string(id))
	m.NameKey = text.Key(m.Name)
	m.URL = n.Or("menu_url", restoredLink(&n, "menu_url", r.URL), NoURL)
	m.CreateURL, m.ListURL = restoredLink(&n, "create_url", r.CreateURL), restoredLink(&n, "list_url", r.ListURL)
	m.Icon = n.Line("icon", r.Icon, maxIcon)
	m.DisplayOrder = n.Within("display_order", r.DisplayOrder, 0, MaxDisplayOrder)
	switch {
	case parent != nil && parent.Depth < MaxDepth:
		m.ParentID, m.Depth = parent.ID, parent.Depth+1
	case r.Parent != "":
		n.Add("parent_id: missing, circular or too deep; the menu became a root", r.Parent)
	}
	return m, n
}

// restoredLink returns a link of a record, or NoURL if clients could not set it.
func restoredLink(n *domain.Notes, field, text string) string {
	link := n.Line(field, text, maxURL)
	if link == "" || isLink(link) {
		return link
	}
	n.Add(field+": neither a path that begins with one '/' nor an http or https URL; it became "+NoURL, link)
	return NoURL
}

// Rename makes the name of the menu unique by adding its id.
func (m *Menu) Rename() {
	m.Name = domain.Distinct(m.Name, " "+string(m.ID), maxMenuName)
	m.NameKey = text.Key(m.Name)
}

// Same returns the menu that corresponds to m: the one with its URL or, if that is NoURL, the one that has NoURL and the
// name of m.
func (m Menu) Same(among []Menu) (Menu, bool) {
	for _, x := range among {
		if x.URL == m.URL && (m.URL != NoURL || x.NameKey == m.NameKey) {
			return x, true
		}
	}
	return Menu{}, false
}

// RestoreRolePermission returns the permission of a record. role and menu are what the record refers to, or "" if they
// were not imported. If there can be no permission, reason says why; otherwise it is "".
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

// RestoreAccountPermission returns the assignment of a record. account and menu are what the record refers to, or "" if
// they were not imported; by is the account that assigned it, or "" if it is unknown. If there can be no assignment, reason
// says why; otherwise it is "".
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
