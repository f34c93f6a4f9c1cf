// Package record records changes of tickets: in their history, on their clocks, and as notifications.
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

// Change is a change of a ticket or of its comments.
type Change struct {
	Before  ticket.View // without an ID if the ticket is new
	After   ticket.View
	Comment *ticket.CommentView  // nil if no comment changed
	Kind    ticket.EntryKind     // what happened to the comment
	Effect  ticket.CommentEffect // of the comment on the clocks
	Actor   access.Actor         // the zero value is the service itself
	At      time.Time
	Ledger  *sla.Ledger // of the clocks, with the added events; nil if no clock changed
	Remind  ticket.Reminders

	Published bool // an internal note became public
	ByRule    bool // a rule of the desk changed the ticket, because of the comment or because of passing time
}

// alarms returns the warnings and breaches that are recorded with the change.
func (c Change) alarms() []sla.Event {
	if c.Ledger == nil {
		return nil
	}
	return sla.Alarms(c.Ledger.Added())
}

// event returns the change as a notification event. A comment that was changed or deleted is left out, unless an
// internal note became public.
func (c Change) event() notification.Event {
	e := notification.Event{
		Before: c.Before, After: c.After, By: c.Actor.ID, ByName: c.Actor.Username, At: c.At, Alarms: c.alarms(), Reminders: c.Remind,
	}
	if c.Comment != nil && (c.Kind == ticket.EntryCommented || c.Published) {
		e.Comment = &c.Comment.Comment
	}
	return e
}

// Recorder records changes of tickets.
type Recorder struct {
	NewID ports.NewID
	*notify.Teller
}

// Record is the one way by which changes of tickets are recorded and announced. In the transaction of the changes, it
// stores ledger entries and clock states, adds to the history, and notifies people; each for all changes at once.
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
		entries = append(entries, c.history(cause, r.NewID)...)
		if c.Ledger != nil {
			entries = append(entries, ticket.Alarms(c.After.ID, c.alarms(), c.At, r.NewID)...)
			entries = append(entries, ticket.Voids(c.After.ID, c.Ledger.Voided(), cause, r.NewID)...)
		}
		if c.Comment != nil {
			entries = append(entries, ticket.CommentHistory(c.Comment.Comment, c.Kind, cause, r.NewID()))
		}
	}
	if err := tx.History.Add(ctx, entries); err != nil {
		return err
	}
	return r.Tell(ctx, tx, events)
}

// history returns the entries of the fields that changed. If a rule changed them because of a comment, they name it.
func (c Change) history(cause ticket.Cause, next ports.NewID) []ticket.Entry {
	if !c.ByRule {
		return ticket.History(c.Before, c.After, cause, next)
	}
	cause.Via = access.ViaRule
	entries := ticket.History(c.Before, c.After, cause, next)
	if c.Comment != nil {
		for i := range entries {
			entries[i].CommentID = c.Comment.ID
		}
	}
	return entries
}

// KeepLedgers stores the events that were added to the ledgers of changed tickets, and the states of their clocks.
func KeepLedgers(ctx context.Context, tx ports.Tx, all []Change) error {
	var entries []sla.Entry
	var states []sla.ClockState
	for _, c := range all {
		if c.Ledger != nil {
			entries = append(entries, c.Ledger.AddedTo(c.After.ID, c.At)...)
			states = append(states, c.Ledger.ClockStates(c.After.ID)...)
		}
	}
	if len(entries) == 0 {
		return nil
	}
	if err := tx.Ledgers.Add(ctx, entries); err != nil {
		return err
	}
	return tx.Ledgers.SaveClockStates(ctx, states)
}
