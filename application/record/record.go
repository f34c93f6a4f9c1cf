// Package record makes changes of tickets known: to their history, their clocks and the people concerned.
package record

import (
	"context"
	"time"

	"tickt/application/notify"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Change is one change of a ticket, or of what is said on it.
type Change struct {
	Before  ticket.View // without an ID: the ticket is new
	After   ticket.View
	Comment *ticket.CommentView  // nil where no comment was touched
	Kind    ticket.EntryKind     // what was done with the comment
	Effect  ticket.CommentEffect // by the comment, as the ticket's clocks hear it
	Actor   access.Actor         // the zero one is the service itself
	At      time.Time
	Ledger  *sla.Ledger // of the ticket's clocks, with what the change did to them; nil where it did nothing
	Remind  bool        // of the due date

	Published bool // an internal note became public
}

// alarms returns the warnings and breaches that the change brought, or found.
func (c Change) alarms() []sla.Event {
	if c.Ledger == nil {
		return nil
	}
	return sla.Alarms(c.Ledger.Added())
}

// event is the change as those concerned see it. A comment that was changed or deleted is no news, except a note that more
// people than before can read.
func (c Change) event() notification.Event {
	e := notification.Event{
		Before: c.Before, After: c.After, By: c.Actor.ID, ByName: c.Actor.Username, At: c.At, Alarms: c.alarms(), DueSoon: c.Remind,
	}
	if c.Comment != nil && (c.Kind == ticket.EntryCommented || c.Published) {
		e.Comment = &c.Comment.Comment
	}
	return e
}

// Recorder makes changes of tickets known.
type Recorder struct {
	NewID ports.NewID
	*notify.Teller
}

// Record is the one way by which changes of tickets become known, in their own transaction: it stores what they did to
// clocks, adds them to the history and tells whoever must know; each for all of them at once.
func (r *Recorder) Record(ctx context.Context, tx ports.Tx, all ...Change) error {
	if err := KeepLedgers(ctx, tx, all); err != nil {
		return err
	}
	var entries []ticket.Entry
	events := make([]notification.Event, len(all))
	for i, c := range all {
		cause, err := ticket.CausedBy(c.Actor, c.At)
		if err != nil {
			return err
		}
		events[i] = c.event()
		entries = append(entries, ticket.History(c.Before, c.After, cause, r.NewID)...)
		entries = append(entries, ticket.Alarms(c.After.ID, c.alarms(), c.At, r.NewID)...)
		if c.Comment != nil {
			entries = append(entries, ticket.CommentHistory(c.Comment.Comment, c.Kind, cause, r.NewID()))
		}
	}
	if err := tx.History.Add(ctx, entries); err != nil {
		return err
	}
	return r.Tell(ctx, tx, events)
}

// KeepLedgers stores what has happened to the clocks of tickets that were changed.
func KeepLedgers(ctx context.Context, tx ports.Tx, all []Change) error {
	var entries []sla.Entry
	var standings []sla.ClockState
	for _, c := range all {
		if c.Ledger != nil {
			entries = append(entries, c.Ledger.AddedTo(c.After.ID, c.At)...)
			standings = append(standings, c.Ledger.ClockStates(c.After.ID)...)
		}
	}
	if len(entries) == 0 {
		return nil
	}
	if err := tx.Ledgers.Add(ctx, entries); err != nil {
		return err
	}
	return tx.Ledgers.SaveClockStates(ctx, standings)
}
