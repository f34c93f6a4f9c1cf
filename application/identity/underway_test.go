package identity_test

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/test/desk"
)

// busy starts attempts, and returns once all their passwords are being verified. finish lets them end and returns their
// errors. Passwords of later attempts are verified at once.
func busy(d *desk.Desk, attempts []func() error) (finish func() []error) {
	var verifying, done sync.WaitGroup
	var n atomic.Int64
	answers, held := make([]error, len(attempts)), make(chan struct{})
	verifying.Add(len(attempts))
	d.Passwords.Verifying = func() {
		if n.Add(1) <= int64(len(attempts)) {
			verifying.Done()
			<-held
		}
	}
	for i, attempt := range attempts {
		done.Go(func() { answers[i] = attempt() })
	}
	verifying.Wait()
	return func() []error {
		close(held)
		done.Wait()
		d.Passwords.Verifying = nil
		return answers
	}
}

func isRefusedAtOnce(d *desk.Desk, attempt func() error) {
	d.T.Helper()
	before := d.Passwords.Verified.Load()
	err := attempt()
	desk.Says(d.T, err, domain.Throttled, "Too many sign-ins at the same time. Please try again.")
	var e *domain.Error
	if errors.As(err, &e); e.RetryAfter != time.Second || d.Passwords.Verified.Load() != before {
		d.T.Errorf("%d hashes, to be retried after %v", d.Passwords.Verified.Load()-before, e.RetryAfter)
	}
}

func signsIn(d *desk.Desk, name, password string, from account.Client) func() error {
	return func() error { return desk.Err(d.Sessions.Login(d.T.Context(), name, password, from)) }
}

func TestFourAttemptsOfAnAccountAreUnderWayAtAnAddress(t *testing.T) {
	for name, guess := range guesses {
		t.Run(name, func(t *testing.T) {
			d := newDeskMidSecond(t, desk.Mailing)
			d.AddAccount("Anita")
			d.AddAccount("Bina")
			anita := d.Actor("anita")
			signInFrom(d, "anita", office)
			try := func(password string) func() error {
				return func() error { return guess(t, d.App, anita, password, office) }
			}
			finish := busy(d, []func() error{try("wrong"), try("wrong"), try("wrong"), try("wrong")})
			for range 20 { // of which none counts as a failure
				isRefusedAtOnce(d, try(desk.Password))
			}
			var guess *identity.GuessError // of which a caller leaves a trace
			if err := try(desk.Password)(); name != "a sign-in" && !errors.As(err, &guess) {
				t.Errorf("%v is no guess", err)
			}
			isRefusedAtOnce(d, signsIn(d, "ANITA ", desk.Password, office))
			signInFrom(d, "anita", home)
			signInFrom(d, "bina", office)
			for _, err := range finish() {
				if kind := domain.KindOf(err); kind != domain.Unauthenticated && kind != domain.Invalid {
					t.Errorf("got %v", err)
				}
			}
			failLogins(d, 6, "anita", office)
			isThrottled(d, "anita", office)
		})
	}
}

func TestAttemptsThatEndedAreNotUnderWay(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	for range 5 {
		for _, err := range busy(d, []func() error{
			signsIn(d, "anita", desk.Password, office), signsIn(d, "anita", desk.Password, office),
			signsIn(d, "anita", desk.Password, office), signsIn(d, "anita", desk.Password, office),
		})() {
			desk.Check(t, err)
		}
	}
}

func TestStrangersOfOneAddressLeaveRoomForOthers(t *testing.T) {
	d := newDeskMidSecond(t)
	d.AddAccount("Anita")
	d.AddAccount("Bina")
	signInFrom(d, "anita", office)
	var strangers []func() error
	for n := range 32 {
		strangers = append(strangers, signsIn(d, "stranger"+strconv.Itoa(n), "wrong", office))
	}
	finish := busy(d, strangers)
	isRefusedAtOnce(d, signsIn(d, "bina", desk.Password, office))
	isRefusedAtOnce(d, signsIn(d, "nobody", desk.Password, office))
	signInFrom(d, "anita", office) // the address is known for it
	signInFrom(d, "bina", home)
	for _, err := range finish() {
		desk.Says(t, err, domain.Unauthenticated, unknownUser)
	}
	signInFrom(d, "bina", office)
}
