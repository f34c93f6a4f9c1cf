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

// readFaults makes reading the rows or the ledgers of some tickets fail, alone or with others.
type readFaults struct {
	tickets []domain.ID
	ledgers []domain.ID
	reads   int // counts reads of open tickets
}

func (u *readFaults) tap(tx *ports.Tx) {
	tx.Tickets, tx.Ledgers = faultyTickets{tx.Tickets, u}, unreadableLedgers{tx.Ledgers, u}
}

type faultyTickets struct {
	ports.Tickets
	by *readFaults
}

func (s faultyTickets) Active(ctx context.Context, after domain.ID, limit int) ([]ticket.View, error) {
	s.by.reads++
	all, err := s.Tickets.Active(ctx, after, limit)
	if slices.ContainsFunc(all, func(v ticket.View) bool { return slices.Contains(s.by.tickets, v.ID) }) {
		return nil, errDamaged
	}
	return all, err
}

type unreadableLedgers struct {
	ports.Ledgers
	by *readFaults
}

func (l unreadableLedgers) Of(ctx context.Context, tickets []domain.ID) (map[domain.ID][]sla.Entry, error) {
	if slices.ContainsFunc(tickets, func(id domain.ID) bool { return slices.Contains(l.by.ledgers, id) }) {
		return nil, errDamaged
	}
	return l.Ledgers.Of(ctx, tickets)
}

func TestForecastLeavesOutFailingTickets(t *testing.T) {
	d, _, ids := newDeskWithFault(t, func() error { return nil })
	d.Wait(-25 * time.Hour)
	p := addPolicy(d, goldPolicy(targets("", 60, 240)))
	whole, left, _, err := d.Policies.Forecast(t.Context(), d.Actor(desk.Root), p.ID)
	if desk.Check(t, err); left != nil || whole.Tickets != len(ids) {
		t.Fatalf("forecast %+v, left out %v", whole, left)
	}
	for name, u := range map[string]*readFaults{
		"a ledger":            {ledgers: ids[2:3]},
		"a row":               {tickets: ids[2:3]},
		"the first and last":  {tickets: ids[:1], ledgers: ids[4:]},
		"adjacent tickets":    {ledgers: ids[1:4]},
		"all tickets":         {tickets: ids},
		"the row of the last": {tickets: ids[4:]},
	} {
		t.Run(name, func(t *testing.T) {
			damaged := slices.Concat(u.tickets, u.ledgers)
			f, left, _, err := d.With(desk.Tap(u.tap)).Policies.Forecast(t.Context(), d.Actor(desk.Root), p.ID)
			if desk.Check(t, err); len(left) != len(damaged) {
				t.Fatalf("left out %v", left)
			}
			slices.Sort(damaged)
			for i, id := range damaged {
				number := desk.Must(d.Tickets.Get(t.Context(), d.Actor(desk.Root), id))(t).Number
				if !errors.Is(left[i], errDamaged) || !strings.Contains(left[i].Error(), number) {
					t.Errorf("left out %v, want %s", left[i], number)
				}
			}
			if want := whole.Tickets - len(damaged); f.Tickets != want || f.DueTimesMoved*len(ids) != whole.DueTimesMoved*want {
				t.Errorf("forecast %+v, without faults %+v", f, whole)
			}
		})
	}
}

// TestForecastFindsAFailingTicketInFewReads covers the halving: 1,000 tickets are halved ten times.
func TestForecastFindsAFailingTicketInFewReads(t *testing.T) {
	d, _, ids := newDeskWithFault(t, func() error { return nil })
	p := addPolicy(d, goldPolicy(targets("", 60, 240)))
	u := &readFaults{ledgers: ids[:1]}
	_, left, _, err := d.With(desk.Tap(u.tap)).Policies.Forecast(t.Context(), d.Actor(desk.Root), p.ID)
	desk.Check(t, err)
	if len(left) != 1 || u.reads > 20 {
		t.Errorf("left out %v after %d reads", left, u.reads)
	}
}

func TestForecastFailsIfTheStoreIsUnavailable(t *testing.T) {
	unavailable := domain.Fail(domain.Unavailable, "unavailable")
	d, _, _ := newDeskWithFault(t, func() error { return nil })
	p := addPolicy(d, goldPolicy(targets("", 60, 240)))
	app := d.With(desk.Tap(func(tx *ports.Tx) { tx.Ledgers = unavailableLedgers{tx.Ledgers, unavailable} }))
	_, left, _, err := app.Policies.Forecast(t.Context(), d.Actor(desk.Root), p.ID)
	if !errors.Is(err, unavailable) || left != nil {
		t.Errorf("%v, left out %v", err, left)
	}
}

type unavailableLedgers struct {
	ports.Ledgers
	err error
}

func (l unavailableLedgers) Of(context.Context, []domain.ID) (map[domain.ID][]sla.Entry, error) {
	return nil, l.err
}
