package servicelevel

import (
	"context"
	"errors"

	"tickt/application/record"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
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
// idempotent. If a batch fails, its tickets are processed one by one. After all tickets, it returns the errors of those that
// failed, as Policies.Apply does. It has no actor: the service itself calls it.
func (s *ServiceLevels) ScheduleClosing(ctx context.Context, status domain.ID) error {
	var failures ticketErrors
	for after := domain.ID(""); ; {
		last, err := s.scheduleBatch(ctx, status, after)
		if err != nil && !isTransient(ctx, err) {
			last, err = s.scheduleEach(ctx, status, after, &failures)
		}
		if err != nil || last == "" {
			return errors.Join(append(failures.errs(), err)...)
		}
		after = last
	}
}

// scheduleBatch processes a batch of tickets after a ticket, in one transaction. It returns the last of them; "" if there are
// no more.
func (s *ServiceLevels) scheduleBatch(ctx context.Context, status, after domain.ID) (domain.ID, error) {
	return recoverPanic(func() (domain.ID, error) {
		return usecase.Update(ctx, s.Store, func(tx ports.Tx) (domain.ID, error) {
			batch, err := tx.Tickets.LockInStatus(ctx, status, after, scheduleBatch)
			if err != nil || len(batch) == 0 {
				return "", err
			}
			return batch[len(batch)-1].ID, schedule(ctx, tx, batch)
		})
	})
}

// scheduleEach is scheduleBatch with a transaction for each ticket. It adds the errors of tickets to failed.
func (s *ServiceLevels) scheduleEach(ctx context.Context, status, after domain.ID, failed *ticketErrors) (last domain.ID, err error) {
	refs, err := usecase.View(ctx, s.Store, func(tx ports.Tx) ([]ports.TicketRef, error) {
		return tx.Tickets.RefsInStatus(ctx, status, after, scheduleBatch)
	})
	for _, x := range refs {
		_, ticketErr := recoverPanic(func() (struct{}, error) { return struct{}{}, s.scheduleOne(ctx, status, x.ID) })
		switch {
		case ticketErr == nil:
		case isTransient(ctx, ticketErr):
			return x.ID, ticketErr
		default:
			failed.add("schedule the closing of", x, ticketErr)
		}
		last = x.ID
	}
	return last, err
}

// scheduleOne processes a ticket that still has the status; it ignores other tickets.
func (s *ServiceLevels) scheduleOne(ctx context.Context, status, id domain.ID) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		v, err := tx.Tickets.Lock(ctx, id, access.EveryTicket)
		if errors.Is(err, domain.ErrNotFound) || err == nil && v.StatusID != status {
			return nil
		}
		if err != nil {
			return err
		}
		return schedule(ctx, tx, []ticket.View{v})
	})
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
