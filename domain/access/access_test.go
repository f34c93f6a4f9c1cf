package access

import (
	"slices"
	"testing"
)

func TestEffectiveOwnGrantReplacesRoleGrant(t *testing.T) {
	own := Grants{{MenuID: "a", URL: "/a/", Actions: MayNothing}, {MenuID: "b", URL: "/b/", Actions: MayView}}
	role := Grants{{MenuID: "b", URL: "/b/", Actions: MayEverything}, {MenuID: "c", URL: "/c/", Actions: MayCreate}}
	for name, c := range map[string]struct{ own, role, want Grants }{
		"nothing":   {nil, nil, nil},
		"only own":  {own, nil, own},
		"only role": {nil, role, role},
		"both":      {own, role, Grants{own[0], own[1], role[1]}},
	} {
		if got := Effective(c.own, c.role); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestCatalogsAreReadByWhoeverWorksWithTickets(t *testing.T) {
	for actions := MayNothing; actions <= MayEverything; actions++ {
		worker := Actor{Grants: Grants{{MenuID: "a", URL: StatusesMenu}, {MenuID: "b", URL: TicketsMenu, Actions: actions}}}
		reader := Actor{Grants: Grants{{MenuID: "a", URL: StatusesMenu, Actions: actions}}}
		if works, want := worker.RequireTicketWork() == nil, actions&^MayDelete != 0; works != want {
			t.Errorf("%v on tickets: works is %t", actions, works)
		}
		if reads, want := worker.RequireCatalog(StatusesMenu) == nil, actions&^MayDelete != 0; reads != want {
			t.Errorf("%v on tickets: reads is %t", actions, reads)
		}
		if reads, want := reader.RequireCatalog(StatusesMenu) == nil, actions.Has(MayView); reads != want {
			t.Errorf("%v on statuses: reads is %t", actions, reads)
		}
	}
	if root := (Actor{Superuser: true}); root.RequireTicketWork() != nil || root.RequireCatalog(StatusesMenu) != nil {
		t.Error("a superuser is refused")
	}
	if got := MayEverything.String() + "; " + MayNothing.String(); got != "view, create, update, delete; " {
		t.Errorf("got %q", got)
	}
}

func TestGrantsViewTickets(t *testing.T) {
	for actions := MayNothing; actions <= MayEverything; actions++ {
		held := Grants{{MenuID: "a", URL: "/elsewhere/", Actions: MayEverything}, {MenuID: "b", URL: TicketsMenu, Actions: actions}}
		if got, want := held.ViewTickets(false), actions&MayView != 0; got != want || !held.ViewTickets(true) {
			t.Errorf("%v: %v", actions, got)
		}
	}
	if (Grants{}).ViewTickets(false) || !(Grants{}).ViewTickets(true) {
		t.Error("nothing held")
	}
}
