package access_test

import (
	"cmp"
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

const (
	holdsMore  = "an account that holds permissions or a ticket scope that you do not hold yourself"
	roleOfMore = "a role that has permissions or a ticket scope that you do not hold yourself"
)

func TestAccountsThatHoldMoreAreOutOfReach(t *testing.T) {
	boss := access.Holder{ID: other, Superuser: true}
	refused := seesAll
	refused.Grants = access.Grants{grant(tickets, nothing)}
	peer := func(scope access.Scope, own, byRole access.Grants) access.Holder {
		return access.Holder{ID: other, RoleID: otherRole, Holding: access.Holding{Own: own, Role: byRole, Scope: scope}}
	}
	for name, c := range map[string]struct {
		actor   access.Actor
		of      access.Holder
		refusal string
	}{
		"an account that holds nothing": {seesOwn, peer(access.ScopeOwn, nil, nil), ""},
		"one that holds what the actor holds": {
			seesAll, peer(access.ScopeAll, access.Grants{grant(tickets, viewCreate)}, access.Grants{grant(roles, view)}), "",
		},
		"one that holds less": {
			seesAll, peer(access.ScopeOwn, access.Grants{grant(logs, nothing)}, access.Grants{grant(tickets, view)}), "",
		},
		"one action more by an assignment": {seesAll, peer(access.ScopeOwn, access.Grants{grant(tickets, viewUpdate)}, nil), holdsMore},
		"one action more by the role":      {seesAll, peer(access.ScopeOwn, nil, access.Grants{grant(tickets, viewUpdate)}), holdsMore},
		"an action on another menu": {
			seesAll, peer(access.ScopeOwn, access.Grants{grant(logs, view)}, access.Grants{grant(tickets, view)}), holdsMore,
		},
		"what its role permits and an assignment refuses": {
			seesAll, peer(access.ScopeOwn, access.Grants{grant(logs, nothing)}, access.Grants{grant(logs, view)}), holdsMore,
		},
		"a wider scope":                    {seesOwn, peer(access.ScopeAll, access.Grants{grant(tickets, view)}, nil), holdsMore},
		"a wider scope and nothing else":   {seesOwn, peer(access.ScopeAll, nil, nil), holdsMore},
		"what the actor is refused":        {refused, peer(access.ScopeAll, nil, access.Grants{grant(tickets, view)}), holdsMore},
		"one without a role":               {seesOwn, access.Holder{ID: other}, ""},
		"a superuser":                      {seesAll, boss, "superuser"},
		"the actor, which became one":      {seesAll, access.Holder{ID: self, Superuser: true}, "superuser"},
		"a superuser, by another":          {superuser, boss, ""},
		"anybody, by a superuser":          {superuser, peer(access.ScopeAll, access.Grants{grant(logs, everything)}, nil), ""},
		"a new account, by the zero actor": {access.Actor{}, access.Holder{}, ""},
		"somebody, by the zero actor":      {access.Actor{}, peer(access.ScopeOwn, access.Grants{grant(tickets, view)}, nil), holdsMore},
		"the actor itself, which is refused something": {
			refused, access.Holder{ID: self, RoleID: ownRole, Holding: access.Holding{Role: access.Grants{grant(tickets, view)}}}, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			checkRefusal(t, c.actor.MayTouch(c.of), c.refusal)
			if c.of.ID == other { // every other change of an account begins with the same check
				checkRefusal(t, c.actor.MayAssign(c.of, tickets, nothing), c.refusal)
				checkRefusal(t, c.actor.MayTakeRole(c.of), c.refusal)
				checkRefusal(t, c.actor.MayGiveRole(c.of, role(other, access.ScopeOwn), menus, nil), c.refusal)
				checkRefusal(t, c.actor.MayGiveRole(c.of, access.Role{ID: c.of.RoleID}, menus, nil), c.refusal)
			}
		})
	}
}

func TestRolesThatPermitMoreAreOutOfReach(t *testing.T) {
	for name, c := range map[string]struct {
		actor     access.Actor
		scope     access.Scope
		permitted []access.RolePermission
		refusal   string
	}{
		"what the actor holds":            {seesAll, access.ScopeAll, permits(ticketsID, viewCreate, rolesID, view), ""},
		"nothing":                         {access.Actor{ID: self}, access.ScopeOwn, nil, ""},
		"one action more":                 {seesAll, access.ScopeOwn, permits(ticketsID, view, rolesID, viewUpdate), roleOfMore},
		"an action on another menu":       {seesAll, access.ScopeOwn, permits(logsID, view), roleOfMore},
		"a wider scope and nothing else":  {seesOwn, access.ScopeAll, nil, roleOfMore},
		"everything, by a superuser":      {superuser, access.ScopeAll, permits(ticketsID, everything), ""},
		"an action on a menu that is not": {seesAll, access.ScopeOwn, permits(other, view), roleOfMore},
	} {
		t.Run(name, func(t *testing.T) {
			r := role(otherRole, c.scope)
			checkRefusal(t, c.actor.MayTouchRole(r, c.permitted), c.refusal)
			checkRefusal(t, c.actor.MayRepermit(r, c.permitted), c.refusal)
		})
	}
}

func TestRolesOfAccountsOutOfReachCannotBeWeakened(t *testing.T) {
	for name, c := range map[string]struct {
		actor   access.Actor
		own     access.Grants
		refusal string
	}{
		"nothing but the role":      {seesOwn, nil, ""},
		"what the actor holds":      {seesAll, access.Grants{grant(tickets, view), grant(tickets, viewCreate)}, ""},
		"an action more, by one":    {seesAll, access.Grants{grant(tickets, view), grant(tickets, viewUpdate)}, "take anything from a role"},
		"an action on another menu": {seesAll, access.Grants{grant(logs, view)}, "take anything from a role"},
		"a refusal":                 {seesAll, access.Grants{grant(logs, nothing)}, ""},
		"everything":                {superuser, access.Grants{grant(logs, everything)}, ""},
	} {
		t.Run(name, func(t *testing.T) { checkRefusal(t, c.actor.MayWeaken(c.own), c.refusal) })
	}
}

func TestWeakens(t *testing.T) {
	both := permits(ticketsID, viewCreate, rolesID, view)
	for name, c := range map[string]struct {
		before, after []access.RolePermission
		want          bool
	}{
		"the same":           {both, permits(rolesID, view, ticketsID, viewCreate), false},
		"more":               {both, permits(ticketsID, everything, rolesID, view, logsID, view), false},
		"an action less":     {both, permits(ticketsID, view, rolesID, view), true},
		"another action":     {both, permits(ticketsID, viewUpdate, rolesID, view), true},
		"a menu less":        {both, permits(ticketsID, everything), true},
		"nothing":            {both, nil, true},
		"nothing to nothing": {nil, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := access.Weakens(c.before, c.after); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestMayAssignRefusesEscalation(t *testing.T) {
	peer := access.Holder{ID: other, RoleID: otherRole}
	for name, c := range map[string]struct {
		actor   access.Actor
		to      access.Holder
		menu    access.Menu
		actions access.Actions
		refusal string
	}{
		"what the actor holds":                    {seesAll, peer, tickets, viewCreate, ""},
		"one action more":                         {seesAll, peer, tickets, viewUpdate, "you do not hold yourself, on: Tickets."},
		"on a menu where the actor holds nothing": {seesAll, peer, logs, view, "you do not hold yourself, on: Logs."},
		"a refusal":                               {seesAll, peer, logs, nothing, ""},
		"to an account without a role":            {seesOwn, access.Holder{ID: other}, tickets, view, ""},
		"the actor itself, even a refusal":        {seesAll, access.Holder{ID: self}, tickets, nothing, "your own menu assignments"},
		"a superuser to another superuser":        {superuser, access.Holder{ID: other, Superuser: true}, logs, everything, ""},
		"a superuser to itself":                   {superuser, access.Holder{ID: self, Superuser: true}, logs, everything, ""},
		"by an actor without any grant":           {access.Actor{ID: self}, peer, tickets, view, "you do not hold yourself"},
		"the zero actor to an account without id": {access.Actor{}, access.Holder{}, tickets, view, "your own"},
	} {
		t.Run(name, func(t *testing.T) { checkRefusal(t, c.actor.MayAssign(c.to, c.menu, c.actions), c.refusal) })
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
		"less than before, of which the actor holds all": {
			seesAll, role(otherRole, access.ScopeAll), permits(ticketsID, viewCreate, rolesID, view), permits(ticketsID, view), "",
		},
		"less than before, of which the actor lacks some": {
			seesAll, role(otherRole, access.ScopeAll), permits(ticketsID, view, logsID, view), permits(ticketsID, view), roleOfMore,
		},
		"a menu that does not exist": {seesAll, role(otherRole, access.ScopeAll), nil, permits(other, view), "you do not hold yourself"},
		"a role of wider scope":      {seesOwn, role(otherRole, access.ScopeAll), nil, permits(rolesID, view), roleOfMore},
		"a role of the same scope":   {seesOwn, role(otherRole, access.ScopeOwn), nil, permits(ticketsID, view), ""},
		"the actor's own role, even taking away": {
			seesAll, role(ownRole, access.ScopeAll), permits(ticketsID, view), nil, "your own role",
		},
		"a superuser's own role":   {superuser, role(ownRole, access.ScopeAll), nil, permits(logsID, everything), ""},
		"a superuser, to any role": {superuser, role(otherRole, access.ScopeAll), nil, permits(ticketsID, everything), ""},
		"an actor without a role, granting what it holds": {
			access.Actor{ID: self, Grants: seesOwn.Grants}, role(otherRole, access.ScopeOwn), nil, permits(ticketsID, view), "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			checkRefusal(t, cmp.Or(c.actor.MayRepermit(c.role, c.before), c.actor.MayPermit(menus, c.after)), c.refusal)
		})
	}
}

func TestMayScopeRefusesEscalation(t *testing.T) {
	for name, c := range map[string]struct {
		actor         access.Actor
		role          domain.ID
		before, after access.Scope
		accounts      int
		refusal       string
	}{
		"a new role with ScopeAll, by ScopeAll": {seesAll, "", "", access.ScopeAll, 0, ""},
		"a new role with ScopeAll, by ScopeOwn": {seesOwn, "", "", access.ScopeAll, 0, "wider than your own"},
		"a new role with ScopeOwn, by ScopeOwn": {seesOwn, "", "", access.ScopeOwn, 0, ""},
		"widened, by ScopeOwn":                  {seesOwn, otherRole, access.ScopeOwn, access.ScopeAll, 0, "wider than your own"},
		"widened, by ScopeAll":                  {seesAll, otherRole, access.ScopeOwn, access.ScopeAll, 0, ""},
		"widened, with accounts, by an actor that lacks actions": {
			seesAll, otherRole, access.ScopeOwn, access.ScopeAll, 1, "on: Tickets, Logs.",
		},
		"widened, with accounts, by an actor that holds all actions": {ticketMaster, otherRole, access.ScopeOwn, access.ScopeAll, 1, ""},
		"narrowed, with accounts":                                    {seesAll, otherRole, access.ScopeAll, access.ScopeOwn, 1, ""},
		"the actor's own role narrowed":                              {seesAll, ownRole, access.ScopeAll, access.ScopeOwn, 0, "your own role"},
		"the actor's own role unchanged":                             {seesAll, ownRole, access.ScopeAll, access.ScopeAll, 0, ""},
		"anything by a superuser, its own role included":             {superuser, ownRole, access.ScopeOwn, access.ScopeAll, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			checkRefusal(t, c.actor.MayScope(role(c.role, c.before), role(c.role, c.after), c.accounts, menus), c.refusal)
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

func TestMayTakeRoleRefusesOwnRole(t *testing.T) {
	checkRefusal(t, seesOwn.MayTakeRole(access.Holder{ID: self, RoleID: ownRole}), "your own role")
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
