package application_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/adapters/phone"
	"tickt/application"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

// bureau is an office that can hire: it knows phone numbers and hashes passwords.
type bureau struct {
	*office
	deps application.Deps
	mint *mint
}

// mint counts the hashes it makes, which are the password itself behind "new:"; meet, where it is set, is called in
// the middle of making one.
type mint struct {
	locks
	hashed int
	meet   func()
}

func (m *mint) Hash(ctx context.Context, password string) (string, error) {
	m.hashed++
	if m.meet != nil {
		m.meet()
	}
	return m.locks.Hash(ctx, password)
}

func newBureau(t *testing.T) *bureau {
	b := &bureau{office: newOffice(t), mint: &mint{}}
	book, err := phone.New("NP")
	check(t, err)
	b.deps = application.Deps{Store: b.store, Clock: func() time.Time { return b.now }, NewID: b.id, Passwords: b.mint, Phones: book, Zone: time.UTC}
	b.App = application.New(b.deps)
	return b
}

// zoe is what a new account needs.
func zoe() account.Change {
	return account.Change{
		Username: domain.To("Zoe"), Email: domain.To("zoe@x.test"), Phone: domain.To("984-1234567"), Password: domain.To("seven brown otters"),
	}
}

func (b *bureau) hire(c account.Change) ports.AccountView {
	b.t.Helper()
	return must[ports.AccountView](b.t)(b.Accounts.Create(b.t.Context(), b.root, c, nil))
}

func (b *bureau) stored(id domain.ID) account.Account {
	b.t.Helper()
	return must[ports.AccountView](b.t)(b.Accounts.Get(b.t.Context(), b.root, id)).Account
}

func (b *bureau) edit(id domain.ID, change func(*account.Account)) {
	b.t.Helper()
	b.update(func(tx ports.Tx) error {
		a, err := tx.Accounts.Lock(b.t.Context(), id)
		change(&a)
		return errors.Join(err, tx.Accounts.Save(b.t.Context(), a))
	})
}

// speaks says whether a session still stands for somebody.
func (b *bureau) speaks(session domain.ID) bool {
	err := b.store.View(b.t.Context(), func(tx ports.Tx) error {
		_, err := tx.Sessions.Actor(b.t.Context(), session, b.now)
		return err
	})
	return err == nil
}
