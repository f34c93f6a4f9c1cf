package access_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

const (
	ticketsID domain.ID = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1"
	rolesID   domain.ID = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2"
	logsID    domain.ID = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa3"
	ownRole   domain.ID = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb1"
	otherRole domain.ID = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb2"
	self      domain.ID = "ccccccccccccccccccccccccccccccc1"
	other     domain.ID = "ccccccccccccccccccccccccccccccc2"
)

var (
	now     = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tickets = access.Menu{ID: ticketsID, Name: "Tickets", URL: access.TicketsMenu}
	roles   = access.Menu{ID: rolesID, Name: "Roles", URL: access.RolesMenu}
	logs    = access.Menu{ID: logsID, Name: "Logs", URL: access.NotificationsMenu}
	menus   = []access.Menu{tickets, roles, logs}

	root = access.Actor{ID: self, RoleID: ownRole, Superuser: true}
	all  = holding(access.ScopeAll)
	own  = holding(access.ScopeOwn)

	// master sees all and holds everything on what the scope reaches.
	master = access.Actor{ID: self, RoleID: ownRole, Scope: access.ScopeAll, Grants: access.Grants{
		grant(tickets, everything), grant(logs, everything),
	}}
)

const (
	view       = access.MayView
	viewCreate = access.MayView | access.MayCreate
	viewUpdate = access.MayView | access.MayUpdate
	everything = access.MayEverything
	nothing    = access.MayNothing
)

// holding is an actor who holds view and create on tickets, view on roles and nothing on logs.
func holding(scope access.Scope) access.Actor {
	return access.Actor{ID: self, RoleID: ownRole, Scope: scope, Grants: access.Grants{
		{MenuID: ticketsID, URL: access.TicketsMenu, Actions: viewCreate},
		{MenuID: rolesID, URL: access.RolesMenu, Actions: view},
	}}
}

func grant(m access.Menu, actions access.Actions) access.Grant {
	return access.Grant{MenuID: m.ID, URL: m.URL, Actions: actions}
}

func role(id domain.ID, scope access.Scope) access.Role {
	return access.Role{ID: id, Name: "role", TicketScope: scope}
}

func permits(pairs ...any) (out []access.RolePermission) {
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, access.RolePermission{MenuID: pairs[i].(domain.ID), Actions: pairs[i+1].(access.Actions)})
	}
	return out
}

// verdict fails the test unless err is Forbidden and says refusal, or nil where refusal is "".
func verdict(t *testing.T, err error, refusal string) {
	t.Helper()
	var e *domain.Error
	switch {
	case refusal == "" && err != nil:
		t.Errorf("refused: %v", err)
	case refusal != "" && !errors.As(err, &e):
		t.Errorf("answered %v, want a refusal that says %q", err, refusal)
	case refusal != "" && (e.Kind != domain.Forbidden || !strings.Contains(e.Message, refusal)):
		t.Errorf("answered %q, want a Forbidden that says %q", err, refusal)
	}
}

func TestNobodyAssignsToAnAccountMoreThanTheyHold(t *testing.T) {
	peer, boss := access.Holder{ID: other, RoleID: otherRole}, access.Holder{ID: other, Superuser: true}
	for name, c := range map[string]struct {
		actor         access.Actor
		to            access.Holder
		scope         access.Scope
		menu          access.Menu
		before, after access.Actions
		refusal       string
	}{
		"what the actor holds": {all, peer, access.ScopeAll, tickets, nothing, viewCreate, ""},
		"one action more": {
			all, peer, access.ScopeAll, tickets, nothing, viewUpdate, "you do not hold yourself, on: Tickets.",
		},
		"on a menu where the actor holds nothing": {
			all, peer, access.ScopeAll, logs, nothing, view, "you do not hold yourself, on: Logs.",
		},
		"a refusal": {
			all, peer, access.ScopeAll, logs, nothing, nothing, "",
		},
		"a weaker refusal than before": {
			all, peer, access.ScopeAll, tickets, view, viewUpdate, "you do not hold yourself",
		},
		"fewer actions, of which one the actor lacks": {all, peer, access.ScopeAll, tickets, everything, viewUpdate, ""},
		"lifting a refusal of what the role permits":  {all, peer, access.ScopeAll, tickets, nothing, everything, "you do not hold yourself"},
		"lifting a grant that the role permits too":   {all, peer, access.ScopeAll, tickets, everything, everything, ""},
		"tickets, to a wider scope than the actor's":  {own, peer, access.ScopeAll, tickets, nothing, view, "wider than your own"},
		"tickets, to the actor's scope":               {own, peer, access.ScopeOwn, tickets, nothing, view, ""},
		"tickets, to an account without a role":       {own, peer, "", tickets, nothing, view, ""},
		"a menu without scope, to a wider scope":      {own, peer, access.ScopeAll, roles, nothing, view, ""},
		"fewer actions on tickets, to a wider scope":  {own, peer, access.ScopeAll, tickets, everything, view, ""},
		"a refusal to a superuser":                    {all, boss, "", tickets, nothing, nothing, "superuser"},
		"the actor's own, even a refusal": {
			all, access.Holder{ID: self}, access.ScopeAll, tickets, nothing, nothing, "your own menu assignments",
		},
		"a superuser to another superuser":             {root, boss, "", logs, nothing, everything, ""},
		"a superuser to itself":                        {root, access.Holder{ID: self, Superuser: true}, "", logs, nothing, everything, ""},
		"a superuser to a wider scope than its role's": {root, peer, access.ScopeAll, tickets, nothing, everything, ""},
		"by an actor without any grant": {
			access.Actor{ID: self}, peer, "", tickets, nothing, view, "you do not hold yourself",
		},
		"nothing at all, by an actor without any grant":      {access.Actor{ID: self}, peer, "", tickets, view, view, ""},
		"by the powerless zero actor, to a nameless account": {access.Actor{}, access.Holder{}, "", tickets, nothing, view, "your own"},
	} {
		t.Run(name, func(t *testing.T) {
			verdict(t, c.actor.MayAssign(c.to, role(otherRole, c.scope), c.menu, c.before, c.after), c.refusal)
		})
	}
}

func TestNobodyPermitsToARoleMoreThanTheyHold(t *testing.T) {
	for name, c := range map[string]struct {
		actor         access.Actor
		role          access.Role
		before, after []access.RolePermission
		refusal       string
	}{
		"what the actor holds": {all, role(otherRole, access.ScopeAll), nil, permits(ticketsID, viewCreate, rolesID, view), ""},
		"one action more on one of the menus": {
			all, role(otherRole, access.ScopeAll), nil, permits(ticketsID, viewCreate, rolesID, viewCreate), "on: Roles.",
		},
		"more on several menus": {
			all, role(otherRole, access.ScopeAll), nil, permits(ticketsID, everything, rolesID, everything), "on: Tickets, Roles.",
		},
		"what the role permits already": {all, role(otherRole, access.ScopeAll), permits(logsID, everything), permits(logsID, view), ""},
		"beyond what the role permits already": {
			all, role(otherRole, access.ScopeAll), permits(logsID, view), permits(logsID, viewCreate), "on: Logs.",
		},
		"what the role permits on another menu": {
			all, role(otherRole, access.ScopeAll), permits(rolesID, everything), permits(logsID, everything), "on: Logs.",
		},
		"nothing any more":                       {all, role(otherRole, access.ScopeAll), permits(logsID, everything), nil, ""},
		"a menu that does not exist":             {all, role(otherRole, access.ScopeAll), nil, permits(other, view), "you do not hold yourself"},
		"tickets to a role of wider scope":       {own, role(otherRole, access.ScopeAll), nil, permits(ticketsID, view), "wider than your own"},
		"tickets to a role of the same scope":    {own, role(otherRole, access.ScopeOwn), nil, permits(ticketsID, view), ""},
		"another menu to a role of wider scope":  {own, role(otherRole, access.ScopeAll), nil, permits(rolesID, view), ""},
		"the actor's own role, even taking away": {all, role(ownRole, access.ScopeAll), permits(ticketsID, view), nil, "your own role"},
		"a superuser's own role":                 {root, role(ownRole, access.ScopeAll), nil, permits(logsID, everything), ""},
		"a superuser, to any role":               {root, role(otherRole, access.ScopeAll), nil, permits(ticketsID, everything), ""},
		"an actor without a role, taking away":   {access.Actor{ID: self}, role(otherRole, access.ScopeAll), permits(logsID, view), nil, ""},
		"an actor without a role, giving what it has": {
			access.Actor{ID: self, Grants: own.Grants}, role(otherRole, access.ScopeOwn), nil, permits(ticketsID, view), "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			verdict(t, c.actor.MayPermit(c.role, menus, c.before, c.after), c.refusal)
		})
	}
}

func TestNobodyGivesARoleAWiderScopeThanTheirOwn(t *testing.T) {
	for name, c := range map[string]struct {
		actor         access.Actor
		role          domain.ID
		before, after access.Scope
		accounts      int
		permitted     []access.RolePermission
		refusal       string
	}{
		"a new role of every ticket, by who sees all": {all, "", "", access.ScopeAll, 0, nil, ""},
		"a new role of every ticket, by who sees own": {own, "", "", access.ScopeAll, 0, nil, "wider than your own"},
		"a new role of own tickets, by who sees own":  {own, "", "", access.ScopeOwn, 0, nil, ""},
		"widened by who sees own":                     {own, otherRole, access.ScopeOwn, access.ScopeAll, 0, nil, "wider than your own"},
		"narrowed by who sees own":                    {own, otherRole, access.ScopeAll, access.ScopeOwn, 0, nil, ""},
		"unchanged by who sees own":                   {own, otherRole, access.ScopeAll, access.ScopeAll, 0, nil, ""},
		"widened over actions that the actor holds":   {all, otherRole, access.ScopeOwn, access.ScopeAll, 0, permits(ticketsID, viewCreate), ""},
		"widened over actions that the actor lacks": {
			all, otherRole, access.ScopeOwn, access.ScopeAll, 0, permits(ticketsID, everything), "on: Tickets.",
		},
		"widened over the logs, which the actor lacks": {
			all, otherRole, access.ScopeOwn, access.ScopeAll, 0, permits(logsID, view), "on: Logs.",
		},
		"widened over a menu that has no scope":          {all, otherRole, access.ScopeOwn, access.ScopeAll, 0, permits(rolesID, everything), ""},
		"widened under accounts, by who lacks something": {all, otherRole, access.ScopeOwn, access.ScopeAll, 1, nil, "on: Tickets, Logs."},
		"widened under accounts, by who holds it all": {
			master, otherRole, access.ScopeOwn, access.ScopeAll, 1, permits(rolesID, everything), "",
		},
		"narrowed under accounts":                        {own, otherRole, access.ScopeAll, access.ScopeOwn, 1, permits(logsID, everything), ""},
		"the actor's own role narrowed":                  {all, ownRole, access.ScopeAll, access.ScopeOwn, 0, nil, "your own role"},
		"the actor's own role unchanged":                 {all, ownRole, access.ScopeAll, access.ScopeAll, 0, nil, ""},
		"anything by a superuser, its own role included": {root, ownRole, access.ScopeOwn, access.ScopeAll, 0, permits(logsID, everything), ""},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := role(c.role, c.before), role(c.role, c.after)
			verdict(t, c.actor.MayScope(before, after, c.accounts, menus, c.permitted), c.refusal)
		})
	}
}

func TestNobodyPutsAnAccountIntoARoleThatPermitsMoreThanTheyHold(t *testing.T) {
	peer := access.Holder{ID: other}
	for name, c := range map[string]struct {
		actor     access.Actor
		to        access.Holder
		role      access.Role
		permitted []access.RolePermission
		refusal   string
	}{
		"a role that permits what the actor holds": {all, peer, role(otherRole, access.ScopeAll), permits(ticketsID, viewCreate), ""},
		"the actor's own role, to another":         {all, peer, role(ownRole, access.ScopeAll), permits(ticketsID, viewCreate), ""},
		"a role that permits one action more": {
			all, peer, role(otherRole, access.ScopeAll), permits(ticketsID, viewUpdate), "on: Tickets.",
		},
		"a role of wider scope that permits nothing": {own, peer, role(otherRole, access.ScopeAll), nil, "wider than your own"},
		"a role of the same scope":                   {own, peer, role(otherRole, access.ScopeOwn), permits(ticketsID, view), ""},
		"a new account": {
			all, access.Holder{}, role(otherRole, access.ScopeOwn), permits(logsID, view), "on: Logs.",
		},
		"the role that the account is in": {
			own, access.Holder{ID: other, RoleID: otherRole}, role(otherRole, access.ScopeAll), permits(logsID, everything), "",
		},
		"the role that the actor itself is in": {own, access.Holder{ID: self, RoleID: ownRole}, role(ownRole, access.ScopeAll), nil, ""},
		"the actor itself": {
			all, access.Holder{ID: self, RoleID: ownRole}, role(otherRole, access.ScopeOwn), nil, "your own role",
		},
		"a superuser": {all, access.Holder{ID: other, Superuser: true}, role(otherRole, access.ScopeOwn), nil, "superuser"},
		"a superuser's choice for itself and any other": {
			root, access.Holder{ID: self, Superuser: true}, role(otherRole, access.ScopeAll), permits(logsID, everything), "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			verdict(t, c.actor.MayGiveRole(c.to, c.role, menus, c.permitted), c.refusal)
		})
	}
}

func TestNobodyWidensWhatAnAccountHoldsBeyondWhatTheyHold(t *testing.T) {
	for name, c := range map[string]struct {
		actor    access.Actor
		from, to access.Scope
		held     access.Grants
		refusal  string
	}{
		"what the actor holds":               {all, access.ScopeOwn, access.ScopeAll, access.Grants{grant(tickets, view)}, ""},
		"one action more":                    {all, access.ScopeOwn, access.ScopeAll, access.Grants{grant(tickets, viewUpdate)}, "on: Tickets."},
		"the logs, which the actor lacks":    {all, access.ScopeOwn, access.ScopeAll, access.Grants{grant(logs, view)}, "on: Logs."},
		"a refusal":                          {all, access.ScopeOwn, access.ScopeAll, access.Grants{grant(logs, nothing)}, ""},
		"a menu that has no scope":           {all, access.ScopeOwn, access.ScopeAll, access.Grants{grant(roles, everything)}, ""},
		"tickets, by who sees own":           {own, access.ScopeOwn, access.ScopeAll, access.Grants{grant(tickets, view)}, "wider than your own"},
		"out of no role":                     {all, "", access.ScopeAll, access.Grants{grant(tickets, everything)}, "on: Tickets."},
		"into a role of the same scope":      {own, access.ScopeOwn, access.ScopeOwn, access.Grants{grant(tickets, everything)}, ""},
		"out of a role of every ticket":      {all, access.ScopeAll, access.ScopeAll, access.Grants{grant(tickets, everything)}, ""},
		"into a role of narrower scope":      {own, access.ScopeAll, access.ScopeOwn, access.Grants{grant(tickets, everything)}, ""},
		"anything by a superuser":            {root, access.ScopeOwn, access.ScopeAll, access.Grants{grant(logs, everything)}, ""},
		"a new account, which holds nothing": {all, "", access.ScopeAll, nil, ""},
		"anything by the master of the desk": {master, access.ScopeOwn, access.ScopeAll, access.Grants{grant(logs, everything)}, ""},
		"nothing, by an actor who sees own":  {own, access.ScopeOwn, access.ScopeAll, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			verdict(t, c.actor.MayWiden(c.from, c.held, role(otherRole, c.to), menus), c.refusal)
		})
	}
}

func TestWhoHoldsEverythingOnTicketsMayWidenAnybody(t *testing.T) {
	verdict(t, master.MayWidenAnybody(menus), "")
	verdict(t, root.MayWidenAnybody(menus), "")
	verdict(t, all.MayWidenAnybody(menus), "on: Tickets, Logs.")
	verdict(t, own.MayWidenAnybody([]access.Menu{roles}), "")
}

func TestNobodyLetsSomebodyInAsAnAccountThatMayDoMoreThanThey(t *testing.T) {
	peer, boss := access.Holder{ID: other, RoleID: otherRole}, access.Holder{ID: other, Superuser: true}
	refused := all
	refused.Grants = access.Grants{grant(tickets, nothing)}
	for name, c := range map[string]struct {
		actor   access.Actor
		as      access.Holder
		scope   access.Scope
		held    access.Grants
		refusal string
	}{
		"an account that holds nothing":       {own, peer, access.ScopeOwn, nil, ""},
		"one that holds what the actor holds": {all, peer, access.ScopeAll, access.Grants{grant(tickets, viewCreate), grant(roles, view)}, ""},
		"one that holds less":                 {all, peer, access.ScopeOwn, access.Grants{grant(tickets, view), grant(logs, nothing)}, ""},
		"one that holds one action more":      {all, peer, access.ScopeOwn, access.Grants{grant(tickets, viewUpdate)}, "may do more than you"},
		"one that holds it on another menu": {
			all, peer, access.ScopeOwn, access.Grants{grant(tickets, view), grant(logs, view)}, "may do more than you",
		},
		"one of wider scope":                        {own, peer, access.ScopeAll, access.Grants{grant(tickets, view)}, "may do more than you"},
		"one of wider scope that holds nothing yet": {own, peer, access.ScopeAll, nil, "may do more than you"},
		"one of narrower scope":                     {all, peer, access.ScopeOwn, access.Grants{grant(tickets, view)}, ""},
		"one without a role":                        {own, access.Holder{ID: other}, access.ScopeOwn, access.Grants{grant(tickets, view)}, ""},
		"one that may do what the actor is refused": {
			refused, peer, access.ScopeAll, access.Grants{grant(tickets, view)}, "may do more than you",
		},
		"a superuser":                   {all, boss, access.ScopeOwn, nil, "superuser"},
		"the actor itself":              {own, access.Holder{ID: self, RoleID: ownRole}, access.ScopeOwn, own.Grants, ""},
		"by a superuser, whoever it is": {root, peer, access.ScopeAll, access.Grants{grant(logs, everything)}, ""},
		"by a superuser, another one":   {root, boss, "", nil, ""},
		"by the powerless zero actor":   {access.Actor{}, peer, access.ScopeOwn, access.Grants{grant(tickets, view)}, "may do more than you"},
	} {
		t.Run(name, func(t *testing.T) {
			verdict(t, c.actor.MayEmpower(c.as, c.scope, c.held), c.refusal)
		})
	}
}

func TestTakingARoleAwayIsRefusedOnlyForOneselfAndSuperusers(t *testing.T) {
	verdict(t, own.MayTakeRole(access.Holder{ID: other, RoleID: otherRole}), "")
	verdict(t, own.MayTakeRole(access.Holder{ID: self, RoleID: ownRole}), "your own role")
	verdict(t, own.MayTakeRole(access.Holder{ID: other, Superuser: true}), "superuser")
	verdict(t, root.MayTakeRole(access.Holder{ID: self, Superuser: true}), "")
}

func TestAURLThatGuardsAResourceIsMovedBySuperusersOnly(t *testing.T) {
	plain, moved := access.Menu{URL: "/reports/"}, access.Menu{URL: "/charts/"}
	verdict(t, all.MayMove(plain, moved), "")
	verdict(t, all.MayMove(roles, roles), "")
	verdict(t, all.MayMove(plain, roles), "guards a resource")
	verdict(t, all.MayMove(roles, plain), "guards a resource")
	verdict(t, root.MayMove(plain, roles), "")
}
