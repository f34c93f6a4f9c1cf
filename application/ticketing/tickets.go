// Package ticketing holds the use cases of tickets, their comments, statuses and priorities, and the dashboard.
package ticketing

import (
	"context"
	"errors"
	"time"

	"tickt/application/record"
	"tickt/application/servicelevel"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Tickets are the use cases of tickets. For an actor, tickets outside of its reach do not exist.
type Tickets struct {
	usecase.Base
	Clocks *servicelevel.Clocks
	Zone   *time.Location // of the service; its days are in the ticket numbers
}

// List returns a page of the tickets that the actor reaches. It sets q.Now and q.Notes.
func (s *Tickets) List(ctx context.Context, actor access.Actor, q ticket.Query) (ports.TicketPage, error) {
	if err := usecase.May(actor, access.TicketsMenu, access.MayView); err != nil {
		return ports.TicketPage{}, err
	}
	q.Now, q.Notes = s.Clock(), actor.SeesAll()
	if q.After != nil && q.Order == ticket.ByImportance {
		q.Now = q.After.Now // all pages read by cursor are ordered as of the first one
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (ports.TicketPage, error) {
		return tx.Tickets.List(ctx, actor.Reach(), q)
	})
}

// Get returns one ticket.
func (s *Tickets) Get(ctx context.Context, actor access.Actor, id domain.ID) (ticket.View, error) {
	if err := usecase.May(actor, access.TicketsMenu, access.MayView); err != nil {
		return ticket.View{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (ticket.View, error) {
		return tx.Tickets.Get(ctx, id, actor.Reach())
	})
}

// History returns at most size history entries of a ticket, newest first, that are older than before; nil starts at the
// newest. next is the position where the list continues, nil at its end.
func (s *Tickets) History(
	ctx context.Context, actor access.Actor, id domain.ID, before *ports.TimelinePosition, size int,
) (all []ticket.EntryView, next *ports.TimelinePosition, err error) {
	return timeline(ctx, s.Base, actor, id, size, func(tx ports.Tx) ([]ticket.EntryView, error) {
		return tx.History.List(ctx, id, actor.SeesAll(), before, size+1)
	}, func(e ticket.EntryView) ports.TimelinePosition { return ports.TimelinePosition{At: e.At, ID: e.ID} })
}

// maxOpenAttempts is how many times Open tries, if something that the ticket refers to is removed or changed while it
// runs.
const maxOpenAttempts = 3

// Open creates a ticket. The number is taken when only the store can still refuse the ticket, and before the
// transaction, so that clients opening tickets at the same time do not wait for each other. If the transaction fails,
// the number is lost.
func (s *Tickets) Open(ctx context.Context, actor access.Actor, wanted ticket.Patch, once *usecase.Idempotency) (ticket.View, error) {
	if err := usecase.MayCreate(ctx, s.Base, actor, access.TicketsMenu, once); err != nil {
		return ticket.View{}, err
	}
	if err := wanted.Restrict(actor, true); err != nil {
		return ticket.View{}, err
	}
	for range maxOpenAttempts {
		c, err := s.draft(ctx, actor, wanted)
		if err != nil {
			return ticket.View{}, err
		}
		_, err = usecase.Create(ctx, s.Base, once, func(tx ports.Tx) (ticket.View, error) {
			if err := tx.Tickets.Add(ctx, c.After.Ticket); err != nil {
				return ticket.View{}, err
			}
			return c.After, s.Clocks.Record(ctx, tx, c)
		})
		if !errors.Is(err, ports.ErrGone) {
			return c.After, err
		}
	}
	return ticket.View{}, domain.Fail(domain.Conflict, "What the ticket refers to was just removed or changed. Please try again.")
}

// draft decides on a new ticket and on what is promised for it, and assigns its number.
func (s *Tickets) draft(ctx context.Context, actor access.Actor, wanted ticket.Patch) (record.Change, error) {
	c, err := usecase.View(ctx, s.Store, func(tx ports.Tx) (record.Change, error) {
		found, err := tx.Tickets.Find(ctx, wanted.Refs(true))
		if err != nil {
			return record.Change{}, err
		}
		now := s.Clock()
		v, err := ticket.New(s.NewID(), wanted, found, actor, now)
		if err != nil {
			return record.Change{}, err
		}
		c := record.Change{After: v, Actor: actor, At: now}
		return c, s.Clocks.Apply(ctx, tx, &c, servicelevel.HoursOf(found))
	})
	if err != nil {
		return record.Change{}, err
	}
	day := c.At.In(s.Zone).Format("20060102")
	n, err := s.Store.NextNumber(ctx, day)
	c.After = c.After.Numbered(ticket.NumberOf(day, n))
	return c, err
}

// Update changes the fields that are set in c.
func (s *Tickets) Update(
	ctx context.Context, actor access.Actor, id domain.ID, c ticket.Patch, match usecase.Match[ticket.View],
) (ticket.View, error) {
	return s.apply(ctx, actor, id, c, c, match)
}

// Replace replaces what the actor may write by c: absent fields return to their defaults.
func (s *Tickets) Replace(
	ctx context.Context, actor access.Actor, id domain.ID, c ticket.Patch, match usecase.Match[ticket.View],
) (ticket.View, error) {
	whole := c.Replacement()
	if !actor.SeesAll() {
		whole = c.RequesterReplacement()
	}
	return s.apply(ctx, actor, id, c, whole, match)
}

func (s *Tickets) apply(
	ctx context.Context, actor access.Actor, id domain.ID, asked, c ticket.Patch, match usecase.Match[ticket.View],
) (ticket.View, error) {
	if err := usecase.May(actor, access.TicketsMenu, access.MayUpdate); err != nil {
		return ticket.View{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (ticket.View, error) {
		v, found, err := tx.Tickets.LockFor(ctx, id, actor.Reach(), c.Refs(false))
		if err != nil {
			return ticket.View{}, err
		}
		if err := match.Holds(v); err != nil {
			return ticket.View{}, err
		}
		if err := asked.WithoutUnchanged(v).Restrict(actor, false); err != nil {
			return ticket.View{}, err
		}
		applied := c // c must not change: the store may run this again
		if !actor.SeesAll() {
			applied = c.WithoutUnchanged(v) // fields that it sends back unchanged must have no effect
		}
		now := s.Clocks.Now(v)
		before, err := s.Clocks.RecordDue(ctx, tx, v, now)
		if err != nil {
			return ticket.View{}, err
		}
		v = before
		if err := v.Apply(applied, found, now); err != nil {
			return ticket.View{}, err
		}
		if v.Equal(before.Ticket) {
			return before, nil
		}
		done := record.Change{Before: before, After: v, Actor: actor, At: now}
		if err := s.Clocks.Apply(ctx, tx, &done, servicelevel.HoursOf(found)); err != nil {
			return ticket.View{}, err
		}
		if err := tx.Tickets.Save(ctx, done.After.Ticket); err != nil {
			return ticket.View{}, err
		}
		return done.After, s.Clocks.Record(ctx, tx, done)
	})
}

// Delete removes a ticket from all lists and reads. Its row, number and history are kept.
func (s *Tickets) Delete(ctx context.Context, actor access.Actor, id domain.ID, match usecase.Match[ticket.View]) error {
	if err := usecase.May(actor, access.TicketsMenu, access.MayDelete); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		v, err := tx.Tickets.Lock(ctx, id, actor.Reach())
		if err != nil {
			return err
		}
		if err := match.Holds(v); err != nil {
			return err
		}
		now := s.Clocks.Now(v)
		before, err := s.Clocks.RecordDue(ctx, tx, v, now)
		if err != nil {
			return err
		}
		v = before
		v.Delete(now)
		if err := tx.Tickets.Save(ctx, v.Ticket); err != nil {
			return err
		}
		return s.Clocks.Record(ctx, tx, record.Change{Before: before, After: v, Actor: actor, At: now})
	})
}
