package sla

import (
	"time"

	"tickt/domain"
)

// Forecast is what a recomputation would do.
type Forecast struct {
	Tickets         int // whose clocks would be touched
	DueTimesMoved   int // of clocks; those that come or go included
	BreachesAdded   int // of clocks that would be late at once
	BreachesRemoved int // of clocks that would not be late under what is promised today; a breach that is recorded stays
}

// Add counts what a recomputation does to a ledger that is not kept.
func (f *Forecast) Add(l *Ledger, recompute func(), now time.Time) {
	before := l.dues()
	recompute()
	if len(l.Added()) == 0 {
		return
	}
	f.Tickets++
	after := l.dues()
	for clock, due := range after {
		was, known := before[clock]
		if !known || !was.Equal(due) {
			f.DueTimesMoved++
		}
		delete(before, clock)
	}
	f.DueTimesMoved += len(before)
	for _, e := range l.Added() {
		if e.Kind == Breached {
			f.BreachesAdded++
		}
	}
	for _, c := range l.clocks {
		if c.open() && !c.BreachedAt.IsZero() && l.clockKept(c) && !Passed(c.reckoned(l.schedules(c.CalendarID)), now) {
			f.BreachesRemoved++
		}
	}
}

type clockName struct {
	metric Metric
	cycle  int
}

// dues gives when what is promised by the clocks that are open falls due, had no breach been recorded.
func (l *Ledger) dues() map[clockName]time.Time {
	out := map[clockName]time.Time{}
	for _, c := range l.clocks {
		if c.open() {
			out[clockName{c.Metric, c.Cycle}] = c.reckoned(l.schedules(c.CalendarID))
		}
	}
	return out
}

// reckoned gives when the promise falls due, whether or not a breach was recorded; zero while it is paused.
func (c Clock) reckoned(s *Schedule) time.Time {
	c.BreachedAt = time.Time{}
	return c.DueAt(s)
}

// clockKept says that a clock was breached before, and not by what was added.
func (l *Ledger) clockKept(c Clock) bool {
	for _, e := range l.events[:l.kept] {
		if e.Kind == Breached && e.Metric == c.Metric && e.Cycle == c.Cycle {
			return true
		}
	}
	return false
}

// OpenUnder says whether a clock that is open was promised something by a policy.
func (l *Ledger) OpenUnder(policy domain.ID) bool {
	return l.any(func(c Clock) bool { return c.open() && c.PolicyID == policy })
}
