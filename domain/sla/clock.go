package sla

import (
	"slices"
	"time"

	"tickt/domain"
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
	PausedAt    time.Time // zero: not paused
	FulfilledAt time.Time // zero: not fulfilled
	CancelledAt time.Time // zero: not cancelled
	BreachedAt  time.Time // zero: not breached; else when it was due, however late that was noticed
	WarnedAt    time.Time // zero: not warned of; else when that was due
	ran         []span    // the times in which it ran; the last is open while it runs
	waits       []span    // the times in which it was paused, or met for the time being
}

// span is a part of time; To is zero while it lasts.
type span struct {
	from, to time.Time
	reason   string
}

// Fold gives the clocks of a ledger, whose events are in the order in which they happened: by metric, then by cycle.
// What contradicts the events before it is passed over.
func Fold(events []Event) []Clock {
	var clocks []Clock
	for _, e := range events {
		i := slices.IndexFunc(clocks, func(c Clock) bool { return c.Metric == e.Metric && c.Cycle == e.Cycle })
		switch {
		case i >= 0:
			clocks[i].apply(e)
		case e.Kind == Activated:
			clocks = append(clocks, Clock{
				Metric: e.Metric, Cycle: e.Cycle, StartedAt: e.At, Promise: e.Promise,
				ran: []span{{from: e.At}},
			})
		}
	}
	slices.SortStableFunc(clocks, func(a, b Clock) int {
		if a.Metric != b.Metric {
			return slices.Index(Metrics, a.Metric) - slices.Index(Metrics, b.Metric)
		}
		return a.Cycle - b.Cycle
	})
	return clocks
}

func (c *Clock) apply(e Event) {
	switch e.Kind {
	case Paused:
		if c.runs() {
			c.stop(e.At)
			c.PausedAt = e.At
			c.waits = append(c.waits, span{from: e.At, reason: e.Reason})
		}
	case Resumed:
		if c.CancelledAt.IsZero() && !c.runs() {
			c.unpause(e.At)
			if !c.FulfilledAt.IsZero() {
				c.waits = append(c.waits, span{from: c.FulfilledAt, to: e.At, reason: fulfilled})
				c.FulfilledAt = time.Time{}
			}
			c.ran = append(c.ran, span{from: e.At})
		}
	case Retargeted:
		c.Promise = e.Promise
	case Fulfilled:
		if c.open() {
			c.stop(e.At)
			c.unpause(e.At)
			c.FulfilledAt = e.At
		}
	case Breached:
		if c.BreachedAt.IsZero() {
			c.BreachedAt = e.At
		}
	case Warned:
		if c.WarnedAt.IsZero() {
			c.WarnedAt = e.At
		}
	case Cancelled:
		if c.open() {
			c.stop(e.At)
			c.unpause(e.At)
			c.CancelledAt = e.At
		}
	case Activated: // it is active
	}
}

// open says that the promise is neither fulfilled nor cancelled.
func (c Clock) open() bool { return c.FulfilledAt.IsZero() && c.CancelledAt.IsZero() }

func (c Clock) runs() bool { return len(c.ran) > 0 && c.ran[len(c.ran)-1].to.IsZero() }

func (c *Clock) stop(at time.Time) {
	if c.runs() {
		c.ran[len(c.ran)-1].to = at
	}
}

func (c *Clock) unpause(at time.Time) {
	if !c.PausedAt.IsZero() {
		c.waits[len(c.waits)-1].to = at
		c.PausedAt = time.Time{}
	}
}

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

// Elapsed gives the business time that has counted until now, in the calendar that holds today.
func (c Clock) Elapsed(s *Schedule, now time.Time) (business time.Duration) {
	for _, r := range c.ran {
		to := r.to
		if to.IsZero() || to.After(now) {
			to = now
		}
		business += s.Between(r.from, to)
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
	for _, r := range c.ran {
		if !r.to.IsZero() {
			if used := s.Between(r.from, r.to); used < business {
				business -= used
				continue
			}
		}
		at, ok := s.Add(r.from, business)
		if !ok {
			return time.Time{}
		}
		return at
	}
	return time.Time{}
}

// Remaining gives the business time that is left; negative after the due time.
func (c Clock) Remaining(s *Schedule, now time.Time) time.Duration {
	if due := c.Promise.DueAt; !due.IsZero() && c.runs() {
		return s.Between(now, due) - s.Between(due, now)
	}
	return c.Target - c.Elapsed(s, now)
}

// Explain takes the time from the clock's start until now apart: what counted, what did not, and why.
func (c Clock) Explain(s *Schedule, now time.Time) []Stretch {
	out := []Stretch{}
	for _, x := range c.spans(now) {
		if x.reason != "" {
			out = append(out, Stretch{From: x.from, To: x.to, Reason: ReasonPaused + x.reason})
			continue
		}
		out = append(out, s.Explain(x.from, x.to)...)
	}
	return out
}

// spans gives the clock's times until now in their order; those in which it waited have a reason.
func (c Clock) spans(now time.Time) []span {
	var all []span
	for _, list := range [][]span{c.ran, c.waits} {
		for _, x := range list {
			if x.to.IsZero() || x.to.After(now) {
				x.to = now
			}
			if x.to.After(x.from) {
				all = append(all, x)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b span) int { return a.from.Compare(b.from) })
	return all
}

// fulfilled is what a clock waited for while its promise was met, until that was taken back.
const fulfilled = "resolved"

// ReasonPaused says of a stretch that the clock was paused; the type of the ticket's status stands behind it.
const ReasonPaused = "paused: "
