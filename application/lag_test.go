package application_test

import (
	"context"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	fixture "tickt/test/desk"
)

func TestTheLagIsTheLatenessOfTheOldestThingThatIsNotOnRecord(t *testing.T) {
	d := fixture.New(t)
	lag := func() time.Duration { return must[time.Duration](t)(d.ServiceLevels.Lag(t.Context())) }
	if got := lag(); got != 0 {
		t.Errorf("%s where there is no ticket", got)
	}
	first := d.Open(fixture.Agent, ticket.Change{})
	d.Wait(first.UrgencyUntil.Sub(d.Now()) - time.Second)
	if got := lag(); got != 0 {
		t.Errorf("%s before anything is due", got)
	}
	d.Wait(31 * time.Second)
	d.Open(fixture.Agent, ticket.Change{})
	if got := lag(); got != 30*time.Second {
		t.Errorf("%s half a minute after the first thing was due", got)
	}
	must[int](t)(d.ServiceLevels.Sweep(t.Context()))
	if got := lag(); got != 0 {
		t.Errorf("%s after the sweep", got)
	}
}

// A replica whose clock is behind goes on where another one was: nothing that it does comes before what that one did.
func TestAReplicaWhoseClockIsBehindNeverWritesBeforeAnotherDid(t *testing.T) {
	l := newLobby(t)
	l.Wait(l.ticket().SLANextAt.Sub(l.Now()) + 2*time.Second)
	must[int](t)(l.ServiceLevels.Sweep(t.Context())) // a warning, which changes nothing else of the ticket
	l.Wait(-2 * time.Second)
	l.wrote(fixture.Agent, publicly("We are on it."))
	events := l.ledger()
	var last time.Time
	for _, e := range events {
		if e.RecordedAt.Before(last) {
			t.Errorf("%s was recorded at %s, after what was at %s", e.Kind, e.RecordedAt, last)
		}
		last = e.RecordedAt
	}
	if len(events) != 3 {
		t.Errorf("%d events, want three: %+v", len(events), events)
	}
}

func TestWhatWasDueBeforeATicketIsDeletedIsOnRecord(t *testing.T) {
	l := newLobby(t)
	l.Wait(l.ticket().SLADueDate.Sub(l.Now()) + time.Hour)
	check(t, l.Tickets.Delete(t.Context(), l.Actor(fixture.Root), l.id, nil))
	if got := l.ledger(); len(got) != 3 || got[2].Kind != sla.Breached {
		t.Errorf("the ledger holds %+v", got)
	}
}

// ledger gives what happened to the clocks of the ticket.
func (l *lobby) ledger() (entries []sla.Entry) {
	l.t.Helper()
	l.Update(func(ctx context.Context, tx ports.Tx) error {
		all, err := tx.Ledgers.Of(ctx, []domain.ID{l.id})
		entries = all[l.id]
		return err
	})
	return entries
}
