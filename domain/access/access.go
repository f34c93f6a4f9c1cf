// Package access decides who may do what. It holds actions, grants, actors, roles, menus and the permissions on them. How
// an actor is authenticated is decided elsewhere.
package access

import (
	"cmp"
	"slices"
	"strings"

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

// Has reports whether the set holds every action of want.
func (a Actions) Has(want Actions) bool { return a&want == want }

// String returns the names of the actions, for example "view, create".
func (a Actions) String() string {
	var names []string
	for i, name := range []string{"view", "create", "update", "delete"} {
		if a.Has(1 << i) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// The URLs of the menus that guard resources.
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

// scoped reports whether permissions on the menu extend as far as the ticket scope of the account that holds them.
func (m Menu) scoped() bool { return m.URL == TicketsMenu || m.URL == NotificationsMenu }

// guards reports whether the menu guards a resource.
func (m Menu) guards() bool {
	return slices.Contains([]string{
		AccountsMenu, RolesMenu, MenusMenu, AccountRolesMenu, RolePermissionsMenu, AccountPermissionsMenu,
		TicketsMenu, StatusesMenu, PrioritiesMenu, NotificationsMenu, PoliciesMenu, CalendarsMenu,
	}, m.URL)
}

// Scope is how far ticket permissions extend.
type Scope string

const (
	ScopeOwn Scope = "own" // tickets that the account created, was created for, or is assigned
	ScopeAll Scope = "all"
)

// Reach is which tickets a query may see: all, or those of one account. The zero value reaches none.
type Reach struct {
	All     bool
	Account domain.ID
}

// EveryTicket is the reach of the service itself.
var EveryTicket = Reach{All: true}

// Grant is the set of actions that an account effectively holds on one menu: from its own assignment if it has one there,
// and otherwise from its role.
type Grant struct {
	MenuID  domain.ID
	URL     string
	Actions Actions
}

// Grants are the effective grants of an account, at most one for each menu.
type Grants []Grant

// Effective returns the grants of an account: on each menu its own grant or, if it has none there, that of its role.
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

// ViewTickets reports whether an account with these grants may view tickets, and so can be assigned one.
func (g Grants) ViewTickets(superuser bool) bool {
	return superuser || g.On(TicketsMenu).Has(MayView)
}

// On returns the actions on the menu with the URL of a resource. Use OnMenu for menus that share NoURL.
func (g Grants) On(url string) Actions {
	for _, x := range g {
		if x.URL == url {
			return x.Actions
		}
	}
	return MayNothing
}

// OnMenu returns the actions on the menu with the id.
func (g Grants) OnMenu(id domain.ID) Actions {
	for _, x := range g {
		if x.MenuID == id {
			return x.Actions
		}
	}
	return MayNothing
}

// Actor is the account on whose behalf a use case runs, with everything it may do. The zero value may do nothing.
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
	Language  string // of texts for the account, as a primary language subtag (BCP 47)
	TimeZone  string // IANA name; "" for the zone of the service
	Via       Via    // the way in which the request was made; not stored with the account
}

// Require fails as Forbidden unless the actor holds the actions on the menu.
func (a Actor) Require(menuURL string, actions Actions) error {
	if a.Superuser || a.Grants.On(menuURL).Has(actions) {
		return nil
	}
	return domain.ErrForbidden
}

// RequireAccount fails as Forbidden if the actor is not an account. It guards what every account may do.
func (a Actor) RequireAccount() error {
	if a.ID == "" {
		return domain.ErrForbidden
	}
	return nil
}

// SeesAll reports whether the ticket permissions of the actor extend to every ticket.
func (a Actor) SeesAll() bool { return a.Superuser || a.Scope == ScopeAll }

// MayNote reports whether the actor may write internal notes. Every actor that sees all tickets may read them.
func (a Actor) MayNote() bool {
	return a.Superuser || a.Scope == ScopeAll && a.Grants.On(TicketsMenu).Has(MayUpdate)
}

// MayRepromise fails as Forbidden unless the actor may change what was promised for every ticket: apply a policy to open
// tickets, or void a breach.
func (a Actor) MayRepromise() error {
	if err := a.Require(PoliciesMenu, MayUpdate); err != nil {
		return err
	}
	if !a.SeesAll() {
		return domain.ErrForbidden
	}
	return a.Require(TicketsMenu, MayUpdate)
}

// MayComment fails as Forbidden if the actor may neither create nor update tickets.
func (a Actor) MayComment() error { return a.requireAny(TicketsMenu, MayCreate|MayUpdate) }

// RequireTicketWork fails as Forbidden unless the actor may view, create or update tickets.
func (a Actor) RequireTicketWork() error {
	return a.requireAny(TicketsMenu, MayView|MayCreate|MayUpdate)
}

// RequireCatalog fails as Forbidden unless the actor may read the statuses or the priorities: by their menu, or because it
// works with tickets.
func (a Actor) RequireCatalog(menuURL string) error {
	if a.RequireTicketWork() == nil {
		return nil
	}
	return a.Require(menuURL, MayView)
}

// requireAny fails as Forbidden unless the actor holds one of the actions on the menu.
func (a Actor) requireAny(menuURL string, actions Actions) error {
	if a.Superuser || a.Grants.On(menuURL)&actions != MayNothing {
		return nil
	}
	return domain.ErrForbidden
}

// Rights returns the menus on which the actor may do something, by URL and id. all are all menus; only for superusers they
// matter.
func (a Actor) Rights(all []Menu) Grants {
	held := Grants{}
	if a.Superuser {
		for _, m := range all {
			held = append(held, Grant{MenuID: m.ID, URL: m.URL, Actions: MayEverything})
		}
	} else {
		for _, g := range a.Grants {
			if g.Actions != MayNothing {
				held = append(held, g)
			}
		}
	}
	slices.SortFunc(held, func(x, y Grant) int {
		return cmp.Or(strings.Compare(x.URL, y.URL), strings.Compare(string(x.MenuID), string(y.MenuID)))
	})
	return held
}

// Reach returns which tickets the actor may see.
func (a Actor) Reach() Reach { return Reach{All: a.SeesAll(), Account: a.ID} }
