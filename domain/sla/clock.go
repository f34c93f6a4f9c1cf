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

// Metrics lists every metric.
var Metrics = []Metric{FirstResponse, NextResponse, Resolution}

// EventKind says what happened to a clock.
type EventKind string

// The kinds of events, as clients name them.
const (
	Activated  EventKind = "activate"
	Paused     EventKind = "pause"
	Resumed    EventKind = "resume" // after a pause, or after a fulfilment that was taken back by a reopening
	Retargeted EventKind = "retarget"
	Fulfilled  EventKind = "fulfil"
	Breached   EventKind = "breach"
	Cancelled  EventKind = "cancel"

	Warned EventKind = "warn" // so much of the time has passed as the promise warns of
)

// Event is an entry of a ticket's ledger. It is never changed: all that is known of a clock follows from its events.
type Event struct {
	Metric  Metric
	Cycle   int // counts the clocks of a metric from 1
	Kind    EventKind
	At      time.Time
	Promise Promise // of Activated and Retargeted
	Reason  string  // what the ticket waits for; of Paused
}

// Promises says whether the event makes a promise.
func (e Event) Promises() bool { return e.Kind == Activated || e.Kind == Retargeted }

// State is where a clock stands.
type State string

// The states. A clock that was breached stays breached, whatever comes.
const (
	StateRunning   State = "running"
	StatePaused    State = "paused"
	StateMet       State = "met"
	StateBreached  State = "breached"
	StateCancelled State = "cancelled"
)

// Schedules gives the schedule of a calendar.
type Schedules func(calendar domain.ID) *Schedule

// Clock is one promise and what became of it so far.
type Clock struct {
	Metric    Metric
	Cycle     int
	StartedAt time.Time
	Promise
	PausedAt    time.Time     // zero: not paused
	FulfilledAt time.Time     // zero: not fulfilled
	CancelledAt time.Time     // zero: not cancelled
	BreachedAt  time.Time     // zero: not breached; else when it was due, however late that was noticed
	WarnedAt    time.Time     // zero: not warned of; else when that was due
	runsSince   time.Time     // zero: it does not run
	waitsFor    string        // while it is paused
	ran         []span        // the times in which it ran before
	waited      []span        // the times in which it was paused before, or met for the time being
	tally       elapsedTotals // of ran
}

// span is a part of time that is over. Spans of a clock are only ever added, so that copies of a clock may share them.
type span struct {
	from, to time.Time
	reason   string
}

// open says that the promise is neither fulfilled nor cancelled.
func (c Clock) open() bool { return c.FulfilledAt.IsZero() && c.CancelledAt.IsZero() }

func (c Clock) runs() bool { return !c.runsSince.IsZero() }

// State says where the clock stands.
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

// elapsedTotals is the business time of a clock's first spans. They never change, so that a schedule counts them once.
type elapsedTotals struct {
	by    *Schedule
	spans int
	used  time.Duration
	until time.Time // the latest end of the spans
}

// count brings the tally up to date.
func (c *Clock) count(s *Schedule) {
	if c.tally.by != s {
		c.tally = elapsedTotals{by: s}
	}
	for _, r := range c.ran[c.tally.spans:] {
		c.tally.used += s.Between(r.from, r.to)
		if r.to.After(c.tally.until) {
			c.tally.until = r.to
		}
	}
	c.tally.spans = len(c.ran)
}

// Elapsed returns the business time that has counted until now, in the calendar that holds today.
func (c Clock) Elapsed(s *Schedule, now time.Time) (business time.Duration) {
	left := c.ran
	if c.tally.by == s && !c.tally.until.After(now) {
		business, left = c.tally.used, c.ran[c.tally.spans:]
	}
	for _, r := range left {
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

// DueAt gives when the promise falls due, or, of a breached one, fell due; zero while it is paused or no more open,
// and where it is more than fifty years away.
func (c Clock) DueAt(s *Schedule) time.Time {
	switch {
	case !c.BreachedAt.IsZero():
		return c.BreachedAt
	case !c.runs():
		return time.Time{}
	case !c.Promise.DueAt.IsZero():
		return c.Promise.DueAt
	default:
		return c.reached(s, c.Target)
	}
}

// WarnAt gives when so much of the promised time has passed as the promise warns of; zero where there is no more
// warning to come, as there is none after the due time, which somebody may have set earlier.
func (c Clock) WarnAt(s *Schedule) time.Time {
	if !c.BreachedAt.IsZero() || !c.WarnedAt.IsZero() || !c.runs() || c.WarnPercent == 0 {
		return time.Time{}
	}
	at := c.reached(s, c.Target/100*time.Duration(c.WarnPercent))
	if due := c.DueAt(s); !due.IsZero() && at.After(due) {
		return time.Time{}
	}
	return at
}

// reached gives the first moment at which so much business time has counted: in the past, where a shorter target was
// promised afterwards, or to come.
func (c Clock) reached(s *Schedule, business time.Duration) time.Time {
	left, from := c.ran, c.runsSince
	if c.tally.by == s && c.tally.used < business {
		business, left = business-c.tally.used, c.ran[c.tally.spans:]
	}
	for _, r := range left {
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

// Remaining gives the business time that is left; negative after the due time.
func (c Clock) Remaining(s *Schedule, now time.Time) time.Duration {
	if due := c.Promise.DueAt; !due.IsZero() && c.runs() {
		return s.Between(now, due) - s.Between(due, now)
	}
	return c.Target - c.Elapsed(s, now)
}

// Explain takes the time from the clock's start until now apart: what counted, what did not, and why.
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

// spans returns the clock's times until now in their order; those in which it waited have a reason.
func (c Clock) spans(now time.Time) []span {
	all := slices.Concat(c.ran, c.waited)
	if c.runs() {
		all = append(all, span{from: c.runsSince, to: now})
	}
	if !c.PausedAt.IsZero() {
		all = append(all, span{from: c.PausedAt, to: now, reason: c.waitsFor})
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

// fulfilled is what a clock waited for while its promise was met, until that was taken back.
const fulfilled = string(lifecycle.Resolved)

// ReasonPaused says of a stretch that the clock was paused; the type of the ticket's status stands behind it.
const ReasonPaused = "paused: "
