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

// unreadable makes some tickets ones that can be read neither together with others nor alone.
type unreadable struct {
	tickets []domain.ID
	ledgers []domain.ID
	reads   int // of open tickets
}

func (u *unreadable) tap(tx *ports.Tx) {
	tx.Tickets, tx.Ledgers = unreadableTickets{tx.Tickets, u}, unreadableLedgers{tx.Ledgers, u}
}

type unreadableTickets struct {
	ports.Tickets
	by *unreadable
}

func (s unreadableTickets) Active(ctx context.Context, after domain.ID, limit int) ([]ticket.View, error) {
	s.by.reads++
	all, err := s.Tickets.Active(ctx, after, limit)
	if slices.ContainsFunc(all, func(v ticket.View) bool { return slices.Contains(s.by.tickets, v.ID) }) {
		return nil, errDamaged
	}
	return all, err
}

type unreadableLedgers struct {
	ports.Ledgers
	by *unreadable
}

func (l unreadableLedgers) Of(ctx context.Context, tickets []domain.ID) (map[domain.ID][]sla.Entry, error) {
	if slices.ContainsFunc(tickets, func(id domain.ID) bool { return slices.Contains(l.by.ledgers, id) }) {
		return nil, errDamaged
	}
	return l.Ledgers.Of(ctx, tickets)
}

func TestAForecastLeavesOutTicketsThatFail(t *testing.T) {
	d, _, ids := damagedDesk(t, func() error { return nil })
	d.Wait(-25 * time.Hour)
	p := addPolicy(d, gold(targets("", 60, 240)))
	whole, left, err := d.Policies.Forecast(t.Context(), d.Actor(desk.Root), p.ID)
	if desk.Check(t, err); left != nil || whole.Tickets != len(ids) {
		t.Fatalf("forecast %+v, left out %v", whole, left)
	}
	for name, u := range map[string]*unreadable{
		"its ledger":          {ledgers: ids[2:3]},
		"its row":             {tickets: ids[2:3]},
		"the first and last":  {tickets: ids[:1], ledgers: ids[4:]},
		"neighbours":          {ledgers: ids[1:4]},
		"every one of them":   {tickets: ids},
		"the row of the last": {tickets: ids[4:]},
	} {
		t.Run(name, func(t *testing.T) {
			damaged := slices.Concat(u.tickets, u.ledgers)
			f, left, err := d.With(desk.Tap(u.tap)).Policies.Forecast(t.Context(), d.Actor(desk.Root), p.ID)
			if desk.Check(t, err); len(left) != len(damaged) {
				t.Fatalf("left out %v", left)
			}
			slices.Sort(damaged)
			for i, id := range damaged {
				number := desk.Must(d.Tickets.Get(t.Context(), d.Actor(desk.Root), id))(t).Number
				if !errors.Is(left[i], errDamaged) || !strings.Contains(left[i].Error(), number) {
					t.Errorf("left out %v instead of %s", left[i], number)
				}
			}
			if want := whole.Tickets - len(damaged); f.Tickets != want || f.DueTimesMoved*len(ids) != whole.DueTimesMoved*want {
				t.Errorf("forecast %+v of %+v", f, whole)
			}
		})
	}
}

// TestOneTicketThatFailsCostsAForecastFewReads holds the halving: 1,000 tickets are halved ten times.
func TestOneTicketThatFailsCostsAForecastFewReads(t *testing.T) {
	d, _, ids := damagedDesk(t, func() error { return nil })
	p := addPolicy(d, gold(targets("", 60, 240)))
	u := &unreadable{ledgers: ids[:1]}
	_, left, err := d.With(desk.Tap(u.tap)).Policies.Forecast(t.Context(), d.Actor(desk.Root), p.ID)
	desk.Check(t, err)
	if len(left) != 1 || u.reads > 20 {
		t.Errorf("left out %v after %d reads", left, u.reads)
	}
}

func TestAForecastEndsWhereTheStoreIsAway(t *testing.T) {
	away := domain.Fail(domain.Unavailable, "away")
	d, _, _ := damagedDesk(t, func() error { return nil })
	p := addPolicy(d, gold(targets("", 60, 240)))
	app := d.With(desk.Tap(func(tx *ports.Tx) { tx.Ledgers = awayLedgers{tx.Ledgers, away} }))
	_, left, err := app.Policies.Forecast(t.Context(), d.Actor(desk.Root), p.ID)
	if !errors.Is(err, away) || left != nil {
		t.Errorf("%v, left out %v", err, left)
	}
}

type awayLedgers struct {
	ports.Ledgers
	err error
}

func (l awayLedgers) Of(context.Context, []domain.ID) (map[domain.ID][]sla.Entry, error) {
	return nil, l.err
}
