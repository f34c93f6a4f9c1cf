package identity_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/desk"
)

// refresh exchanges a refresh token for new tokens.
func refresh(d *desk.Desk, token string) (accessToken, refreshToken string) {
	d.T.Helper()
	accessToken, refreshToken, err := d.Sessions.Refresh(d.T.Context(), token, desk.Home)
	desk.Check(d.T, err)
	return accessToken, refreshToken
}

// checkRevoked checks that neither token of a sign-in is accepted.
func checkRevoked(d *desk.Desk, accessToken, refreshToken string) {
	d.T.Helper()
	_, err := desk.ActorOf(d.T.Context(), d.Sessions, accessToken)
	desk.Says(d.T, err, domain.Unauthenticated, badToken)
	for _, token := range []string{accessToken, refreshToken} {
		_, err = d.Sessions.Verify(d.T.Context(), token)
		desk.Says(d.T, err, domain.Unauthenticated, badToken)
	}
	_, _, err = d.Sessions.Refresh(d.T.Context(), refreshToken, desk.Home)
	desk.Says(d.T, err, domain.Unauthenticated, badToken)
}

func TestRefreshReplacesTheRefreshToken(t *testing.T) {
	d := newDeskMidSecond(t)
	a := d.AddAccount("Anita")
	in := d.SignIn("anita")
	d.Wait(time.Hour)
	accessToken, refreshToken := refresh(d, in.RefreshToken)
	if refreshToken == in.RefreshToken || accessToken == in.AccessToken {
		t.Error("a token stayed the same")
	}
	if who := d.Bearer(accessToken); who.ID != a.ID {
		t.Errorf("the bearer is %+v", who)
	}
	d.Wait(7*24*time.Hour - time.Second)
	refresh(d, refreshToken)
}

func TestRefreshIsRepeatedWithinTheGracePeriod(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	in := d.SignIn("anita")
	d.Wait(time.Hour)
	firstAccess, first := refresh(d, in.RefreshToken)
	d.Wait(account.RefreshGrace)
	secondAccess, second := refresh(d, in.RefreshToken)
	if second != first {
		t.Error("the refresh token differs")
	}
	if secondAccess == firstAccess {
		t.Error("the access token is the same")
	}
	d.Bearer(secondAccess)
	refresh(d, first)
}

func TestGraceDoesNotDependOnTheClockOfAReplica(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	in := d.SignIn("anita")
	_, want := refresh(d, in.RefreshToken)
	for _, ahead := range []time.Duration{time.Hour, -time.Hour} {
		other := d.With(func(deps *application.Deps) { deps.Clock = func() time.Time { return d.Now().Add(ahead) } })
		if _, got, err := other.Sessions.Refresh(t.Context(), in.RefreshToken, desk.Home); err != nil || got != want {
			t.Errorf("on a replica whose clock is %v ahead: %v", ahead, err)
		}
		if _, err := other.Sessions.Verify(t.Context(), in.RefreshToken); err != nil {
			t.Errorf("to verify on a replica whose clock is %v ahead: %v", ahead, err)
		}
	}
}

func TestParallelRefreshesGetTheSameToken(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	in := d.SignIn("anita")
	got := make([]string, 20)
	var done sync.WaitGroup
	for i := range got {
		done.Go(func() { _, got[i], _ = d.Sessions.Refresh(t.Context(), in.RefreshToken, desk.Home) })
	}
	done.Wait()
	for _, token := range got {
		if token == "" || token != got[0] {
			t.Fatalf("got %q and %q", token, got[0])
		}
	}
}

func TestReuseOfARefreshTokenEndsTheSession(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	in, other := d.SignIn("anita"), d.SignIn("anita")
	accessToken, refreshToken := refresh(d, in.RefreshToken)
	d.Wait(account.RefreshGrace + time.Microsecond)
	_, err := d.Sessions.Verify(t.Context(), in.RefreshToken)
	desk.Says(t, err, domain.Unauthenticated, badToken)
	d.Bearer(accessToken) // verifying does not count as use
	_, _, err = d.Sessions.Refresh(t.Context(), in.RefreshToken, desk.Home)
	desk.Says(t, err, domain.Unauthenticated, badToken)
	checkRevoked(d, accessToken, refreshToken)
	d.Bearer(other.AccessToken)
	refresh(d, other.RefreshToken)
}

func TestLogoutEndsItsSessionsAtOnce(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	here, there, third := d.SignIn("anita"), d.SignIn("anita"), d.SignIn("anita")
	desk.Check(t, d.Sessions.Logout(t.Context(), d.Bearer(here.AccessToken), there.RefreshToken))
	checkRevoked(d, here.AccessToken, here.RefreshToken)
	checkRevoked(d, there.AccessToken, there.RefreshToken)
	d.Bearer(third.AccessToken)
	desk.Check(t, d.Sessions.Logout(t.Context(), d.Bearer(third.AccessToken), third.RefreshToken))
	checkRevoked(d, third.AccessToken, third.RefreshToken)
}

func TestLogoutRequiresARefreshTokenOfTheActor(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	d.AddAccount("Bina")
	anita, bina := d.SignIn("anita"), d.SignIn("bina")
	actor := d.Bearer(anita.AccessToken)
	for name, token := range map[string]string{
		"another account's token": bina.RefreshToken, "an access token": anita.AccessToken, "no token": "x",
		"forged": anita.RefreshToken[:len(anita.RefreshToken)-2],
	} {
		t.Run(name, func(t *testing.T) {
			desk.Says(t, d.Sessions.Logout(t.Context(), actor, token), domain.Unauthenticated, badToken)
		})
	}
	desk.Says(t, d.Sessions.Logout(t.Context(), actor, ""), domain.Invalid, "Refresh token is required for logout.")
	desk.Kind(t, d.Sessions.Logout(t.Context(), access.Actor{}, bina.RefreshToken), domain.Forbidden)
	d.Bearer(anita.AccessToken)
	d.Bearer(bina.AccessToken)
}

func TestTokensOfADeactivatedAccountAreRefused(t *testing.T) {
	d := newDeskMidSecond(t)
	a := d.AddAccount("Anita")
	in := d.SignIn("anita")
	d.Edit(a.ID, desk.Inactive)
	checkRevoked(d, in.AccessToken, in.RefreshToken)
	d.Edit(a.ID, func(a *account.Account) { a.IsActive = true })
	refresh(d, in.RefreshToken)
}

func TestChangedRoleTakesEffectOnTheNextRequest(t *testing.T) {
	d := newDeskMidSecond(t)
	a := d.AddAccount("Anita")
	in := d.SignIn("anita")
	desk.Kind(t, d.Bearer(in.AccessToken).Require(access.TicketsMenu, access.MayView), domain.Forbidden)
	admin := d.Role("admin")
	d.Edit(a.ID, desk.InRole(admin))
	desk.Check(t, d.Bearer(in.AccessToken).Require(access.TicketsMenu, access.MayDelete))
}

func TestTokenIsAcceptedOnlyForItsOwnUse(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	d.AddAccount("Bina")
	in, bina := d.SignIn("anita"), d.SignIn("bina")
	_, err := desk.ActorOf(t.Context(), d.Sessions, "")
	desk.Says(t, err, domain.Unauthenticated, "Authentication credentials were not provided.")
	_, err = desk.ActorOf(t.Context(), d.Sessions, in.RefreshToken)
	desk.Says(t, err, domain.Unauthenticated, badToken)
	_, _, err = d.Sessions.Refresh(t.Context(), in.AccessToken, desk.Home)
	desk.Says(t, err, domain.Unauthenticated, badToken)
	_, _, err = d.Sessions.Refresh(t.Context(), "", desk.Home)
	desk.Kind(t, err, domain.Invalid)
	_, err = d.Sessions.Verify(t.Context(), "")
	desk.Kind(t, err, domain.Invalid)

	mixed, _ := d.Sessions.Tokens.Read(in.AccessToken)
	strange, _ := d.Sessions.Tokens.Read(bina.AccessToken)
	mixed.Session = strange.Session // correctly signed, but with the session of another account
	checkRevoked(d, sign(d, mixed, ports.AccessToken), sign(d, mixed, ports.RefreshToken))
	mixed.Session = d.NewID() // a session that never existed
	checkRevoked(d, sign(d, mixed, ports.AccessToken), sign(d, mixed, ports.RefreshToken))
}

func sign(d *desk.Desk, t ports.Token, kind ports.TokenType) string {
	d.T.Helper()
	t.Type = kind
	s, err := d.Sessions.Tokens.Sign(t)
	desk.Check(d.T, err)
	return s
}

func TestRefusedTokensHaveReasons(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	first, second, third := d.SignIn("anita"), d.SignIn("anita"), d.SignIn("anita")
	desk.Check(t, d.Sessions.Logout(t.Context(), d.Bearer(first.AccessToken), first.RefreshToken))
	refresh(d, second.RefreshToken)
	d.Wait(time.Minute)
	_, _, reused := d.Sessions.Refresh(t.Context(), second.RefreshToken, desk.Home)
	actor := func(token string) error {
		_, err := desk.ActorOf(t.Context(), d.Sessions, token)
		return err
	}
	verified := func(token string) error {
		_, err := d.Sessions.Verify(t.Context(), token)
		return err
	}
	missing, signedOut, ofAnotherType := actor(""), actor(first.AccessToken), actor(third.RefreshToken)
	d.Wait(account.AccessLifetime)
	for _, tc := range []struct {
		name string
		err  error
		want domain.Reason
	}{
		{"none", missing, domain.ReasonTokenMissing},
		{"no token", actor("x"), domain.ReasonTokenInvalid},
		{"a refresh token as an access token", ofAnotherType, domain.ReasonTokenInvalid},
		{"after signing out", signedOut, domain.ReasonSessionRevoked},
		{"a refresh token that was used again", reused, domain.ReasonSessionRevoked},
		{"after its lifetime", actor(third.AccessToken), domain.ReasonTokenExpired},
		{"to verify, after its lifetime", verified(third.AccessToken), domain.ReasonTokenExpired},
		{"to verify, of a session that has ended", verified(second.RefreshToken), domain.ReasonSessionRevoked},
	} {
		var e *domain.Error
		if !errors.As(tc.err, &e) || e.Code() != tc.want {
			t.Errorf("%s: %v, want %s", tc.name, tc.err, tc.want)
		}
	}
}

func TestVerifyReturnsTheContentOfAToken(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	in := d.SignIn("anita")
	for token, kind := range map[string]ports.TokenType{in.AccessToken: ports.AccessToken, in.RefreshToken: ports.RefreshToken} {
		got, err := d.Sessions.Verify(t.Context(), token)
		if err != nil || got.Type != kind || !got.ExpiresAt.After(d.Now()) {
			t.Errorf("got %+v, %v", got, err)
		}
	}
	_, next := refresh(d, in.RefreshToken)
	for _, token := range []string{in.RefreshToken, next} { // the replaced one is in its grace period
		if _, err := d.Sessions.Verify(t.Context(), token); err != nil {
			t.Error(err)
		}
	}
	d.Wait(account.AccessLifetime)
	_, err := d.Sessions.Verify(t.Context(), in.AccessToken)
	desk.Says(t, err, domain.Unauthenticated, badToken)
	_, err = desk.ActorOf(t.Context(), d.Sessions, in.AccessToken)
	desk.Says(t, err, domain.Unauthenticated, badToken)
}

func TestPurgeKeepsLiveSessionsAndCounts(t *testing.T) {
	d := newDeskMidSecond(t)
	a := d.AddAccount("Anita")
	d.Update(func(ctx context.Context, tx ports.Tx) error { // more than one batch
		for n := range 1100 {
			s := account.NewSession(d.NewID(), a.ID, d.NewID(), d.Now().Add(-account.RefreshLifetime-time.Hour))
			if err := tx.Sessions.Add(ctx, s); err != nil {
				return err
			}
			long := d.Now().Add(-2 * account.ThrottleWindow)
			if _, err := tx.Throttle.Hit(ctx, []account.Limit{{Key: "old" + strconv.Itoa(n)}}, long, long.Add(-account.ThrottleWindow)); err != nil {
				return err
			}
			left := account.KnownAddress{AccountID: a.ID, Address: "old" + strconv.Itoa(n), SignedInAt: d.Now().Add(-account.KnownFor - time.Second)}
			if err := tx.KnownAddresses.Save(ctx, left); err != nil {
				return err
			}
		}
		return nil
	})
	in := d.SignIn("anita")
	failLogins(d, 10, "anita", desk.Home) // a known address, or else 5 would be enough
	desk.Check(t, d.Sessions.Purge(t.Context()))
	d.Bearer(in.AccessToken)
	_, err := d.Sessions.Login(t.Context(), "anita", desk.Password, desk.Home)
	desk.Says(t, err, domain.Throttled, tooMany)
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		sessions, err := tx.Sessions.Purge(ctx, d.Now(), 1000)
		desk.Check(t, err)
		counts, err := tx.Throttle.Purge(ctx, d.Now().Add(-account.ThrottleWindow), 1000)
		desk.Check(t, err)
		addresses, err := tx.KnownAddresses.Purge(ctx, d.Now().Add(-account.KnownFor), 1000)
		if sessions != 0 || counts != 0 || addresses != 0 {
			t.Errorf("%d sessions, %d counts and %d addresses were left", sessions, counts, addresses)
		}
		return err
	})
}

// unavailableStore is a store on which every transaction fails with err.
type unavailableStore struct {
	ports.Store
	err error
}

func (b unavailableStore) View(context.Context, func(ports.Tx) error) error   { return b.err }
func (b unavailableStore) Update(context.Context, func(ports.Tx) error) error { return b.err }

func TestUnavailableStoreIsNotABadToken(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	in := d.SignIn("anita")
	gone := domain.Fail(domain.Unavailable, "The database cannot be reached.")
	d.App = d.With(func(d *application.Deps) { d.Store = unavailableStore{d.Store, gone} })
	_, err := desk.ActorOf(t.Context(), d.Sessions, in.AccessToken)
	desk.Kind(t, err, domain.Unavailable)
	_, err = d.Sessions.Verify(t.Context(), in.RefreshToken)
	desk.Kind(t, err, domain.Unavailable)
	_, _, err = d.Sessions.Refresh(t.Context(), in.RefreshToken, desk.Home)
	desk.Kind(t, err, domain.Unavailable)
	_, err = d.Sessions.Login(t.Context(), "anita", desk.Password, desk.Home)
	desk.Kind(t, err, domain.Unavailable)
	desk.Kind(t, d.Sessions.Logout(t.Context(), access.Actor{ID: in.Account.ID}, in.RefreshToken), domain.Unavailable)
	desk.Kind(t, d.Sessions.Purge(t.Context()), domain.Unavailable)
}
