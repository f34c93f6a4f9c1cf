package application

import (
	"context"
	"time"

	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// changed is one change of a ticket, or of what is said on it.
type changed struct {
	before  ticket.View // without an ID: the ticket is new
	after   ticket.View
	comment *ticket.CommentView // nil where no comment was touched
	kind    ticket.EntryKind    // what was done with the comment
	actor   access.Actor        // the zero one is the service itself
	cause   ticket.Cause

	published bool // an internal note became public
}

// causedBy says that an actor changes something at a moment; the zero actor is the service itself.
func causedBy(actor access.Actor, at time.Time) ticket.Cause {
	if actor.ID == "" {
		return ticket.Cause{Via: ticket.ViaJob, At: at}
	}
	return ticket.Cause{Actor: actor.ID, Via: ticket.ViaAPI, At: at}
}

// record is the one way by which changes of tickets become known, in their own transaction: it puts them on record, in
// one round trip for all of them, and tells whoever must know.
func (d Deps) record(ctx context.Context, tx ports.Tx, all ...changed) error {
	var entries []ticket.Entry
	for _, c := range all {
		entries = append(entries, ticket.History(c.before, c.after, c.cause, d.NewID)...)
		if c.comment != nil {
			entries = append(entries, ticket.CommentHistory(c.comment.Comment, c.kind, c.cause, d.NewID()))
		}
	}
	if len(entries) == 0 {
		return nil
	}
	if err := tx.History.Add(ctx, entries); err != nil {
		return err
	}
	for _, c := range all {
		if err := d.tell(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}
