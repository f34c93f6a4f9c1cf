package servicelevel

import (
	"context"

	"tickt/application/record"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// scheduleBatch is how many tickets are read and locked at a time to find out when they must be closed.
const scheduleBatch = 500

// close closes locked tickets for which it is time (ticket.View.AutoClose). For the others it stores when it is. It does
// nothing if the desk has no status of type closed.
func (x *Clocks) close(ctx context.Context, tx ports.Tx, due []ticket.View) error {
	all, err := usecase.All(ctx, tx.Statuses.List)
	if err != nil {
		return err
	}
	to := ticket.FirstOfType(all, ticket.Closed)
	if to == nil {
		return nil
	}
	ids := make([]domain.ID, len(due))
	for i, v := range due {
		ids[i] = v.ID
	}
	ledger, err := x.openLedgers(ctx, tx, ids)
	if err != nil {
		return err
	}
	var closed []domain.ID
	var changes []record.Change
	saved := make([]ticket.Ticket, 0, len(due))
	for _, v := range due {
		c := record.Change{Before: v, At: x.Now(v), ByRule: true}
		if v.AutoClose(*to, c.At) {
			c.Ledger = ledger(v.ID)
			v = ticket.SLATransition{Was: c.Before, Is: v}.Apply(c.Ledger, sla.Terms{}, c.At)
			c.After = v
			closed, changes = append(closed, v.ID), append(changes, c)
		}
		saved = append(saved, v.Ticket)
	}
	if err := tx.Tickets.SaveDue(ctx, saved); err != nil {
		return err
	}
	if err := tx.Tickets.SetStatus(ctx, closed, to.ID); err != nil {
		return err
	}
	return x.Record(ctx, tx, changes...)
}

// ScheduleClosing computes when the tickets of a status must be closed, after its days until then were changed. It is
// idempotent. Tickets that fail do not stop the others (batches.work). It has no actor: the service itself calls it.
func (s *ServiceLevels) ScheduleClosing(ctx context.Context, status domain.ID) error {
	return batches{
		lock: func(ctx context.Context, tx ports.Tx, after domain.ID) ([]ticket.View, error) {
			return tx.Tickets.LockInStatus(ctx, status, after, scheduleBatch)
		},
		refs: func(ctx context.Context, tx ports.Tx, after domain.ID) ([]ports.TicketRef, error) {
			return tx.Tickets.RefsInStatus(ctx, status, after, scheduleBatch)
		},
		concerns: func(v ticket.View) bool { return v.StatusID == status },
		do:       schedule,
		what:     "schedule the closing of",
	}.work(ctx, s.Store)
}

// schedule stores when locked tickets must be closed.
func schedule(ctx context.Context, tx ports.Tx, batch []ticket.View) error {
	var moved []ticket.Ticket
	for _, v := range batch {
		if v.ScheduleClosing() {
			moved = append(moved, v.Ticket)
		}
	}
	return tx.Tickets.SaveDue(ctx, moved)
}
