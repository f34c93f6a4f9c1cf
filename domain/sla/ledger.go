package sla

import (
	"slices"
	"time"
)

// Ledger is what happened to the clocks of one ticket. Each method says what happens now; it adds the events that
// follow and changes none that is there. A promise that fell due before is recorded as breached first, so that nothing
// that comes late can meet it.
type Ledger struct {
	events    []Event
	kept      int // how many of them were there before
	clocks    []Clock
	schedules Schedules
}

// NewLedger takes up the events that are kept of a ticket, in the order in which they happened.
func NewLedger(kept []Event, schedules Schedules) *Ledger {
	return &Ledger{events: slices.Clone(kept), kept: len(kept), clocks: Fold(kept), schedules: schedules}
}

// Added gives the events that are new, to be kept.
func (l *Ledger) Added() []Event { return slices.Clone(l.events[l.kept:]) }

// Clocks gives every clock, by metric and cycle.
func (l *Ledger) Clocks() []Clock { return slices.Clone(l.clocks) }

// Begin starts the clocks of a new ticket; where its status is of a type that pauses, they stand at once.
func (l *Ledger) Begin(terms Terms, statusType string, at time.Time) {
	for _, m := range [...]Metric{FirstResponse, Resolution} {
		l.activate(terms, m, statusType, at)
	}
}

// Replied says that somebody of the desk answered publicly: the first time that meets the first response, and later
// on the next one.
func (l *Ledger) Replied(at time.Time) {
	l.Lapse(at)
	l.each(func(c Clock) bool { return c.open() && c.Metric != Resolution }, func(c Clock) { l.add(c, Event{Kind: Fulfilled, At: at}) })
}

// Asked says that the requester wrote publicly after the first response: somebody owes an answer, unless one is owed
// already.
func (l *Ledger) Asked(terms Terms, statusType string, at time.Time) {
	l.Lapse(at)
	if !l.any(func(c Clock) bool { return c.open() && c.Metric != Resolution }) {
		l.activate(terms, NextResponse, statusType, at)
	}
}

// Resolved says that the ticket was resolved or closed.
func (l *Ledger) Resolved(at time.Time) {
	l.Lapse(at)
	l.each(Clock.open, func(c Clock) {
		kind := Fulfilled
		if c.Metric == NextResponse {
			kind = Cancelled
		}
		l.add(c, Event{Kind: kind, At: at})
	})
}

// Cancelled says that the ticket was cancelled: nothing is owed any more.
func (l *Ledger) Cancelled(at time.Time) {
	l.Lapse(at)
	l.each(Clock.open, func(c Clock) { l.add(c, Event{Kind: Cancelled, At: at}) })
}

// Reopened says that a resolved, closed or cancelled ticket is open again. A clock that was cancelled cannot go on, so
// a new one begins.
func (l *Ledger) Reopened(terms Terms, statusType string, at time.Time) {
	l.Lapse(at)
	last, found := l.last(Resolution)
	switch {
	case found && last.open():
	case found && !last.FulfilledAt.IsZero() && terms.OnReopen != ReopenRestarts:
		l.add(last, Event{Kind: Resumed, At: at})
		if terms.Pauses(statusType) {
			l.add(last, Event{Kind: Paused, At: at, Reason: statusType})
		}
	default:
		l.activate(terms, Resolution, statusType, at)
	}
}

// Moved says that the ticket, open before and after, has a status of another type: clocks stop or go on.
func (l *Ledger) Moved(terms Terms, statusType string, at time.Time) {
	l.Lapse(at)
	pauses := terms.Pauses(statusType)
	l.each(Clock.open, func(c Clock) {
		switch {
		case pauses && c.PausedAt.IsZero():
			l.add(c, Event{Kind: Paused, At: at, Reason: statusType})
		case !pauses && !c.PausedAt.IsZero():
			l.add(c, Event{Kind: Resumed, At: at})
		}
	})
}

// Retarget says that other terms hold from now on. Starts and pauses stay; what is past due under the new terms is
// breached at that moment. A promise that the new terms do not make is cancelled, one that they add begins now.
// responded says whether the ticket has had its first response.
func (l *Ledger) Retarget(terms Terms, statusType string, responded bool, at time.Time) {
	l.Lapse(at)
	l.each(Clock.open, func(c Clock) {
		t, promised := terms.Target(c.Metric)
		switch {
		case !promised:
			l.add(c, Event{Kind: Cancelled, At: at})
		case c.Target != t.length() || c.CalendarID != t.CalendarID:
			l.add(c, Event{Kind: Retargeted, At: at, Target: t.length(), CalendarID: t.CalendarID})
		}
	})
	l.each(func(c Clock) bool { return l.due(c, at) }, func(c Clock) { l.add(c, Event{Kind: Breached, At: at}) })
	l.Moved(terms, statusType, at)
	for _, m := range [...]Metric{FirstResponse, Resolution} {
		if _, found := l.last(m); !found && (m == Resolution || !responded) {
			l.activate(terms, m, statusType, at)
		}
	}
}

// Lapse records every breach that came until now, at the time when it was due.
func (l *Ledger) Lapse(now time.Time) {
	l.each(func(c Clock) bool { return l.due(c, now) }, func(c Clock) {
		l.add(c, Event{Kind: Breached, At: c.DueAt(l.schedules(c.CalendarID))})
	})
}

// due says whether a promise that still runs has fallen due unrecorded.
func (l *Ledger) due(c Clock, now time.Time) bool {
	if !c.BreachedAt.IsZero() || !c.runs() {
		return false
	}
	return Passed(c.DueAt(l.schedules(c.CalendarID)), now)
}

// NextDue gives the earliest due time of the clocks that run; zero where none does.
func (l *Ledger) NextDue() (due time.Time) {
	for _, c := range l.clocks {
		if c.State() != StateRunning {
			continue
		}
		if at := c.DueAt(l.schedules(c.CalendarID)); due.IsZero() || !at.IsZero() && at.Before(due) {
			due = at
		}
	}
	return due
}

func (l *Ledger) activate(terms Terms, m Metric, statusType string, at time.Time) {
	t, promised := terms.Target(m)
	if !promised {
		return
	}
	last, _ := l.last(m)
	c := Clock{Metric: m, Cycle: last.Cycle + 1}
	l.add(c, Event{Kind: Activated, At: at, Target: t.length(), CalendarID: t.CalendarID})
	if terms.Pauses(statusType) {
		l.add(c, Event{Kind: Paused, At: at, Reason: statusType})
	}
}

func (l *Ledger) add(c Clock, e Event) {
	e.Metric, e.Cycle = c.Metric, c.Cycle
	l.events = append(l.events, e)
	l.clocks = Fold(l.events)
}

// each does something to every clock that is as wanted now.
func (l *Ledger) each(wanted func(Clock) bool, do func(Clock)) {
	for _, c := range slices.Clone(l.clocks) {
		if wanted(c) {
			do(c)
		}
	}
}

func (l *Ledger) any(wanted func(Clock) bool) bool { return slices.ContainsFunc(l.clocks, wanted) }

// last gives the newest clock of a metric.
func (l *Ledger) last(m Metric) (newest Clock, found bool) {
	for _, c := range l.clocks {
		if c.Metric == m {
			newest, found = c, true
		}
	}
	return newest, found
}
