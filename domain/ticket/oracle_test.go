package ticket

import (
	"slices"
	"time"
	_ "time/tzdata" // the test must not depend on the machine's zones

	"tickt/domain"
	"tickt/domain/sla"
)

// The oracle tells what the service level of a ticket is by stepping through its life minute by minute. It knows what the
// documents say, and nothing of ledgers, events or schedules; what was taken back is not among the acts.

// never is the minute of what did not happen.
const never = -1

// act is something that happened to a ticket in a minute of its life.
type act struct {
	minute int
	id     domain.ID     // of a comment
	effect CommentEffect // of a comment
	to     StatusType    // of a change of the status
}

// slowHours is a calendar that looks at the wall clock of every minute since start.
type slowHours struct {
	start    time.Time
	zone     *time.Location
	week     sla.Week
	holidays []sla.Holiday
	known    []bool // by minute
}

// open reports whether a minute of the life counts.
func (h *slowHours) open(minute int) bool {
	for len(h.known) <= minute {
		h.known = append(h.known, h.counts(h.start.Add(time.Duration(len(h.known))*time.Minute).In(h.zone)))
	}
	return h.known[minute]
}

func (h *slowHours) counts(wall time.Time) bool {
	hours := h.week[wall.Weekday()]
	for _, yearly := range []bool{true, false} { // the latter replace the former
		for _, x := range h.holidays {
			sameDay := x.Date.Month == wall.Month() && x.Date.Day == wall.Day() && (yearly || x.Date.Year == wall.Year())
			if x.Yearly == yearly && sameDay {
				hours = x.Hours
			}
		}
	}
	now := sla.Minute(wall.Hour()*60 + wall.Minute())
	return slices.ContainsFunc(hours, func(i sla.Interval) bool { return i.From <= now && now < i.To })
}

// slowClock counts minutes.
type slowClock struct {
	metric                      sla.Metric
	hours                       *slowHours
	target, elapsed             int
	start, met, cancelled, late int // minutes; late is when the time had passed
}

func (c *slowClock) owed() bool { return c.met == never && c.cancelled == never }

// slowTicket is a ticket in a minute of its life.
type slowTicket struct {
	terms     sla.Terms
	hours     map[domain.ID]*slowHours
	now       int
	status    StatusType
	responded int // the first response
	answered  int // the last answer of the desk
	byEnding  bool
	clocks    []*slowClock
}

// live returns the ticket after its acts, in the minute until.
func live(terms sla.Terms, hours map[domain.ID]*slowHours, acts []act, until int) *slowTicket {
	x := &slowTicket{terms: terms, hours: hours, status: Open, responded: never, answered: never}
	x.start(sla.FirstResponse)
	x.start(sla.Resolution)
	for ; ; x.now++ {
		for _, c := range x.clocks {
			if c.late == never && c.elapsed == c.target {
				c.late = x.now
			}
		}
		for len(acts) > 0 && acts[0].minute == x.now {
			x.happens(acts[0])
			acts = acts[1:]
		}
		if x.now == until {
			return x
		}
		for _, c := range x.clocks {
			if x.runs(c) && c.hours.open(x.now) {
				c.elapsed++
			}
		}
	}
}

func (x *slowTicket) paused() bool { return slices.Contains(x.terms.PauseTypes, x.status) }

func (x *slowTicket) runs(c *slowClock) bool { return c.owed() && !x.paused() }

func (x *slowTicket) start(m sla.Metric) {
	for _, t := range x.terms.Targets {
		if t.Metric == m {
			x.clocks = append(x.clocks, &slowClock{
				metric: m, hours: x.hours[t.CalendarID], target: t.Minutes, start: x.now, met: never, cancelled: never, late: never,
			})
		}
	}
}

func (x *slowTicket) happens(a act) {
	switch {
	case a.to != "":
		x.become(a.to)
	case x.status == Closed || x.status == Cancelled: // clocks do not hear it
	case a.effect == EffectAnswered:
		x.answered = x.now
		if x.responded == never {
			x.responded = x.now
		}
		for _, c := range x.clocks {
			if c.owed() && c.metric != sla.Resolution {
				c.met = x.now
			}
		}
	case a.effect == EffectAsked:
		if x.status == Pending || x.status == Resolved {
			x.become(Open)
		}
		waits := slices.ContainsFunc(x.clocks, func(c *slowClock) bool { return c.owed() && c.metric != sla.Resolution })
		if x.responded != never && !waits {
			x.start(sla.NextResponse)
		}
	}
}

func (x *slowTicket) become(to StatusType) {
	was := x.status
	x.status = to
	switch wasOver := was == Resolved || was == Closed || was == Cancelled; {
	case to == Resolved || to == Closed:
		if x.responded == never {
			x.responded, x.byEnding = x.now, true
		}
		x.end(func(c *slowClock) bool { return c.metric != sla.NextResponse })
	case to == Cancelled:
		x.end(func(*slowClock) bool { return false })
	case wasOver:
		x.reopen()
	}
}

// end ends the clocks that are still owed, those for which met returns true as met.
func (x *slowTicket) end(met func(*slowClock) bool) {
	for _, c := range x.clocks {
		switch {
		case !c.owed():
		case met(c):
			c.met = x.now
		default:
			c.cancelled = x.now
		}
	}
}

func (x *slowTicket) reopen() {
	if x.byEnding && x.answered == never {
		x.responded, x.byEnding = never, false
	}
	last := map[sla.Metric]*slowClock{}
	for _, c := range x.clocks {
		last[c.metric] = c
	}
	for m, c := range last {
		switch {
		case m == sla.FirstResponse && x.responded != never:
		case m == sla.NextResponse && (c.met != never || x.answered > c.cancelled):
		case x.terms.OnReopen == sla.ReopenRestarts:
			x.start(m)
		default:
			c.met, c.cancelled = never, never
		}
	}
}

// dueAt returns the minute in which the clock is due if nothing else happens; never if it does not run or that is far away.
func (x *slowTicket) dueAt(c *slowClock) int {
	switch {
	case !x.runs(c):
		return never
	case c.late != never:
		return c.late
	}
	for n, minute := c.elapsed, x.now; minute < x.now+farAway; minute++ {
		if c.hours.open(minute) {
			n++
		}
		if n == c.target {
			return minute + 1
		}
	}
	return never
}

// farAway is how many minutes the oracle looks ahead: more than any target takes, since the test has hours every day.
const farAway = 30 * 24 * 60

// state returns the state of a clock that has or has not been breached.
func (x *slowTicket) state(c *slowClock, breached bool) sla.State {
	switch {
	case breached:
		return sla.StateBreached
	case c.cancelled != never:
		return sla.StateCancelled
	case c.met != never:
		return sla.StateMet
	case x.paused():
		return sla.StatePaused
	default:
		return sla.StateRunning
	}
}
