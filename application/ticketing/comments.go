package ticketing

import (
	"context"

	"tickt/application/record"
	"tickt/application/servicelevel"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Comments are the use cases of what people say on tickets. What an actor's scope does not reach does not exist for
// it, internal notes included.
type Comments struct {
	usecase.Base
	Clocks *servicelevel.Clocks
}

// List returns at most size comments of a ticket, the oldest first, after a place, or from the first one if it is nil;
// next is where the list goes on, nil at its end.
func (s *Comments) List(
	ctx context.Context, actor access.Actor, of domain.ID, after *ports.TimelinePosition, size int,
) (all []ticket.CommentView, next *ports.TimelinePosition, err error) {
	return timeline(ctx, s.Base, actor, of, size, func(tx ports.Tx) ([]ticket.CommentView, error) {
		return tx.Comments.List(ctx, of, actor.SeesAll(), after, size+1)
	}, func(c ticket.CommentView) ports.TimelinePosition {
		return ports.TimelinePosition{At: c.CreatedAt, ID: c.ID}
	})
}

// Get gives one comment of a ticket.
func (s *Comments) Get(ctx context.Context, actor access.Actor, of, id domain.ID) (ticket.CommentView, error) {
	if err := usecase.May(actor, access.TicketsMenu, access.MayView); err != nil {
		return ticket.CommentView{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (ticket.CommentView, error) {
		if _, err := tx.Tickets.Get(ctx, of, actor.Reach()); err != nil {
			return ticket.CommentView{}, err
		}
		return tx.Comments.Get(ctx, of, id, actor.SeesAll())
	})
}

// Write says something on a ticket and, where the draft names a status, changes the ticket's status with it, as Change
// of Tickets does: both or neither.
func (s *Comments) Write(
	ctx context.Context, actor access.Actor, of domain.ID, d ticket.CommentDraft, once *usecase.Idempotency,
) (ticket.CommentView, error) {
	if err := mayComment(actor); err != nil {
		return ticket.CommentView{}, err
	}
	status := d.Patch()
	if status.StatusID.Set {
		if err := usecase.May(actor, access.TicketsMenu, access.MayUpdate); err != nil {
			return ticket.CommentView{}, err
		}
	}
	if err := s.mayRepeat(ctx, actor, of, d, once); err != nil {
		return ticket.CommentView{}, err
	}
	return usecase.Create(ctx, s.Base, once, func(tx ports.Tx) (ticket.CommentView, error) {
		v, found, err := tx.Tickets.LockFor(ctx, of, actor.Reach(), status.Refs(false))
		if err != nil {
			return ticket.CommentView{}, err
		}
		if err := status.Restrict(actor, false); err != nil {
			return ticket.CommentView{}, err
		}
		now := s.Clocks.Now(v)
		before, err := s.Clocks.RecordDue(ctx, tx, v, now)
		if err != nil {
			return ticket.CommentView{}, err
		}
		v = before
		c, err := v.Comment(s.NewID(), d, found, actor, now)
		if err != nil {
			return ticket.CommentView{}, err
		}
		if err := tx.Comments.Add(ctx, c.Comment); err != nil {
			return ticket.CommentView{}, err
		}
		done := record.Change{
			Before: before, After: v, Comment: &c, Kind: ticket.EntryCommented, Effect: c.ClockEffect(before.Ticket, actor),
			Actor: actor, At: now,
		}
		return c, s.settle(ctx, tx, done, servicelevel.HoursOf(found))
	})
}

// mayRepeat refuses, before what was answered under a key is answered again, an actor who could not write it today.
func (s *Comments) mayRepeat(
	ctx context.Context, actor access.Actor, of domain.ID, d ticket.CommentDraft, once *usecase.Idempotency,
) error {
	if once == nil {
		return nil
	}
	return s.Store.View(ctx, func(tx ports.Tx) error {
		if _, err := tx.Tickets.Get(ctx, of, actor.Reach()); err != nil {
			return err
		}
		return d.MayWrite(actor)
	})
}

// Edit changes the fields of the actor's own comment that d names and leaves the others as they are.
func (s *Comments) Edit(
	ctx context.Context, actor access.Actor, of, id domain.ID, d ticket.CommentPatch, match usecase.Match[ticket.CommentView],
) (ticket.CommentView, error) {
	if err := mayComment(actor); err != nil {
		return ticket.CommentView{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (ticket.CommentView, error) {
		v, c, err := s.lock(ctx, tx, actor, of, id, match)
		if err != nil {
			return ticket.CommentView{}, err
		}
		was, now := c, s.Clocks.Now(v)
		before, err := s.Clocks.RecordDue(ctx, tx, v, now)
		if err != nil {
			return ticket.CommentView{}, err
		}
		v = before
		if err := v.EditComment(&c.Comment, d, actor, now); err != nil || c.Equal(was.Comment) {
			return c, err
		}
		if err := tx.Comments.Save(ctx, c.Comment); err != nil {
			return ticket.CommentView{}, err
		}
		done := record.Change{
			Before:  before,
			After:   v,
			Comment: &c,
			Kind:    ticket.EntryCommentEdited,
			Actor:   actor,
			At:      now,
		}
		if was.Visibility != ticket.Public && c.Visibility == ticket.Public {
			done.Published, done.Effect = true, c.ClockEffect(before.Ticket, actor)
		}
		return c, s.settle(ctx, tx, done, 0)
	})
}

// Delete takes the actor's own comment back. That there was one stays on record, what it said does not.
func (s *Comments) Delete(ctx context.Context, actor access.Actor, of, id domain.ID, match usecase.Match[ticket.CommentView]) error {
	if err := mayComment(actor); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		v, c, err := s.lock(ctx, tx, actor, of, id, match)
		if err != nil {
			return err
		}
		now := s.Clocks.Now(v)
		if err := c.MayDelete(actor, now); err != nil {
			return err
		}
		if err := tx.Comments.Remove(ctx, id); err != nil {
			return err
		}
		return s.settle(
			ctx,
			tx,
			record.Change{Before: v, After: v, Comment: &c, Kind: ticket.EntryCommentDeleted, Actor: actor, At: now},
			0,
		)
	})
}

// mayComment is the first line of every use case that changes what is said: who sees tickets and may create or update
// them may talk on them.
func mayComment(actor access.Actor) error {
	if err := usecase.May(actor, access.TicketsMenu, access.MayView); err != nil {
		return err
	}
	return actor.MayComment()
}

// lock gives a comment and its ticket, where the comment is still what the client saw.
func (s *Comments) lock(
	ctx context.Context, tx ports.Tx, actor access.Actor, of, id domain.ID, match usecase.Match[ticket.CommentView],
) (ticket.View, ticket.CommentView, error) {
	v, err := tx.Tickets.Lock(ctx, of, actor.Reach())
	if err != nil {
		return ticket.View{}, ticket.CommentView{}, err
	}
	c, err := tx.Comments.Lock(ctx, of, id, actor.SeesAll())
	if err != nil {
		return ticket.View{}, ticket.CommentView{}, err
	}
	return v, c, match.Holds(c)
}

// settle keeps what a comment did to its ticket, whose priority promises so many hours, and records it.
func (s *Comments) settle(ctx context.Context, tx ports.Tx, c record.Change, hours int) error {
	if err := s.Clocks.Apply(ctx, tx, &c, hours); err != nil {
		return err
	}
	if !c.Before.Equal(c.After.Ticket) {
		if err := tx.Tickets.Save(ctx, c.After.Ticket); err != nil {
			return err
		}
	}
	return s.Clocks.Record(ctx, tx, c)
}
