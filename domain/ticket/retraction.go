package ticket

import (
	"slices"
	"time"

	"tickt/domain/sla"
)

// Retraction is a public comment that was deleted or made internal, with what is needed to tell what would be without it.
type Retraction struct {
	Comment       Comment        // as it was
	Sayings       []Saying       // what is still said
	StatusChanges []StatusChange // every change of the status so far
	Terms         sla.Terms      // what is promised today
}

// Heard reports whether the comment may have had an effect.
func (x Retraction) Heard() bool { return x.Comment.Effect != EffectUnheard }

// saidAt returns when the comment was said.
func (x Retraction) saidAt() time.Time {
	if x.Comment.SaidAt.IsZero() {
		return x.Comment.CreatedAt
	}
	return x.Comment.SaidAt
}

// Retract makes the ticket and its clocks what they would be if the comment had never been. The status has been set already.
func (v *View) Retract(l *sla.Ledger, x Retraction, now time.Time) {
	before := *v
	l.RecordDue(now)
	w := v.without(x, l)
	w.move(v.StatusType, now)
	w.RecordDue(now)
	l.Become(w.Ledger, sla.Retraction{CommentID: x.Comment.ID, SaidAt: x.saidAt()}, now)
	v.FirstResponseAt = w.responded
	v.updateFrom(l, now)
	if differ(before, *v) {
		v.UpdatedAt = now
	}
}

// imagined is a ticket in the course of events without a comment.
type imagined struct {
	*sla.Ledger
	of        View
	terms     sla.Terms
	periods   []sla.StatusPeriod
	status    StatusType
	responded time.Time // the first response
	answered  time.Time // the last answer of the desk
	byEnding  bool      // the first response was met by ending the ticket
	counts    bool      // what happens is not in the ledger yet
}

// The order of what happened at the same time.
const (
	placeAnswer = iota
	placeStatus
	placeTerms
	placeQuestion
)

// happening is something that happened to a ticket.
type happening struct {
	at    time.Time
	place int
	do    func()
}

// without returns the course of events without the comment. It begins where the ledger is certain to be unaffected by the
// comment and by others that were taken back since.
func (v View) without(x Retraction, l *sla.Ledger) *imagined {
	cut := l.Unaffected(x.saidAt())
	comment := x.Comment.ID
	if x.Comment.Effect == EffectNone { // an earlier release recorded what followed from it
		comment = ""
	}
	w := &imagined{of: v, terms: x.Terms, periods: v.StatusPeriods(x.StatusChanges)}
	var later []sla.Recorded
	w.Ledger, later = l.Until(cut, comment)
	if w.status = w.periods[0].Status; w.status.Done() {
		w.responded, w.byEnding = v.CreatedAt, true
	}
	var all []happening
	for _, s := range x.Sayings {
		switch {
		case s.answers(v.Ticket):
			all = append(all, happening{s.At, placeAnswer, func() { w.answer(s) }})
		case s.asks(v.Ticket):
			all = append(all, happening{s.At, placeQuestion, func() { w.ask(s) }})
		}
	}
	for i, c := range x.StatusChanges {
		by := slices.IndexFunc(x.Sayings, func(s Saying) bool { return s.At.Equal(c.At) && s.asks(v.Ticket) })
		if c.ByRule && c.To == Open && by < 0 { // the rule followed from what was taken back
			if by = x.nextReply(i, v.Ticket); by < 0 {
				continue
			}
			c.At = x.Sayings[by].At // otherwise it would have followed from that reply
		}
		all = append(all, happening{c.At, placeStatus, func() {
			if c.ByRule && by >= 0 {
				w.Because(x.Sayings[by].CommentID)
			}
			w.move(c.To, c.At)
			w.Because("")
		}})
	}
	for _, e := range later {
		all = append(all, happening{e.RecordedAt, placeTerms, func() { w.Follow(l, e) }})
	}
	slices.SortStableFunc(all, func(a, b happening) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return a.place - b.place
	})
	for _, h := range all {
		if !w.counts && !h.at.Before(cut) {
			w.begin(x.StatusChanges, cut)
		}
		h.do()
	}
	if !w.counts {
		w.begin(x.StatusChanges, cut)
	}
	return w
}

// begin lets the clocks hear what happens from now on. A first response from before the cut is what it is.
func (w *imagined) begin(changes []StatusChange, cut time.Time) {
	w.counts = true
	if at := w.of.FirstResponseAt; !at.IsZero() && at.Before(cut) {
		w.responded, w.byEnding = at, w.of.respondedByEnding(changes)
	}
}

// nextReply returns the index of the first saying of the requester between a status change and the next one; -1 if there is none.
func (x Retraction) nextReply(change int, t Ticket) int {
	from := x.StatusChanges[change].At
	return slices.IndexFunc(x.Sayings, func(s Saying) bool {
		in := s.At.After(from) && (change+1 == len(x.StatusChanges) || s.At.Before(x.StatusChanges[change+1].At))
		return in && s.asks(t) && s.AuthorID == t.Requester()
	})
}

func (w *imagined) state() sla.TicketState {
	return sla.TicketState{
		Status: w.status, Opened: w.of.CreatedAt, Responded: !w.responded.IsZero(), Answered: w.answered, Periods: w.periods,
	}
}

// heard calls do, by which the clocks hear what a comment says, unless the ledger holds it.
func (w *imagined) heard(s Saying, do func()) {
	if w.counts {
		w.Because(s.CommentID)
		do()
		w.Because("")
	}
}

func (w *imagined) answer(s Saying) {
	w.answered = s.At
	if w.responded.IsZero() {
		w.responded, w.byEnding = s.At, false
	}
	w.heard(s, func() { w.Replied(s.At) })
}

func (w *imagined) ask(s Saying) {
	if !w.responded.IsZero() && w.status.Active() {
		w.heard(s, func() { w.Asked(w.terms, w.state(), s.At) })
	}
}

// move sets a status of a type; "" is one that no longer exists.
func (w *imagined) move(to StatusType, at time.Time) {
	was := w.status
	if w.status = to; was == to {
		return
	}
	reopens := was == Cancelled || was.Done()
	switch {
	case to.Done() && w.responded.IsZero():
		w.responded, w.byEnding = at, true
	case reopens && to != Cancelled && !to.Done() && w.byEnding && w.answered.IsZero():
		w.responded = time.Time{}
	}
	switch {
	case !w.counts:
	case to == Cancelled:
		w.Cancelled(at)
	case to.Done():
		w.Resolved(at)
	case reopens:
		w.Reopened(w.terms, w.state(), at)
	default:
		w.Moved(to, at)
	}
}
