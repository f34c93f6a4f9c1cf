package contract

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/lifecycle"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// promise returns a promise with every field set.
func (g fixtures) promise() sla.Promise {
	return sla.Promise{
		PolicyID: newID(), PolicyGone: true, PriorityID: g.priority.ID, Target: 90 * time.Minute, DueAt: noon.Add(time.Hour),
		CalendarID:  sla.AlwaysOpenVersion,
		WarnPercent: 75, PauseTypes: []lifecycle.StatusType{lifecycle.Pending, lifecycle.Open}, OnReopen: sla.ReopenRestarts, Escalate: true,
	}
}

func clockEvent(of ticket.Ticket, seq int, kind sla.EventKind, cycle int) sla.Entry {
	at := noon.Add(time.Duration(seq) * time.Minute)
	e := sla.Entry{
		TicketID: of.ID, Seq: seq, RecordedAt: at.Add(time.Second),
		Event: sla.Event{Metric: sla.Resolution, Cycle: cycle, Kind: kind, At: at},
	}
	if e.Promises() {
		e.Promise.CalendarID = sla.AlwaysOpenVersion // every promise goes by a calendar
	}
	return e
}

func ledgers(t *testing.T, d suite) {
	g := d.addFixtures(t)
	x, y, none := g.ticket(), g.ticket(), g.ticket()
	d.addTickets(t, x, y, none)
	of := func(ids ...domain.ID) map[domain.ID][]sla.Entry {
		return read(t, d, func(ctx context.Context, tx ports.Tx) (map[domain.ID][]sla.Entry, error) {
			return tx.Ledgers.Of(ctx, ids)
		})
	}
	add := func(entries ...sla.Entry) error {
		return d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Ledgers.Add(ctx, entries) })
	}
	mine := []sla.Entry{
		clockEvent(x, 1, sla.Activated, 1), clockEvent(x, 2, sla.Paused, 1), clockEvent(x, 3, sla.Resumed, 1),
		clockEvent(x, 4, sla.Retargeted, 1),
	}
	mine[0].Promise, mine[1].Reason = g.promise(), "pending"
	t.Run("entries are read in order, for the tickets that have some", func(t *testing.T) {
		must(t, add())
		must(t, add(mine[0], clockEvent(y, 1, sla.Cancelled, 1), mine[1]))
		must(t, add(mine[2:]...))
		same(t, of(none.ID, x.ID, newID()), map[domain.ID][]sla.Entry{x.ID: mine})
		same(t, of(), map[domain.ID][]sla.Entry{})
		if got := of(x.ID, y.ID); len(got) != 2 || len(got[y.ID]) != 1 {
			t.Errorf("got %v", got)
		}
	})
	t.Run("many entries are added at once", func(t *testing.T) {
		z := g.ticket()
		d.addTickets(t, z)
		many := make([]sla.Entry, 300)
		for i := range many {
			many[i] = clockEvent(z, i+1, sla.Activated, i+1)
			many[i].Promise = g.promise()
			many[i].Promise.DueAt = time.Time{}
		}
		must(t, add(many...))
		same(t, of(z.ID)[z.ID], many)
	})
	t.Run("a clock is activated, warned of, breached and voided once", func(t *testing.T) {
		for _, kind := range []sla.EventKind{sla.Activated, sla.Warned, sla.Breached, sla.Voided} {
			first := clockEvent(y, len(of(y.ID)[y.ID])+1, kind, 7)
			must(t, add(first))
			again := first
			again.Seq++
			if err := add(again); err == nil {
				t.Errorf("%s twice", kind)
			}
			again.Cycle = 8
			must(t, add(again))
		}
		for range 2 { // other events may repeat
			must(t, add(clockEvent(y, len(of(y.ID)[y.ID])+1, sla.Paused, 7)))
		}
	})
	t.Run("an entry is never replaced", func(t *testing.T) {
		other := mine[1]
		other.Kind = sla.Cancelled
		if err := add(other); err == nil {
			t.Error("an entry replaced another")
		}
		same(t, of(x.ID)[x.ID], mine)
	})
	t.Run("a failed Update adds no entries", func(t *testing.T) {
		_ = d.try(t, func(ctx context.Context, tx ports.Tx) error {
			must(t, tx.Ledgers.Add(ctx, []sla.Entry{clockEvent(none, 1, sla.Paused, 1)}))
			return errors.New("no")
		})
		same(t, of(none.ID), map[domain.ID][]sla.Entry{})
	})
}
