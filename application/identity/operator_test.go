package identity_test

import (
	"slices"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/test/desk"
)

func TestOperatorSetsAPasswordThatEndsEverySession(t *testing.T) {
	d := newDeskMidSecond(t)
	anita := d.AddAccount("Anita")
	first, second, other := d.Actor("anita"), d.Actor("anita"), d.Actor(desk.Agent)
	failLogins(d, 5, "anita", account.Client{Address: "198.51.100.9"})
	found := desk.Must(d.Operator.Account(t.Context(), " ANITA "))(t)
	if found.ID != anita.ID {
		t.Fatalf("found %+v", found)
	}
	desk.Check(t, d.Operator.SetPassword(t.Context(), found, "Quiet-Lantern-81"))
	if isAlive(d, first.Session) || isAlive(d, second.Session) || !isAlive(d, other.Session) {
		t.Error("the wrong sessions have ended")
	}
	_, err := d.Sessions.Login(t.Context(), "anita", desk.Password, desk.Home)
	desk.Says(t, err, domain.Unauthenticated, unknownUser)
	for _, from := range []account.Client{desk.Home, {Address: "198.51.100.9"}} { // the counts are cleared
		if _, err := d.Sessions.Login(t.Context(), "anita", "Quiet-Lantern-81", from); err != nil {
			t.Errorf("from %s: %v", from.Address, err)
		}
	}
}

func TestOperatorIsHeldToThePasswordRules(t *testing.T) {
	d := newDesk(t)
	a := d.AddAccount("Anita")
	actor := d.Actor("anita")
	for password, want := range map[string]string{
		"": "Password cannot be blank.", "short": "Password must be at least 8 characters.", "password123": "Password is too common.",
		"anita@desk.test": "Password cannot be the same as the username, email or phone number.",
		"two\nlines here": "Password must not contain U+000A (character 4).",
	} {
		desk.Fails(t, d.Operator.SetPassword(t.Context(), a, password), domain.Invalid, "password: "+want)
	}
	if !isAlive(d, actor.Session) || d.Account(a.ID) != withLogin(a, d.Account(a.ID).LastLogin) {
		t.Error("a refused password changed something")
	}
}

func withLogin(a account.Account, at time.Time) account.Account {
	a.LastLogin = at
	return a
}

func TestOperatorFindsNoUnknownAccount(t *testing.T) {
	d := newDesk(t)
	for _, name := range []string{"", "no one", "कोही", "x\x00", "ghost"} {
		if _, err := d.Operator.Account(t.Context(), name); domain.KindOf(err) != domain.NotFound {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestOperatorListsAndEndsSessions(t *testing.T) {
	d := newDeskMidSecond(t)
	a := d.AddAccount("Anita")
	var want []domain.ID
	for range 3 {
		want = slices.Insert(want, 0, d.Actor("anita").Session)
		d.Wait(time.Second)
	}
	other := d.Actor(desk.Agent)
	var got []domain.ID
	for _, s := range desk.Must(d.Operator.Sessions(t.Context(), a))(t) {
		got = append(got, s.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	desk.Check(t, d.Operator.EndSessions(t.Context(), a))
	if left := desk.Must(d.Operator.Sessions(t.Context(), a))(t); len(left) != 0 || !isAlive(d, other.Session) {
		t.Errorf("left are %v", left)
	}
}
