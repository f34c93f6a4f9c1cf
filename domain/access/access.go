// Package access says who may do what: actions, grants, the actor of a request, roles, menus and
// the permissions on them. It decides; it does not know how an actor was recognised.
package access

import (
	"slices"

	"tickt/domain"
)

// Actions is a set of actions on a menu.
type Actions uint8

const (
	MayView Actions = 1 << iota
	MayCreate
	MayUpdate
	MayDelete

	MayNothing    Actions = 0
	MayEverything         = MayView | MayCreate | MayUpdate | MayDelete
)

// Has says whether every action of want is in the set.
func (a Actions) Has(want Actions) bool { return a&want == want }

// The menus that guard the resources, by URL.
const (
	AccountsMenu           = "/accounts/"
	RolesMenu              = "/roles/"
	MenusMenu              = "/menus/"
	AccountRolesMenu       = "/account/role/mapping/"
	RolePermissionsMenu    = "/role/menu/permission/mapping/"
	AccountPermissionsMenu = "/account/menu/mapping/"
	TicketsMenu            = "/tickets/"
	StatusesMenu           = "/ticket-status/"
	PrioritiesMenu         = "/ticket-priority/"
	NotificationsMenu      = "/tickets/notification-logs/"
	PoliciesMenu           = "/sla-policies/"
	CalendarsMenu          = "/calendars/"
)

// scoped says whether permissions on the menu reach as far as the ticket scope of who holds them.
func (m Menu) scoped() bool { return m.URL == TicketsMenu || m.URL == NotificationsMenu }

// guards says whether a resource is guarded by the menu.
func (m Menu) guards() bool {
	return slices.Contains([]string{
		AccountsMenu, RolesMenu, MenusMenu, AccountRolesMenu, RolePermissionsMenu, AccountPermissionsMenu,
		TicketsMenu, StatusesMenu, PrioritiesMenu, NotificationsMenu, PoliciesMenu, CalendarsMenu,
	}, m.URL)
}

// Scope says to which tickets a permission on tickets reaches.
type Scope string

const (
	ScopeOwn Scope = "own" // tickets that the account created, was created for, or is assigned
	ScopeAll Scope = "all"
)

// Reach is what a query of tickets needs to know of who asks. The zero value reaches nothing.
type Reach struct {
	All     bool
	Account domain.ID
}

// EveryTicket is how far the service itself sees.
var EveryTicket = Reach{All: true}

// Grant is what an account effectively holds on one menu: its own assignment where there is one,
// else its role's permission.
type Grant struct {
	MenuID  domain.ID
	URL     string
	Actions Actions
}

// Grants are the effective grants of an account, at most one a menu.
type Grants []Grant

// Effective returns what an account holds: on each menu its own grant or, if it has none there, that of its role.
func Effective(own, role Grants) Grants {
	if len(own) == 0 {
		return role
	}
	all := append(make(Grants, 0, len(own)+len(role)), own...)
	for _, x := range role {
		if !slices.ContainsFunc(own, func(y Grant) bool { return y.MenuID == x.MenuID }) {
			all = append(all, x)
		}
	}
	return all
}

// ViewTickets reports whether an account that holds the grants may view tickets, and so may be assigned one.
func (g Grants) ViewTickets(superuser bool) bool {
	return superuser || g.On(TicketsMenu).Has(MayView)
}

// On gives the actions held on the menu with a URL; parents ("#") hold none by URL.
func (g Grants) On(url string) Actions {
	for _, x := range g {
		if x.URL == url {
			return x.Actions
		}
	}
	return MayNothing
}

// OnMenu gives the actions held on a menu.
func (g Grants) OnMenu(id domain.ID) Actions {
	for _, x := range g {
		if x.MenuID == id {
			return x.Actions
		}
	}
	return MayNothing
}

// Actor is who asks, with everything they may do. The zero value may do nothing.
type Actor struct {
	ID        domain.ID
	Username  string
	Session   domain.ID
	RoleID    domain.ID // "" without a role
	RoleName  string
	Scope     Scope
	Superuser bool
	Staff     bool
	Grants    Grants
	Via       Via // the way by which the actor came; not stored with the account
}

// Require refuses, as Forbidden, an actor who does not hold the actions on the menu.
func (a Actor) Require(menuURL string, actions Actions) error {
	if a.Superuser || a.Grants.On(menuURL).Has(actions) {
		return nil
	}
	return domain.ErrForbidden
}

// RequireAccount refuses, as Forbidden, whoever is no known account; for what every account may do.
func (a Actor) RequireAccount() error {
	if a.ID == "" {
		return domain.ErrForbidden
	}
	return nil
}

// SeesAll says whether the actor's ticket permissions reach every ticket.
func (a Actor) SeesAll() bool { return a.Superuser || a.Scope == ScopeAll }

// MayNote says whether the actor may write internal notes; whoever sees every ticket may read them.
func (a Actor) MayNote() bool {
	return a.Superuser || a.Scope == ScopeAll && a.Grants.On(TicketsMenu).Has(MayUpdate)
}

// MayComment refuses whoever may neither create nor update tickets.
func (a Actor) MayComment() error {
	if a.Superuser || a.Grants.On(TicketsMenu)&(MayCreate|MayUpdate) != MayNothing {
		return nil
	}
	return domain.ErrForbidden
}

// Reach gives the tickets that the actor's permissions reach.
func (a Actor) Reach() Reach { return Reach{All: a.SeesAll(), Account: a.ID} }
