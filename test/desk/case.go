package desk

import (
	"context"
	"testing"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Case is a desk with one ticket.
type Case struct {
	*Desk
	TicketID domain.ID
}

// NewCase opens a desk as New does, and a ticket as Customer.
func NewCase(t testing.TB, with ...func(*application.Deps)) *Case {
	t.Helper()
	c := &Case{Desk: New(t, with...)}
	c.TicketID = c.Open(Customer, ticket.Patch{}).ID
	return c
}

// Public returns the draft of a public comment.
func Public(body string) ticket.CommentDraft {
	return ticket.CommentDraft{Body: domain.Some(body)}
}

// Internal returns the draft of an internal note.
func Internal(body string) ticket.CommentDraft {
	return ticket.CommentDraft{Body: domain.Some(body), Visibility: domain.Some(string(ticket.Internal))}
}

// WithStatus returns the draft of a comment that also sets the ticket's status to the one with a code.
func (d *Desk) WithStatus(draft ticket.CommentDraft, code string) ticket.CommentDraft {
	d.T.Helper()
	draft.StatusID = d.StatusTo(code)
	return draft
}

// Ticket returns the ticket as Root sees it.
func (c *Case) Ticket() ticket.View {
	c.T.Helper()
	return Must(c.Tickets.Get(c.ctx(), c.Actor(Root), c.TicketID))(c.T)
}

// Change updates the ticket as a member.
func (c *Case) Change(as string, change ticket.Patch) error {
	c.T.Helper()
	return Err(c.Tickets.Update(c.ctx(), c.Actor(as), c.TicketID, change, nil))
}

// SetStatus sets the ticket's status to the one with a code, as a member.
func (c *Case) SetStatus(as, code string) error {
	c.T.Helper()
	return c.Change(as, ticket.Patch{StatusID: c.StatusTo(code)})
}

// Write comments on the ticket as a member.
func (c *Case) Write(as string, draft ticket.CommentDraft) (ticket.CommentView, error) {
	c.T.Helper()
	return c.Comments.Write(c.ctx(), c.Actor(as), c.TicketID, draft, nil)
}

// MustWrite is Write, except that an error ends the test.
func (c *Case) MustWrite(as string, draft ticket.CommentDraft) ticket.CommentView {
	c.T.Helper()
	return Must(c.Write(as, draft))(c.T)
}

// CommentsAs returns the comments on the ticket that a member may read, each as "author: body", the oldest first.
func (c *Case) CommentsAs(as string) (all []string) {
	c.T.Helper()
	comments, next, err := c.Comments.List(c.ctx(), c.Actor(as), c.TicketID, nil, 100)
	if err != nil || next != nil {
		c.T.Fatal(next, err)
	}
	for _, x := range comments {
		all = append(all, x.Author+": "+x.Body)
	}
	return all
}

// HistoryAs returns the ticket's history as a member sees it, the newest entry first. Each entry is its kind, followed by
// the field that changed.
func (c *Case) HistoryAs(as string) (all []string) {
	c.T.Helper()
	entries, _, err := c.Tickets.History(c.ctx(), c.Actor(as), c.TicketID, nil, 100)
	Check(c.T, err)
	for _, e := range entries {
		all = append(all, string(e.Kind)+e.Field)
	}
	return all
}

// FullHistory returns the ticket's whole history as it is stored, the newest entry first. The ticket may be deleted.
func (c *Case) FullHistory() (all []ticket.EntryView) {
	c.T.Helper()
	c.Update(func(ctx context.Context, tx ports.Tx) error {
		all = nil
		var before *ports.TimelinePosition
		for {
			part, err := tx.History.List(ctx, c.TicketID, true, before, 7)
			if err != nil || len(part) == 0 {
				return err
			}
			all = append(all, part...)
			last := part[len(part)-1]
			before = &ports.TimelinePosition{At: last.At, ID: last.ID}
		}
	})
	return all
}
