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

// newDesk opens a desk that knows the phone numbers that there are.
func newDesk(t *testing.T) *desk.Desk {
	t.Helper()
	return desk.New(t, numbered(t))
}

// midSecond opens a desk a fraction of a second after noon: tokens hold whole seconds only.
func midSecond(t *testing.T, with ...func(*application.Deps)) *desk.Desk {
	t.Helper()
	d := desk.New(t, with...)
	d.Wait(250 * time.Millisecond)
	return d
}

func numbered(t *testing.T) func(*application.Deps) {
	t.Helper()
	book := desk.Must(phone.New("NP"))(t)
	return func(d *application.Deps) { d.Phones = book }
}

// zoe is what a new account needs.
func zoe() account.Patch {
	return account.Patch{
		Username: domain.Some("Zoe"), Email: domain.Some("zoe@desk.test"), Phone: domain.Some("984-1234567"),
		Password: domain.Some("seven brown otters"),
	}
}

// hire creates an account as a superuser.
func hire(d *desk.Desk, c account.Patch) ports.AccountView {
	d.T.Helper()
	return desk.Must(d.Accounts.Create(d.T.Context(), d.Actor(desk.Root), c, nil))(d.T)
}

// alive reports whether a session stands for somebody.
func alive(d *desk.Desk, session domain.ID) bool {
	err := d.Store.View(d.T.Context(), func(tx ports.Tx) error {
		_, err := tx.Sessions.Actor(d.T.Context(), session, d.Now())
		return err
	})
	return err == nil
}

// accountsThrough lets the accounts of every transaction be looked at through something else.
func accountsThrough(through func(ports.Accounts) ports.Accounts) func(*application.Deps) {
	return desk.Tap(func(tx *ports.Tx) { tx.Accounts = through(tx.Accounts) })
}
