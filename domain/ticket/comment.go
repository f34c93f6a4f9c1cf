package ticket

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// Visibility says who may read a comment.
type Visibility string

// The visibilities, as clients name them.
const (
	Public   Visibility = "public"   // whoever sees the ticket
	Internal Visibility = "internal" // those whose scope is every ticket
)

// EditWindow is how long an author may take a comment back or change it.
const EditWindow = 15 * time.Minute

// Comment is something that somebody said on a ticket.
type Comment struct {
	ID         domain.ID
	TicketID   domain.ID
	Body       string
	Visibility Visibility
	AuthorID   domain.ID
	CreatedAt  time.Time
	EditedAt   time.Time // zero: never
}

// Equal reports whether two comments are the same, each time being the same moment, in whatever zone it is told.
func (c Comment) Equal(d Comment) bool {
	return equalTimes([]*time.Time{&c.CreatedAt, &c.EditedAt}, []*time.Time{&d.CreatedAt, &d.EditedAt}) && c == d
}

// CommentView is a comment with the name of its author.
type CommentView struct {
	Comment
	Author string
}

// CommentDraft is what a client says of a new comment. StatusID also changes the ticket's status.
type CommentDraft struct {
	Body       domain.Optional[string]
	Visibility domain.Optional[string] // Public by default
	StatusID   domain.Optional[string]
	Unread     domain.Problems // what could not be read of it
}

// CommentPatch is what a client says of a comment that stands.
type CommentPatch struct {
	Body       domain.Optional[string]
	Visibility domain.Optional[string]
	Unread     domain.Problems
}

// Patch is what the draft says of the ticket itself: its status, where the draft names one.
func (d CommentDraft) Patch() Patch {
	if !d.StatusID.Given() {
		return Patch{}
	}
	return Patch{StatusID: d.StatusID}
}

var (
	errMayNotNote   = domain.Fail(domain.Forbidden, "You may not write internal notes.")
	errNotTheAuthor = domain.Fail(domain.Forbidden, "Only the author may change a comment.")
	errTooLate      = domain.Fail(domain.Conflict, fmt.Sprintf("A comment can be changed for %d minutes only.", int(EditWindow.Minutes())))
)

// MayWrite refuses whoever may not write with the visibility that the draft names.
func (d CommentDraft) MayWrite(actor access.Actor) error {
	return Comment{Visibility: Visibility(d.Visibility.Value)}.allowed(actor)
}

// NewComment writes a comment on a ticket that the actor sees and may create or update. Internal notes ask for more:
// update, and a scope of every ticket. The error lists every problem.
func NewComment(id domain.ID, t Ticket, d CommentDraft, actor access.Actor, now time.Time) (CommentView, error) {
	p := slices.Clone(d.Unread)
	c := CommentView{Comment: Comment{ID: id, TicketID: t.ID, Visibility: Public, AuthorID: actor.ID, CreatedAt: now}, Author: actor.Username}
	c.write(&p, d.Body, d.Visibility)
	if err := p.Err(); err != nil {
		return CommentView{}, err
	}
	return c, c.allowed(actor)
}

// Comment says something on the ticket, by NewComment, and does with it what the draft says of the ticket; found holds
// what d.Change().Refs led to. A ticket that is over takes a comment only together with a status that takes it up
// again. The error lists every problem; the ticket is then as it was.
func (v *View) Comment(id domain.ID, d CommentDraft, found Found, actor access.Actor, now time.Time) (CommentView, error) {
	c, err := NewComment(id, v.Ticket, d, actor, now)
	n, change := *v, d.Patch()
	var e *domain.Error
	switch {
	case err == nil && c.Responds(v.Ticket, actor):
		n.Responded(now)
	case change.StatusID.Set && errors.As(err, &e) && e.Kind == domain.Invalid:
		change.Unread = e.Problems
	case err != nil:
		return CommentView{}, err
	}
	if change.StatusID.Set {
		if err := n.Apply(change, found, now); err != nil {
			return CommentView{}, err
		}
	}
	if v.StatusType.Over() && n.StatusType.Over() {
		return CommentView{}, v.closedError()
	}
	*v = n
	return c, nil
}

// EditComment is Edit for a comment on this ticket: an internal note that becomes public may be the first answer.
func (v *View) EditComment(c *Comment, d CommentPatch, actor access.Actor, now time.Time) error {
	was := c.Visibility
	if err := c.Edit(d, actor, now); err != nil {
		return err
	}
	if was == Internal && c.Responds(v.Ticket, actor) && !v.StatusType.Over() {
		v.Responded(now)
	}
	return nil
}

// Edit changes a comment of the actor's own, within EditWindow. The error lists every problem; the comment is then as
// it was.
func (c *Comment) Edit(d CommentPatch, actor access.Actor, now time.Time) error {
	if err := c.mine(actor, now); err != nil {
		return err
	}
	p := slices.Clone(d.Unread)
	n := *c
	body := d.Body
	if !body.Set {
		body = domain.Some(c.Body)
	}
	n.write(&p, body, d.Visibility)
	if err := p.Err(); err != nil {
		return err
	}
	if err := n.allowed(actor); err != nil {
		return err
	}
	if !n.Equal(*c) {
		n.EditedAt = now
	}
	*c = n
	return nil
}

// MayDelete refuses to take a comment back that is not the actor's own or stands for longer than EditWindow.
func (c Comment) MayDelete(actor access.Actor, now time.Time) error { return c.mine(actor, now) }

func (c Comment) mine(actor access.Actor, now time.Time) error {
	switch {
	case c.AuthorID != actor.ID:
		return errNotTheAuthor
	case now.After(c.CreatedAt.Add(EditWindow)):
		return errTooLate
	}
	return nil
}

func (c *Comment) write(p *domain.Problems, body, visibility domain.Optional[string]) {
	c.Body = p.Text("body", "Body", body.Value, maxBody, domain.Required, domain.Multiline)
	if visibility.Null {
		c.Visibility = Public
	} else {
		c.Visibility = Visibility(visibility.Or(string(c.Visibility)))
	}
	if c.Visibility != Public && c.Visibility != Internal {
		p.Add("visibility", domain.CodeChoice,
			domain.Params{"what": domain.TermVisibility, "choices": domain.Names([]Visibility{Public, Internal})})
	}
}

func (c Comment) allowed(actor access.Actor) error {
	if c.Visibility == Internal && !actor.MayNote() {
		return errMayNotNote
	}
	return nil
}

// Responds says whether the comment is an answer of the desk: public, by somebody who sees every ticket and is not
// the requester.
func (c Comment) Responds(t Ticket, actor access.Actor) bool {
	return c.Visibility == Public && actor.SeesAll() && actor.ID != t.Requester()
}

// Responded notes the first answer of the desk. It says whether this was it.
func (v *View) Responded(at time.Time) bool {
	if !v.FirstResponseAt.IsZero() {
		return false
	}
	v.FirstResponseAt, v.UpdatedAt = at, at
	v.RecomputeUrgency(at)
	return true
}
