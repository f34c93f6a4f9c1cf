package sla

import (
	"iter"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/lifecycle"
)

// Ledger is what happened to the clocks of one ticket. Each method says what happens now; it adds the events that
// follow and changes none that is there. A promise that fell due before is recorded as breached first, so that nothing
// that comes late can meet it.
type Ledger struct {
	events    []Event
	kept      int // how many of them were there before
	clocks    replay
	schedules Schedules
	broken    []Clock   // by events that are new, as they were then
	promised  Promise   // what was promised last
	latest    time.Time // when something happened last; a clock of another machine may be behind
}

// TicketState is what a ledger must know of its ticket.
type TicketState struct {
	Status    lifecycle.StatusType
	Opened    time.Time      // when the ticket was
	Responded bool           // the ticket has had its first response
	Periods   []StatusPeriod // of its statuses until now, the oldest first; only for a clock that Owes
}

// StatusPeriod is a time in which the ticket's status was of a type. It lasts until the next one.
type StatusPeriod struct {
	Status lifecycle.StatusType
	Since  time.Time
}

// stops reports whether the clock of a promise stops for the stay: its type pauses, or nobody works on the ticket.
func (s StatusPeriod) stops(p Promise) bool {
	return p.Pauses(s.Status) || s.Status.Known() && !s.Status.Active()
}

// NewLedger takes up the events that are kept of a ticket, in the order in which they happened.
func NewLedger(kept []Event, schedules Schedules) *Ledger {
	l := &Ledger{events: slices.Clone(kept), kept: len(kept), schedules: schedules}
	for _, e := range kept {
		l.take(e)
	}
	return l
}

// Added gives the events that are new, to be kept.
func (l *Ledger) Added() []Event { return slices.Clone(l.events[l.kept:]) }

// AddedTo gives the events that are new as they are kept of a ticket.
func (l *Ledger) AddedTo(of domain.ID, now time.Time) []Entry {
	var out []Entry
	for i, e := range l.events[l.kept:] {
		out = append(out, Entry{TicketID: of, Seq: l.kept + i + 1, RecordedAt: now, Event: e})
	}
	return out
}

// ClockStates returns where the clocks that have new events stand.
func (l *Ledger) ClockStates(of domain.ID) []ClockState {
	var names []clockName
	for _, e := range l.events[l.kept:] {
		names = append(names, clockName{e.Metric, e.Cycle})
	}
	slices.SortFunc(names, clockName.compare)
	var out []ClockState
	for _, name := range slices.Compact(names) {
		if place, known := l.clocks.places[name]; known {
			c, s := l.counted(place)
			out = append(out, c.clockState(of, s))
		}
	}
	return out
}

// Broken returns the clocks that new events say are breached, with what they were promised at that moment: another
// promise that came at the same time has no part in it.
func (l *Ledger) Broken() []Clock { return slices.Clone(l.broken) }

// Begin starts the clocks of a new ticket; where its status is of a type that pauses, they stand at once.
func (l *Ledger) Begin(terms Terms, is TicketState, at time.Time) {
	for _, m := range [...]Metric{FirstResponse, Resolution} {
		l.activate(terms, m, is.Status, at, at)
	}
}

// Replied says that somebody of the desk answered publicly: the first time that meets the first response, and later
// on the next one.
func (l *Ledger) Replied(at time.Time) {
	l.RecordDue(at)
	for _, c := range l.open() {
		if c.Metric != Resolution {
			l.add(c, Event{Kind: Fulfilled, At: at})
		}
	}
}

// Asked says that the requester wrote publicly after the first response: somebody owes an answer, unless one is owed
// already.
func (l *Ledger) Asked(terms Terms, is TicketState, at time.Time) {
	l.RecordDue(at)
	if !slices.ContainsFunc(l.open(), func(c Clock) bool { return c.Metric != Resolution }) {
		l.activate(terms, NextResponse, is.Status, at, at)
	}
}

// Resolved says that the ticket was resolved or closed.
func (l *Ledger) Resolved(at time.Time) {
	l.RecordDue(at)
	for _, c := range l.open() {
		kind := Fulfilled
		if c.Metric == NextResponse {
			kind = Cancelled
		}
		l.add(c, Event{Kind: kind, At: at})
	}
}

// Cancelled says that the ticket was cancelled: nothing is owed any more.
func (l *Ledger) Cancelled(at time.Time) {
	l.RecordDue(at)
	for _, c := range l.open() {
		l.add(c, Event{Kind: Cancelled, At: at})
	}
}

// Reopened says that a resolved, closed or cancelled ticket is open again. A clock that was cancelled cannot go on, so
// a new one begins; nor can a first response that was given be owed again.
func (l *Ledger) Reopened(terms Terms, is TicketState, at time.Time) {
	l.RecordDue(at)
	last, found := l.last(Resolution)
	switch {
	case found && last.open():
	case found && !last.FulfilledAt.IsZero() && last.OnReopen != ReopenRestarts:
		l.add(last, Event{Kind: Resumed, At: at})
	default:
		l.activate(terms, Resolution, is.Status, at, at)
	}
	if response, began := l.last(FirstResponse); began && !is.Responded && !response.open() {
		l.activate(terms, FirstResponse, is.Status, at, at)
	}
	l.Moved(is.Status, at)
}

// Moved says that the ticket, open before and after, has a status of another type: clocks stop or go on.
func (l *Ledger) Moved(to lifecycle.StatusType, at time.Time) {
	l.RecordDue(at)
	for _, c := range l.open() {
		pauses := c.Pauses(to)
		switch {
		case pauses && c.PausedAt.IsZero():
			l.add(c, Event{Kind: Paused, At: at, Reason: string(to)})
		case !pauses && !c.PausedAt.IsZero():
			l.add(c, Event{Kind: Resumed, At: at})
		}
	}
}

// Retarget says that another policy, or the hours of another priority, hold from now on. Where what promised so far goes
// on to hold, nothing changes, whatever it promises today.
func (l *Ledger) Retarget(terms Terms, is TicketState, at time.Time) {
	outlived := slices.ContainsFunc(l.open(), func(c Clock) bool { return !c.under(terms) })
	if outlived || !l.promised.under(terms) || l.lost(terms, is) {
		l.Recompute(terms, is, at)
	}
}

// lost says whether a clock was cancelled that the terms promise again.
func (l *Ledger) lost(terms Terms, is TicketState) bool {
	return l.owed(terms, is, func(last Clock, began bool) bool { return began && !last.CancelledAt.IsZero() })
}

// Owes says whether terms promise what no clock counts: one would begin in the past, for which a TicketState needs Stays.
func (l *Ledger) Owes(terms Terms, is TicketState) bool {
	return l.owed(terms, is, func(last Clock, began bool) bool { return !began || !last.CancelledAt.IsZero() })
}

func (l *Ledger) owed(terms Terms, is TicketState, without func(last Clock, began bool) bool) bool {
	for _, m := range [...]Metric{FirstResponse, Resolution} {
		_, promised := terms.target(m)
		if last, began := l.last(m); promised && (m != FirstResponse || !is.Responded) && without(last, began) {
			return true
		}
	}
	return false
}

// Recompute applies terms to the clocks that are open. Starts and pauses stay; what is past due under the new terms is
// breached at that moment. A promise that the new terms do not make is cancelled, one that they add counts from the
// ticket's opening, or as the clock did that was cancelled. A due time that was set by hand stays.
func (l *Ledger) Recompute(terms Terms, is TicketState, at time.Time) {
	l.RecordDue(at)
	for _, c := range l.open() {
		p, promised := terms.promise(c.Metric)
		byHand := !c.Promise.DueAt.IsZero()
		if byHand {
			p.DueAt, p.Target = c.Promise.DueAt, c.Target
			if !promised {
				p.CalendarID, p.WarnPercent = c.CalendarID, c.WarnPercent
			}
		}
		switch {
		case !promised && !byHand:
			l.add(c, Event{Kind: Cancelled, At: at})
		case !p.same(c.Promise):
			l.add(c, Event{Kind: Retargeted, At: at, Promise: p})
		}
	}
	l.breachLate(at)
	for _, m := range [...]Metric{FirstResponse, Resolution} {
		last, began := l.last(m)
		switch {
		case m == FirstResponse && is.Responded:
		case !began:
			l.late(terms, Clock{Metric: m, StartedAt: is.Opened}, is, at)
		case !last.CancelledAt.IsZero():
			l.late(terms, last, is, at)
		}
	}
	l.Moved(is.Status, at)
}

// SetDue says by hand when the first response is due, whatever was promised, until UnsetDue. Where it was given already,
// nothing is due.
func (l *Ledger) SetDue(terms Terms, is TicketState, due, at time.Time) {
	l.RecordDue(at)
	last, began := l.last(FirstResponse)
	if is.Responded {
		return
	}
	p, promised := terms.promise(FirstResponse)
	if !promised {
		p.CalendarID, p.WarnPercent = AlwaysOpenVersion, defaultWarning
	}
	if began && last.open() {
		c, s := l.counted(l.clocks.newest[FirstResponse])
		p = c.Promise
		if due.After(at) {
			p.Target = c.Elapsed(s, at) + s.Between(at, due)
		} else {
			p.Target = c.Elapsed(s, due)
		}
		p.DueAt, p.Target = due, p.Target.Truncate(time.Second)
		l.add(c, Event{Kind: Retargeted, At: at, Promise: p})
	} else {
		p.DueAt, p.Target = due, l.schedules(p.CalendarID).Between(is.Opened, due).Truncate(time.Second)
		l.begin(Clock{Metric: FirstResponse, Cycle: last.Cycle + 1}, p, is.Status, is.Opened, at)
	}
	l.breachLate(at)
}

// UnsetDue says that the first response is due as the terms have it again.
func (l *Ledger) UnsetDue(terms Terms, at time.Time) {
	l.RecordDue(at)
	for _, c := range l.open() {
		p, promised := terms.promise(c.Metric)
		switch {
		case c.Promise.DueAt.IsZero():
		case promised:
			l.add(c, Event{Kind: Retargeted, At: at, Promise: p})
		default:
			l.add(c, Event{Kind: Cancelled, At: at})
		}
	}
	l.breachLate(at)
}

// RecordDue records every warning and every breach that came until now, at the time when it was due and in the order of
// these.
func (l *Ledger) RecordDue(now time.Time) {
	type alarm struct {
		of Clock
		Event
	}
	var due []alarm
	for c, s := range l.running() {
		if at := c.WarnAt(s); IsPast(at, now) {
			due = append(due, alarm{c, Event{Kind: Warned, At: at}})
		}
		if at := c.DueAt(s); c.BreachedAt.IsZero() && IsPast(at, now) {
			due = append(due, alarm{c, Event{Kind: Breached, At: at}})
		}
	}
	slices.SortStableFunc(due, func(a, b alarm) int { return a.At.Compare(b.At) })
	for _, x := range due {
		l.add(x.of, x.Event)
	}
}

// breachLate records what a new promise has made late, as breached at that moment.
func (l *Ledger) breachLate(at time.Time) {
	for c, s := range l.running() {
		if c.BreachedAt.IsZero() && IsPast(c.DueAt(s), at) {
			l.add(c, Event{Kind: Breached, At: at})
		}
	}
}

// NextDue returns the earliest due time of the clocks that run, including those that were breached, for what they
// promised is still owed; zero if none runs.
func (l *Ledger) NextDue() (due time.Time) {
	for c, s := range l.running() {
		due = earlier(due, c.DueAt(s))
	}
	return due
}

// ByHand gives when the first response is due by hand, or was when the ticket was cancelled; zero where nobody said so, or
// it was given.
func (l *Ledger) ByHand() time.Time {
	if last, began := l.last(FirstResponse); began && last.FulfilledAt.IsZero() {
		return last.Promise.DueAt
	}
	return time.Time{}
}

// NextAt gives when passing time next brings a warning or a breach; zero where it brings none.
func (l *Ledger) NextAt() (at time.Time) {
	for c, s := range l.running() {
		if c.State() == StateRunning {
			at = earlier(earlier(at, c.WarnAt(s)), c.DueAt(s))
		}
	}
	return at
}

// earlier gives the earlier of two times, of which a zero one is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// activate starts a new clock, from a moment on, where the terms promise something.
func (l *Ledger) activate(terms Terms, m Metric, in lifecycle.StatusType, from, at time.Time) {
	if p, promised := terms.promise(m); promised {
		last, _ := l.last(m)
		l.begin(Clock{Metric: m, Cycle: last.Cycle + 1}, p, in, from, at)
		l.breachLate(at)
	}
}

// late starts a clock in the past, after last: from when that one started, and with the pauses that the ticket had.
func (l *Ledger) late(terms Terms, last Clock, is TicketState, at time.Time) {
	p, promised := terms.promise(last.Metric)
	if !promised {
		return
	}
	c := Clock{Metric: last.Metric, Cycle: last.Cycle + 1}
	l.keep(c, Event{Kind: Activated, At: last.StartedAt, Promise: p})
	for i, stay := range is.Periods {
		from, to := stay.Since, at
		if i+1 < len(is.Periods) {
			to = is.Periods[i+1].Since
		}
		if from.Before(last.StartedAt) {
			from = last.StartedAt
		}
		if to.After(from) && stay.stops(p) {
			l.keep(c, Event{Kind: Paused, At: from, Reason: string(stay.Status)})
			l.keep(c, Event{Kind: Resumed, At: to})
		}
	}
	l.breachLate(at)
}

func (l *Ledger) begin(c Clock, p Promise, in lifecycle.StatusType, from, at time.Time) {
	l.add(c, Event{Kind: Activated, At: from, Promise: p})
	if p.Pauses(in) {
		l.add(c, Event{Kind: Paused, At: at, Reason: string(in)})
	}
}

// add keeps an event. What somebody does never comes before what was done already; what passing time does has its own
// time.
func (l *Ledger) add(c Clock, e Event) {
	if e.done() && e.At.Before(l.latest) {
		e.At = l.latest
	}
	l.keep(c, e)
}

func (l *Ledger) keep(c Clock, e Event) {
	e.Metric, e.Cycle = c.Metric, c.Cycle
	l.events = append(l.events, e)
	if c := l.take(e); c != nil && e.Kind == Breached {
		l.broken = append(l.broken, *c)
	}
}

// take applies an event to what follows from all of them and returns its clock; nil if there is none.
func (l *Ledger) take(e Event) *Clock {
	if e.Kind != Warned && e.Kind != Breached && e.At.After(l.latest) {
		l.latest = e.At
	}
	if e.Promises() {
		l.promised = e.Promise
	}
	return l.clocks.add(e)
}

// done says whether somebody did it, and did not merely begin it at a time of the past.
func (e Event) done() bool {
	return e.Kind != Activated && e.Kind != Warned && e.Kind != Breached
}

// open returns the clocks that are open now, by metric and cycle.
func (l *Ledger) open() []Clock {
	out := make([]Clock, len(l.clocks.open))
	for i, place := range l.clocks.open {
		out[i] = l.clocks.clocks[place]
	}
	return out
}

// running yields the clocks that run, with their schedules. Events added meanwhile must neither begin nor end one.
func (l *Ledger) running() iter.Seq2[Clock, *Schedule] {
	return func(yield func(Clock, *Schedule) bool) {
		for _, place := range l.clocks.open {
			if l.clocks.clocks[place].runs() && !yield(l.counted(place)) {
				return
			}
		}
	}
}

// counted returns a clock, whose past is counted, and its schedule.
func (l *Ledger) counted(place int) (Clock, *Schedule) {
	c := &l.clocks.clocks[place]
	s := l.schedules(c.CalendarID)
	c.count(s)
	return *c, s
}

// last returns the newest clock of a metric.
func (l *Ledger) last(m Metric) (newest Clock, found bool) {
	place, found := l.clocks.newest[m]
	if found {
		newest = l.clocks.clocks[place]
	}
	return newest, found
}
