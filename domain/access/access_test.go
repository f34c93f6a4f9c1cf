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
