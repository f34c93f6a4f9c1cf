// Package desk is a whole application for tests: on a seeded store, of the engine that package stores chooses, with a
// clock that stands until a test moves it, ids that are counted, and an account of every kind. Tests of the
// application, of the ways in and of whole stories share it. It knows no transport.
package desk

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"tickt/adapters/token"
	"tickt/application"
	"tickt/domain"
	"tickt/ports"
	"tickt/test/stores"
)

// Noon is when every desk opens.
var Noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Desk is an application with what a test needs to know of it. Its helpers end the test if they fail.
type Desk struct {
	*application.App
	T         testing.TB
	Store     ports.Store // as it was opened, whatever the use cases are given
	Passwords *Passwords

	now   atomic.Pointer[time.Time]
	made  atomic.Int64
	added map[string]domain.ID // by name
	deps  application.Deps
}

// New opens a desk in UTC with the accounts that Staff lists; with may alter what its use cases are made of.
func New(t testing.TB, with ...func(*application.Deps)) *Desk {
	t.Helper()
	return opened(t, "staffed", staff, with)
}

// Seeded is New for a desk that has what Setup adds to an empty store, and no accounts.
func Seeded(t testing.TB, with ...func(*application.Deps)) *Desk {
	t.Helper()
	return opened(t, "seeded", seed, with)
}

// ownIDs is how many ids are for what every desk begins with.
const ownIDs = 1000

// opened opens a desk on a store that prepare has filled; name stands for what it has then.
func opened(t testing.TB, name string, prepare func(*Desk), with []func(*application.Deps)) *Desk {
	t.Helper()
	d := Over(t, stores.Prepared(t, name, func(s ports.Store) { prepare(Over(t, s)) }), with...)
	d.made.Store(ownIDs)
	return d
}

// Over opens a desk on a store as it is.
func Over(t testing.TB, s ports.Store, with ...func(*application.Deps)) *Desk {
	t.Helper()
	d := &Desk{T: t, Store: s, Passwords: &Passwords{}, added: map[string]domain.ID{}}
	d.now.Store(&Noon)
	d.deps = application.Deps{
		Store: s, Clock: d.Now, NewID: d.NewID, Passwords: d.Passwords, Phones: phones{}, Zone: time.UTC,
		Tokens: token.New([]byte("a secret of thirty-two bytes or more"), d.Now),
	}
	for _, change := range with {
		change(&d.deps)
	}
	d.App = application.New(d.deps)
	return d
}

// With returns the desk's use cases composed again, of what with alters. The desk keeps its own.
func (d *Desk) With(with ...func(*application.Deps)) *application.App {
	deps := d.deps
	for _, change := range with {
		change(&deps)
	}
	return application.New(deps)
}

func (d *Desk) ctx() context.Context { return d.T.Context() }

// Now is the time on the desk's clock; it is a ports.Clock.
func (d *Desk) Now() time.Time { return *d.now.Load() }

// Wait moves the clock on, or back if by is negative.
func (d *Desk) Wait(by time.Duration) {
	later := d.Now().Add(by)
	d.now.Store(&later)
}

// NewID counts; it is a ports.NewID.
func (d *Desk) NewID() domain.ID { return id(d.made.Add(1)) }

func id(n int64) domain.ID { return domain.ID(fmt.Sprintf("%032x", n)) }

// Update reads or changes the store directly, past the use cases.
func (d *Desk) Update(fn func(context.Context, ports.Tx) error) {
	d.T.Helper()
	Check(d.T, d.Store.Update(d.ctx(), func(tx ports.Tx) error { return fn(d.ctx(), tx) }))
}
