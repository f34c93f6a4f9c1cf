package ticketing

import (
	"context"
	"errors"
	"fmt"

	"tickt/application/record"
	"tickt/application/servicelevel"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// handOverBatch is how many tickets one job hands over, which takes some seconds: after a crash, another process takes over only
// when the time of the job is over.
const handOverBatch = 200

// HandOver assigns the active tickets of a deactivated account to another one, or to no one, each in its own transaction, with
// the account that asked for it as the cause. After a batch of tickets, a new job goes on with the others. A job can be repeated:
// a ticket that has another assignee by now, or is no longer active, stays as it is, and so do all if the account is active
// again. Tickets that fail do not stop the others; their errors are returned, with their numbers. Only if the whole batch fails,
// no job goes on, as the next would fail like it, and each attempt of each job would add another one. It has no actor: a job
// calls it.
func (s *Tickets) HandOver(ctx context.Context, job domain.ID) error {
	h, ok := ticket.HandOverOf(job)
	if !ok {
		return fmt.Errorf("%q is no hand-over", job)
	}
	batch, actor, err := s.handedOver(ctx, h)
	if err != nil {
		return err
	}
	var failed []error
	for _, x := range batch {
		if err := s.handOverOne(ctx, h, actor, x.ID); err != nil && !errors.Is(err, domain.ErrNotFound) {
			if ctx.Err() != nil || domain.KindOf(err) == domain.Unavailable {
				return err
			}
			failed = append(failed, fmt.Errorf("hand over ticket %s: %w", x.Number, err))
		}
	}
	if len(batch) == handOverBatch && len(failed) < len(batch) {
		h.After = batch[len(batch)-1].ID
		if err := s.Store.Update(ctx, func(tx ports.Tx) error {
			return tx.Jobs.Add(ctx, ports.Job{Kind: ports.HandOverJob, ID: h.ID()})
		}); err != nil {
			return err
		}
	}
	return errors.Join(failed...)
}

// handedOver returns the next tickets that are handed over, and the actor who asked for it. There are none if the account is
// active again.
func (s *Tickets) handedOver(
	ctx context.Context, h ticket.HandOver,
) (batch []ports.TicketRef, actor access.Actor, err error) {
	err = s.Store.View(ctx, func(tx ports.Tx) error {
		batch = nil
		from, err := tx.Accounts.Get(ctx, h.From)
		if err != nil || from.IsActive {
			return err
		}
		actor = access.Actor{Via: access.ViaJob}
		switch by, err := usecase.Known(tx.Accounts.Get(ctx, h.By)); {
		case err != nil:
			return err
		case by != nil: // the account still exists
			actor.ID, actor.Username = by.ID, by.Username
		}
		batch, err = tx.Tickets.ActiveOf(ctx, h.From, h.After, handOverBatch)
		return err
	})
	return batch, actor, err
}

// handOverOne sets the new assignee of one ticket, if it is active and still has the former one, who is still deactivated. Clocks
// stay as they are.
func (s *Tickets) handOverOne(ctx context.Context, h ticket.HandOver, actor access.Actor, id domain.ID) error {
	c := ticket.Patch{AssignedTo: domain.Null[string]()}
	if h.To != "" {
		c.AssignedTo = domain.Some(string(h.To))
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		v, found, err := tx.Tickets.LockFor(ctx, id, access.EveryTicket, c.Refs(false))
		if err != nil || v.AssignedTo != h.From || !v.AssigneeGone || !v.StatusType.Active() {
			return err
		}
		now := s.Clocks.Now(v)
		before, err := s.Clocks.RecordDue(ctx, tx, v, now)
		if err != nil {
			return err
		}
		v = before
		if err := v.Apply(c, found, now); err != nil {
			return err
		}
		done := record.Change{Before: before, After: v, Actor: actor, At: now}
		if err := s.Clocks.Apply(ctx, tx, &done, servicelevel.HoursOf(found)); err != nil {
			return err
		}
		if err := tx.Tickets.Save(ctx, done.After.Ticket); err != nil {
			return err
		}
		return s.Clocks.Record(ctx, tx, done)
	})
}
