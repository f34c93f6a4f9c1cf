package setup

import (
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
)

// seedVersion is the version of the seeds. A store that was seeded with an older version gets what is missing.
const seedVersion = 1

// ticketWork are the actions of people who work with tickets.
const ticketWork = access.MayView | access.MayCreate | access.MayUpdate

// initialRoles are the predefined roles. permits holds what a role permits on a new desk, by the URL of the menu; what the
// admin role permits is decided in seedPermissions.
var initialRoles = []struct {
	name    string
	scope   access.Scope
	permits map[string]access.Actions
}{
	{access.AdminRole, access.ScopeAll, nil},
	{access.SupervisorRole, access.ScopeAll, map[string]access.Actions{
		access.TicketsMenu: ticketWork, access.AccountsMenu: access.MayView, access.StatusesMenu: access.MayView,
		access.PrioritiesMenu: access.MayView, access.PoliciesMenu: access.MayView, access.CalendarsMenu: access.MayView,
		access.NotificationsMenu: access.MayView,
	}},
	{"agent", access.ScopeAll, map[string]access.Actions{access.TicketsMenu: ticketWork}},
	{"customer", access.ScopeOwn, map[string]access.Actions{access.TicketsMenu: ticketWork}},
}

// The ids of the menus that hold other menus; clients know them.
const (
	accountManagement = "c6df6120f59c46a1bc09eaae6286fc34"
	mappingMenus      = "c4f94146aad6453fbfc690dc77d1193b"
	ticketManagement  = "b259bb4434f743e8ba8f3022274b2fde"
)

// initialMenus are the menus, parents first. Clients know their ids, so they must never change.
var initialMenus = []initialMenu{
	{accountManagement, "Account Management", access.NoURL, "", 1},
	{"ba5e5ebc6887410e8352039d02acf744", "Accounts", access.AccountsMenu, accountManagement, 1},
	{"485dee4c021149168ce274f7d23c8695", "Roles", access.RolesMenu, accountManagement, 2},
	{"3d1f0a6be87c4b52a94d15c7f2806e9b", "Menus", access.MenusMenu, accountManagement, 3},
	{mappingMenus, "Mapping", access.NoURL, "", 2},
	{"f14b42987caa46b189fa69bb5b54f300", "Account Role Mapping", access.AccountRolesMenu, mappingMenus, 1},
	{"6d0de2bc3cd34389b7f921eed1458847", "Role Menu Permission Mapping", access.RolePermissionsMenu, mappingMenus, 2},
	{"ddc297800dab427fbda4f47a7d4cfb34", "Account Menu Mapping", access.AccountPermissionsMenu, mappingMenus, 3},
	{ticketManagement, "Ticket Management", access.NoURL, "", 3},
	{"6f93380923f74ad5829ae69d11646668", "Tickets", access.TicketsMenu, ticketManagement, 1},
	{"0d23631999754eb7b41824dfd4a01964", "Ticket Status", access.StatusesMenu, ticketManagement, 2},
	{"19f9cd9e06824eb68b08d73459180b62", "Ticket Priority", access.PrioritiesMenu, ticketManagement, 3},
	{"392fa89e362e47dc9560841975f34fed", "Notification Log", access.NotificationsMenu, ticketManagement, 4},
	{"8e52c9d7041b4f6e9a3cb0d84f7163a5", "SLA Policies", access.PoliciesMenu, ticketManagement, 5},
	{"a7460b3f92de4c18b5e86d09c31f2e74", "Calendars", access.CalendarsMenu, ticketManagement, 6},
}

type initialMenu struct {
	id     domain.ID
	name   string
	url    string
	parent domain.ID
	order  int
}

// patch returns the menu as a client would create it below a parent.
func (m initialMenu) patch(parent domain.ID) access.MenuPatch {
	create, list := m.url+"create/", m.url+"list/"
	if m.url == access.NoURL {
		create, list = access.NoURL, access.NoURL
	}
	return access.MenuPatch{
		Name: domain.Some(m.name), URL: domain.Some(m.url), CreateURL: domain.Some(create), ListURL: domain.Some(list),
		ParentID: domain.Some(string(parent)), DisplayOrder: domain.Some(m.order),
	}
}

// initialStatuses are the statuses, with the default weights of their types.
var initialStatuses = []ticket.StatusPatch{
	status("OPEN", "Open", ticket.Open),
	status("IN_PROGRESS", "In Progress", ticket.InProgress),
	status("PENDING", "Pending", ticket.Pending),
	status("RESOLVED", "Resolved", ticket.Resolved),
	status("CLOSED", "Closed", ticket.Closed),
	status("CANCELLED", "Cancelled", ticket.Cancelled),
}

// The codes of the entries that new tickets get unless they name others.
const (
	defaultStatus   = "OPEN"
	defaultPriority = "MEDIUM"
)

func status(code, name string, kind ticket.StatusType) ticket.StatusPatch {
	return ticket.StatusPatch{
		Code: domain.Some(code), Name: domain.Some(name), Weight: domain.Null[int](),
		StatusType: domain.Some(string(kind)), IsDefault: domain.Some(code == defaultStatus),
	}
}

// initialPriorities are the priorities, the most important first.
var initialPriorities = []ticket.PriorityPatch{
	priority("CRITICAL", "Critical", 40, 4, "#dc3545"),
	priority("HIGH", "High", 30, 8, "#fd7e14"),
	priority("MEDIUM", "Medium", 20, 24, "#ffc107"),
	priority("LOW", "Low", 10, 72, "#28a745"),
}

func priority(code, name string, weight, hours int, color string) ticket.PriorityPatch {
	return ticket.PriorityPatch{
		Code: domain.Some(code), Name: domain.Some(name), Weight: domain.Some(weight), SLAHours: domain.Some(hours),
		Color: domain.Some(color), IsDefault: domain.Some(code == defaultPriority),
	}
}
