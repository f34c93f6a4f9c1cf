package application_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// refresh asks for new tokens and expects them.
func (g *gate) refresh(token string) (accessToken, refreshToken string) {
	g.t.Helper()
	accessToken, refreshToken, err := g.Sessions.Refresh(g.t.Context(), token)
	check(g.t, err)
	return accessToken, refreshToken
}

// dead expects that neither token of a sign-in is good for anything.
func (g *gate) dead(accessToken, refreshToken string) {
	g.t.Helper()
	_, err := g.Sessions.Actor(g.t.Context(), accessToken, access.ViaAPI)
	says(g.t, err, domain.Unauthenticated, badToken)
	for _, token := range []string{accessToken, refreshToken} {
		_, err = g.Sessions.Verify(g.t.Context(), token)
		says(g.t, err, domain.Unauthenticated, badToken)
	}
	_, _, err = g.Sessions.Refresh(g.t.Context(), refreshToken)
	says(g.t, err, domain.Unauthenticated, badToken)
}

func TestRefreshingReplacesTheRefreshToken(t *testing.T) {
	g := newGate(t)
	a := g.hire("anita")
	in := g.signIn("anita")
	g.now = g.now.Add(time.Hour)
	accessToken, refreshToken := g.refresh(in.RefreshToken)
	if refreshToken == in.RefreshToken || accessToken == in.AccessToken {
		t.Error("a token stayed the same")
	}
	if who := g.actorOf(accessToken); who.ID != a.ID {
		t.Errorf("the bearer is %+v", who)
	}
	g.now = g.now.Add(7*24*time.Hour - time.Second)
	g.refresh(refreshToken)
}

func TestALostAnswerIsGivenAgainWithinTheGrace(t *testing.T) {
	g := newGate(t)
	g.hire("anita")
	in := g.signIn("anita")
	g.now = g.now.Add(time.Hour)
	firstAccess, first := g.refresh(in.RefreshToken)
	g.now = g.now.Add(account.RefreshGrace)
	secondAccess, second := g.refresh(in.RefreshToken)
	if second != first {
		t.Error("another refresh token was given")
	}
	if secondAccess == firstAccess {
		t.Error("the access token is the same")
	}
	g.actorOf(secondAccess)
	g.refresh(first)
}

func TestParallelRefreshesGetOneAndTheSameToken(t *testing.T) {
	g := newGate(t)
	g.hire("anita")
	in := g.signIn("anita")
	got := make([]string, 20)
	var done sync.WaitGroup
	for i := range got {
		done.Go(func() { _, got[i], _ = g.Sessions.Refresh(t.Context(), in.RefreshToken) })
	}
	done.Wait()
	for _, token := range got {
		if token == "" || token != got[0] {
			t.Fatalf("got %q and %q", token, got[0])
		}
	}
}

func TestReuseOfAnOldRefreshTokenEndsTheSession(t *testing.T) {
	g := newGate(t)
	g.hire("anita")
	in, other := g.signIn("anita"), g.signIn("anita")
	accessToken, refreshToken := g.refresh(in.RefreshToken)
	g.now = g.now.Add(account.RefreshGrace + time.Microsecond)
	_, err := g.Sessions.Verify(t.Context(), in.RefreshToken)
	says(t, err, domain.Unauthenticated, badToken)
	g.actorOf(accessToken) // to verify is not to use
	_, _, err = g.Sessions.Refresh(t.Context(), in.RefreshToken)
	says(t, err, domain.Unauthenticated, badToken)
	g.dead(accessToken, refreshToken)
	g.actorOf(other.AccessToken)
	g.refresh(other.RefreshToken)
}

func TestLogoutEndsItsSessionsAtOnce(t *testing.T) {
	g := newGate(t)
	g.hire("anita")
	here, there, third := g.signIn("anita"), g.signIn("anita"), g.signIn("anita")
	check(t, g.Sessions.Logout(t.Context(), g.actorOf(here.AccessToken), there.RefreshToken))
	g.dead(here.AccessToken, here.RefreshToken)
	g.dead(there.AccessToken, there.RefreshToken)
	g.actorOf(third.AccessToken)
	check(t, g.Sessions.Logout(t.Context(), g.actorOf(third.AccessToken), third.RefreshToken))
	g.dead(third.AccessToken, third.RefreshToken)
}

func TestLogoutTakesARefreshTokenOfTheActorOnly(t *testing.T) {
	g := newGate(t)
	g.hire("anita")
	g.hire("bina")
	anita, bina := g.signIn("anita"), g.signIn("bina")
	actor := g.actorOf(anita.AccessToken)
	for name, token := range map[string]string{
		"somebody else's": bina.RefreshToken, "an access token": anita.AccessToken, "no token": "x",
		"forged": anita.RefreshToken[:len(anita.RefreshToken)-2],
	} {
		t.Run(name, func(t *testing.T) {
			says(t, g.Sessions.Logout(t.Context(), actor, token), domain.Unauthenticated, badToken)
		})
	}
	says(t, g.Sessions.Logout(t.Context(), actor, ""), domain.Invalid, "Refresh token is required for logout.")
	kind(t, g.Sessions.Logout(t.Context(), access.Actor{}, bina.RefreshToken), domain.Forbidden)
	g.actorOf(anita.AccessToken)
	g.actorOf(bina.AccessToken)
}

func TestADeactivatedAccountIsOutAtOnce(t *testing.T) {
	g := newGate(t)
	a := g.hire("anita")
	in := g.signIn("anita")
	g.edit(a.ID, func(a *account.Account) { a.IsActive = false })
	g.dead(in.AccessToken, in.RefreshToken)
	g.edit(a.ID, func(a *account.Account) { a.IsActive = true })
	g.refresh(in.RefreshToken)
}

func TestAChangedRoleCountsOnTheNextRequest(t *testing.T) {
	g := newGate(t)
	a := g.hire("anita")
	in := g.signIn("anita")
	kind(t, g.actorOf(in.AccessToken).Require(access.TicketsMenu, access.MayView), domain.Forbidden)
	admin := g.role("admin")
	g.edit(a.ID, func(a *account.Account) { a.RoleID = admin })
	check(t, g.actorOf(in.AccessToken).Require(access.TicketsMenu, access.MayDelete))
}

func TestATokenIsGoodForItsOwnUseOnly(t *testing.T) {
	g := newGate(t)
	g.hire("anita")
	g.hire("bina")
	in, bina := g.signIn("anita"), g.signIn("bina")
	_, err := g.Sessions.Actor(t.Context(), "", access.ViaAPI)
	says(t, err, domain.Unauthenticated, "Authentication credentials were not provided.")
	_, err = g.Sessions.Actor(t.Context(), in.RefreshToken, access.ViaAPI)
	says(t, err, domain.Unauthenticated, badToken)
	_, _, err = g.Sessions.Refresh(t.Context(), in.AccessToken)
	says(t, err, domain.Unauthenticated, badToken)
	_, _, err = g.Sessions.Refresh(t.Context(), "")
	kind(t, err, domain.Invalid)
	_, err = g.Sessions.Verify(t.Context(), "")
	kind(t, err, domain.Invalid)

	mixed, _ := g.tokens.Read(in.AccessToken)
	strange, _ := g.tokens.Read(bina.AccessToken)
	mixed.Session = strange.Session // signed by us, but one account's token on another's session
	g.dead(g.sign(mixed, ports.AccessToken), g.sign(mixed, ports.RefreshToken))
	mixed.Session = g.id() // a session that was never there
	g.dead(g.sign(mixed, ports.AccessToken), g.sign(mixed, ports.RefreshToken))
}

func (g *gate) sign(t ports.Token, kind ports.TokenType) string {
	g.t.Helper()
	t.Type = kind
	s, err := g.tokens.Sign(t)
	check(g.t, err)
	return s
}

func TestVerifySaysWhatATokenIs(t *testing.T) {
	g := newGate(t)
	g.hire("anita")
	in := g.signIn("anita")
	for token, kind := range map[string]ports.TokenType{in.AccessToken: ports.AccessToken, in.RefreshToken: ports.RefreshToken} {
		got, err := g.Sessions.Verify(t.Context(), token)
		if err != nil || got.Type != kind || !got.ExpiresAt.After(g.now) {
			t.Errorf("got %+v, %v", got, err)
		}
	}
	_, next := g.refresh(in.RefreshToken)
	for _, token := range []string{in.RefreshToken, next} { // the replaced one is in its grace
		if _, err := g.Sessions.Verify(t.Context(), token); err != nil {
			t.Error(err)
		}
	}
	g.now = g.now.Add(account.AccessLifetime)
	_, err := g.Sessions.Verify(t.Context(), in.AccessToken)
	says(t, err, domain.Unauthenticated, badToken)
	_, err = g.Sessions.Actor(t.Context(), in.AccessToken, access.ViaAPI)
	says(t, err, domain.Unauthenticated, badToken)
}

func TestPurgeLeavesWhatStillMatters(t *testing.T) {
	g := newGate(t)
	a := g.hire("anita")
	g.update(func(tx ports.Tx) error { // more than one batch
		for n := range 1100 {
			s := account.NewSession(g.id(), a.ID, g.id(), g.now.Add(-account.RefreshLifetime-time.Hour))
			if err := tx.Sessions.Add(t.Context(), s); err != nil {
				return err
			}
			long := g.now.Add(-2 * account.ThrottleWindow)
			if _, err := tx.Throttle.Hit(t.Context(), []string{"old" + strconv.Itoa(n)}, long, long.Add(-account.ThrottleWindow)); err != nil {
				return err
			}
		}
		return nil
	})
	in := g.signIn("anita")
	g.failTimes(5, "anita", home)
	check(t, g.Sessions.Purge(t.Context()))
	g.actorOf(in.AccessToken)
	_, err := g.Sessions.Login(t.Context(), "anita", "right", home)
	says(t, err, domain.Throttled, tooMany)
	g.update(func(tx ports.Tx) error {
		sessions, err := tx.Sessions.Purge(t.Context(), g.now, 1000)
		check(t, err)
		counts, err := tx.Throttle.Purge(t.Context(), g.now.Add(-account.ThrottleWindow), 1000)
		if sessions != 0 || counts != 0 {
			t.Errorf("%d sessions and %d counts were left", sessions, counts)
		}
		return err
	})
}

func TestAStoreThatCannotBeReachedIsNoBadToken(t *testing.T) {
	g := newGate(t)
	g.hire("anita")
	in := g.signIn("anita")
	gone := domain.Fail(domain.Unavailable, "The database cannot be reached.")
	g.App = application.New(application.Deps{
		Store: brokenStore{g.store, gone}, Clock: func() time.Time { return g.now }, NewID: g.id,
		Passwords: g.locks, Tokens: g.tokens, Zone: time.UTC,
	})
	_, err := g.Sessions.Actor(t.Context(), in.AccessToken, access.ViaAPI)
	kind(t, err, domain.Unavailable)
	_, err = g.Sessions.Verify(t.Context(), in.RefreshToken)
	kind(t, err, domain.Unavailable)
	_, _, err = g.Sessions.Refresh(t.Context(), in.RefreshToken)
	kind(t, err, domain.Unavailable)
	_, err = g.Sessions.Login(t.Context(), "anita", "right", home)
	kind(t, err, domain.Unavailable)
	kind(t, g.Sessions.Logout(t.Context(), access.Actor{ID: in.Account.ID}, in.RefreshToken), domain.Unavailable)
	kind(t, g.Sessions.Purge(t.Context()), domain.Unavailable)
}
