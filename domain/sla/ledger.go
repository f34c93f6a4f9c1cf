package sla

import (
	"iter"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/lifecycle"
)

// Ledger is the events of the clocks of one ticket. A method is called when something happens to the ticket; it appends
// the events that follow, and never changes an event. It first records the warnings and breaches that are due, so that
// a late action cannot keep a promise.
type Ledger struct {
	events      []Event
	stored      int         // how many of the events were loaded from the store
	recorded    []time.Time // when those were recorded; only if entries were loaded
	clocks      replay
	schedules   Schedules
	newBreaches []Clock   // clocks that new events breached, as they were at the breach
	newVoids    []Clock   // clocks whose breaches new events made void, as they were before
	lastPromise Promise   // the promise made last
	latest      time.Time // the latest time of an event other than a warning or breach; the clock of another machine may be behind
	comment     domain.ID // the comment that causes what is added
}

// TicketState is what a ledger must know of its ticket.
type TicketState struct {
	Status    lifecycle.StatusType
	Opened    time.Time      // when the ticket was opened
	Responded bool           // the ticket has had its first response
	Answered  time.Time      // when the desk last answered; zero: never. Needed only by Ledger.Reopened
	Periods   []StatusPeriod // the status periods until now, the oldest first; needed only if Ledger.Owes
}

// statusAt returns the type of the status at a time; "" if it is not known.
func (s TicketState) statusAt(at time.Time) (t lifecycle.StatusType) {
	for _, p := range s.Periods {
		if !p.Since.After(at) {
			t = p.Status
		}
	}
	return t
}

// StatusPeriod is a time in which the status of the ticket had one type. It lasts until the next period begins.
type StatusPeriod struct {
	Status lifecycle.StatusType
	Since  time.Time
}

// stops reports whether the clock of a promise stops during the period: its type pauses the clock, or is not active.
func (s StatusPeriod) stops(p Promise) bool {
	return p.Pauses(s.Status) || s.Status.Known() && !s.Status.Active()
}

// NewLedger returns a ledger with the stored events of a ticket, which are in the order in which they were added.
func NewLedger(stored []Event, schedules Schedules) *Ledger {
	l := &Ledger{events: slices.Clone(stored), stored: len(stored), schedules: schedules}
	for _, e := range stored {
		l.apply(e)
	}
	return l
}

// Added returns the new events, which are to be stored.
func (l *Ledger) Added() []Event { return slices.Clone(l.events[l.stored:]) }

// AddedTo returns the new events as ledger entries of a ticket.
func (l *Ledger) AddedTo(ticketID domain.ID, now time.Time) []Entry {
	var out []Entry
	for i, e := range l.events[l.stored:] {
		out = append(out, Entry{TicketID: ticketID, Seq: l.stored + i + 1, RecordedAt: now, Event: e})
	}
	return out
}

// ClockStates returns the states of the clocks that have new events.
func (l *Ledger) ClockStates(ticketID domain.ID) []ClockState {
	var names []clockName
	for _, e := range l.events[l.stored:] {
		names = append(names, clockName{e.Metric, e.Cycle})
	}
	slices.SortFunc(names, clockName.compare)
	var out []ClockState
	for _, name := range slices.Compact(names) {
		if i, known := l.clocks.indexes[name]; known {
			c, s := l.clockAt(i)
			out = append(out, c.clockState(ticketID, s))
		}
	}
	return out
}

// Broken returns the clocks that new events breached, each with its promise at the breach, even if a later event changed
// the promise.
func (l *Ledger) Broken() []Clock { return slices.Clone(l.newBreaches) }

// Because sets the comment that causes what is added until the next call; "" for none. Alarms have no such cause.
func (l *Ledger) Because(comment domain.ID) { l.comment = comment }

// Begin starts the clocks of a new ticket, paused if the type of its status pauses them.
func (l *Ledger) Begin(terms Terms, is TicketState, at time.Time) {
	for _, m := range [...]Metric{FirstResponse, Resolution} {
		l.activate(terms, m, is.Status, at, at)
	}
}

// Replied records that the desk answered publicly: this fulfils the first response, and later the next response.
func (l *Ledger) Replied(at time.Time) {
	l.RecordDue(at)
	for _, c := range l.open() {
		if c.Metric != Resolution {
			l.add(c, Event{Kind: Fulfilled, At: at})
		}
	}
}

// Asked records that the requester commented publicly after the first response: the clock of the next response starts,
// unless a clock is already open for a response.
func (l *Ledger) Asked(terms Terms, is TicketState, at time.Time) {
	l.RecordDue(at)
	if !slices.ContainsFunc(l.open(), func(c Clock) bool { return c.Metric != Resolution }) {
		l.activate(terms, NextResponse, is.Status, at, at)
	}
}

// Resolved records that the ticket was resolved or closed.
func (l *Ledger) Resolved(at time.Time) {
	l.RecordDue(at)
	for _, c := range l.open() {
		e := Event{Kind: Fulfilled, At: at}
		if c.Metric == NextResponse {
			e.Kind, e.Reason = Cancelled, string(lifecycle.Resolved)
		}
		l.add(c, e)
	}
}

// Cancelled records that the ticket was cancelled: all open clocks are cancelled.
func (l *Ledger) Cancelled(at time.Time) {
	l.RecordDue(at)
	for _, c := range l.open() {
		l.add(c, Event{Kind: Cancelled, At: at, Reason: string(lifecycle.Cancelled)})
	}
}

// Reopened records that a resolved, closed or cancelled ticket is active again. A clock that was over because of the ticket
// goes on with the time used so far, or a new one starts if its promise says so. A first response that was given stays
// fulfilled, and so does a next response; a question that the desk has not answered since is owed again.
func (l *Ledger) Reopened(terms Terms, is TicketState, at time.Time) {
	l.RecordDue(at)
	for _, m := range Metrics {
		last, began := l.last(m)
		switch {
		case m == FirstResponse && (is.Responded || !began):
		case m == NextResponse && (!began || !last.FulfilledAt.IsZero() || is.Answered.After(last.CancelledAt)):
		case began && last.open():
		case began && last.OnReopen != ReopenRestarts:
			if !last.endedByTerms(is) { // Retarget decides about those
				l.add(last, Event{Kind: Resumed, At: at})
			}
		default:
			l.activate(terms, m, is.Status, at, at)
		}
	}
	l.Moved(is.Status, at)
}

// endedByTerms reports whether the clock was cancelled while the ticket was active, because the terms no longer promised it.
func (c Clock) endedByTerms(is TicketState) bool {
	if c.CancelledAt.IsZero() || c.cancelled != "" {
		return c.cancelled == NotPromised
	}
	return is.statusAt(c.CancelledAt).Active() // an earlier release recorded it
}

// neverBegan reports whether the clock would not have begun without a comment that was taken back.
func (c Clock) neverBegan() bool { return c.cancelled == NotBegun }

// Moved records that the status type of an active ticket changed to another active one: clocks pause or resume.
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

// Retarget is called when the policy, or the priority whose hours apply, may have changed. It recomputes the clocks if it
// has, or if terms promise something whose clock was cancelled. Otherwise it changes nothing, even if the policy promises
// something else today.
func (l *Ledger) Retarget(terms Terms, is TicketState, at time.Time) {
	outdated := slices.ContainsFunc(l.open(), func(c Clock) bool { return !c.under(terms) })
	if outdated || !l.lastPromise.under(terms) || l.promisesCancelled(terms, is) {
		l.Recompute(terms, is, at)
	}
}

// promisesCancelled reports whether terms promise something whose last clock was cancelled.
func (l *Ledger) promisesCancelled(terms Terms, is TicketState) bool {
	return l.promisesWithout(terms, is, func(last Clock, began bool) bool { return began && !last.CancelledAt.IsZero() })
}

// Owes reports whether terms promise something that no clock counts. Such a clock would start in the past, for which
// TicketState needs Periods.
func (l *Ledger) Owes(terms Terms, is TicketState) bool {
	return l.promisesWithout(terms, is, func(last Clock, began bool) bool { return !began || !last.CancelledAt.IsZero() })
}

// promisesWithout reports whether terms promise a first response that was not given yet, or a resolution, for whose last
// clock missing returns true. began is false if there was no clock.
func (l *Ledger) promisesWithout(terms Terms, is TicketState, missing func(last Clock, began bool) bool) bool {
	for _, m := range [...]Metric{FirstResponse, Resolution} {
		_, promised := terms.target(m)
		if last, began := l.last(m); promised && (m != FirstResponse || !is.Responded) && missing(last, began) {
			return true
		}
	}
	return false
}

// Recompute applies terms to the open clocks. Starts, pauses and due times by hand stay. A clock that is late under the
// new terms is breached at the time at. A clock without a promise in the new terms is cancelled. A new promise counts
// from when the ticket was opened, or from the start of the clock of the metric that was cancelled.
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
			l.add(c, Event{Kind: Cancelled, At: at, Reason: NotPromised})
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
			l.activateLate(terms, Clock{Metric: m, StartedAt: is.Opened}, is, at)
		case !last.CancelledAt.IsZero():
			l.activateLate(terms, last, is, at)
		}
	}
	l.Moved(is.Status, at)
}

// SetDue sets by hand when the first response is due, regardless of what was promised, until UnsetDue. It does nothing if
// the first response was given.
func (l *Ledger) SetDue(terms Terms, is TicketState, due, at time.Time) {
	l.RecordDue(at)
	if is.Responded {
		return
	}
	p, promised := terms.promise(FirstResponse)
	if !promised {
		p.CalendarID, p.WarnPercent = AlwaysOpenVersion, defaultWarning
	}
	if i, began := l.lastIndex(FirstResponse); began && l.clocks.clocks[i].open() {
		c, s := l.clockAt(i)
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
		l.begin(l.next(FirstResponse), p, is.Status, is.Opened, at)
	}
	l.breachLate(at)
}

// UnsetDue makes the first response due by the terms again.
func (l *Ledger) UnsetDue(terms Terms, at time.Time) {
	l.RecordDue(at)
	for _, c := range l.open() {
		p, promised := terms.promise(c.Metric)
		switch {
		case c.Promise.DueAt.IsZero():
		case promised:
			l.add(c, Event{Kind: Retargeted, At: at, Promise: p})
		default:
			l.add(c, Event{Kind: Cancelled, At: at, Reason: NotPromised})
		}
	}
	l.breachLate(at)
}

// RecordDue records every warning and breach that is due at now, each with the time at which it was due, in the order of
// these times.
func (l *Ledger) RecordDue(now time.Time) {
	type alarm struct {
		clock Clock
		Event
	}
	var due []alarm
	for c, s := range l.running() {
		if at := c.WarnAt(s); IsPast(at, now) {
			due = append(due, alarm{c, Event{Kind: Warned, At: at}})
		}
		if at := c.BreachAt(s); IsPast(at, now) {
			due = append(due, alarm{c, Event{Kind: Breached, At: at}})
		}
	}
	slices.SortStableFunc(due, func(a, b alarm) int { return a.At.Compare(b.At) })
	for _, x := range due {
		l.add(x.clock, x.Event)
	}
}

// breachLate breaches the clocks that a new promise has made late, at the time at.
func (l *Ledger) breachLate(at time.Time) {
	for c, s := range l.running() {
		if IsPast(c.BreachAt(s), at) {
			l.add(c, Event{Kind: Breached, At: at})
		}
	}
}

// NextDue returns the earliest due time of the running clocks, including those that were breached, whose promise is still
// owed; zero if none runs.
func (l *Ledger) NextDue() (due time.Time) {
	for c, s := range l.running() {
		due = earlier(due, c.DueAt(s))
	}
	return due
}

// ByHand returns the due time by hand of the first response, also if the clock was cancelled; zero if none was set or the
// first response was given.
func (l *Ledger) ByHand() time.Time {
	if last, began := l.last(FirstResponse); began && last.FulfilledAt.IsZero() {
		return last.Promise.DueAt
	}
	return time.Time{}
}

// NextAt returns when the next warning or breach is due; zero if none is to come.
func (l *Ledger) NextAt() (at time.Time) {
	for c, s := range l.running() {
		at = earlier(earlier(at, c.WarnAt(s)), c.BreachAt(s))
	}
	return at
}

// earlier returns the earlier of two times, ignoring zero ones.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// activate starts a clock at the time from if the terms promise the metric.
func (l *Ledger) activate(terms Terms, m Metric, in lifecycle.StatusType, from, at time.Time) {
	if p, promised := terms.promise(m); promised {
		l.begin(l.next(m), p, in, from, at)
		l.breachLate(at)
	}
}

// activateLate starts the clock that follows last if the terms promise its metric. The clock starts when last started,
// and is paused in the status periods since then that stop it.
func (l *Ledger) activateLate(terms Terms, last Clock, is TicketState, at time.Time) {
	p, promised := terms.promise(last.Metric)
	if !promised {
		return
	}
	c := l.next(last.Metric)
	l.appendEvent(c, Event{Kind: Activated, At: last.StartedAt, Promise: p})
	for i, period := range is.Periods {
		from, to := period.Since, at
		if i+1 < len(is.Periods) {
			to = is.Periods[i+1].Since
		}
		if from.Before(last.StartedAt) {
			from = last.StartedAt
		}
		if to.After(from) && period.stops(p) {
			l.appendEvent(c, Event{Kind: Paused, At: from, Reason: string(period.Status)})
			l.appendEvent(c, Event{Kind: Resumed, At: to})
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

// add appends an event. An event that happens now never gets a time before l.latest.
func (l *Ledger) add(c Clock, e Event) {
	if e.happensNow() && e.At.Before(l.latest) {
		e.At = l.latest
	}
	l.appendEvent(c, e)
}

// appendEvent appends an event of a clock as it is.
func (l *Ledger) appendEvent(c Clock, e Event) {
	e.Metric, e.Cycle = c.Metric, c.Cycle
	if e.CommentID == "" && e.Kind != Warned && e.Kind != Breached {
		e.CommentID = l.comment
	}
	l.events = append(l.events, e)
	if c := l.apply(e); c != nil && e.Kind == Breached {
		l.newBreaches = append(l.newBreaches, *c)
	}
}

// apply updates what is derived from the events, and returns the clock of the event; nil if there is none.
func (l *Ledger) apply(e Event) *Clock {
	if e.Kind != Warned && e.Kind != Breached && e.At.After(l.latest) {
		l.latest = e.At
	}
	if e.Promises() {
		l.lastPromise = e.Promise
	}
	return l.clocks.add(e)
}

// happensNow reports whether the event happens when it is added. Warnings and breaches have the time at which they were
// due, and a clock may start in the past.
func (e Event) happensNow() bool {
	return e.Kind != Activated && e.Kind != Warned && e.Kind != Breached
}

// open returns the open clocks, by metric and cycle.
func (l *Ledger) open() []Clock {
	out := make([]Clock, len(l.clocks.open))
	for i, index := range l.clocks.open {
		out[i] = l.clocks.clocks[index]
	}
	return out
}

// running yields the running clocks with their schedules. The loop must not add events that start or end a clock.
func (l *Ledger) running() iter.Seq2[Clock, *Schedule] {
	return func(yield func(Clock, *Schedule) bool) {
		for _, i := range l.clocks.open {
			if l.clocks.clocks[i].runs() && !yield(l.clockAt(i)) {
				return
			}
		}
	}
}

// clockAt returns the clock of an index, with its elapsed totals up to date, and its schedule.
func (l *Ledger) clockAt(index int) (Clock, *Schedule) {
	c := &l.clocks.clocks[index]
	s := l.schedules(c.CalendarID)
	c.countSpans(s)
	return *c, s
}

// last returns the newest clock of a metric, without those that would not have begun.
func (l *Ledger) last(m Metric) (newest Clock, found bool) {
	i, found := l.lastIndex(m)
	if found {
		newest = l.clocks.clocks[i]
	}
	return newest, found
}

// lastIndex returns the index of the clock that last returns. It is the one with the highest cycle, unless a retraction has
// added clocks later than they would have begun.
func (l *Ledger) lastIndex(m Metric) (index int, found bool) {
	if index, found = l.clocks.newest[m]; !l.clocks.retracted {
		return index, found
	}
	found = false
	for i, c := range l.clocks.clocks {
		if c.Metric == m && !c.neverBegan() && (!found || c.newerThan(l.clocks.clocks[index])) {
			index, found = i, true
		}
	}
	return index, found
}

// newerThan reports whether the clock follows another one of its metric. A clock with a due time by hand counts from when the
// ticket was opened, whatever it follows.
func (c Clock) newerThan(d Clock) bool {
	byHand := !c.Promise.DueAt.IsZero() || !d.Promise.DueAt.IsZero()
	if byHand || c.StartedAt.Equal(d.StartedAt) {
		return c.Cycle > d.Cycle
	}
	return c.StartedAt.After(d.StartedAt)
}

// next returns the clock of a metric that begins next, with its number.
func (l *Ledger) next(m Metric) Clock {
	c := Clock{Metric: m, Cycle: 1}
	if i, found := l.clocks.newest[m]; found {
		c.Cycle = l.clocks.clocks[i].Cycle + 1
	}
	return c
}
