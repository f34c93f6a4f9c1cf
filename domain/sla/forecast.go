package sla

import (
	"slices"
	"time"
)

// Forecast is what recomputing would change.
type Forecast struct {
	Tickets         int // tickets whose clocks would change
	DueTimesMoved   int // clocks whose due time would change; includes clocks that would begin or end
	BreachesAdded   int // clocks that would be breached at once
	BreachesRemoved int // breached clocks that would not be late under the new terms; the recorded breach would stay
}

// Add calls recompute, which recomputes l, and adds what it changed to the forecast. The caller must not store l.
func (f *Forecast) Add(l *Ledger, recompute func(), now time.Time) {
	before := l.dueTimes()
	recompute()
	if len(l.Added()) == 0 {
		return
	}
	f.Tickets++
	after := l.dueTimes()
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
		if !c.BreachedAt.IsZero() && l.wasBreached(c) && !c.isLate(l.schedules(c.CalendarID), now) {
			f.BreachesRemoved++
		}
	}
}

// dueTimes returns the due times of the open clocks, as if no breach had been recorded.
func (l *Ledger) dueTimes() map[clockName]time.Time {
	out := map[clockName]time.Time{}
	for _, c := range l.open() {
		out[c.name()] = c.promisedDue(l.schedules(c.CalendarID))
	}
	return out
}

// promisedDue returns when the promise is due, whether or not a breach was recorded; zero while the clock is paused.
func (c Clock) promisedDue(s *Schedule) time.Time {
	c.BreachedAt = time.Time{}
	return c.DueAt(s)
}

// isLate reports whether the promise of an open clock has passed, whether or not a breach was recorded. A paused clock has
// no due time: it is late if the promised time has passed on it.
func (c Clock) isLate(s *Schedule, now time.Time) bool {
	if c.runs() {
		return IsPast(c.promisedDue(s), now)
	}
	return c.Elapsed(s, now) >= c.Target
}

// wasBreached reports whether c, which is breached, was breached before the new events.
func (l *Ledger) wasBreached(c Clock) bool {
	return !slices.ContainsFunc(l.newBreaches, func(x Clock) bool { return x.name() == c.name() })
}

// OpenUnder reports whether an open clock has a promise from the source.
func (l *Ledger) OpenUnder(s Source) bool {
	return slices.ContainsFunc(l.open(), func(c Clock) bool { return Source{c.PolicyID, c.PriorityID} == s })
}
