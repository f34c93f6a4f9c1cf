// Package desk provides a whole application for tests: on a seeded store of the engine that package stores chooses, with
// a clock that only the test moves, sequential ids, and an account of every kind. It knows no transport.
package desk

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"tickt/adapters/icalendar"
	"tickt/adapters/lookalike"
	"tickt/adapters/mail"
	"tickt/adapters/token"
	"tickt/application"
	"tickt/domain"
	"tickt/ports"
	"tickt/test/stores"
)

// Noon is the time at which every desk begins.
var Noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Desk is an application with helpers for tests, which end the test if they fail.
type Desk struct {
	*application.App
	T         testing.TB
	Store     ports.Store // without the changes that with made to Deps.Store
	Passwords *Passwords

	now    atomic.Pointer[time.Time]
	lastID atomic.Int64
	added  map[string]domain.ID // by name
	deps   application.Deps
}

// New opens a desk in UTC with the accounts in Staff. The functions in with may change the dependencies of its use cases.
func New(t testing.TB, with ...func(*application.Deps)) *Desk {
	t.Helper()
	return opened(t, "staffed", staff, with)
}

// Seeded opens a desk that has only the seeds of Setup, and no accounts.
func Seeded(t testing.TB, with ...func(*application.Deps)) *Desk {
	t.Helper()
	return opened(t, "seeded", seed, with)
}

// Prepared opens a desk as New does, whose store also has what prepare adds. The same name must always mean the same data,
// which is added once, not for every test.
func Prepared(t testing.TB, name string, prepare func(*Desk), with ...func(*application.Deps)) *Desk {
	t.Helper()
	return opened(t, name, func(d *Desk) { staff(d); prepare(d) }, with)
}

// ownIDs is the number of ids that are reserved for the initial data of a desk.
const ownIDs = 1000

// opened opens a desk on a store that prepare has filled. The same name must always mean the same data.
func opened(t testing.TB, name string, prepare func(*Desk), with []func(*application.Deps)) *Desk {
	t.Helper()
	d := Over(t, stores.Prepared(t, name, func(s ports.Store) { prepare(Over(t, s)) }), with...)
	d.lastID.Store(ownIDs)
	return d
}

// Over opens a desk on a store and leaves the store as it is.
func Over(t testing.TB, s ports.Store, with ...func(*application.Deps)) *Desk {
	t.Helper()
	d := &Desk{T: t, Store: s, Passwords: &Passwords{}, added: map[string]domain.ID{}}
	d.now.Store(&Noon)
	d.deps = application.Deps{
		Store: tappedStore{s, func(tx *ports.Tx) { tx.Clock = sharedClock{d} }},
		Clock: d.Now, NewID: d.NewID, NewSecret: d.NewSecret, Passwords: d.Passwords, Phones: phones{}, Addresses: mail.Addresses{},
		LookAlikes: lookalike.Names{}, Holidays: icalendar.Reader{}, Zone: time.UTC,
		Tokens: token.New([]byte("a secret of thirty-two bytes or more"), d.Now),
	}
	for _, change := range with {
		change(&d.deps)
	}
	d.App = application.New(d.deps)
	return d
}

// With returns a second application on the same dependencies, changed by with. The desk itself keeps its own.
func (d *Desk) With(with ...func(*application.Deps)) *application.App {
	deps := d.deps
	for _, change := range with {
		change(&deps)
	}
	return application.New(deps)
}

func (d *Desk) ctx() context.Context { return d.T.Context() }

// Now returns the time on the desk's clock. It is a ports.Clock.
func (d *Desk) Now() time.Time { return *d.now.Load() }

// Wait moves the clock forward, or back if by is negative.
func (d *Desk) Wait(by time.Duration) {
	later := d.Now().Add(by)
	d.now.Store(&later)
}

// NewID returns the next id. It is a ports.NewID.
func (d *Desk) NewID() domain.ID { return id(d.lastID.Add(1)) }

// NewSecret returns the next secret. It is a ports.NewSecret.
func (d *Desk) NewSecret() string { return "secret-" + string(d.NewID()) }

func id(n int64) domain.ID { return domain.ID(fmt.Sprintf("%032x", n)) }

// sharedClock is the desk's clock as that of its database.
type sharedClock struct{ *Desk }

// Now is ports.SharedClock.Now.
func (c sharedClock) Now(context.Context) (time.Time, error) { return c.Desk.Now(), nil }

// Update reads or changes the store directly, without the use cases.
func (d *Desk) Update(fn func(context.Context, ports.Tx) error) {
	d.T.Helper()
	Check(d.T, d.Store.Update(d.ctx(), func(tx ports.Tx) error { return fn(d.ctx(), tx) }))
}
