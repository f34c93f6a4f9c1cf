package identity_test

import (
	"testing"
	"time"

	"tickt/adapters/phone"
	"tickt/application"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/desk"
)

// newDesk returns a desk that knows the numbering plans of phones.
func newDesk(t *testing.T) *desk.Desk {
	t.Helper()
	return desk.New(t, withPhones(t))
}

// newDeskMidSecond returns a desk whose clock is a fraction of a second after noon, because tokens hold whole seconds
// only.
func newDeskMidSecond(t *testing.T, with ...func(*application.Deps)) *desk.Desk {
	t.Helper()
	d := desk.New(t, with...)
	d.Wait(250 * time.Millisecond)
	return d
}

func withPhones(t *testing.T) func(*application.Deps) {
	t.Helper()
	book := desk.Must(phone.New("NP"))(t)
	return func(d *application.Deps) { d.Phones = book }
}

// zoe returns a valid new account.
func zoe() account.Patch {
	return account.Patch{
		Username: domain.Some("Zoe"), Email: domain.Some("zoe@desk.test"), Phone: domain.Some("984-1234567"),
		Password: domain.Some("seven brown otters"),
	}
}

// createAccount creates an account as a superuser.
func createAccount(d *desk.Desk, c account.Patch) ports.AccountView {
	d.T.Helper()
	return desk.Must(d.Accounts.Create(d.T.Context(), d.Actor(desk.Root), c, nil))(d.T)
}

// isAlive reports whether a session is valid.
func isAlive(d *desk.Desk, session domain.ID) bool {
	err := d.Store.View(d.T.Context(), func(tx ports.Tx) error {
		_, err := tx.Sessions.Actor(d.T.Context(), session, d.Now())
		return err
	})
	return err == nil
}

// withAccounts puts a wrapper around the account store of every transaction.
func withAccounts(wrap func(ports.Accounts) ports.Accounts) func(*application.Deps) {
	return desk.Tap(func(tx *ports.Tx) { tx.Accounts = wrap(tx.Accounts) })
}
