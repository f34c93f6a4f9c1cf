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

	superuser = access.Actor{ID: self, RoleID: ownRole, Superuser: true}
	seesAll   = actorWithScope(access.ScopeAll)
	seesOwn   = actorWithScope(access.ScopeOwn)

	// ticketMaster has ScopeAll and every action on the menus that a scope limits.
	ticketMaster = access.Actor{ID: self, RoleID: ownRole, Scope: access.ScopeAll, Grants: access.Grants{
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

// actorWithScope returns an actor that holds view and create on tickets, view on roles and nothing on logs.
func actorWithScope(scope access.Scope) access.Actor {
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

// checkRefusal fails the test unless err is a Forbidden whose message contains refusal, or nil if refusal is "".
func checkRefusal(t *testing.T, err error, refusal string) {
	t.Helper()
	var e *domain.Error
	switch {
	case refusal == "" && err != nil:
		t.Errorf("refused: %v", err)
	case refusal != "" && !errors.As(err, &e):
		t.Errorf("got %v, want a Forbidden with %q", err, refusal)
	case refusal != "" && (e.Kind != domain.Forbidden || !strings.Contains(e.Message, refusal)):
		t.Errorf("got %q, want a Forbidden with %q", err, refusal)
	}
}

func TestMayAssignRefusesEscalation(t *testing.T) {
	peer, boss := access.Holder{ID: other, RoleID: otherRole}, access.Holder{ID: other, Superuser: true}
	for name, c := range map[string]struct {
		actor         access.Actor
		to            access.Holder
		scope         access.Scope
		menu          access.Menu
		before, after access.Actions
		refusal       string
	}{
		"what the actor holds": {seesAll, peer, access.ScopeAll, tickets, nothing, viewCreate, ""},
		"one action more": {
			seesAll, peer, access.ScopeAll, tickets, nothing, viewUpdate, "you do not hold yourself, on: Tickets.",
		},
		"on a menu where the actor holds nothing": {
			seesAll, peer, access.ScopeAll, logs, nothing, view, "you do not hold yourself, on: Logs.",
		},
		"a refusal": {
			seesAll, peer, access.ScopeAll, logs, nothing, nothing, "",
		},
		"one action more than before": {
			seesAll, peer, access.ScopeAll, tickets, view, viewUpdate, "you do not hold yourself",
		},
		"fewer actions, of which one the actor lacks": {seesAll, peer, access.ScopeAll, tickets, everything, viewUpdate, ""},
		"removing a refusal of what the role permits": {seesAll, peer, access.ScopeAll, tickets, nothing, everything, "you do not hold yourself"},
		"removing a grant that the role permits too":  {seesAll, peer, access.ScopeAll, tickets, everything, everything, ""},
		"tickets, to a wider scope than the actor's":  {seesOwn, peer, access.ScopeAll, tickets, nothing, view, "wider than your own"},
		"tickets, to the actor's scope":               {seesOwn, peer, access.ScopeOwn, tickets, nothing, view, ""},
		"tickets, to an account without a role":       {seesOwn, peer, "", tickets, nothing, view, ""},
		"a menu that no scope limits":                 {seesOwn, peer, access.ScopeAll, roles, nothing, view, ""},
		"fewer actions on tickets, to a wider scope":  {seesOwn, peer, access.ScopeAll, tickets, everything, view, ""},
		"a refusal to a superuser":                    {seesAll, boss, "", tickets, nothing, nothing, "superuser"},
		"the actor itself, even a refusal": {
			seesAll, access.Holder{ID: self}, access.ScopeAll, tickets, nothing, nothing, "your own menu assignments",
		},
		"a superuser to another superuser":             {superuser, boss, "", logs, nothing, everything, ""},
		"a superuser to itself":                        {superuser, access.Holder{ID: self, Superuser: true}, "", logs, nothing, everything, ""},
		"a superuser to a wider scope than its role's": {superuser, peer, access.ScopeAll, tickets, nothing, everything, ""},
		"by an actor without any grant": {
			access.Actor{ID: self}, peer, "", tickets, nothing, view, "you do not hold yourself",
		},
		"no change, by an actor without any grant":   {access.Actor{ID: self}, peer, "", tickets, view, view, ""},
		"the zero actor to an account without an id": {access.Actor{}, access.Holder{}, "", tickets, nothing, view, "your own"},
	} {
		t.Run(name, func(t *testing.T) {
			checkRefusal(t, c.actor.MayAssign(c.to, role(otherRole, c.scope), c.menu, c.before, c.after), c.refusal)
		})
	}
}

func TestMayPermitRefusesEscalation(t *testing.T) {
	for name, c := range map[string]struct {
		actor         access.Actor
		role          access.Role
		before, after []access.RolePermission
		refusal       string
	}{
		"what the actor holds": {seesAll, role(otherRole, access.ScopeAll), nil, permits(ticketsID, viewCreate, rolesID, view), ""},
		"one action more on one of the menus": {
			seesAll, role(otherRole, access.ScopeAll), nil, permits(ticketsID, viewCreate, rolesID, viewCreate), "on: Roles.",
		},
		"more on several menus": {
			seesAll, role(otherRole, access.ScopeAll), nil, permits(ticketsID, everything, rolesID, everything), "on: Tickets, Roles.",
		},
		"what the role permits already": {seesAll, role(otherRole, access.ScopeAll), permits(logsID, everything), permits(logsID, view), ""},
		"beyond what the role permits already": {
			seesAll, role(otherRole, access.ScopeAll), permits(logsID, view), permits(logsID, viewCreate), "on: Logs.",
		},
		"what the role permits on another menu": {
			seesAll, role(otherRole, access.ScopeAll), permits(rolesID, everything), permits(logsID, everything), "on: Logs.",
		},
		"all permissions removed": {seesAll, role(otherRole, access.ScopeAll), permits(logsID, everything), nil, ""},
		"a menu that does not exist": {
			seesAll, role(otherRole, access.ScopeAll), nil, permits(other, view), "you do not hold yourself",
		},
		"tickets to a role of wider scope": {
			seesOwn, role(otherRole, access.ScopeAll), nil, permits(ticketsID, view), "wider than your own",
		},
		"tickets to a role of the same scope":    {seesOwn, role(otherRole, access.ScopeOwn), nil, permits(ticketsID, view), ""},
		"another menu to a role of wider scope":  {seesOwn, role(otherRole, access.ScopeAll), nil, permits(rolesID, view), ""},
		"the actor's own role, even taking away": {seesAll, role(ownRole, access.ScopeAll), permits(ticketsID, view), nil, "your own role"},
		"a superuser's own role":                 {superuser, role(ownRole, access.ScopeAll), nil, permits(logsID, everything), ""},
		"a superuser, to any role":               {superuser, role(otherRole, access.ScopeAll), nil, permits(ticketsID, everything), ""},
		"an actor without a role, taking away":   {access.Actor{ID: self}, role(otherRole, access.ScopeAll), permits(logsID, view), nil, ""},
		"an actor without a role, granting what it holds": {
			access.Actor{ID: self, Grants: seesOwn.Grants}, role(otherRole, access.ScopeOwn), nil, permits(ticketsID, view), "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			checkRefusal(t, c.actor.MayPermit(c.role, menus, c.before, c.after), c.refusal)
		})
	}
}

func TestMayScopeRefusesEscalation(t *testing.T) {
	for name, c := range map[string]struct {
		actor         access.Actor
		role          domain.ID
		before, after access.Scope
		accounts      int
		permitted     []access.RolePermission
		refusal       string
	}{
		"a new role with ScopeAll, by ScopeAll": {seesAll, "", "", access.ScopeAll, 0, nil, ""},
		"a new role with ScopeAll, by ScopeOwn": {seesOwn, "", "", access.ScopeAll, 0, nil, "wider than your own"},
		"a new role with ScopeOwn, by ScopeOwn": {seesOwn, "", "", access.ScopeOwn, 0, nil, ""},
		"widened, by ScopeOwn":                  {seesOwn, otherRole, access.ScopeOwn, access.ScopeAll, 0, nil, "wider than your own"},
		"narrowed, by ScopeOwn":                 {seesOwn, otherRole, access.ScopeAll, access.ScopeOwn, 0, nil, ""},
		"unchanged, by ScopeOwn":                {seesOwn, otherRole, access.ScopeAll, access.ScopeAll, 0, nil, ""},
		"widened, with actions that the actor holds": {
			seesAll, otherRole, access.ScopeOwn, access.ScopeAll, 0, permits(ticketsID, viewCreate), "",
		},
		"widened, with actions that the actor lacks": {
			seesAll, otherRole, access.ScopeOwn, access.ScopeAll, 0, permits(ticketsID, everything), "on: Tickets.",
		},
		"widened, with logs, which the actor lacks": {
			seesAll, otherRole, access.ScopeOwn, access.ScopeAll, 0, permits(logsID, view), "on: Logs.",
		},
		"widened, with a menu that no scope limits": {
			seesAll, otherRole, access.ScopeOwn, access.ScopeAll, 0, permits(rolesID, everything), "",
		},
		"widened, with accounts, by an actor that lacks actions": {
			seesAll, otherRole, access.ScopeOwn, access.ScopeAll, 1, nil, "on: Tickets, Logs.",
		},
		"widened, with accounts, by an actor that holds all actions": {
			ticketMaster, otherRole, access.ScopeOwn, access.ScopeAll, 1, permits(rolesID, everything), "",
		},
		"narrowed, with accounts": {
			seesOwn, otherRole, access.ScopeAll, access.ScopeOwn, 1, permits(logsID, everything), "",
		},
		"the actor's own role narrowed":  {seesAll, ownRole, access.ScopeAll, access.ScopeOwn, 0, nil, "your own role"},
		"the actor's own role unchanged": {seesAll, ownRole, access.ScopeAll, access.ScopeAll, 0, nil, ""},
		"anything by a superuser, its own role included": {
			superuser, ownRole, access.ScopeOwn, access.ScopeAll, 0, permits(logsID, everything), "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := role(c.role, c.before), role(c.role, c.after)
			checkRefusal(t, c.actor.MayScope(before, after, c.accounts, menus, c.permitted), c.refusal)
		})
	}
}

func TestMayGiveRoleRefusesEscalation(t *testing.T) {
	peer := access.Holder{ID: other}
	for name, c := range map[string]struct {
		actor     access.Actor
		to        access.Holder
		role      access.Role
		permitted []access.RolePermission
		refusal   string
	}{
		"a role that permits what the actor holds": {seesAll, peer, role(otherRole, access.ScopeAll), permits(ticketsID, viewCreate), ""},
		"the actor's own role, to another":         {seesAll, peer, role(ownRole, access.ScopeAll), permits(ticketsID, viewCreate), ""},
		"a role that permits one action more": {
			seesAll, peer, role(otherRole, access.ScopeAll), permits(ticketsID, viewUpdate), "on: Tickets.",
		},
		"a role of wider scope that permits nothing": {seesOwn, peer, role(otherRole, access.ScopeAll), nil, "wider than your own"},
		"a role of the same scope":                   {seesOwn, peer, role(otherRole, access.ScopeOwn), permits(ticketsID, view), ""},
		"a new account": {
			seesAll, access.Holder{}, role(otherRole, access.ScopeOwn), permits(logsID, view), "on: Logs.",
		},
		"the role that the account has": {
			seesOwn, access.Holder{ID: other, RoleID: otherRole}, role(otherRole, access.ScopeAll), permits(logsID, everything), "",
		},
		"the role that the actor itself has": {seesOwn, access.Holder{ID: self, RoleID: ownRole}, role(ownRole, access.ScopeAll), nil, ""},
		"the actor itself": {
			seesAll, access.Holder{ID: self, RoleID: ownRole}, role(otherRole, access.ScopeOwn), nil, "your own role",
		},
		"a superuser": {seesAll, access.Holder{ID: other, Superuser: true}, role(otherRole, access.ScopeOwn), nil, "superuser"},
		"by a superuser, to itself": {
			superuser, access.Holder{ID: self, Superuser: true}, role(otherRole, access.ScopeAll), permits(logsID, everything), "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			checkRefusal(t, c.actor.MayGiveRole(c.to, c.role, menus, c.permitted), c.refusal)
		})
	}
}

func TestMayWidenRefusesEscalation(t *testing.T) {
	for name, c := range map[string]struct {
		actor    access.Actor
		from, to access.Scope
		held     access.Grants
		refusal  string
	}{
		"what the actor holds": {seesAll, access.ScopeOwn, access.ScopeAll, access.Grants{grant(tickets, view)}, ""},
		"one action more": {
			seesAll, access.ScopeOwn, access.ScopeAll, access.Grants{grant(tickets, viewUpdate)}, "on: Tickets.",
		},
		"the logs, which the actor lacks": {seesAll, access.ScopeOwn, access.ScopeAll, access.Grants{grant(logs, view)}, "on: Logs."},
		"a refusal":                       {seesAll, access.ScopeOwn, access.ScopeAll, access.Grants{grant(logs, nothing)}, ""},
		"a menu that no scope limits":     {seesAll, access.ScopeOwn, access.ScopeAll, access.Grants{grant(roles, everything)}, ""},
		"tickets, by ScopeOwn": {
			seesOwn, access.ScopeOwn, access.ScopeAll, access.Grants{grant(tickets, view)}, "wider than your own",
		},
		"an account without a role":          {seesAll, "", access.ScopeAll, access.Grants{grant(tickets, everything)}, "on: Tickets."},
		"into a role of the same scope":      {seesOwn, access.ScopeOwn, access.ScopeOwn, access.Grants{grant(tickets, everything)}, ""},
		"from a role of ScopeAll":            {seesAll, access.ScopeAll, access.ScopeAll, access.Grants{grant(tickets, everything)}, ""},
		"into a role of narrower scope":      {seesOwn, access.ScopeAll, access.ScopeOwn, access.Grants{grant(tickets, everything)}, ""},
		"anything by a superuser":            {superuser, access.ScopeOwn, access.ScopeAll, access.Grants{grant(logs, everything)}, ""},
		"a new account, which holds nothing": {seesAll, "", access.ScopeAll, nil, ""},
		"anything by the ticket master":      {ticketMaster, access.ScopeOwn, access.ScopeAll, access.Grants{grant(logs, everything)}, ""},
		"no grants, by ScopeOwn":             {seesOwn, access.ScopeOwn, access.ScopeAll, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			checkRefusal(t, c.actor.MayWiden(c.from, c.held, role(otherRole, c.to), menus), c.refusal)
		})
	}
}

func TestMayWidenAnybodyNeedsEveryTicketAction(t *testing.T) {
	checkRefusal(t, ticketMaster.MayWidenAnybody(menus), "")
	checkRefusal(t, superuser.MayWidenAnybody(menus), "")
	checkRefusal(t, seesAll.MayWidenAnybody(menus), "on: Tickets, Logs.")
	checkRefusal(t, seesOwn.MayWidenAnybody([]access.Menu{roles}), "")
}

func TestMayEmpowerRefusesStrongerAccounts(t *testing.T) {
	peer, boss := access.Holder{ID: other, RoleID: otherRole}, access.Holder{ID: other, Superuser: true}
	refused := seesAll
	refused.Grants = access.Grants{grant(tickets, nothing)}
	for name, c := range map[string]struct {
		actor   access.Actor
		as      access.Holder
		scope   access.Scope
		held    access.Grants
		refusal string
	}{
		"an account that holds nothing": {seesOwn, peer, access.ScopeOwn, nil, ""},
		"one that holds what the actor holds": {
			seesAll, peer, access.ScopeAll, access.Grants{grant(tickets, viewCreate), grant(roles, view)}, "",
		},
		"one that holds less": {seesAll, peer, access.ScopeOwn, access.Grants{grant(tickets, view), grant(logs, nothing)}, ""},
		"one that holds one action more": {
			seesAll, peer, access.ScopeOwn, access.Grants{grant(tickets, viewUpdate)}, "may do more than you",
		},
		"one that holds it on another menu": {
			seesAll, peer, access.ScopeOwn, access.Grants{grant(tickets, view), grant(logs, view)}, "may do more than you",
		},
		"one of wider scope": {
			seesOwn, peer, access.ScopeAll, access.Grants{grant(tickets, view)}, "may do more than you",
		},
		"one of wider scope that holds nothing yet": {seesOwn, peer, access.ScopeAll, nil, "may do more than you"},
		"one of narrower scope":                     {seesAll, peer, access.ScopeOwn, access.Grants{grant(tickets, view)}, ""},
		"one without a role": {
			seesOwn, access.Holder{ID: other}, access.ScopeOwn, access.Grants{grant(tickets, view)}, "",
		},
		"one that may do what the actor is refused": {
			refused, peer, access.ScopeAll, access.Grants{grant(tickets, view)}, "may do more than you",
		},
		"a superuser":                          {seesAll, boss, access.ScopeOwn, nil, "superuser"},
		"the actor itself":                     {seesOwn, access.Holder{ID: self, RoleID: ownRole}, access.ScopeOwn, seesOwn.Grants, ""},
		"by a superuser":                       {superuser, peer, access.ScopeAll, access.Grants{grant(logs, everything)}, ""},
		"by a superuser, to another superuser": {superuser, boss, "", nil, ""},
		"by the zero actor": {
			access.Actor{}, peer, access.ScopeOwn, access.Grants{grant(tickets, view)}, "may do more than you",
		},
	} {
		t.Run(name, func(t *testing.T) {
			checkRefusal(t, c.actor.MayEmpower(c.as, c.scope, c.held), c.refusal)
		})
	}
}

func TestMayTakeRoleRefusesSuperusersAndOwnRole(t *testing.T) {
	checkRefusal(t, seesOwn.MayTakeRole(access.Holder{ID: other, RoleID: otherRole}), "")
	checkRefusal(t, seesOwn.MayTakeRole(access.Holder{ID: self, RoleID: ownRole}), "your own role")
	checkRefusal(t, seesOwn.MayTakeRole(access.Holder{ID: other, Superuser: true}), "superuser")
	checkRefusal(t, superuser.MayTakeRole(access.Holder{ID: self, Superuser: true}), "")
}

func TestOnlySuperusersMoveGuardingURLs(t *testing.T) {
	plain, moved := access.Menu{URL: "/reports/"}, access.Menu{URL: "/charts/"}
	checkRefusal(t, seesAll.MayMove(plain, moved), "")
	checkRefusal(t, seesAll.MayMove(roles, roles), "")
	checkRefusal(t, seesAll.MayMove(plain, roles), "guards a resource")
	checkRefusal(t, seesAll.MayMove(roles, plain), "guards a resource")
	checkRefusal(t, superuser.MayMove(plain, roles), "")
}
