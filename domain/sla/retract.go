package sla

import (
	"slices"
	"time"

	"tickt/domain"
)

// Retraction is a comment that was taken back.
type Retraction struct {
	CommentID domain.ID
	SaidAt    time.Time // when it was written or made public
}

// Recorded is an event of a ledger with the time at which it was recorded.
type Recorded struct {
	RecordedAt time.Time
	Event
}

// OpenLedger returns a ledger with the stored entries of a ticket, which are in the order in which they were added.
func OpenLedger(stored []Entry, schedules Schedules) *Ledger {
	l := NewLedger(EventsOf(stored), schedules)
	for _, e := range stored {
		l.recorded = append(l.recorded, e.RecordedAt)
	}
	return l
}

// Unaffected returns a time until which the ledger holds nothing that a comment has caused that was said at the time said, or
// that was taken back since.
func (l *Ledger) Unaffected(said time.Time) time.Time {
	for i := l.stored - 1; i >= 0 && !l.recorded[i].Before(said); i-- {
		if e := l.events[i]; e.Kind == Retracted && e.SaidAt.Before(said) {
			said = e.SaidAt
		}
	}
	return said
}

// Until returns the ledger as it was before a comment that was said at a time, and what was recorded from then on. Without the
// id of the comment, everything that was recorded at that time comes after it, except alarms.
func (l *Ledger) Until(said time.Time, comment domain.ID) (before *Ledger, later []Recorded) {
	n := 0
	for n < l.stored && l.recorded[n].Before(said) {
		n++
	}
	for end := n; end < l.stored && l.recorded[end].Equal(said) && l.events[end].CommentID == ""; end++ {
		if e := l.events[end]; comment == "" && e.Kind != Warned && e.Kind != Breached && !e.Promises() {
			break
		}
		n = end + 1
	}
	before = NewLedger(l.events[:n], l.schedules)
	before.stored = 0
	restated := map[clockName]time.Time{} // when clocks were told from their start because of a retraction
	var retraction time.Time
	for i := n; i < l.stored; i++ {
		e, at := l.events[i], l.recorded[i]
		name := clockName{e.Metric, e.Cycle}
		if e.Kind == Retracted {
			retraction = at
		}
		if e.Kind == Retracted || e.Kind == Activated && at.Equal(retraction) {
			restated[name] = at
		}
		if told, ok := restated[name]; !ok || !told.Equal(at) {
			later = append(later, Recorded{at, e})
		}
	}
	return before, later
}

// Follow applies an event of the ledger of which, which terms have caused, if the same clock is open or does not exist here.
// It ignores other events.
func (l *Ledger) Follow(which *Ledger, e Recorded) {
	index, known := which.clocks.indexes[clockName{e.Metric, e.Cycle}]
	if !known {
		return
	}
	c := which.clocks.clocks[index]
	mine, found := l.counterpart(c, nil)
	late := c.StartedAt.Before(e.RecordedAt) && c.begunBy == ""
	switch {
	case e.Kind == Activated && e.CommentID == "" && !found && e.Metric != NextResponse:
		l.RecordDue(e.RecordedAt)
		l.appendEvent(l.next(e.Metric), e.Event)
	case !found || !mine.open():
	case e.Kind == Retargeted && !e.Promise.same(mine.Promise), e.Kind == Cancelled && e.Reason == NotPromised:
		l.RecordDue(e.RecordedAt)
		l.appendEvent(mine, e.Event)
		l.breachLate(e.RecordedAt)
	case late && e.At.Before(e.RecordedAt) && (e.Kind == Paused || e.Kind == Resumed): // of a clock that began in the past
		l.appendEvent(mine, e.Event)
	}
}

// counterpart returns the clock that measures the same as c, a clock of another ledger of the ticket, except those in taken.
func (l *Ledger) counterpart(c Clock, taken map[clockName]bool) (mine Clock, found bool) {
	for _, x := range l.clocks.sorted() {
		same := x.Metric == c.Metric && x.StartedAt.Equal(c.StartedAt) && x.begunBy == c.begunBy
		if same && !x.neverBegan() && !taken[x.name()] && (!found || x.Cycle == c.Cycle) {
			mine, found = x, true
		}
	}
	return mine, found
}

// Become makes the clocks what they are in the ledger which, in which a comment that was taken back was never said. A clock
// that would not have begun is cancelled at its start. A breach that would not exist is void; the clock, if there would be one,
// begins again in a new cycle, which can be breached. All other breaches and warnings stay.
func (l *Ledger) Become(which *Ledger, x Retraction, at time.Time) {
	l.comment = ""
	all := slices.DeleteFunc(which.clocks.sorted(), Clock.neverBegan)
	pairs, taken, first := map[clockName]Clock{}, map[clockName]bool{}, true
	begins := false // a clock begins that the ledger does not know
	for _, c := range all {
		mine, found := l.counterpart(c, taken)
		if begins = begins || !found; found {
			pairs[c.name()], taken[mine.name()] = mine, true
		}
	}
	for _, mine := range l.clocks.sorted() {
		if !mine.neverBegan() && !taken[mine.name()] {
			l.unbegin(mine, x, at)
			first = false
		}
	}
	for _, c := range all {
		mine, found := pairs[c.name()]
		switch {
		case !found:
			l.restate(which, c, l.next(c.Metric))
		case !mine.BreachedAt.IsZero() && !c.everBreached():
			l.unbegin(mine, x, at)
			l.restate(which, c, l.next(c.Metric))
		case c.differs(mine) || begins && first: // a ledger that changes tells of the retraction
			l.retract(mine, x, at)
			l.restate(which, c, mine)
		default:
			continue
		}
		first = false
	}
}

// differs reports whether the clock, as it is without a comment, is not what the ledger has of it.
func (c Clock) differs(mine Clock) bool {
	return !c.ranLike(mine) || c.everBreached() && !mine.everBreached() || !c.WarnedAt.IsZero() && mine.WarnedAt.IsZero()
}

func (l *Ledger) retract(c Clock, x Retraction, at time.Time) {
	l.add(c, Event{Kind: Retracted, At: at, CommentID: x.CommentID, SaidAt: x.SaidAt})
}

// unbegin ends a clock that would not have begun, or not so.
func (l *Ledger) unbegin(c Clock, x Retraction, at time.Time) {
	if !c.BreachedAt.IsZero() {
		l.newVoids = append(l.newVoids, c)
		l.add(c, Event{Kind: Voided, At: at, Cause: VoidRetracted, CommentID: x.CommentID})
	}
	l.retract(c, x, at)
	l.appendEvent(c, Event{Kind: Cancelled, At: c.StartedAt, Reason: NotBegun, CommentID: x.CommentID})
}

// restate adds what happened to the clock c of the ledger which to a clock that has just begun or been retracted. It leaves out
// what the clock has already.
func (l *Ledger) restate(which *Ledger, c, mine Clock) {
	has := map[EventKind]bool{
		Activated: !mine.StartedAt.IsZero(), Warned: !mine.WarnedAt.IsZero(), Breached: mine.everBreached(), Voided: true, Retracted: true,
	}
	from := 0
	for i, e := range which.events { // what precedes a retraction does not count any more
		if e.Metric == c.Metric && e.Cycle == c.Cycle && e.Kind == Retracted {
			from = i
		}
	}
	for i, e := range which.events {
		counts := i >= from || e.Kind == Activated || e.Kind == Warned
		if e.Metric == c.Metric && e.Cycle == c.Cycle && counts && !has[e.Kind] {
			l.appendEvent(mine, e)
		}
	}
}

// ranLike reports whether both clocks ran, were stopped and ended at the same times.
func (c Clock) ranLike(d Clock) bool {
	return c.runsSince.Equal(d.runsSince) && c.PausedAt.Equal(d.PausedAt) && c.pauseReason == d.pauseReason &&
		c.FulfilledAt.Equal(d.FulfilledAt) && c.CancelledAt.Equal(d.CancelledAt) &&
		slices.EqualFunc(c.ran, d.ran, span.equal) && slices.EqualFunc(c.stopped, d.stopped, span.equal)
}

func (s span) equal(t span) bool {
	return s.from.Equal(t.from) && s.to.Equal(t.to) && s.reason == t.reason
}
