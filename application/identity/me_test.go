package identity_test

import (
	"sync"
	"testing"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/test/desk"
)

func change(current, next string) account.PasswordChange {
	return account.PasswordChange{Current: domain.Some(current), New: domain.Some(next)}
}

const otherPassword = "Quiet-Lantern-81"

func TestRightPasswordAfterTooManyWrongOnesIsNotHashed(t *testing.T) {
	passwords := &desk.Passwords{}
	d := newDeskMidSecond(t, func(deps *application.Deps) { deps.Passwords = passwords })
	d.AddAccount("Anita")
	actor, thief := d.Actor("anita"), account.Client{Address: "198.51.100.9"}
	for range 5 {
		desk.Fails(t, d.Me.ChangePassword(t.Context(), actor, change("guess", otherPassword), thief), domain.Invalid,
			"currentPassword: Current password is wrong.")
	}
	hashed, verified := passwords.Hashed.Load(), passwords.Verified.Load()
	err := d.Me.ChangePassword(t.Context(), actor, change(desk.Password, otherPassword), thief)
	if domain.KindOf(err) != domain.Throttled || passwords.Hashed.Load() != hashed || passwords.Verified.Load() != verified {
		t.Errorf("%v after %d hashes", err, passwords.Verified.Load()-verified)
	}
	desk.Check(t, d.Me.ChangePassword(t.Context(), actor, change(desk.Password, otherPassword), desk.Home)) // its own address still works
}

func TestBurstOfGuessesGetsNoMoreThanTheLimit(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	actor, thief := d.Actor("anita"), account.Client{Address: "198.51.100.9"}
	answers := make([]error, 20)
	var done sync.WaitGroup
	for i := range answers {
		done.Go(func() { answers[i] = d.Me.ChangePassword(t.Context(), actor, change("guess", otherPassword), thief) })
	}
	done.Wait()
	told := 0
	for _, err := range answers {
		if domain.KindOf(err) == domain.Invalid {
			told++
		}
	}
	if told > 5 {
		t.Errorf("%d guesses were answered", told)
	}
}

func TestPasswordThatChangesMeanwhileStands(t *testing.T) {
	passwords := &desk.Passwords{}
	d := newDeskMidSecond(t, func(deps *application.Deps) { deps.Passwords = passwords })
	a := d.AddAccount("Anita")
	actor := d.Actor("anita")
	passwords.Hashing = func() {
		passwords.Hashing = nil
		desk.Check(t, d.Operator.SetPassword(t.Context(), a, "Green-Kettle-88"))
	}
	err := d.Me.ChangePassword(t.Context(), actor, change(desk.Password, otherPassword), desk.Home)
	if domain.KindOf(err) != domain.Conflict {
		t.Errorf("got %v", err)
	}
	if _, err := d.Sessions.Login(t.Context(), "anita", "Green-Kettle-88", desk.Home); err != nil {
		t.Error(err)
	}
}

func TestAccountThatIsDeactivatedMeanwhileChangesNoPassword(t *testing.T) {
	passwords := &desk.Passwords{}
	d := newDeskMidSecond(t, func(deps *application.Deps) { deps.Passwords = passwords })
	a := d.AddAccount("Anita")
	actor := d.Actor("anita")
	passwords.Hashing = func() { d.Deactivate("Anita") }
	err := d.Me.ChangePassword(t.Context(), actor, change(desk.Password, otherPassword), desk.Home)
	if domain.KindOf(err) != domain.Unauthenticated || d.Account(a.ID).PasswordHash != a.PasswordHash {
		t.Errorf("got %v", err)
	}
}
