package sla

import (
	"slices"
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
	for _, c := range l.open() {
		if !c.BreachedAt.IsZero() && l.brokeBefore(c) && !IsPast(c.promisedAt(l.schedules(c.CalendarID)), now) {
			f.BreachesRemoved++
		}
	}
}

// dues gives when what is promised by the clocks that are open falls due, had no breach been recorded.
func (l *Ledger) dues() map[clockName]time.Time {
	out := map[clockName]time.Time{}
	for _, c := range l.open() {
		out[c.name()] = c.promisedAt(l.schedules(c.CalendarID))
	}
	return out
}

// promisedAt returns when the promise falls due, whether or not a breach was recorded; zero while it is paused.
func (c Clock) promisedAt(s *Schedule) time.Time {
	c.BreachedAt = time.Time{}
	return c.DueAt(s)
}

// brokeBefore reports whether a clock, which is breached, was so before what was added.
func (l *Ledger) brokeBefore(c Clock) bool {
	return !slices.ContainsFunc(l.broken, func(x Clock) bool { return x.name() == c.name() })
}

// OpenUnder says whether a clock that is open was promised something by a policy.
func (l *Ledger) OpenUnder(policy domain.ID) bool {
	return slices.ContainsFunc(l.open(), func(c Clock) bool { return c.PolicyID == policy })
}
