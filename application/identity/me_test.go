package identity_test

import (
	"errors"
	"sync"
	"testing"
	"time"

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

// Whether another account has a number can be asked a few times only, whatever the answers are.
func TestNewPhoneNumbersAreThrottled(t *testing.T) {
	d := newDesk(t)
	d.Edit(d.ID(desk.Admin), func(a *account.Account) { a.Phone = "+9779841000001" })
	try := func(name, number string) error {
		return desk.Err(d.Me.Update(t.Context(), d.Actor(name), account.OwnPatch{Phone: domain.Some(number)}, nil, desk.Home))
	}
	for range 6 { // neither asks for a number that another account may have
		desk.Fails(t, try(desk.Agent, "12"), domain.Invalid, "Enter a valid phone number: national in NP, or international with \"+\".")
	}
	desk.Check(t, try(desk.Agent, "984-1000002"))
	for range 6 {
		desk.Check(t, try(desk.Agent, "+9779841000002"))
	}
	for _, free := range []string{"984-1000004", "984-1000003"} {
		desk.Fails(t, try(desk.Agent, "984-1000001"), domain.Invalid, "Phone Number already exists.")
		desk.Check(t, try(desk.Agent, free))
		d.Wait(time.Minute)
	}
	for _, number := range []string{"984-1000001", "984-1000004"} { // taken or not
		var e *domain.Error
		if err := try(desk.Agent, number); !errors.As(err, &e) || e.Kind != domain.Throttled || e.RetryAfter != 13*time.Minute {
			t.Errorf("%s: %v", number, err)
		}
	}
	if a := d.Account(d.ID(desk.Agent)); a.Phone != "+9779841000003" {
		t.Errorf("stored %s", a.Phone)
	}
	language := account.OwnPatch{Phone: domain.Some("984-1000003"), Language: domain.Some("ne")}
	desk.Must(d.Me.Update(t.Context(), d.Actor(desk.Agent), language, nil, desk.Home))(t)
	desk.Check(t, try(desk.Agent2, "984-1000004"))
	d.Wait(13 * time.Minute)
	desk.Check(t, try(desk.Agent, "984-1000005"))
}

// A number beside a new e-mail address or a password counts, too.
func TestNewPhoneNumberBesideAPasswordCounts(t *testing.T) {
	d := newDesk(t)
	d.Edit(d.ID(desk.Admin), func(a *account.Account) { a.Phone = "+9779841000001" })
	c := account.OwnPatch{Phone: domain.Some("984-1000001"), Current: domain.Some(desk.Password)}
	for range 5 {
		desk.Fails(t, desk.Err(d.Me.Update(t.Context(), d.Actor(desk.Agent), c, nil, desk.Home)), domain.Invalid, "Phone Number already exists.")
	}
	desk.Kind(t, desk.Err(d.Me.Update(t.Context(), d.Actor(desk.Agent), c, nil, desk.Home)), domain.Throttled)
}
