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

// office and home are clients at addresses other than that of desk.Home.
var (
	office = at("203.0.113.7")
	home   = at("2001:db8:1:2::3")
)

func at(address string) account.Client { return account.Client{Address: address} }

// signInFrom signs in with the right password.
func signInFrom(d *desk.Desk, name string, client account.Client) {
	d.T.Helper()
	if _, err := d.Sessions.Login(d.T.Context(), name, desk.Password, client); err != nil {
		d.T.Fatalf("%s from %s: %v", name, client.Address, err)
	}
}

// isThrottled checks that the right password is refused.
func isThrottled(d *desk.Desk, name string, client account.Client) {
	d.T.Helper()
	before := d.Passwords.Verified.Load()
	_, err := d.Sessions.Login(d.T.Context(), name, desk.Password, client)
	desk.Says(d.T, err, domain.Throttled, tooMany)
	if d.Passwords.Verified.Load() != before {
		d.T.Error("a throttled attempt was processed")
	}
}

// failFromMany fails to sign in five times from each of n addresses.
func failFromMany(d *desk.Desk, name string, addresses int) {
	d.T.Helper()
	for n := range addresses {
		failLogins(d, 5, name, at("198.51.100."+strconv.Itoa(n)))
	}
}

func TestOfficeWorksThoughAStrangerThereIsThrottled(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	d.AddAccount("Bina")
	signInFrom(d, "anita", office)
	for n := range 100 {
		failLogins(d, 1, "guess"+strconv.Itoa(n), office)
	}
	signInFrom(d, "anita", office)
	isThrottled(d, "bina", office) // has not signed in from there
	signInFrom(d, "bina", home)
}

func TestOwnerSignsInThoughStrangersGuessItsPassword(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	signInFrom(d, "anita", home)
	failFromMany(d, "anita", 10)
	isThrottled(d, "anita", office)
	signInFrom(d, "ANITA", at("2001:db8:1:2:ffff::1")) // the same /64 network
	isThrottled(d, "anita", at("2001:db8:1:3::1"))
	signInFrom(d, "anita", home)
}

func TestTenFailuresAtAKnownAddressBlockItOnly(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	d.AddAccount("Bina")
	signInFrom(d, "anita", office)
	failLogins(d, 10, "anita", office)
	isThrottled(d, "anita", office)
	signInFrom(d, "anita", home)
	signInFrom(d, "bina", office)
	d.Wait(account.ThrottleWindow)
	signInFrom(d, "anita", office)
}

func TestFailuresAtKnownAddressesCountNowhereElse(t *testing.T) {
	d := newDeskMidSecond(t)
	for n := range 11 {
		name := "user" + strconv.Itoa(n)
		d.AddAccount(name)
		signInFrom(d, name, office)
		failLogins(d, 10, name, office)
	}
	d.AddAccount("Anita")
	signInFrom(d, "anita", office) // 110 failures from there, but none counts for the address
	for n := range 6 {
		client := at("192.0.2." + strconv.Itoa(100+n))
		signInFrom(d, "anita", client)
		failLogins(d, 9, "anita", client)
	}
	signInFrom(d, "anita", home) // 54 failures of the account
}

func TestAddressIsForgottenAfterThirtyDays(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	signInFrom(d, "anita", office)
	d.Wait(account.KnownFor - time.Hour)
	signInFrom(d, "anita", office) // known for another 30 days
	d.Wait(account.KnownFor - time.Second)
	failLogins(d, 6, "anita", office)
	d.Wait(time.Second)
	failLogins(d, 5, "anita", office)
	isThrottled(d, "anita", office)
}

func TestNewPasswordForgetsKnownAddresses(t *testing.T) {
	d := newDesk(t)
	id := createAccount(d, zoe()).ID
	login := func(password string) error {
		_, err := d.Sessions.Login(t.Context(), "zoe", password, office)
		return err
	}
	desk.Check(t, login("seven brown otters"))
	failLogins(d, 6, "zoe", office)
	change := account.Patch{Address: domain.Some("Pokhara")}
	desk.Must(d.Accounts.Update(t.Context(), d.Actor(desk.Root), id, change, nil))(t)
	failLogins(d, 3, "zoe", office) // another change forgets nothing
	change = account.Patch{Password: domain.Some("eight green otters")}
	desk.Must(d.Accounts.Update(t.Context(), d.Actor(desk.Root), id, change, nil))(t)
	failLogins(d, 5, "zoe", office)
	desk.Says(t, login("eight green otters"), domain.Throttled, tooMany)
}

func TestNoAddressIsNeverKnown(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	signInFrom(d, "anita", at(""))
	failLogins(d, 5, "anita", at(""))
	isThrottled(d, "anita", at(""))
}

func TestRenewedHashForgetsNoAddress(t *testing.T) {
	d := newDeskMidSecond(t)
	a := d.AddAccount("Anita")
	signInFrom(d, "anita", office)
	d.Edit(a.ID, func(a *account.Account) { a.PasswordHash = desk.Outdated + desk.Password })
	signInFrom(d, "anita", home) // renews the hash
	failLogins(d, 6, "anita", office)
}

func TestFailedAndRefusedSignInsMakeNoAddressKnown(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	d.AddAccount("gone", desk.Inactive)
	failLogins(d, 5, "anita", office)
	isThrottled(d, "anita", office)
	_, err := d.Sessions.Login(t.Context(), "gone", desk.Password, home)
	desk.Says(t, err, domain.Unauthenticated, unknownUser)
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		n, err := tx.KnownAddresses.Purge(ctx, d.Now().Add(time.Hour), 10)
		if n != 0 {
			t.Errorf("%d addresses are known", n)
		}
		return err
	})
}

func TestParallelBurstAtAKnownAddressGetsTenGuesses(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	signInFrom(d, "anita", desk.Home)
	told := map[domain.Kind]int{}
	for _, err := range failConcurrently(d, 40) {
		told[domain.KindOf(err)]++
	}
	if told[domain.Unauthenticated] != 10 || told[domain.Throttled] != 30 {
		t.Errorf("got %v, want 10 refused and 30 throttled", told)
	}
}

func TestParallelSignInsFromOneAddressAllSucceed(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	failLogins(d, 4, "anita", office)
	var done sync.WaitGroup
	processes := []*application.App{d.App, d.With(), d.With()}
	for i := range 12 {
		done.Go(func() {
			if _, err := processes[i%3].Sessions.Login(t.Context(), "anita", desk.Password, office); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	failLogins(d, 10, "anita", office)
}

func TestUnlockLetsTheOwnerIn(t *testing.T) {
	d := newDeskMidSecond(t)
	a := d.AddAccount("Anita")
	d.AddAccount("Bina")
	root := d.Actor(desk.Root)
	signInFrom(d, "anita", home)
	failLogins(d, 10, "anita", home)
	failLogins(d, 5, "anita", office)
	failFromMany(d, "anita", 9)
	failLogins(d, 5, "bina", office)
	for _, client := range []account.Client{home, office, desk.Home} {
		isThrottled(d, "anita", client)
	}
	for range 2 { // again while nothing blocks it
		desk.Check(t, d.Accounts.Unlock(t.Context(), root, a.ID))
	}
	for _, client := range []account.Client{home, office, desk.Home} {
		signInFrom(d, "anita", client)
	}
	isThrottled(d, "bina", office)
}

func TestUnlockFindsRenamedAccount(t *testing.T) {
	d := newDeskMidSecond(t)
	a := d.AddAccount("Anita")
	root := d.Actor(desk.Root)
	d.Edit(a.ID, func(a *account.Account) { a.Username, a.UsernameKey = "Ünal", domain.FoldCase("Ünal") })
	failLogins(d, 5, " ÜNAL ", office)
	isThrottled(d, "ünal", office)
	desk.Check(t, d.Accounts.Unlock(t.Context(), root, a.ID))
	signInFrom(d, "ünal", office)
}

func TestUnlockKeepsTheCountOfAnAddress(t *testing.T) {
	d := newDeskMidSecond(t)
	a := d.AddAccount("Anita")
	for n := range 100 {
		failLogins(d, 1, "guess"+strconv.Itoa(n%25), office)
	}
	desk.Check(t, d.Accounts.Unlock(t.Context(), d.Actor(desk.Root), a.ID))
	isThrottled(d, "anita", office)
}

func TestUnlockIsWithinTheReachOfTheActor(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("helper")
	d.Assign("helper", access.AccountsMenu, access.MayView|access.MayUpdate)
	d.AddAccount("viewer")
	d.Assign("viewer", access.AccountsMenu, access.MayView)
	admin := d.AddAccount("boss", desk.InRole(d.Role("admin")))
	plain := d.AddAccount("plain")
	helper := d.Actor("helper")
	for _, name := range []string{"boss", "plain"} {
		failLogins(d, 5, name, office)
	}
	desk.Kind(t, d.Accounts.Unlock(t.Context(), helper, admin.ID), domain.Forbidden)
	isThrottled(d, "boss", office)
	if err := d.Accounts.Unlock(t.Context(), helper, d.NewID()); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("an unknown account: %v", err)
	}
	desk.Kind(t, d.Accounts.Unlock(t.Context(), d.Actor("viewer"), plain.ID), domain.Forbidden)
	isThrottled(d, "plain", office)
	desk.Check(t, d.Accounts.Unlock(t.Context(), helper, plain.ID))
	signInFrom(d, "plain", office)
	desk.Check(t, d.Accounts.Unlock(t.Context(), d.Actor(desk.Root), admin.ID))
	signInFrom(d, "boss", office)
}

// Whoever has stolen an access token guesses the password no more often because of it.
func TestUnlockOfOneselfIsRefused(t *testing.T) {
	d := newDeskMidSecond(t)
	for _, name := range []string{desk.Root, desk.Admin} {
		actor := d.Actor(name)
		guess := func(password string) error {
			c := account.PasswordChange{Current: domain.Some(password), New: domain.Some("eight green otters")}
			return d.Me.ChangePassword(t.Context(), actor, c, office)
		}
		for range 5 {
			desk.Kind(t, guess("a wrong word"), domain.Invalid)
		}
		desk.Says(t, d.Accounts.Unlock(t.Context(), actor, actor.ID), domain.Conflict, "You cannot unlock your own account.")
		desk.Kind(t, guess(desk.Password), domain.Throttled)
	}
	desk.Check(t, d.Accounts.Unlock(t.Context(), d.Actor(desk.Root), d.ID(desk.Admin)))
}

func TestOperatorUnlocksAnAccount(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	failLogins(d, 5, "anita", office)
	a := desk.Must(d.Operator.Account(t.Context(), " ANITA"))(t)
	desk.Check(t, d.Operator.Unlock(t.Context(), a))
	signInFrom(d, "anita", office)
}

func TestPasswordOfTheOperatorForgetsKnownAddressesAndUnlocks(t *testing.T) {
	d := newDeskMidSecond(t)
	a := d.AddAccount("Anita")
	signInFrom(d, "anita", office)
	failLogins(d, 10, "anita", office)
	desk.Check(t, d.Operator.SetPassword(t.Context(), d.Account(a.ID), "eight green otters"))
	failLogins(d, 5, "anita", office)
	isThrottled(d, "anita", office)
}

func TestOwnNewPasswordForgetsKnownAddresses(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	signInFrom(d, "anita", office)
	change := account.PasswordChange{Current: domain.Some(desk.Password), New: domain.Some("eight green otters")}
	desk.Check(t, d.Me.ChangePassword(t.Context(), d.Actor("anita"), change, desk.Home))
	failLogins(d, 5, "anita", office)
	isThrottled(d, "anita", office)
}

// TestSignInEndsTheOldestOverTheMaximum covers an account that signs in again and again: so many sessions could not be ended
// within the time of a request.
func TestSignInEndsTheOldestOverTheMaximum(t *testing.T) {
	d := newDeskMidSecond(t)
	holder := d.AddAccount("Anita")
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		for n := range account.MaxSessions + 1 {
			at := d.Now().Add(time.Duration(n-1000) * time.Second)
			s := account.NewSession(d.NewID(), holder.ID, d.NewID(), at)
			network := account.KnownAddress{AccountID: holder.ID, Address: strconv.Itoa(n), SignedInAt: at}
			if err := errors.Join(tx.Sessions.Add(ctx, s), tx.KnownAddresses.Save(ctx, network)); err != nil {
				return err
			}
		}
		return nil
	})
	signInFrom(d, "anita", office)
	live, total, known := listed(d, holder.ID)
	if total != account.MaxSessions || live[0].Address != office.Address {
		t.Errorf("%d sessions are live, the newest is from %s", total, live[0].Address)
	}
	if known != account.MaxKnownAddresses {
		t.Errorf("%d addresses are known", known)
	}
}

// listed returns the newest live sessions of an account, how many there are, and how many addresses are known for it.
func listed(d *desk.Desk, holder domain.ID) (live []account.Session, total, known int) {
	d.T.Helper()
	d.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		if live, total, err = tx.Sessions.ListOf(ctx, holder, d.Now(), ports.Page{Number: 1, Size: 10}); err != nil {
			return err
		}
		for n := range account.MaxKnownAddresses + 2 {
			_, k, err := tx.Throttle.Counts(ctx, nil, d.Now(), holder, strconv.Itoa(n))
			if err != nil {
				return err
			}
			if !k.SignedInAt.IsZero() {
				known++
			}
		}
		return nil
	})
	return live, total, known + 1 // the address of the sign-in, which is a network
}
