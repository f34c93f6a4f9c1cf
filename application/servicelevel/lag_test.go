package servicelevel_test

import (
	"context"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

func TestLagIsTheLatenessOfTheOldestUnrecordedChange(t *testing.T) {
	d := desk.New(t)
	lag := func() time.Duration { return desk.Must(d.ServiceLevels.Lag(t.Context()))(t) }
	if got := lag(); got != 0 {
		t.Errorf("lag %s without tickets", got)
	}
	first := d.Open(desk.Agent, ticket.Patch{})
	d.Wait(first.UrgencyUntil.Sub(d.Now()) - time.Second)
	if got := lag(); got != 0 {
		t.Errorf("lag %s before anything is due", got)
	}
	d.Wait(31 * time.Second)
	d.Open(desk.Agent, ticket.Patch{})
	if got := lag(); got != 30*time.Second {
		t.Errorf("lag %s half a minute after the first change was due", got)
	}
	desk.Must(d.ServiceLevels.Sweep(t.Context()))(t)
	if got := lag(); got != 0 {
		t.Errorf("lag %s after the sweep", got)
	}
}

// A replica whose clock is behind continues at the time of the other replica: its events never precede the other's.
func TestReplicaBehindRecordsAfterOthers(t *testing.T) {
	d := desk.NewCase(t)
	d.Wait(d.Ticket().SLANextAt.Sub(d.Now()) + 2*time.Second)
	desk.Must(d.ServiceLevels.Sweep(t.Context()))(t) // a warning; nothing else of the ticket changes
	d.Wait(-2 * time.Second)
	d.MustWrite(desk.Agent, desk.Public("We are on it."))
	events := ledger(d)
	var last time.Time
	for _, e := range events {
		if e.RecordedAt.Before(last) {
			t.Errorf("%s was recorded at %s, after an event at %s", e.Kind, e.RecordedAt, last)
		}
		last = e.RecordedAt
	}
	if len(events) != 3 {
		t.Errorf("%d events, want three: %+v", len(events), events)
	}
}

func TestDeletingATicketRecordsWhatWasDue(t *testing.T) {
	d := desk.NewCase(t)
	d.Wait(d.Ticket().SLADueDate.Sub(d.Now()) + time.Hour)
	desk.Check(t, d.Tickets.Delete(t.Context(), d.Actor(desk.Root), d.TicketID, nil))
	if got := ledger(d); len(got) != 3 || got[2].Kind != sla.Breached {
		t.Errorf("the ledger holds %+v", got)
	}
}

// ledger returns the ledger of the case's ticket.
func ledger(d *desk.Case) (entries []sla.Entry) {
	d.T.Helper()
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		all, err := tx.Ledgers.Of(ctx, []domain.ID{d.TicketID})
		entries = all[d.TicketID]
		return err
	})
	return entries
}
