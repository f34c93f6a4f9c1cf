package servicelevel_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// unsavableTickets fails for one ticket that passing time has changed.
type unsavableTickets struct {
	ports.Tickets
	id *domain.ID
}

func (s unsavableTickets) SaveDue(ctx context.Context, all []ticket.Ticket) error {
	if slices.ContainsFunc(all, func(t ticket.Ticket) bool { return t.ID == *s.id }) {
		return errDamaged
	}
	return s.Tickets.SaveDue(ctx, all)
}

func TestTicketWithoutDueClockIsSetAside(t *testing.T) {
	var sick domain.ID
	d := desk.New(t, desk.Tap(func(tx *ports.Tx) { tx.Tickets = unsavableTickets{tx.Tickets, &sick} }))
	due := ticket.Patch{DueDate: domain.Some(d.Now().Add(30 * time.Hour)), AssignedTo: d.MemberTo(desk.Agent)}
	sick = d.Open(desk.Agent, due).ID
	well := d.Open(desk.Agent, due).ID
	d.Wait(7 * time.Hour)
	_, err := d.ServiceLevels.Sweep(t.Context())
	var failures ports.SweepFailures
	if !errors.As(err, &failures) || len(failures) != 1 || failures[0].TicketID != sick {
		t.Errorf("the sweep fails with %v", err)
	}
	if got := read(d, well); got.DueReminded.IsZero() {
		t.Error("the other ticket waits")
	}
	if n := sweepOnce(d); n != 0 {
		t.Errorf("swept %d: the ticket is not set aside", n)
	}
	sick = ""
	d.Wait(time.Hour)
	sweepOnce(d)
	if n := desk.Must(d.ServiceLevels.SetAside(t.Context()))(t); n != 0 {
		t.Errorf("%d tickets are set aside", n)
	}
}
