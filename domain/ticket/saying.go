package ticket

import (
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// Saying is what the clocks of a ticket heard from a comment that is public.
type Saying struct {
	CommentID domain.ID
	AuthorID  domain.ID
	Effect    CommentEffect // EffectNone if an earlier release stored the comment
	At        time.Time     // when it was written or made public
}

// Heard sets what the clocks hear from the comment of the actor, which has just been written, made public or made internal.
// was and is are the ticket before and after it: nothing is heard on a ticket that is over.
func (c *Comment) Heard(was, is View, actor access.Actor, at time.Time) {
	c.Effect, c.SaidAt = c.ClockEffect(was.Ticket, actor), at
	switch {
	case c.Visibility != Public:
		c.SaidAt = time.Time{}
	case was.StatusType.Over() && is.StatusType.Over():
		c.Effect = EffectUnheard
	}
}

// answers reports whether the saying is an answer of the desk. One that an earlier release stored is, unless the requester
// wrote it.
func (s Saying) answers(t Ticket) bool {
	return s.Effect == EffectAnswered || s.Effect == EffectNone && s.AuthorID != t.Requester()
}

// asks reports whether the saying is a question.
func (s Saying) asks(t Ticket) bool {
	return s.Effect == EffectAsked || s.Effect == EffectNone && !s.answers(t)
}

// lastAnswer returns when the desk last answered; zero if it did not.
func (t Ticket) lastAnswer(all []Saying) (at time.Time) {
	for _, s := range all {
		if s.answers(t) && s.At.After(at) {
			at = s.At
		}
	}
	return at
}

// respondedByEnding reports whether the first response of the ticket was met by resolving or closing it: it was opened so, or
// one of the status changes led to it then.
func (v View) respondedByEnding(changes []StatusChange) bool {
	at := v.FirstResponseAt
	if at.IsZero() {
		return false
	}
	for _, p := range v.StatusPeriods(changes) {
		if p.Since.Equal(at) && (p.Status.Done() || p.Status == "") {
			return true
		}
	}
	return false
}
