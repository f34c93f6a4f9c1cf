package application_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tickt/adapters/phone"
	"tickt/adapters/token"
	"tickt/application"
	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/stores"
)

// gate is an application on a seeded store whose accounts sign in with passwords.
type gate struct {
	*application.App
	t      *testing.T
	store  ports.Store
	tokens *token.Signer
	locks  *locks
	now    time.Time
	last   atomic.Int64
}

// home is the address from which people sign in unless they are told otherwise.
const home = "192.0.2.1"

// unlocking is when every gate begins.
var unlocking = time.Date(2026, 5, 4, 10, 0, 0, 250_000_000, time.UTC)

func newGate(t *testing.T) *gate {
	t.Helper()
	g := &gate{t: t, store: stores.Prepared(t, "seeded", seeded(t)), locks: &locks{}, now: unlocking}
	g.last.Store(seededIDs)
	g.open(g.locks)
	return g
}

// seededIDs is how many ids are for what a store is seeded with.
const seededIDs = 1000

func seeded(t *testing.T) func(ports.Store) {
	return func(s ports.Store) {
		g := &gate{t: t, store: s, now: unlocking}
		g.open(&locks{})
		check(t, g.Setup.Seed(t.Context()))
	}
}

// open puts the application together, with other passwords than before.
func (g *gate) open(passwords ports.Passwords) {
	g.t.Helper()
	book, err := phone.New("NP")
	check(g.t, err)
	clock := func() time.Time { return g.now }
	g.tokens = token.New([]byte("0123456789abcdef0123456789abcdef"), clock)
	g.App = application.New(application.Deps{
		Store: g.store, Clock: clock, NewID: g.id, Passwords: passwords, Tokens: g.tokens, Phones: book, Zone: time.UTC,
	})
}

func (g *gate) id() domain.ID { return domain.ID(fmt.Sprintf("%032x", g.last.Add(1))) }

func (g *gate) update(fn func(ports.Tx) error) {
	g.t.Helper()
	check(g.t, g.store.Update(g.t.Context(), fn))
}

// hire makes an active account, that signs in with the password "right", and changes it.
func (g *gate) hire(name string, change ...func(*account.Account)) account.Account {
	g.t.Helper()
	id := g.id()
	a := account.Account{
		ID: id, Username: strings.ToUpper(name), UsernameKey: name, Email: name + "@x.test", EmailKey: name + "@x.test",
		Phone: "+977" + string(id[22:]), PasswordHash: "new:right", IsActive: true, CreatedAt: g.now, UpdatedAt: g.now,
	}
	for _, f := range change {
		f(&a)
	}
	g.update(func(tx ports.Tx) error { return tx.Accounts.Add(g.t.Context(), a) })
	return a
}

// edit changes a stored account.
func (g *gate) edit(id domain.ID, change func(*account.Account)) {
	g.t.Helper()
	g.update(func(tx ports.Tx) error {
		a, err := tx.Accounts.Lock(g.t.Context(), id)
		if err != nil {
			return err
		}
		change(&a)
		return tx.Accounts.Save(g.t.Context(), a)
	})
}

func (g *gate) stored(id domain.ID) (a account.Account) {
	g.t.Helper()
	check(g.t, g.store.View(g.t.Context(), func(tx ports.Tx) (err error) {
		a, err = tx.Accounts.Get(g.t.Context(), id)
		return err
	}))
	return a
}

// signIn signs an account in with the right password.
func (g *gate) signIn(name string) identity.SignIn {
	g.t.Helper()
	in, err := g.Sessions.Login(g.t.Context(), name, "right", home)
	check(g.t, err)
	return in
}

func (g *gate) actorOf(bearer string) access.Actor {
	g.t.Helper()
	a, err := g.Sessions.Actor(g.t.Context(), bearer, access.ViaAPI)
	check(g.t, err)
	return a
}

// says checks the kind and the sentence of a failure.
func says(t *testing.T, err error, kind domain.Kind, sentence string) {
	t.Helper()
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Message != sentence {
		t.Fatalf("got %v, want %v: %s", err, kind, sentence)
	}
}

const (
	nobody   = "Oops! We couldn't find any users."
	badToken = "Token is invalid or expired."
	tooMany  = "Too many failed login attempts. Please try again later."
)

// locks are passwords whose hash is the text itself behind "new:" or, where it should be made anew, "old:".
// They count their work; meet, where it is set, is called in the middle of it.
type locks struct {
	verified atomic.Int64
	meet     func()
}

func (l *locks) Hash(_ context.Context, password string) (string, error) {
	return "new:" + password, nil
}

func (l *locks) Verify(_ context.Context, password, hash string) (ok, rehash bool, err error) {
	l.verified.Add(1)
	if l.meet != nil {
		l.meet()
	}
	ok = hash == "new:"+password || hash == "old:"+password
	return ok, ok && strings.HasPrefix(hash, "old:"), nil
}

func (l *locks) Readable(hash string) bool {
	return strings.HasPrefix(hash, "new:") || strings.HasPrefix(hash, "old:")
}
