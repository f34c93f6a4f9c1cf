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
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/stores"
)

// Noon is when every desk opens.
var Noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Desk is an application with what a test needs to know of it. Its helpers end the test where they fail.
type Desk struct {
	*application.App
	Store ports.Store

	t    testing.TB
	now  atomic.Pointer[time.Time]
	made atomic.Int64
	deps application.Deps
}

// New opens a desk in UTC with the accounts that Staff lists; with may alter what its use cases are made of.
func New(t testing.TB, with ...func(*application.Deps)) *Desk {
	t.Helper()
	d := &Desk{t: t}
	d.now.Store(&Noon)
	d.Store = stores.Prepared(t, "staffed", func(s ports.Store) { staff(t, s) })
	d.made.Store(ownIDs)
	d.deps = d.standard()
	for _, change := range with {
		change(&d.deps)
	}
	d.App = application.New(d.deps)
	return d
}

// Deps returns what the desk's use cases are made of, so that a test can make others.
func (d *Desk) Deps() application.Deps { return d.deps }

// ownIDs is how many ids are for what every desk begins with.
const ownIDs = 1000

// staff seeds an empty store and makes the accounts.
func staff(t testing.TB, s ports.Store) {
	t.Helper()
	d := &Desk{t: t, Store: s}
	d.now.Store(&Noon)
	d.App = application.New(d.standard())
	if err := d.Setup.Seed(d.ctx()); err != nil {
		t.Fatal(err)
	}
	d.permit("agent", access.MayEverything, access.MayView)
	d.permit("customer", access.MayEverything, access.MayView)
	for i, m := range Staff {
		d.hire(i, m)
	}
	if made := d.made.Load(); made > firstOfStaff {
		t.Fatalf("a desk begins with %d ids", made)
	}
}

func (d *Desk) standard() application.Deps {
	return application.Deps{
		Store: d.Store, Clock: d.Now, NewID: d.NewID, Passwords: passwords{}, Phones: phones{}, Zone: time.UTC,
		Tokens: token.New([]byte("a secret of thirty-two bytes or more"), d.Now),
	}
}

// Mailing lets a desk mail what it tells, to nowhere.
func Mailing(d *application.Deps) { d.Mailer = nowhere{} }

// nowhere is a mail server that accepts everything.
type nowhere struct{}

func (nowhere) Send(context.Context, ports.Mail) error { return nil }

func (d *Desk) ctx() context.Context { return d.t.Context() }

// Now is the time on the desk's clock; it is a ports.Clock.
func (d *Desk) Now() time.Time { return *d.now.Load() }

// Wait moves the clock on.
func (d *Desk) Wait(by time.Duration) {
	later := d.Now().Add(by)
	d.now.Store(&later)
}

// NewID counts; it is a ports.NewID.
func (d *Desk) NewID() domain.ID { return id(d.made.Add(1)) }

func id(n int64) domain.ID { return domain.ID(fmt.Sprintf("%032x", n)) }

// Update changes the store directly, past the use cases.
func (d *Desk) Update(fn func(context.Context, ports.Tx) error) {
	d.t.Helper()
	err := d.Store.Update(d.ctx(), func(tx ports.Tx) error { return fn(d.ctx(), tx) })
	if err != nil {
		d.t.Fatal(err)
	}
}

// Status gives the status with a code.
func (d *Desk) Status(code string) (found ticket.Status) {
	d.t.Helper()
	d.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		found, err = coded(ctx, tx.Statuses, func(s ticket.Status) bool { return s.Code == code })
		return err
	})
	return found
}

// Priority gives the priority with a code.
func (d *Desk) Priority(code string) (found ticket.Priority) {
	d.t.Helper()
	d.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		found, err = coded(ctx, tx.Priorities, func(p ticket.Priority) bool { return p.Code == code })
		return err
	})
	return found
}

func coded[T any](ctx context.Context, entries ports.Catalog[T], is func(T) bool) (none T, err error) {
	all, _, err := entries.List(ctx, ports.Page{Number: 1, Size: 100})
	for _, x := range all {
		if is(x) {
			return x, nil
		}
	}
	if err == nil {
		err = domain.ErrNotFound
	}
	return none, err
}

// Menu gives the menu with a URL.
func (d *Desk) Menu(url string) access.Menu {
	d.t.Helper()
	var all []access.Menu
	d.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		all, err = tx.Menus.All(ctx)
		return err
	})
	for _, m := range all {
		if m.URL == url {
			return m
		}
	}
	d.t.Fatalf("no menu has the URL %s", url)
	return access.Menu{}
}

// Open opens a ticket as somebody; a title and description are given where the change has none.
func (d *Desk) Open(as string, c ticket.Change) ticket.View {
	d.t.Helper()
	if !c.Title.Set {
		c.Title = domain.To("The printer burns")
	}
	if !c.Description.Set {
		c.Description = domain.To("Since noon.")
	}
	v, err := d.Tickets.Open(d.ctx(), d.Actor(as), c, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}
