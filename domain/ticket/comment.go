package ticket

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// Visibility is who may read a comment.
type Visibility string

// The visibilities, as clients name them.
const (
	Public   Visibility = "public"   // everyone who sees the ticket
	Internal Visibility = "internal" // accounts whose scope is all tickets
)

// EditWindow is how long the author may change or delete a comment.
const EditWindow = 15 * time.Minute

// Comment is a comment on a ticket.
type Comment struct {
	ID         domain.ID
	TicketID   domain.ID
	Body       string
	Visibility Visibility
	AuthorID   domain.ID
	CreatedAt  time.Time
	EditedAt   time.Time     // zero: never
	Effect     CommentEffect // what the clocks heard from it; EffectNone also if an earlier release stored it
	SaidAt     time.Time     // when it was written or made public; zero: it is internal, or an earlier release stored it
}

// Equal reports whether two comments are equal. It compares times by time.Time.Equal, regardless of their zones.
func (c Comment) Equal(d Comment) bool {
	return equalTimes([]*time.Time{&c.CreatedAt, &c.EditedAt, &c.SaidAt}, []*time.Time{&d.CreatedAt, &d.EditedAt, &d.SaidAt}) && c == d
}

// CommentView is a comment with the name of its author.
type CommentView struct {
	Comment
	Author string
}

// CommentDraft is what a client sends of a new comment. StatusID also changes the status of the ticket.
type CommentDraft struct {
	Body       domain.Optional[string]
	Visibility domain.Optional[string] // Public by default
	StatusID   domain.Optional[string]
	Unread     domain.Problems // with fields that could not be read
}

// CommentPatch is what a client sends of an existing comment.
type CommentPatch struct {
	Body       domain.Optional[string]
	Visibility domain.Optional[string]
	Unread     domain.Problems // with fields that could not be read
}

// Refs returns what must be looked up to add the comment.
func (d CommentDraft) Refs() Refs {
	refs := d.Patch().Refs(false)
	refs.ReplyStatus = !d.StatusID.Given()
	return refs
}

// ReplyRefs is what must be looked up to make a comment public.
var ReplyRefs = Refs{ReplyStatus: true}

// Patch returns the change of the ticket that the draft makes: its status, if the draft names one.
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

// MayWrite fails as Forbidden if the actor may not write comments with the draft's visibility.
func (d CommentDraft) MayWrite(actor access.Actor) error {
	return Comment{Visibility: Visibility(d.Visibility.Value)}.checkVisibility(actor)
}

// NewComment returns a new comment on a ticket. The caller has checked that the actor sees the ticket and may comment;
// NewComment checks that it may write internal notes, which requires update and scope all. The error lists every problem.
func NewComment(id domain.ID, t Ticket, d CommentDraft, actor access.Actor, now time.Time) (CommentView, error) {
	p := slices.Clone(d.Unread)
	c := CommentView{Comment: Comment{ID: id, TicketID: t.ID, Visibility: Public, AuthorID: actor.ID, CreatedAt: now}, Author: actor.Username}
	c.set(&p, d.Body, d.Visibility)
	if err := p.Err(); err != nil {
		return CommentView{}, err
	}
	return c, c.checkVisibility(actor)
}

// Comment adds a comment to the ticket (NewComment) and applies the draft's change of the ticket. found is what was found
// for d.Refs. If the draft has no status, a reply of the requester moves the ticket to found.ReplyStatus. A ticket
// that is over accepts a public comment of its requester only together with a status that reopens it. The error lists every
// problem; the ticket is then unchanged.
func (v *View) Comment(id domain.ID, d CommentDraft, found Found, actor access.Actor, now time.Time) (CommentView, error) {
	c, err := NewComment(id, v.Ticket, d, actor, now)
	n, patch := *v, d.Patch()
	var e *domain.Error
	switch {
	case err == nil && c.Responds(v.Ticket, actor) && (!v.StatusType.Over() || found.Status != nil && !found.Status.StatusType.Over()):
		n.Responded(now)
	case patch.StatusID.Set && errors.As(err, &e) && e.Kind == domain.Invalid && len(e.Problems) > 0:
		patch.Unread = e.Problems
	case err != nil:
		return CommentView{}, err
	}
	switch {
	case patch.StatusID.Set:
		err = n.Apply(patch, found, now)
	case c.Replies(v.Ticket, actor):
		err = n.reply(found, now)
	}
	switch {
	case err != nil:
		return CommentView{}, err
	case n.StatusType.Over() && v.refusesRequester(c.Comment, actor):
		return CommentView{}, v.closedToRequester()
	}
	if c.Visibility == Public {
		n.said(c.CreatedAt)
	}
	*v = n
	return c, nil
}

// EditComment is Comment.Edit for a comment on this ticket. An internal note that becomes public counts as if it were written
// now: its author must still be allowed to comment, and it may be the first response, or a reply of the requester
// (View.Comment). found is what was found for ReplyRefs. If there is an error, comment and ticket are unchanged.
func (v *View) EditComment(c *Comment, d CommentPatch, found Found, actor access.Actor, now time.Time) error {
	edited, n := *c, *v
	if err := edited.Edit(d, actor, now); err != nil {
		return err
	}
	switch published := c.Visibility == Internal && edited.Visibility == Public; {
	case published && actor.MayComment() != nil:
		return actor.MayComment()
	case published && v.refusesRequester(edited, actor):
		return v.closedToRequester()
	case published:
		if edited.Responds(n.Ticket, actor) && !n.StatusType.Over() {
			n.Responded(now)
		}
		if edited.Replies(n.Ticket, actor) {
			if err := n.reply(found, now); err != nil {
				return err
			}
		}
		n.said(c.CreatedAt)
	case c.Visibility == Public && edited.Visibility == Internal:
		n.Unsay()
	}
	*c, *v = edited, n
	return nil
}

// Edit changes the comment. Only its author may, within EditWindow, even if it may write no other comments by now; to make the
// comment an internal note, it must be allowed to write those. The error lists every problem; the comment is then unchanged.
func (c *Comment) Edit(d CommentPatch, actor access.Actor, now time.Time) error {
	if err := c.checkAuthor(actor, now); err != nil {
		return err
	}
	p := slices.Clone(d.Unread)
	n := *c
	n.set(&p, d.Body, d.Visibility)
	if err := p.Err(); err != nil {
		return err
	}
	if n.Visibility != c.Visibility {
		if err := n.checkVisibility(actor); err != nil {
			return err
		}
	}
	if !n.Equal(*c) {
		n.EditedAt = now
	}
	*c = n
	return nil
}

// MayDelete returns an error unless the actor is the author and EditWindow has not passed.
func (c Comment) MayDelete(actor access.Actor, now time.Time) error { return c.checkAuthor(actor, now) }

func (c Comment) checkAuthor(actor access.Actor, now time.Time) error {
	switch {
	case c.AuthorID != actor.ID:
		return errNotTheAuthor
	case now.After(c.CreatedAt.Add(EditWindow)):
		return errTooLate
	}
	return nil
}

func (c *Comment) set(p *domain.Problems, body, visibility domain.Optional[string]) {
	c.Body = p.ChangedText("body", "Body", body, c.Body, maxBody, domain.Required, domain.Multiline)
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

func (c Comment) checkVisibility(actor access.Actor) error {
	if c.Visibility == Internal && !actor.MayNote() {
		return errMayNotNote
	}
	return nil
}

// Responds reports whether the comment of the actor is an answer of the desk: it is public, and the actor sees all
// tickets and is not the requester.
func (c Comment) Responds(t Ticket, actor access.Actor) bool {
	return c.Visibility == Public && actor.SeesAll() && actor.ID != t.Requester()
}

// Responded records an answer of the desk. It reports whether this was the first response.
func (v *View) Responded(at time.Time) bool {
	if !v.FirstResponseAt.IsZero() {
		return false
	}
	v.FirstResponseAt, v.UpdatedAt = at, at
	v.RecomputeUrgency(at)
	return true
}
