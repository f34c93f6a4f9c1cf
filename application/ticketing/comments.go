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

// Comments are the use cases of comments on tickets. For an actor, comments outside of its reach do not exist,
// including internal notes that it may not see.
type Comments struct {
	usecase.Base
	Clocks *servicelevel.Clocks
}

// List returns at most size comments of a ticket, oldest first, that are newer than after; nil starts at the oldest.
// next is the position where the list continues, nil at its end.
func (s *Comments) List(
	ctx context.Context, actor access.Actor, of domain.ID, after *ports.TimelinePosition, size int,
) (all []ticket.CommentView, next *ports.TimelinePosition, err error) {
	return timeline(ctx, s.Base, actor, of, size, func(tx ports.Tx) ([]ticket.CommentView, error) {
		return tx.Comments.List(ctx, of, actor.SeesAll(), after, size+1)
	}, func(c ticket.CommentView) ports.TimelinePosition {
		return ports.TimelinePosition{At: c.CreatedAt, ID: c.ID}
	})
}

// Get returns one comment of a ticket.
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

// Write adds a comment to a ticket. If the draft has a status, Write also changes the status of the ticket, as
// Tickets.Update does: both or neither.
func (s *Comments) Write(
	ctx context.Context, actor access.Actor, of domain.ID, d ticket.CommentDraft, once *usecase.Idempotency,
) (ticket.CommentView, error) {
	if err := usecase.May(actor, access.TicketsMenu, access.MayView); err != nil {
		return ticket.CommentView{}, err
	}
	if err := actor.MayComment(); err != nil {
		return ticket.CommentView{}, err
	}
	status := d.Patch()
	if status.StatusID.Set {
		if err := usecase.May(actor, access.TicketsMenu, access.MayUpdate); err != nil {
			return ticket.CommentView{}, err
		}
	}
	if err := s.checkReplay(ctx, actor, of, d, once); err != nil {
		return ticket.CommentView{}, err
	}
	return usecase.Create(ctx, s.Base, once, func(tx ports.Tx) (ticket.CommentView, error) {
		v, found, err := tx.Tickets.LockFor(ctx, of, actor.Reach(), d.Refs())
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
		c.Heard(before, v, actor, now)
		if err := tx.Comments.Add(ctx, c.Comment); err != nil {
			return ticket.CommentView{}, err
		}
		done := record.Change{
			Before: before, After: v, Comment: &c, Kind: ticket.EntryCommented, Effect: c.Effect,
			Actor: actor, At: now, ByRule: !status.StatusID.Set && v.StatusID != before.StatusID,
		}
		return c, s.record(ctx, tx, done, servicelevel.HoursOf(found))
	})
}

// checkReplay fails unless the actor could still write the comment: a stored response must not be replayed to an actor
// that may no longer see it.
func (s *Comments) checkReplay(
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

// Edit changes the fields that are set in d of a comment of the actor's own, on a ticket that it sees.
func (s *Comments) Edit(
	ctx context.Context, actor access.Actor, of, id domain.ID, d ticket.CommentPatch, match usecase.Match[ticket.CommentView],
) (ticket.CommentView, error) {
	if err := usecase.May(actor, access.TicketsMenu, access.MayView); err != nil {
		return ticket.CommentView{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (ticket.CommentView, error) {
		v, c, found, err := s.lock(ctx, tx, actor, of, id, match)
		if err != nil {
			return ticket.CommentView{}, err
		}
		was, now := c, s.Clocks.Now(v)
		before, err := s.Clocks.RecordDue(ctx, tx, v, now)
		if err != nil {
			return ticket.CommentView{}, err
		}
		v = before
		if err := v.EditComment(&c.Comment, d, found, actor, now); err != nil || c.Equal(was.Comment) {
			return c, err
		}
		if c.Visibility != was.Visibility {
			c.Heard(before, v, actor, now)
		}
		if err := tx.Comments.AddVersion(ctx, was.Former(s.NewID(), now, false)); err != nil {
			return ticket.CommentView{}, err
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
			done.Published, done.Effect, done.ByRule = true, c.Effect, v.StatusID != before.StatusID
		}
		if was.Visibility == ticket.Public && c.Visibility != ticket.Public {
			return c, s.retract(ctx, tx, done, was.Comment)
		}
		return c, s.record(ctx, tx, done, servicelevel.HoursOf(found))
	})
}

// Delete removes a comment of the actor's own. The history keeps that there was a comment, but not its text.
func (s *Comments) Delete(ctx context.Context, actor access.Actor, of, id domain.ID, match usecase.Match[ticket.CommentView]) error {
	if err := usecase.May(actor, access.TicketsMenu, access.MayView); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		v, c, _, err := s.lock(ctx, tx, actor, of, id, match)
		if err != nil {
			return err
		}
		now := s.Clocks.Now(v)
		if err := c.MayDelete(actor, now); err != nil {
			return err
		}
		if c.Visibility == ticket.Public {
			if v, err = s.Clocks.RecordDue(ctx, tx, v, now); err != nil {
				return err
			}
		}
		if err := tx.Comments.AddVersion(ctx, c.Former(s.NewID(), now, true)); err != nil {
			return err
		}
		if err := tx.Comments.Remove(ctx, id); err != nil {
			return err
		}
		done := record.Change{Before: v, After: v, Comment: &c, Kind: ticket.EntryCommentDeleted, Actor: actor, At: now}
		if c.Visibility == ticket.Public {
			done.After.Unsay()
			return s.retract(ctx, tx, done, c.Comment)
		}
		return s.record(ctx, tx, done, 0)
	})
}

// Versions returns at most size versions of a comment, oldest first, that ended after a position; nil starts at the oldest. The
// comment may be deleted. Only actors that see internal notes find versions. next is the position where the list continues, nil
// at its end.
func (s *Comments) Versions(
	ctx context.Context, actor access.Actor, of, id domain.ID, after *ports.TimelinePosition, size int,
) (all []ticket.VersionView, next *ports.TimelinePosition, err error) {
	return timeline(ctx, s.Base, actor, of, size, func(tx ports.Tx) ([]ticket.VersionView, error) {
		if !actor.SeesAll() {
			return nil, domain.ErrNotFound
		}
		all, err := tx.Comments.Versions(ctx, of, id, after, size+1)
		if err == nil && len(all) == 0 && after == nil {
			err = domain.ErrNotFound
		}
		return all, err
	}, func(v ticket.VersionView) ports.TimelinePosition {
		return ports.TimelinePosition{At: v.Until, ID: v.ID}
	})
}

// lock locks a ticket and its comment, and fails as Stale if the comment is not the one that the client saw.
func (s *Comments) lock(
	ctx context.Context, tx ports.Tx, actor access.Actor, of, id domain.ID, match usecase.Match[ticket.CommentView],
) (ticket.View, ticket.CommentView, ticket.Found, error) {
	v, found, err := tx.Tickets.LockFor(ctx, of, actor.Reach(), ticket.ReplyRefs)
	if err != nil {
		return ticket.View{}, ticket.CommentView{}, found, err
	}
	c, err := tx.Comments.Lock(ctx, of, id, actor.SeesAll())
	if err != nil {
		return ticket.View{}, ticket.CommentView{}, found, err
	}
	return v, c, found, match.Holds(c)
}

// record applies a comment to the clocks of its ticket, saves the ticket if it changed, and records the change. hours
// are those of the ticket's priority.
func (s *Comments) record(ctx context.Context, tx ports.Tx, c record.Change, hours int) error {
	if err := s.Clocks.Apply(ctx, tx, &c, hours); err != nil {
		return err
	}
	return s.save(ctx, tx, c)
}

// retract records that a public comment, as it was, has been deleted or made internal: it has not been said.
func (s *Comments) retract(ctx context.Context, tx ports.Tx, c record.Change, was ticket.Comment) error {
	if err := undoRule(ctx, tx, &c, was); err != nil {
		return err
	}
	if err := s.Clocks.Retract(ctx, tx, &c, was); err != nil {
		return err
	}
	return s.save(ctx, tx, c)
}

// recentEntries is how many entries of the history are read to find a rule that must be undone. More are not made while a
// comment can be taken back; if they are, the status stays.
const recentEntries = 100

// undoRule moves the ticket back to the status that it had before a reply opened it, if the reply was taken back and the
// status has not changed since.
func undoRule(ctx context.Context, tx ports.Tx, c *record.Change, was ticket.Comment) error {
	if was.AuthorID != c.Before.Requester() || c.Before.StatusType != ticket.Open {
		return nil
	}
	history, err := tx.History.List(ctx, c.After.ID, true, nil, recentEntries)
	if err != nil {
		return err
	}
	undo, ok := ticket.UndoOf(was.ID, history)
	if !ok {
		return nil
	}
	found, err := tx.Tickets.Find(ctx, ticket.Refs{StatusID: domain.Some(undo.StatusID)})
	if err != nil || found.Status == nil { // the status was removed
		return err
	}
	c.After.Undo(undo, *found.Status, c.At)
	c.ByRule = true
	return nil
}

func (s *Comments) save(ctx context.Context, tx ports.Tx, c record.Change) error {
	if !c.Before.Equal(c.After.Ticket) {
		if err := tx.Tickets.Save(ctx, c.After.Ticket); err != nil {
			return err
		}
	}
	return s.Clocks.Record(ctx, tx, c)
}
