package application_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/application"
	"tickt/application/servicelevel"
	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	fixture "tickt/test/desk"
)

// damaged is a store in which the ledger of one ticket cannot be written, in a way that a test chooses.
type damaged struct {
	ports.Store
	id   domain.ID
	fail func() error
}

type damagedLedgers struct {
	ports.Ledgers
	damaged
}

func (l damagedLedgers) Add(ctx context.Context, entries []sla.Entry) error {
	if slices.ContainsFunc(entries, func(e sla.Entry) bool { return e.TicketID == l.id }) {
		if err := l.fail(); err != nil {
			return err
		}
	}
	return l.Ledgers.Add(ctx, entries)
}

func (s *damaged) Update(ctx context.Context, fn func(ports.Tx) error) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		tx.Ledgers = damagedLedgers{tx.Ledgers, *s}
		return fn(tx)
	})
}

// damagedDesk is a desk with five tickets, the third of which is damaged; all are breached an hour ago.
func damagedDesk(t *testing.T, fail func() error) (*fixture.Desk, *damaged, []domain.ID) {
	store := &damaged{fail: fail}
	d := fixture.New(t, func(deps *application.Deps) {
		store.Store = deps.Store
		deps.Store = store
	})
	var ids []domain.ID
	var last ticket.View
	for range 5 {
		last = d.Open(fixture.Customer, ticket.Change{})
		ids = append(ids, last.ID)
	}
	store.id = ids[2]
	d.Wait(last.SLADueDate.Sub(d.Now()) + time.Hour)
	return d, store, ids
}

func breached(t *testing.T, d *fixture.Desk, ids []domain.ID) (all []bool) {
	for _, id := range ids {
		all = append(all, must[ticket.View](t)(d.Tickets.Get(t.Context(), d.Actor(fixture.Root), id)).SLABreached)
	}
	return all
}

var errDamaged = errors.New("the ledger has a gap")

func TestATicketThatTheSweepFailsOnHarmsOnlyItself(t *testing.T) {
	for name, fail := range map[string]func() error{
		"an error": func() error { return errDamaged },
		"a panic":  func() error { panic(errDamaged.Error()) },
	} {
		t.Run(name, func(t *testing.T) {
			d, store, ids := damagedDesk(t, fail)
			sweep := func() (n int, failures ports.SweepFailures) {
				t.Helper()
				n, err := d.ServiceLevels.Sweep(t.Context())
				if err != nil && !errors.As(err, &failures) {
					t.Fatal(err)
				}
				return n, failures
			}
			n, failures := sweep()
			if n != 5 || len(failures) != 1 || failures[0].TicketID != ids[2] || failures[0].Number == "" || failures[0].Attempts != 1 || failures[0].Err == nil {
				t.Fatalf("%d, %+v", n, failures)
			}
			if got := breached(t, d, ids); !slices.Equal(got, []bool{true, true, false, true, true}) {
				t.Errorf("breached: %v", got)
			}
			if late, aside := must[time.Duration](t)(d.ServiceLevels.Lag(t.Context())), must[int](t)(d.ServiceLevels.SetAside(t.Context())); late != 0 || aside != 1 {
				t.Errorf("late by %s, %d set aside", late, aside)
			}
			for i, delay := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, time.Hour, time.Hour} {
				d.Wait(delay - time.Microsecond)
				if n, failures := sweep(); n != 0 || failures != nil {
					t.Fatalf("before the %s are over: %d, %+v", delay, n, failures)
				}
				d.Wait(time.Microsecond)
				if n, failures := sweep(); n != 1 || len(failures) != 1 || failures[0].Attempts != i+2 {
					t.Fatalf("after %s: %d, %+v", delay, n, failures)
				}
			}
			store.fail = func() error { return nil }
			d.Wait(time.Hour)
			if n, failures := sweep(); n != 1 || failures != nil {
				t.Fatalf("mended: %d, %+v", n, failures)
			}
			if got, aside := breached(t, d, ids), must[int](t)(d.ServiceLevels.SetAside(t.Context())); slices.Contains(got, false) || aside != 0 {
				t.Errorf("mended: breached %v, %d set aside", got, aside)
			}
		})
	}
}

func TestTicketsAreNotSetAsideWhileTheStoreIsAway(t *testing.T) {
	away := &domain.Error{Kind: domain.Unavailable, Message: "away"}
	d, store, ids := damagedDesk(t, func() error { return away })
	if n, err := d.ServiceLevels.Sweep(t.Context()); n != 0 || !errors.Is(err, away) {
		t.Fatal(n, err)
	}
	if aside := must[int](t)(d.ServiceLevels.SetAside(t.Context())); aside != 0 {
		t.Errorf("%d set aside", aside)
	}
	store.fail = func() error { return nil }
	if n := must[int](t)(d.ServiceLevels.Sweep(t.Context())); n != 5 || slices.Contains(breached(t, d, ids), false) {
		t.Errorf("%d, %v", n, breached(t, d, ids))
	}
}

func TestADeletedTicketIsNoLongerSetAside(t *testing.T) {
	d, store, ids := damagedDesk(t, func() error { return errDamaged })
	if _, err := d.ServiceLevels.Sweep(t.Context()); !errors.Is(err, errDamaged) {
		t.Fatal(err)
	}
	store.fail = func() error { return nil }
	check(t, d.Tickets.Delete(t.Context(), d.Actor(fixture.Root), ids[2], nil))
	d.Wait(time.Hour)
	if n := must[int](t)(d.ServiceLevels.Sweep(t.Context())); n != 1 {
		t.Errorf("took %d", n)
	}
	if n := must[int](t)(d.ServiceLevels.Sweep(t.Context())); n != 0 {
		t.Errorf("took %d more", n)
	}
}

func TestAPolicyIsAppliedToAllTicketsButThoseThatFail(t *testing.T) {
	d, store, ids := damagedDesk(t, func() error { return errDamaged })
	d.Wait(-25 * time.Hour)
	p := must[sla.Policy](t)(d.Policies.Create(t.Context(), d.Actor(fixture.Root), sla.PolicyChange{Name: domain.To("Gold"), Targets: domain.To(targets("", 60, 240))}, nil))
	promised := func() (all []bool) {
		for _, id := range ids {
			r := must[servicelevel.Report](t)(d.ServiceLevels.Report(t.Context(), d.Actor(fixture.Root), id))
			all = append(all, r.PolicyID == p.ID)
		}
		return all
	}
	damaged := must[ticket.View](t)(d.Tickets.Get(t.Context(), d.Actor(fixture.Root), ids[2]))
	if err := d.Policies.Apply(t.Context(), p.ID); !errors.Is(err, errDamaged) || !strings.Contains(err.Error(), damaged.Number) {
		t.Errorf("the error is %v", err)
	}
	if got := promised(); !slices.Equal(got, []bool{true, true, false, true, true}) {
		t.Errorf("promised: %v", got)
	}
	store.fail = func() error { return nil }
	check(t, d.Policies.Apply(t.Context(), p.ID))
	if got := promised(); slices.Contains(got, false) {
		t.Errorf("mended: %v", got)
	}
}

// unreadable is a store in which the ledger of one ticket cannot be read together with others' nor alone.
type unreadable struct {
	ports.Store
	id domain.ID
}

type unreadableLedgers struct {
	ports.Ledgers
	unreadable
}

func (l unreadableLedgers) Of(ctx context.Context, tickets []domain.ID) (map[domain.ID][]sla.Entry, error) {
	if slices.Contains(tickets, l.id) {
		return nil, errDamaged
	}
	return l.Ledgers.Of(ctx, tickets)
}

func (s *unreadable) View(ctx context.Context, fn func(ports.Tx) error) error {
	return s.Store.View(ctx, func(tx ports.Tx) error {
		tx.Ledgers = unreadableLedgers{tx.Ledgers, *s}
		return fn(tx)
	})
}

func TestAForecastLeavesOutATicketThatFails(t *testing.T) {
	d, _, ids := damagedDesk(t, func() error { return nil })
	d.Wait(-25 * time.Hour)
	p := must[sla.Policy](t)(d.Policies.Create(t.Context(), d.Actor(fixture.Root), sla.PolicyChange{Name: domain.To("Gold"), Targets: domain.To(targets("", 60, 240))}, nil))
	whole, left, err := d.Policies.Forecast(t.Context(), d.Actor(fixture.Root), p.ID)
	if check(t, err); left != nil || whole.Tickets != len(ids) {
		t.Fatalf("forecast %+v, left out %v", whole, left)
	}
	deps := d.Deps()
	deps.Store = &unreadable{Store: d.Store, id: ids[2]}
	f, left, err := application.New(deps).Policies.Forecast(t.Context(), d.Actor(fixture.Root), p.ID)
	check(t, err)
	damaged := must[ticket.View](t)(d.Tickets.Get(t.Context(), d.Actor(fixture.Root), ids[2]))
	if len(left) != 1 || !errors.Is(left[0], errDamaged) || !strings.Contains(left[0].Error(), damaged.Number) {
		t.Errorf("left out %v", left)
	}
	if want := whole.Tickets - 1; f.Tickets != want || f.DueTimesMoved*len(ids) != whole.DueTimesMoved*want {
		t.Errorf("forecast %+v of %+v", f, whole)
	}
}

// forgetfulCalendars is a store that has lost every version of a calendar.
type forgetfulCalendars struct{ ports.Store }

type noEditions struct{ ports.Calendars }

func (noEditions) Editions(context.Context, []domain.ID) ([]sla.Edition, error) { return nil, nil }

func (s forgetfulCalendars) Update(ctx context.Context, fn func(ports.Tx) error) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		tx.Calendars = noEditions{tx.Calendars}
		return fn(tx)
	})
}

func TestAClockWhoseCalendarIsMissingIsNotCountedByAnother(t *testing.T) {
	d := fixture.New(t)
	v := d.Open(fixture.Customer, ticket.Change{})
	d.Wait(v.SLADueDate.Sub(d.Now()) + time.Hour)
	lost := application.New(application.Deps{Store: forgetfulCalendars{d.Store}, Clock: d.Now, NewID: d.NewID, Zone: time.UTC})
	n, err := lost.ServiceLevels.Sweep(t.Context())
	var failures ports.SweepFailures
	if n != 1 || !errors.As(err, &failures) || len(failures) != 1 || !strings.Contains(failures[0].Reason, string(sla.AlwaysOpenEdition)) {
		t.Errorf("%d, %v", n, err)
	}
	if got := breached(t, d, []domain.ID{v.ID}); got[0] {
		t.Error("the ticket was breached by a calendar that is not there")
	}
}
