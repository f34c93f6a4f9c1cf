package application_test

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tickt/adapters/password"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

func TestSigningInGivesTokensRoleMenusAndGrants(t *testing.T) {
	g := newGate(t)
	admin := g.role("admin")
	a := g.hire("anita", func(a *account.Account) { a.RoleID = admin })
	g.now = g.now.Add(time.Hour)
	in := g.signIn(" AniTA ")
	if in.Account.ID != a.ID || in.Account.Username != "ANITA" || in.Account.LastLogin != g.now || in.Role != "admin" {
		t.Errorf("got %+v of role %q", in.Account, in.Role)
	}
	if len(in.Menus) != 15 || in.Grants.On(access.TicketsMenu) != access.MayEverything {
		t.Errorf("got %d menus and %v on tickets", len(in.Menus), in.Grants.On(access.TicketsMenu))
	}
	if kept := g.stored(a.ID); kept.LastLogin != g.now || kept.UpdatedAt != a.UpdatedAt || kept.PasswordHash != a.PasswordHash {
		t.Errorf("stored %+v", kept)
	}
	at, ok := g.tokens.Read(in.AccessToken)
	if !ok || at.Type != ports.AccessToken || at.Account != a.ID || !at.ExpiresAt.Equal(g.now.Add(5*time.Minute).Truncate(time.Second)) {
		t.Errorf("access token %+v", at)
	}
	rt, ok := g.tokens.Read(in.RefreshToken)
	if !ok || rt.Type != ports.RefreshToken || rt.Session != at.Session || rt.ID == at.ID || !rt.ExpiresAt.Equal(g.now.Add(7*24*time.Hour).Truncate(time.Second)) {
		t.Errorf("refresh token %+v", rt)
	}
	if who := g.actorOf(in.AccessToken); who.ID != a.ID || who.RoleName != "admin" || who.Session != at.Session {
		t.Errorf("the bearer is %+v", who)
	}
}

// role gives the id of a predefined role.
func (g *gate) role(name string) (id domain.ID) {
	g.t.Helper()
	check(g.t, g.store.View(g.t.Context(), func(tx ports.Tx) error {
		roles, _, err := tx.Roles.List(g.t.Context(), ports.Page{Number: 1, Size: 100})
		for _, r := range roles {
			if r.Name == name {
				id = r.ID
			}
		}
		return err
	}))
	return id
}

func TestWhoeverCannotSignInHearsTheSameAfterOneHash(t *testing.T) {
	for name, c := range map[string]struct{ username, password string }{
		"an unknown name":                 {"nobody", "right"},
		"a wrong password":                {"anita", "wrong"},
		"a deactivated account":           {"gone", "right"},
		"an account without a password":   {"mute", "right"},
		"a name that no account can have": {"no spaces", "right"},
		"a name with NUL":                 {"anita\x00", "right"},
		"a name that is no UTF-8":         {"\xff\xfe", "right"},
		"a huge name":                     {strings.Repeat("a", 1<<16), "right"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGate(t)
			g.hire("anita")
			g.hire("gone", func(a *account.Account) { a.IsActive = false })
			g.hire("mute", func(a *account.Account) { a.PasswordHash = "" })
			for n := range 5 {
				_, err := g.Sessions.Login(t.Context(), c.username, c.password, home)
				says(t, err, domain.Unauthenticated, nobody)
				if got := g.locks.verified.Load(); got != int64(n+1) {
					t.Fatalf("%d hashes were worked out in %d attempts", got, n+1)
				}
			}
			_, err := g.Sessions.Login(t.Context(), c.username, c.password, home)
			says(t, err, domain.Throttled, tooMany)
		})
	}
}

func TestBlankCredentialsAreToldAtOnceAndCountNothing(t *testing.T) {
	g := newGate(t)
	_, err := g.Sessions.Login(t.Context(), " ", "", home)
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Invalid || len(e.Problems) != 2 {
		t.Fatalf("got %v", err)
	}
	if g.locks.verified.Load() != 0 {
		t.Error("a hash was worked out for nothing")
	}
}

func TestTooManyFailuresBlockTheRightPasswordToo(t *testing.T) {
	g := newGate(t)
	a := g.hire("anita")
	g.failTimes(5, "anita", home)
	before := g.locks.verified.Load()
	g.now = g.now.Add(5 * time.Minute)
	_, err := g.Sessions.Login(t.Context(), "ANITA", "right", home)
	says(t, err, domain.Throttled, tooMany)
	var e *domain.Error
	if errors.As(err, &e); e.RetryAfter != 10*time.Minute {
		t.Errorf("told to come back in %v, want 10m", e.RetryAfter)
	}
	if g.locks.verified.Load() != before || !g.stored(a.ID).LastLogin.IsZero() {
		t.Error("a blocked attempt was worked on")
	}
	if _, err := g.Sessions.Login(t.Context(), "anita", "right", "192.0.2.2"); err != nil {
		t.Errorf("locked out by somebody elsewhere: %v", err)
	}
	g.now = g.now.Add(10 * time.Minute)
	g.signIn("anita")
}

// failTimes fails to sign in, without being blocked.
func (g *gate) failTimes(n int, name, address string) {
	g.t.Helper()
	for range n {
		_, err := g.Sessions.Login(g.t.Context(), name, "wrong", address)
		says(g.t, err, domain.Unauthenticated, nobody)
	}
}

func TestASuccessClearsTheCountOfItsAccountAndAddress(t *testing.T) {
	g := newGate(t)
	g.hire("anita")
	g.hire("bina")
	g.failTimes(4, "anita", home)
	g.failTimes(4, "bina", home)
	g.signIn("anita")
	g.failTimes(5, "anita", home)
	g.failTimes(1, "bina", home)
	for _, name := range []string{"anita", "bina"} {
		_, err := g.Sessions.Login(t.Context(), name, "right", home)
		says(t, err, domain.Throttled, tooMany)
	}
}

func TestAnAccountIsBlockedAfterFiftyFailuresFromAnywhere(t *testing.T) {
	g := newGate(t)
	g.hire("anita")
	for n := range 10 {
		g.failTimes(5, "anita", "198.51.100."+strconv.Itoa(n))
	}
	_, err := g.Sessions.Login(t.Context(), "anita", "right", home)
	says(t, err, domain.Throttled, tooMany)
}

func TestAnAddressIsBlockedAfterAHundredFailures(t *testing.T) {
	g := newGate(t)
	g.hire("anita")
	for n := range 20 {
		g.failTimes(5, "guess"+strconv.Itoa(n), home)
	}
	_, err := g.Sessions.Login(t.Context(), "anita", "right", home)
	says(t, err, domain.Throttled, tooMany)
	if _, err := g.Sessions.Login(t.Context(), "anita", "right", "192.0.2.2"); err != nil {
		t.Errorf("blocked elsewhere too: %v", err)
	}
}

// burst fails to sign in n times at once: every password is being checked before anybody is told.
func (g *gate) burst(n int) (answers []error) {
	answers = make([]error, n)
	var inside, done sync.WaitGroup
	inside.Add(n)
	g.locks.meet = func() { inside.Done(); inside.Wait() }
	for i := range n {
		done.Go(func() { _, answers[i] = g.Sessions.Login(g.t.Context(), "anita", "wrong", home) })
	}
	done.Wait()
	g.locks.meet = nil
	return answers
}

func TestAParallelBurstGetsFiveGuesses(t *testing.T) {
	g := newGate(t)
	g.hire("anita")
	told := map[domain.Kind]int{}
	for _, err := range g.burst(40) {
		told[domain.KindOf(err)]++
	}
	if told[domain.Unauthenticated] != 5 || told[domain.Throttled] != 35 {
		t.Errorf("got %v, want 5 refused and 35 throttled", told)
	}
}

func TestARightGuessThatComesAfterTheLimitIsWorthNothing(t *testing.T) {
	g := newGate(t)
	a := g.hire("anita")
	g.locks.meet = func() { // while the right password is checked, five wrong ones fail
		g.locks.meet = nil
		g.failTimes(5, "anita", home)
	}
	_, err := g.Sessions.Login(t.Context(), "anita", "right", home)
	says(t, err, domain.Throttled, tooMany)
	if !g.stored(a.ID).LastLogin.IsZero() {
		t.Error("the sign-in was kept")
	}
}

func TestASignInMeetsWhatChangedWhileItsPasswordWasChecked(t *testing.T) {
	for name, change := range map[string]func(*account.Account){
		"the account was deactivated": func(a *account.Account) { a.IsActive = false },
		"the password was changed":    func(a *account.Account) { a.PasswordHash = "new:other" },
	} {
		t.Run(name, func(t *testing.T) {
			g := newGate(t)
			a := g.hire("anita")
			g.locks.meet = func() { g.edit(a.ID, change) }
			_, err := g.Sessions.Login(t.Context(), "anita", "right", home)
			says(t, err, domain.Unauthenticated, nobody)
		})
	}
}

func TestAHashOfOldParametersIsReplacedOnSignIn(t *testing.T) {
	g := newGate(t)
	a := g.hire("anita", func(a *account.Account) { a.PasswordHash = "old:right" })
	g.failTimes(1, "anita", home)
	if got := g.stored(a.ID).PasswordHash; got != "old:right" {
		t.Fatalf("a wrong password changed the hash to %q", got)
	}
	g.signIn("anita")
	if got := g.stored(a.ID).PasswordHash; got != "new:right" {
		t.Errorf("the hash is %q still", got)
	}
	g.signIn("anita")
}

func TestAHashThatDjangoMadeIsUpgradedOnSignIn(t *testing.T) {
	g := newGate(t)
	g.open(password.New(1))
	a := g.hire("anita", func(a *account.Account) {
		a.PasswordHash = "pbkdf2_sha256$260000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo="
	})
	for range 2 {
		if _, err := g.Sessions.Login(t.Context(), "anita", "lètmein", home); err != nil {
			t.Fatal(err)
		}
		if got := g.stored(a.ID).PasswordHash; !strings.HasPrefix(got, "$argon2id$") {
			t.Fatalf("the hash is %q still", got)
		}
	}
}
