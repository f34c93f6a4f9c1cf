package sla

import (
	"cmp"
	"slices"
	"time"
)

// Replay returns the clocks of a ledger, by metric, then by cycle. The events are in the order in which they happened; one
// that contradicts those before it is passed over.
func Replay(events []Event) []Clock {
	var f replay
	for _, e := range events {
		f.add(e)
	}
	return f.sorted()
}

// replay is what follows from the events so far. Adding one takes the same time, however many there were.
type replay struct {
	clocks []Clock           // in the order in which they began
	places map[clockName]int // in clocks
	newest map[Metric]int    // the clock of the highest cycle
	open   []int             // the clocks that are open, by metric and cycle
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

// add applies an event to its clock and returns that; nil if there is none.
func (f *replay) add(e Event) *Clock {
	name := clockName{e.Metric, e.Cycle}
	at, known := f.places[name]
	switch {
	case known:
	case e.Kind == Activated:
		at = f.begin(name)
	default:
		return nil
	}
	c := &f.clocks[at]
	wasOpen := known && c.open()
	c.apply(e)
	switch isOpen := c.open(); {
	case isOpen && !wasOpen:
		place, _ := slices.BinarySearchFunc(f.open, name, func(i int, n clockName) int { return f.clocks[i].name().compare(n) })
		f.open = slices.Insert(f.open, place, at)
	case wasOpen && !isOpen:
		f.open = slices.DeleteFunc(f.open, func(i int) bool { return i == at })
	}
	return c
}

// begin adds a clock.
func (f *replay) begin(name clockName) (at int) {
	if f.places == nil {
		f.places, f.newest = map[clockName]int{}, map[Metric]int{}
	}
	at = len(f.clocks)
	f.clocks = append(f.clocks, Clock{Metric: name.metric, Cycle: name.cycle})
	f.places[name] = at
	if last, found := f.newest[name.metric]; !found || f.clocks[last].Cycle < name.cycle {
		f.newest[name.metric] = at
	}
	return at
}

// sorted returns every clock, by metric and cycle.
func (f *replay) sorted() []Clock {
	out := slices.Clone(f.clocks)
	slices.SortFunc(out, func(a, b Clock) int { return a.name().compare(b.name()) })
	return out
}

func (c *Clock) apply(e Event) {
	switch e.Kind {
	case Activated:
		if c.StartedAt.IsZero() {
			c.StartedAt, c.runsSince, c.Promise = e.At, e.At, e.Promise
		}
	case Paused:
		if c.runs() {
			c.stop(e.At)
			c.PausedAt, c.waitsFor = e.At, e.Reason
		}
	case Resumed:
		if c.CancelledAt.IsZero() && !c.runs() {
			c.unpause(e.At)
			if !c.FulfilledAt.IsZero() {
				c.waited = append(c.waited, span{from: c.FulfilledAt, to: e.At, reason: fulfilled})
				c.FulfilledAt = time.Time{}
			}
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
	}
}

func (c *Clock) stop(at time.Time) {
	if c.runs() {
		c.ran = append(c.ran, span{from: c.runsSince, to: at})
		c.runsSince = time.Time{}
	}
}

func (c *Clock) unpause(at time.Time) {
	if !c.PausedAt.IsZero() {
		c.waited = append(c.waited, span{from: c.PausedAt, to: at, reason: c.waitsFor})
		c.PausedAt, c.waitsFor = time.Time{}, ""
	}
}
