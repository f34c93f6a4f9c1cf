package application

import (
	"context"
	"time"

	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// changed is one change of a ticket, or of what is said on it.
type changed struct {
	before  ticket.View // without an ID: the ticket is new
	after   ticket.View
	comment *ticket.CommentView // nil where no comment was touched
	kind    ticket.EntryKind    // what was done with the comment
	said    ticket.Said         // by the comment, as the ticket's clocks hear it
	actor   access.Actor        // the zero one is the service itself
	cause   ticket.Cause
	ledger  *sla.Ledger // of the ticket's clocks, with what the change did to them; nil where it did nothing
	remind  bool        // of the due date

	published bool // an internal note became public
}

// causedBy says that an actor changes something at a moment; the zero actor is the service itself.
func causedBy(actor access.Actor, at time.Time) ticket.Cause {
	if actor.ID == "" {
		return ticket.Cause{Via: ticket.ViaJob, At: at}
	}
	return ticket.Cause{Actor: actor.ID, Via: ticket.ViaAPI, At: at}
}

// alarms gives the warnings and breaches that the change brought, or found.
func (c changed) alarms() []sla.Event {
	if c.ledger == nil {
		return nil
	}
	return sla.Alarms(c.ledger.Added())
}

// record is the one way by which changes of tickets become known, in their own transaction: it keeps what they did to
// clocks, puts them on record and tells whoever must know; each for all of them at once.
func (d Deps) record(ctx context.Context, tx ports.Tx, all ...changed) error {
	if err := keepLedgers(ctx, tx, all); err != nil {
		return err
	}
	var entries []ticket.Entry
	for _, c := range all {
		entries = append(entries, ticket.History(c.before, c.after, c.cause, d.NewID)...)
		entries = append(entries, ticket.Alarms(c.after.ID, c.alarms(), c.cause.At, d.NewID)...)
		if c.comment != nil {
			entries = append(entries, ticket.CommentHistory(c.comment.Comment, c.kind, c.cause, d.NewID()))
		}
	}
	if err := tx.History.Add(ctx, entries); err != nil {
		return err
	}
	return d.tell(ctx, tx, all)
}
