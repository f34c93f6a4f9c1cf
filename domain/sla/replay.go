package sla

import (
	"cmp"
	"slices"
	"time"
)

// Replay returns the clocks of a ledger, by metric, then by cycle. The events must be in the order in which they were
// added; an event that contradicts earlier ones is ignored.
func Replay(events []Event) []Clock {
	var r replay
	for _, e := range events {
		r.add(e)
	}
	return r.sorted()
}

// replay is what is derived from the events so far. Adding an event takes the same time, however many there are.
type replay struct {
	clocks  []Clock           // in the order in which they began
	indexes map[clockName]int // indexes in clocks
	newest  map[Metric]int    // index of the clock with the highest cycle
	open    []int             // indexes of the open clocks, by metric and cycle

	retracted bool // a comment was taken back
}

// clockName identifies a clock of a ticket.
type clockName struct {
	metric Metric
	cycle  int
}

func (c Clock) name() clockName { return clockName{c.Metric, c.Cycle} }

func (n clockName) compare(m clockName) int {
	return cmp.Or(slices.Index(Metrics, n.metric)-slices.Index(Metrics, m.metric), cmp.Compare(n.metric, m.metric), n.cycle-m.cycle)
}

// add applies an event to its clock and returns the clock; nil if there is none.
func (r *replay) add(e Event) *Clock {
	name := clockName{e.Metric, e.Cycle}
	index, known := r.indexes[name]
	switch {
	case known:
	case e.Kind == Activated:
		index = r.begin(name)
	default:
		return nil
	}
	r.retracted = r.retracted || e.Kind == Retracted
	c := &r.clocks[index]
	wasOpen := known && c.open()
	c.apply(e)
	switch isOpen := c.open(); {
	case isOpen && !wasOpen:
		at, _ := slices.BinarySearchFunc(r.open, name, func(i int, n clockName) int { return r.clocks[i].name().compare(n) })
		r.open = slices.Insert(r.open, at, index)
	case wasOpen && !isOpen:
		r.open = slices.DeleteFunc(r.open, func(i int) bool { return i == index })
	}
	return c
}

// begin adds a clock and returns its index.
func (r *replay) begin(name clockName) (index int) {
	if r.indexes == nil {
		r.indexes, r.newest = map[clockName]int{}, map[Metric]int{}
	}
	index = len(r.clocks)
	r.clocks = append(r.clocks, Clock{Metric: name.metric, Cycle: name.cycle})
	r.indexes[name] = index
	if last, found := r.newest[name.metric]; !found || r.clocks[last].Cycle < name.cycle {
		r.newest[name.metric] = index
	}
	return index
}

// sorted returns every clock, by metric and cycle.
func (r *replay) sorted() []Clock {
	out := slices.Clone(r.clocks)
	slices.SortFunc(out, func(a, b Clock) int { return a.name().compare(b.name()) })
	return out
}

func (c *Clock) apply(e Event) {
	switch e.Kind {
	case Activated:
		if c.StartedAt.IsZero() {
			c.StartedAt, c.runsSince, c.Promise = e.At, e.At, e.Promise
			c.began, c.begunBy = e.Promise, e.CommentID
		}
	case Paused:
		if c.runs() {
			c.stop(e.At)
			c.PausedAt, c.pauseReason = e.At, e.Reason
		}
	case Resumed:
		if !c.runs() {
			c.unpause(e.At)
			c.reopen(e.At)
			c.runsSince = e.At
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
		if !c.everBreached() {
			c.BreachedAt = e.At
		}
	case Voided:
		if !c.BreachedAt.IsZero() {
			c.BreachedAt, c.VoidedAt = time.Time{}, e.At
		}
	case Warned:
		if c.WarnedAt.IsZero() {
			c.WarnedAt = e.At
		}
	case Cancelled:
		if c.open() {
			c.stop(e.At)
			c.unpause(e.At)
			c.CancelledAt, c.cancelled = e.At, e.Reason
		}
	case Retracted:
		c.restart()
	}
}

// reopen undoes the fulfilment or cancellation. The time in between does not count.
func (c *Clock) reopen(at time.Time) {
	if !c.FulfilledAt.IsZero() {
		c.stopped = append(c.stopped, span{from: c.FulfilledAt, to: at, reason: fulfilled})
	}
	if !c.CancelledAt.IsZero() {
		c.stopped = append(c.stopped, span{from: c.CancelledAt, to: at, reason: cancelled})
	}
	c.FulfilledAt, c.CancelledAt, c.cancelled = time.Time{}, time.Time{}, ""
}

// restart makes the clock run from its start by its first promise, as if nothing else had happened to it; only a warning and a
// breach that were recorded remain.
func (c *Clock) restart() {
	c.Promise, c.runsSince, c.ran, c.stopped = c.began, c.StartedAt, nil, nil
	c.FulfilledAt, c.CancelledAt, c.cancelled = time.Time{}, time.Time{}, ""
	c.PausedAt, c.pauseReason, c.elapsed = time.Time{}, "", elapsedTotals{}
}

func (c *Clock) stop(at time.Time) {
	if c.runs() {
		c.ran = append(c.ran, span{from: c.runsSince, to: at})
		c.runsSince = time.Time{}
	}
}

func (c *Clock) unpause(at time.Time) {
	if !c.PausedAt.IsZero() {
		c.stopped = append(c.stopped, span{from: c.PausedAt, to: at, reason: c.pauseReason})
		c.PausedAt, c.pauseReason = time.Time{}, ""
	}
}
