package desk

import (
	"context"
	"testing"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Case is a desk with the ticket that a test is about.
type Case struct {
	*Desk
	TicketID domain.ID
}

// NewCase opens a desk as New does, and a ticket of Customer.
func NewCase(t testing.TB, with ...func(*application.Deps)) *Case {
	t.Helper()
	c := &Case{Desk: New(t, with...)}
	c.TicketID = c.Open(Customer, ticket.Change{}).ID
	return c
}

// Public is a comment that everybody reads who sees the ticket.
func Public(body string) ticket.CommentDraft {
	return ticket.CommentDraft{Body: domain.To(body)}
}

// Internal is a note that only those read who see every ticket.
func Internal(body string) ticket.CommentDraft {
	return ticket.CommentDraft{Body: domain.To(body), Visibility: domain.To(string(ticket.Internal))}
}

// StatusTo is a change to the status with a code.
func (d *Desk) StatusTo(code string) domain.Change[string] {
	d.T.Helper()
	return domain.To(string(d.Status(code).ID))
}

// PriorityTo is a change to the priority with a code.
func (d *Desk) PriorityTo(code string) domain.Change[string] {
	d.T.Helper()
	return domain.To(string(d.Priority(code).ID))
}

// MenuTo is a change to the menu with a URL.
func (d *Desk) MenuTo(url string) domain.Change[string] {
	d.T.Helper()
	return domain.To(string(d.Menu(url).ID))
}

// MemberTo is a change to a member's account.
func (d *Desk) MemberTo(name string) domain.Change[string] {
	d.T.Helper()
	return domain.To(string(d.ID(name)))
}

// Moving is a comment that also gives the ticket the status with a code.
func (d *Desk) Moving(draft ticket.CommentDraft, code string) ticket.CommentDraft {
	d.T.Helper()
	draft.StatusID = d.StatusTo(code)
	return draft
}

// Ticket is the ticket as Root sees it.
func (c *Case) Ticket() ticket.View {
	c.T.Helper()
	return Must(c.Tickets.Get(c.ctx(), c.Actor(Root), c.TicketID))(c.T)
}

// Change changes the ticket as a member.
func (c *Case) Change(as string, change ticket.Change) error {
	c.T.Helper()
	return Err(c.Tickets.Change(c.ctx(), c.Actor(as), c.TicketID, change, nil))
}

// Move gives the ticket the status with a code, as a member.
func (c *Case) Move(as, code string) error {
	c.T.Helper()
	return c.Change(as, ticket.Change{StatusID: c.StatusTo(code)})
}

// Write comments on the ticket as a member.
func (c *Case) Write(as string, draft ticket.CommentDraft) (ticket.CommentView, error) {
	c.T.Helper()
	return c.Comments.Write(c.ctx(), c.Actor(as), c.TicketID, draft, nil)
}

// Wrote is Write for what must not fail.
func (c *Case) Wrote(as string, draft ticket.CommentDraft) ticket.CommentView {
	c.T.Helper()
	return Must(c.Write(as, draft))(c.T)
}

// Read returns the comments on the ticket that a member reads, each as "author: body", the oldest first.
func (c *Case) Read(as string) (all []string) {
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

// Happened returns what happened to the ticket, as a member sees its history: for each entry its kind, followed by the
// field that changed, the newest first.
func (c *Case) Happened(as string) (all []string) {
	c.T.Helper()
	entries, _, err := c.Tickets.History(c.ctx(), c.Actor(as), c.TicketID, nil, 100)
	Check(c.T, err)
	for _, e := range entries {
		all = append(all, string(e.Kind)+e.Field)
	}
	return all
}

// Record returns all that is stored of the ticket's history, the newest first, also that of a deleted one.
func (c *Case) Record() (all []ticket.EntryView) {
	c.T.Helper()
	c.Update(func(ctx context.Context, tx ports.Tx) error {
		all = nil
		var before *ports.Moment
		for {
			part, err := tx.History.List(ctx, c.TicketID, true, before, 7)
			if err != nil || len(part) == 0 {
				return err
			}
			all = append(all, part...)
			last := part[len(part)-1]
			before = &ports.Moment{At: last.At, ID: last.ID}
		}
	})
	return all
}
