package identity_test

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tickt/adapters/password"
	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/desk"
)

const (
	unknownUser = "Oops! We couldn't find any users."
	badToken    = "Token is invalid or expired."
	tooMany     = "Too many failed login attempts. Please try again later."
)

func TestLoginReturnsTokensRoleMenusAndGrants(t *testing.T) {
	d := newDeskMidSecond(t)
	admin := d.Role("admin")
	a := d.AddAccount("Anita", desk.InRole(admin))
	d.Wait(time.Hour)
	in := d.SignIn(" AniTA ")
	if in.Account.ID != a.ID || in.Account.Username != "Anita" || in.Account.LastLogin != d.Now() || in.Role != "admin" {
		t.Errorf("got %+v of role %q", in.Account, in.Role)
	}
	if len(in.Menus) != 15 || in.Grants.On(access.TicketsMenu) != access.MayEverything {
		t.Errorf("got %d menus and %v on tickets", len(in.Menus), in.Grants.On(access.TicketsMenu))
	}
	if kept := d.Account(a.ID); kept.LastLogin != d.Now() || kept.UpdatedAt != a.UpdatedAt || kept.PasswordHash != a.PasswordHash {
		t.Errorf("stored %+v", kept)
	}
	at, err := d.Sessions.Tokens.Read(in.AccessToken)
	if err != nil || at.Type != ports.AccessToken || at.Account != a.ID ||
		!at.ExpiresAt.Equal(d.Now().Add(5*time.Minute).Truncate(time.Second)) {
		t.Errorf("access token %+v", at)
	}
	rt, err := d.Sessions.Tokens.Read(in.RefreshToken)
	if err != nil || rt.Type != ports.RefreshToken || rt.Session != at.Session || rt.ID == at.ID ||
		!rt.ExpiresAt.Equal(d.Now().Add(7*24*time.Hour).Truncate(time.Second)) {
		t.Errorf("refresh token %+v", rt)
	}
	if who := d.Bearer(in.AccessToken); who.ID != a.ID || who.RoleName != "admin" || who.Session != at.Session {
		t.Errorf("the bearer is %+v", who)
	}
}

func TestFailedLoginsAreIndistinguishable(t *testing.T) {
	for name, c := range map[string]struct{ username, password string }{
		"an unknown name":                 {"stranger", desk.Password},
		"a wrong password":                {"anita", "wrong"},
		"a deactivated account":           {"gone", desk.Password},
		"an account without a password":   {"mute", desk.Password},
		"a name that no account can have": {"no spaces", desk.Password},
		"a name with NUL":                 {"anita\x00", desk.Password},
		"a name that is no UTF-8":         {"\xff\xfe", desk.Password},
		"a huge name":                     {strings.Repeat("a", 1<<16), desk.Password},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDeskMidSecond(t)
			d.AddAccount("Anita")
			d.AddAccount("gone", desk.Inactive)
			d.AddAccount("mute", func(a *account.Account) { a.PasswordHash = "" })
			for n := range 5 {
				_, err := d.Sessions.Login(t.Context(), c.username, c.password, desk.Home)
				desk.Says(t, err, domain.Unauthenticated, unknownUser)
				if got := d.Passwords.Verified.Load(); got != int64(n+1) {
					t.Fatalf("%d hashes were computed in %d attempts", got, n+1)
				}
			}
			_, err := d.Sessions.Login(t.Context(), c.username, c.password, desk.Home)
			desk.Says(t, err, domain.Throttled, tooMany)
		})
	}
}

func TestBlankCredentialsAreNotCounted(t *testing.T) {
	d := newDeskMidSecond(t)
	_, err := d.Sessions.Login(t.Context(), " ", "", desk.Home)
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Invalid || len(e.Problems) != 2 {
		t.Fatalf("got %v", err)
	}
	if d.Passwords.Verified.Load() != 0 {
		t.Error("a hash was computed")
	}
}

func TestThrottleRefusesTheRightPassword(t *testing.T) {
	d := newDeskMidSecond(t)
	a := d.AddAccount("Anita")
	failLogins(d, 5, "anita", desk.Home)
	before := d.Passwords.Verified.Load()
	d.Wait(5 * time.Minute)
	_, err := d.Sessions.Login(t.Context(), "ANITA", desk.Password, desk.Home)
	desk.Says(t, err, domain.Throttled, tooMany)
	var e *domain.Error
	if errors.As(err, &e); e.RetryAfter != 10*time.Minute {
		t.Errorf("RetryAfter is %v, want 10m", e.RetryAfter)
	}
	if d.Passwords.Verified.Load() != before || !d.Account(a.ID).LastLogin.IsZero() {
		t.Error("a throttled attempt was processed")
	}
	if _, err := d.Sessions.Login(t.Context(), "anita", desk.Password, account.Client{Address: "192.0.2.2"}); err != nil {
		t.Errorf("another address is throttled too: %v", err)
	}
	d.Wait(10 * time.Minute)
	d.SignIn("anita")
}

// failLogins fails to sign in n times; none of the attempts is throttled.
func failLogins(d *desk.Desk, n int, name string, from account.Client) {
	d.T.Helper()
	for range n {
		_, err := d.Sessions.Login(d.T.Context(), name, "wrong", from)
		desk.Says(d.T, err, domain.Unauthenticated, unknownUser)
	}
}

func TestLoginClearsTheCountOfItsAccountAndAddress(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	d.AddAccount("Bina")
	failLogins(d, 4, "anita", desk.Home)
	failLogins(d, 4, "bina", desk.Home)
	d.SignIn("anita")
	failLogins(d, 9, "anita", desk.Home) // a known address by now
	d.SignIn("anita")
	failLogins(d, 10, "anita", desk.Home)
	failLogins(d, 1, "bina", desk.Home)
	for _, name := range []string{"anita", "bina"} {
		_, err := d.Sessions.Login(t.Context(), name, desk.Password, desk.Home)
		desk.Says(t, err, domain.Throttled, tooMany)
	}
}

func TestAccountIsThrottledAfterFiftyFailuresFromAnywhere(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	for n := range 10 {
		failLogins(d, 5, "anita", account.Client{Address: "198.51.100." + strconv.Itoa(n)})
	}
	_, err := d.Sessions.Login(t.Context(), "anita", desk.Password, desk.Home)
	desk.Says(t, err, domain.Throttled, tooMany)
}

func TestAddressIsThrottledAfterAHundredFailures(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	for n := range 20 {
		failLogins(d, 5, "guess"+strconv.Itoa(n), desk.Home)
	}
	_, err := d.Sessions.Login(t.Context(), "anita", desk.Password, desk.Home)
	desk.Says(t, err, domain.Throttled, tooMany)
	if _, err := d.Sessions.Login(t.Context(), "anita", desk.Password, account.Client{Address: "192.0.2.2"}); err != nil {
		t.Errorf("another address is throttled too: %v", err)
	}
}

// failConcurrently fails to sign in n times at once, four times in each process: all passwords are being verified before any
// attempt is counted.
func failConcurrently(d *desk.Desk, n int) (answers []error) {
	answers = make([]error, n)
	var inside, done sync.WaitGroup
	inside.Add(n)
	d.Passwords.Verifying = func() { inside.Done(); inside.Wait() }
	process := d.With()
	for i := range n {
		if i%4 == 0 {
			process = d.With()
		}
		sessions := process.Sessions
		done.Go(func() { _, answers[i] = sessions.Login(d.T.Context(), "anita", "wrong", desk.Home) })
	}
	done.Wait()
	d.Passwords.Verifying = nil
	return answers
}

func TestParallelBurstGetsFiveGuesses(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	told := map[domain.Kind]int{}
	for _, err := range failConcurrently(d, 40) {
		told[domain.KindOf(err)]++
	}
	if told[domain.Unauthenticated] != 5 || told[domain.Throttled] != 35 {
		t.Errorf("got %v, want 5 refused and 35 throttled", told)
	}
}

func TestRightPasswordIsRefusedAfterTheLimitWasExceeded(t *testing.T) {
	d := newDeskMidSecond(t)
	a := d.AddAccount("Anita")
	d.Passwords.Verifying = func() { // while the right password is verified, five wrong ones fail
		d.Passwords.Verifying = nil
		failLogins(d, 5, "anita", desk.Home)
	}
	_, err := d.Sessions.Login(t.Context(), "anita", desk.Password, desk.Home)
	desk.Says(t, err, domain.Throttled, tooMany)
	if !d.Account(a.ID).LastLogin.IsZero() {
		t.Error("the sign-in was stored")
	}
}

func TestLoginIsCheckedAgainAfterVerifying(t *testing.T) {
	for name, change := range map[string]func(*account.Account){
		"the account was deactivated": desk.Inactive,
		"the password was changed":    func(a *account.Account) { a.PasswordHash = "plain:other" },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDeskMidSecond(t)
			a := d.AddAccount("Anita")
			d.Passwords.Verifying = func() { d.Edit(a.ID, change) }
			_, err := d.Sessions.Login(t.Context(), "anita", desk.Password, desk.Home)
			desk.Says(t, err, domain.Unauthenticated, unknownUser)
		})
	}
}

func TestOutdatedHashIsReplacedOnLogin(t *testing.T) {
	d := newDeskMidSecond(t)
	a := d.AddAccount("Anita", func(a *account.Account) { a.PasswordHash = desk.Outdated + desk.Password })
	failLogins(d, 1, "anita", desk.Home)
	if got := d.Account(a.ID).PasswordHash; got != desk.Outdated+desk.Password {
		t.Fatalf("a wrong password changed the hash to %q", got)
	}
	d.SignIn("anita")
	if got := d.Account(a.ID).PasswordHash; got != "plain:"+desk.Password {
		t.Errorf("the hash is still %q", got)
	}
	d.SignIn("anita")
}

func TestDjangoHashIsReplacedOnLogin(t *testing.T) {
	d := newDeskMidSecond(t, func(d *application.Deps) { d.Passwords = password.New(1) })
	a := d.AddAccount("Anita", func(a *account.Account) {
		a.PasswordHash = "pbkdf2_sha256$260000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo="
	})
	for range 2 {
		if _, err := d.Sessions.Login(t.Context(), "anita", "lètmein", desk.Home); err != nil {
			t.Fatal(err)
		}
		if got := d.Account(a.ID).PasswordHash; !strings.HasPrefix(got, "$argon2id$") {
			t.Fatalf("the hash is still %q", got)
		}
	}
}
