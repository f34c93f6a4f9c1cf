package desk_test

import (
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

func TestMembersHoldTheDocumentedPermissions(t *testing.T) {
	d := desk.New(t)
	for _, tc := range []struct {
		name    string
		tickets access.Actions
		catalog access.Actions
		all     bool
	}{
		{desk.Root, access.MayNothing, access.MayNothing, true}, // as a superuser, without grants
		{desk.Admin, access.MayEverything, access.MayEverything, true},
		{desk.Agent, access.MayEverything, access.MayView, true},
		{desk.Customer, access.MayEverything, access.MayView, false},
		{desk.Watcher, access.MayView, access.MayView, false},
		{desk.Nobody, access.MayNothing, access.MayNothing, false},
		{desk.Clerk, access.MayEverything, access.MayNothing, true},
		{desk.Temp, access.MayNothing, access.MayNothing, false},
	} {
		a := d.Actor(tc.name)
		if a.Superuser != (tc.name == desk.Root) || a.SeesAll() != tc.all || a.ID != d.ID(tc.name) {
			t.Errorf("%s is %+v", tc.name, a)
		}
		if got := a.Grants.On(access.TicketsMenu); got != tc.tickets && !a.Superuser {
			t.Errorf("%s may do %b with tickets, want %b", tc.name, got, tc.tickets)
		}
		if got := a.Grants.On(access.StatusesMenu); got != tc.catalog && !a.Superuser {
			t.Errorf("%s may do %b with statuses, want %b", tc.name, got, tc.catalog)
		}
	}
	if _, err := d.Sessions.Login(t.Context(), desk.Leaver, desk.Password, desk.Home); domain.KindOf(err) != domain.Unauthenticated {
		t.Errorf("a deactivated account: got %v, want Unauthenticated", err)
	}
}

func TestClockOnlyMovesByWait(t *testing.T) {
	d := desk.New(t)
	first := d.Open(desk.Customer, ticket.Patch{})
	d.Wait(time.Hour)
	second := d.Open(desk.Agent, ticket.Patch{})
	if !first.CreatedAt.Equal(desk.Noon) || !second.CreatedAt.Equal(desk.Noon.Add(time.Hour)) || first.ID >= second.ID {
		t.Errorf("opened at %v as %s and at %v as %s", first.CreatedAt, first.ID, second.CreatedAt, second.ID)
	}
	if first.Number != "TKT-20260301-0001" || second.Number != "TKT-20260301-0002" {
		t.Errorf("numbered %s and %s", first.Number, second.Number)
	}
}
