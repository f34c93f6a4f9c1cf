package sla

import (
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/lifecycle"
)

// Metric is what a clock measures.
type Metric string

// The metrics, as clients name them.
const (
	FirstResponse Metric = "first_response"
	NextResponse  Metric = "next_response"
	Resolution    Metric = "resolution"
)

// Metrics is every metric.
var Metrics = []Metric{FirstResponse, NextResponse, Resolution}

// EventKind is the kind of an Event.
type EventKind string

// The kinds of events, as clients name them.
const (
	Activated  EventKind = "activate"
	Paused     EventKind = "pause"
	Resumed    EventKind = "resume" // after a pause, or because reopening the ticket undid a fulfilment or a cancellation
	Retargeted EventKind = "retarget"
	Fulfilled  EventKind = "fulfil"
	Breached   EventKind = "breach"
	Cancelled  EventKind = "cancel"
	Voided     EventKind = "void"    // the breach was wrong
	Retracted  EventKind = "retract" // a comment was taken back: the events that follow tell the clock from its start

	Warned EventKind = "warn" // WarnPercent of the promised time has passed
)

// Event is one thing that happened to a clock of a ticket. It never changes: the state of a clock is derived from its
// events.
type Event struct {
	Metric    Metric
	Cycle     int // number of the clock among those of its metric, from 1
	Kind      EventKind
	At        time.Time
	Promise   Promise   // of Activated and Retargeted
	Reason    string    // of Paused: the status type; of Voided: why; of Cancelled: the status type, or another constant
	Cause     VoidCause // of Voided
	ActorID   domain.ID // of Voided: who did it; "" if it was the service itself
	CommentID domain.ID // the comment that caused it or, of Retracted and Voided, that was taken back; "" if none
	SaidAt    time.Time // of Retracted: when the comment was written or made public
}

// The reasons of Cancelled, besides the type of the status that ended the ticket. Events of earlier releases have none.
const (
	NotPromised = "not promised" // the terms no longer promise it
	NotBegun    = "retracted"    // the clock would not have begun without a comment that was taken back
)

// Promises reports whether the event makes a promise.
func (e Event) Promises() bool { return e.Kind == Activated || e.Kind == Retargeted }

// State is the state of a clock.
type State string

// The states. Breached is permanent, unless the breach is voided.
const (
	StateRunning   State = "running"
	StatePaused    State = "paused"
	StateMet       State = "met"
	StateBreached  State = "breached"
	StateCancelled State = "cancelled"
)

// Schedules returns the schedule of a calendar version.
type Schedules func(version domain.ID) *Schedule

// Clock is one promise and what became of it so far.
type Clock struct {
	Metric    Metric
	Cycle     int
	StartedAt time.Time
	Promise
	PausedAt    time.Time     // zero: not paused
	FulfilledAt time.Time     // zero: not fulfilled
	CancelledAt time.Time     // zero: not cancelled
	cancelled   string        // the reason of the cancellation
	began       Promise       // the promise at the start
	begunBy     domain.ID     // the comment that began it; "" if none
	BreachedAt  time.Time     // zero: not breached, or void; otherwise when it was due, even if that was noticed later
	VoidedAt    time.Time     // zero: no breach was voided
	WarnedAt    time.Time     // zero: no warning yet; otherwise when it was due
	runsSince   time.Time     // zero: it does not run
	pauseReason string        // of the current pause
	ran         []span        // earlier times in which it ran
	stopped     []span        // earlier times in which it was paused, or was over until a reopening
	elapsed     elapsedTotals // of ran
}

// span is a time that is over. Spans are only appended to a clock, so copies of it may share them.
type span struct {
	from, to time.Time
	reason   string // "" if the clock ran
}

// open reports whether the promise is neither fulfilled nor cancelled.
func (c Clock) open() bool { return c.FulfilledAt.IsZero() && c.CancelledAt.IsZero() }

func (c Clock) runs() bool { return !c.runsSince.IsZero() }

// State returns the state of the clock.
func (c Clock) State() State {
	switch {
	case !c.BreachedAt.IsZero():
		return StateBreached
	case !c.CancelledAt.IsZero():
		return StateCancelled
	case !c.FulfilledAt.IsZero():
		return StateMet
	case !c.PausedAt.IsZero():
		return StatePaused
	default:
		return StateRunning
	}
}

// elapsedTotals caches the business time of the first spans in which a clock ran, so that a schedule computes each span
// once.
type elapsedTotals struct {
	schedule *Schedule
	spans    int // how many spans are included
	business time.Duration
	until    time.Time // the latest end of the spans
}

// countSpans brings the elapsed totals up to date.
func (c *Clock) countSpans(s *Schedule) {
	if c.elapsed.schedule != s {
		c.elapsed = elapsedTotals{schedule: s}
	}
	for _, r := range c.ran[c.elapsed.spans:] {
		c.elapsed.business += s.Between(r.from, r.to)
		if r.to.After(c.elapsed.until) {
			c.elapsed.until = r.to
		}
	}
	c.elapsed.spans = len(c.ran)
}

// Elapsed returns the business time that has passed on the clock until now, all of it counted by s.
func (c Clock) Elapsed(s *Schedule, now time.Time) (business time.Duration) {
	rest := c.ran
	if c.elapsed.schedule == s && !c.elapsed.until.After(now) {
		business, rest = c.elapsed.business, c.ran[c.elapsed.spans:]
	}
	for _, r := range rest {
		to := r.to
		if to.After(now) {
			to = now
		}
		business += s.Between(r.from, to)
	}
	if c.runs() {
		business += s.Between(c.runsSince, now)
	}
	return business
}

// DueAt returns when the promise is due; of a breached clock, BreachedAt. It is zero if the clock is paused or no longer
// open, or if the due time is more than fifty years away.
func (c Clock) DueAt(s *Schedule) time.Time {
	switch {
	case !c.BreachedAt.IsZero():
		return c.BreachedAt
	case !c.runs():
		return time.Time{}
	case !c.Promise.DueAt.IsZero():
		return c.Promise.DueAt
	default:
		return c.timeOf(s, c.Target)
	}
}

// everBreached reports whether the clock was breached, even if the breach is void. It is breached at most once.
func (c Clock) everBreached() bool { return !c.BreachedAt.IsZero() || !c.VoidedAt.IsZero() }

// BreachAt returns when the clock is to be breached: DueAt, or zero if it was breached, even if the breach is void.
func (c Clock) BreachAt(s *Schedule) time.Time {
	if c.everBreached() {
		return time.Time{}
	}
	return c.DueAt(s)
}

// WarnAt returns when WarnPercent of the promised time has passed; zero if there is no warning to come. There is none
// after the due time, which may be earlier because it was set by hand, and none if the clock was breached.
func (c Clock) WarnAt(s *Schedule) time.Time {
	if c.everBreached() || !c.WarnedAt.IsZero() || !c.runs() || c.WarnPercent == 0 {
		return time.Time{}
	}
	at := c.timeOf(s, c.Target/100*time.Duration(c.WarnPercent))
	if due := c.DueAt(s); !due.IsZero() && at.After(due) {
		return time.Time{}
	}
	return at
}

// timeOf returns the first time at which that much business time has passed on the clock. It is in the past if a shorter
// target was promised later; it is zero if the clock stopped before, or if it is more than fifty years away.
func (c Clock) timeOf(s *Schedule, business time.Duration) time.Time {
	rest, from := c.ran, c.runsSince
	if c.elapsed.schedule == s && c.elapsed.business < business {
		business, rest = business-c.elapsed.business, c.ran[c.elapsed.spans:]
	}
	for _, r := range rest {
		used := s.Between(r.from, r.to)
		if used >= business {
			from = r.from
			break
		}
		business -= used
	}
	if from.IsZero() {
		return time.Time{}
	}
	at, ok := s.Add(from, business)
	if !ok {
		return time.Time{}
	}
	return at
}

// Remaining returns the business time that is left; negative after the due time.
func (c Clock) Remaining(s *Schedule, now time.Time) time.Duration {
	if due := c.Promise.DueAt; !due.IsZero() && c.runs() {
		return s.Between(now, due) - s.Between(due, now)
	}
	return c.Target - c.Elapsed(s, now)
}

// Explain splits the time from the clock's start until now, or until it ended, into segments that count or do not, each
// with the reason.
func (c Clock) Explain(s *Schedule, now time.Time) []Segment {
	out := []Segment{}
	for _, x := range c.spans(now) {
		if x.reason != "" {
			out = append(out, Segment{From: x.from, To: x.to, Reason: ReasonPaused + x.reason})
			continue
		}
		out = append(out, s.Explain(x.from, x.to)...)
	}
	return out
}

// spans returns the spans of the clock until now, in order; those in which it did not run have a reason.
func (c Clock) spans(now time.Time) []span {
	all := slices.Concat(c.ran, c.stopped)
	if c.runs() {
		all = append(all, span{from: c.runsSince, to: now})
	}
	if !c.PausedAt.IsZero() {
		all = append(all, span{from: c.PausedAt, to: now, reason: c.pauseReason})
	}
	for i := range all {
		if all[i].to.After(now) {
			all[i].to = now
		}
	}
	all = slices.DeleteFunc(all, func(x span) bool { return !x.to.After(x.from) })
	slices.SortStableFunc(all, func(a, b span) int { return a.from.Compare(b.from) })
	return all
}

// The reasons of spans in which the promise was fulfilled or cancelled, until the ticket was reopened.
const (
	fulfilled = string(lifecycle.Resolved)
	cancelled = string(lifecycle.Cancelled)
)

// ReasonPaused begins the reason of a segment in which the clock was paused; the status type follows.
const ReasonPaused = "paused: "
