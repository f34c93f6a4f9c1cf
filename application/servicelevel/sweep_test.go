package servicelevel_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

func TestSweepRecordsBreaches(t *testing.T) {
	d := desk.New(t)
	late, early := d.Open(desk.Agent, ticket.Patch{PriorityID: d.PriorityTo("HIGH")}), d.Open(desk.Agent, ticket.Patch{})
	sweep := func(want int) {
		t.Helper()
		if n := desk.Must(d.ServiceLevels.Sweep(t.Context()))(t); n != want {
			t.Errorf("swept %d, want %d", n, want)
		}
	}
	sweep(0)
	d.Wait(8 * time.Hour)
	sweep(1)
	sweep(0)
	got, err := d.Tickets.Get(t.Context(), d.Actor(desk.Agent), late.ID)
	desk.Check(t, err)
	if !got.SLABreached || !got.UpdatedAt.Equal(d.Now()) {
		t.Errorf("%+v", got)
	}
	if got, err = d.Tickets.Get(t.Context(), d.Actor(desk.Agent), early.ID); err != nil || got.SLABreached {
		t.Errorf("%+v %v", got, err)
	}
}

// writeFault lets fail decide whether writing the ledger of one ticket fails, and how.
type writeFault struct {
	id   domain.ID
	fail func() error
}

type unwritableLedgers struct {
	ports.Ledgers
	by *writeFault
}

func (l unwritableLedgers) Add(ctx context.Context, entries []sla.Entry) error {
	if slices.ContainsFunc(entries, func(e sla.Entry) bool { return e.TicketID == l.by.id }) {
		if err := l.by.fail(); err != nil {
			return err
		}
	}
	return l.Ledgers.Add(ctx, entries)
}

// newDeskWithFault returns a desk with five tickets, all breached an hour ago. Writing the ledger of the third calls
// fail.
func newDeskWithFault(t *testing.T, fail func() error) (*desk.Desk, *writeFault, []domain.ID) {
	t.Helper()
	store := &writeFault{fail: fail}
	d := desk.New(t, desk.Tap(func(tx *ports.Tx) { tx.Ledgers = unwritableLedgers{tx.Ledgers, store} }))
	var ids []domain.ID
	var last ticket.View
	for range 5 {
		last = d.Open(desk.Customer, ticket.Patch{})
		ids = append(ids, last.ID)
	}
	store.id = ids[2]
	d.Wait(last.SLADueDate.Sub(d.Now()) + time.Hour)
	return d, store, ids
}

// breached returns which tickets are recorded as breached.
func breached(d *desk.Desk, ids []domain.ID) (all []bool) {
	d.T.Helper()
	for _, id := range ids {
		all = append(all, desk.Must(d.Tickets.Get(d.T.Context(), d.Actor(desk.Root), id))(d.T).SLABreached)
	}
	return all
}

var errDamaged = errors.New("the ledger has a gap")

func TestFailingTicketDoesNotHoldUpTheSweep(t *testing.T) {
	for name, fail := range map[string]func() error{
		"an error": func() error { return errDamaged },
		"a panic":  func() error { panic(errDamaged.Error()) },
	} {
		t.Run(name, func(t *testing.T) {
			d, store, ids := newDeskWithFault(t, fail)
			sweep := func() (n int, failures ports.SweepFailures) {
				t.Helper()
				n, err := d.ServiceLevels.Sweep(t.Context())
				if err != nil && !errors.As(err, &failures) {
					t.Fatal(err)
				}
				return n, failures
			}
			n, failures := sweep()
			if n != 5 || len(failures) != 1 || failures[0].TicketID != ids[2] || failures[0].Number == "" ||
				failures[0].Attempts != 1 || failures[0].Err == nil {
				t.Fatalf("%d, %+v", n, failures)
			}
			if got := breached(d, ids); !slices.Equal(got, []bool{true, true, false, true, true}) {
				t.Errorf("breached: %v", got)
			}
			late, aside := desk.Must(d.ServiceLevels.Lag(t.Context()))(t), desk.Must(d.ServiceLevels.SetAside(t.Context()))(t)
			if late != 0 || aside != 1 {
				t.Errorf("lag %s, %d set aside", late, aside)
			}
			for i, minutes := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
				delay := minutes * time.Minute
				d.Wait(delay - time.Microsecond)
				if n, failures := sweep(); n != 0 || failures != nil {
					t.Fatalf("before %s: %d, %+v", delay, n, failures)
				}
				d.Wait(time.Microsecond)
				if n, failures := sweep(); n != 1 || len(failures) != 1 || failures[0].Attempts != i+2 {
					t.Fatalf("after %s: %d, %+v", delay, n, failures)
				}
			}
			store.fail = func() error { return nil }
			d.Wait(time.Hour)
			if n, failures := sweep(); n != 1 || failures != nil {
				t.Fatalf("repaired: %d, %+v", n, failures)
			}
			aside = desk.Must(d.ServiceLevels.SetAside(t.Context()))(t)
			if got := breached(d, ids); slices.Contains(got, false) || aside != 0 {
				t.Errorf("repaired: breached %v, %d set aside", got, aside)
			}
		})
	}
}

func TestUnavailableStoreSetsNoTicketsAside(t *testing.T) {
	unavailable := &domain.Error{Kind: domain.Unavailable, Message: "unavailable"}
	d, store, ids := newDeskWithFault(t, func() error { return unavailable })
	if n, err := d.ServiceLevels.Sweep(t.Context()); n != 0 || !errors.Is(err, unavailable) {
		t.Fatal(n, err)
	}
	if aside := desk.Must(d.ServiceLevels.SetAside(t.Context()))(t); aside != 0 {
		t.Errorf("%d set aside", aside)
	}
	store.fail = func() error { return nil }
	if n := desk.Must(d.ServiceLevels.Sweep(t.Context()))(t); n != 5 || slices.Contains(breached(d, ids), false) {
		t.Errorf("%d, %v", n, breached(d, ids))
	}
}

func TestDeletedTicketIsNoLongerSetAside(t *testing.T) {
	d, store, ids := newDeskWithFault(t, func() error { return errDamaged })
	if _, err := d.ServiceLevels.Sweep(t.Context()); !errors.Is(err, errDamaged) {
		t.Fatal(err)
	}
	store.fail = func() error { return nil }
	desk.Check(t, d.Tickets.Delete(t.Context(), d.Actor(desk.Root), ids[2], nil))
	d.Wait(time.Hour)
	if n := desk.Must(d.ServiceLevels.Sweep(t.Context()))(t); n != 1 {
		t.Errorf("took %d", n)
	}
	if n := desk.Must(d.ServiceLevels.Sweep(t.Context()))(t); n != 0 {
		t.Errorf("took %d more", n)
	}
}

func TestPolicyIsAppliedToAllButFailingTickets(t *testing.T) {
	d, store, ids := newDeskWithFault(t, func() error { return errDamaged })
	d.Wait(-25 * time.Hour)
	p := addPolicy(d, goldPolicy(targets("", 60, 240)))
	promised := func() (all []bool) {
		for _, id := range ids {
			all = append(all, report(d, id).PolicyID == p.ID)
		}
		return all
	}
	damaged := desk.Must(d.Tickets.Get(t.Context(), d.Actor(desk.Root), ids[2]))(t)
	err := d.Policies.Apply(t.Context(), sla.Source{PolicyID: p.ID})
	if !errors.Is(err, errDamaged) || !strings.Contains(err.Error(), damaged.Number) {
		t.Errorf("the error is %v", err)
	}
	if got := promised(); !slices.Equal(got, []bool{true, true, false, true, true}) {
		t.Errorf("promised: %v", got)
	}
	store.fail = func() error { return nil }
	desk.Check(t, d.Policies.Apply(t.Context(), sla.Source{PolicyID: p.ID}))
	if got := promised(); slices.Contains(got, false) {
		t.Errorf("repaired: %v", got)
	}
}

// noVersions are calendars that have lost all their versions.
type noVersions struct{ ports.Calendars }

func (noVersions) Versions(context.Context, []domain.ID) ([]sla.CalendarVersion, error) {
	return nil, nil
}

func TestClockWithoutItsCalendarIsNotCountedByAnother(t *testing.T) {
	d := desk.New(t)
	v := d.Open(desk.Customer, ticket.Patch{})
	d.Wait(v.SLADueDate.Sub(d.Now()) + time.Hour)
	lost := d.With(desk.Tap(func(tx *ports.Tx) { tx.Calendars = noVersions{tx.Calendars} }))
	n, err := lost.ServiceLevels.Sweep(t.Context())
	var failures ports.SweepFailures
	if n != 1 || !errors.As(err, &failures) || len(failures) != 1 || !strings.Contains(failures[0].Reason, string(sla.AlwaysOpenVersion)) {
		t.Errorf("%d, %v", n, err)
	}
	if got := breached(d, []domain.ID{v.ID}); got[0] {
		t.Error("the ticket was breached by another calendar")
	}
}
