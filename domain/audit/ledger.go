package audit

import (
	"fmt"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
)

// auditor collects the findings about one ticket.
type auditor struct {
	Records
	found []Finding
}

func (x *auditor) report(format string, args ...any) {
	name := x.Ticket.Number
	if name == "" {
		name = string(x.Ticket.ID)
	}
	x.found = append(x.found, Finding{Table: "tickets", Row: name, Problem: fmt.Sprintf(format, args...)})
}

// Ledger returns what is wrong with a ledger, and where the SLA fields of its ticket differ from it.
func Ledger(r Records) []Finding {
	x := auditor{Records: r}
	if x.usable() {
		x.checkOrder()
		x.checkTicket()
	}
	return x.found
}

// checkLedger replays the ledger and compares it with everything that is derived from it.
func (x *auditor) checkLedger() {
	if x.usable() {
		x.checkOrder()
		x.checkClockStates()
		x.checkTicket()
	}
}

// usable reports whether every promise refers to a calendar version that can be used. It reports those that do not.
func (x *auditor) usable() bool {
	missing := map[domain.ID]bool{}
	for _, e := range x.Ledger {
		if id := e.Promise.CalendarID; e.Promises() && !missing[id] && x.Schedules(id) == nil {
			missing[id] = true
			x.report("event %d promises by the calendar version %s, which does not exist or cannot be used", e.Seq, id)
		}
	}
	return len(missing) == 0
}

// checkOrder reports events of the ledger that are misnumbered or out of order, alarms with a wrong time, and events that
// happened twice to a clock.
func (x *auditor) checkOrder() {
	var recorded time.Time
	last, once := map[string]time.Time{}, map[string]bool{}
	for i, e := range x.Ledger {
		if e.Seq != i+1 {
			x.report("event %d of the ledger has number %d", i+1, e.Seq)
		}
		if e.RecordedAt.Before(recorded) {
			x.report("event %d (%s) was recorded at %s, the one before it at %s", e.Seq, e.Kind, stamp(e.RecordedAt), stamp(recorded))
		}
		if e.At.After(e.RecordedAt) {
			x.report("event %d (%s) has time %s, but was recorded at %s", e.Seq, e.Kind, stamp(e.At), stamp(e.RecordedAt))
		}
		recorded = e.RecordedAt
		name := fmt.Sprint(e.Metric, e.Cycle, e.Kind)
		if e.Once() && once[name] {
			x.report("event %d: %s %d has a second %s", e.Seq, e.Metric, e.Cycle, e.Kind)
		}
		once[name] = true
		switch e.Kind {
		case sla.Warned, sla.Breached:
			x.checkDue(i)
		case sla.Activated: // a clock may begin in the past
		case sla.Retracted: // the events that follow tell the clock from its start
			last[fmt.Sprint(e.Metric, e.Cycle)] = time.Time{}
		default:
			clock := fmt.Sprint(e.Metric, e.Cycle)
			if e.At.Before(last[clock]) {
				x.report("event %d (%s) has time %s, an earlier event of the clock has %s", e.Seq, e.Kind, stamp(e.At), stamp(last[clock]))
			}
			last[clock] = e.At
		}
	}
}

// checkDue reports the warning or breach at index i if its time is not the one at which it was due. A breach may also
// have the time at which the promise was recorded, if the promise was overdue from the start.
func (x *auditor) checkDue(i int) {
	e := x.Ledger[i]
	c, found := clockOf(sla.Replay(sla.EventsOf(x.Ledger[:i])), e.Event)
	if !found {
		x.report("event %d (%s) belongs to no clock", e.Seq, e.Kind)
		return
	}
	due := c.DueAt(x.Schedules(c.CalendarID))
	if e.Kind == sla.Warned {
		due = c.WarnAt(x.Schedules(c.CalendarID))
	}
	switch {
	case e.At.Equal(due):
	case e.Kind == sla.Breached && due.Before(e.At) && e.At.Equal(x.promisedAt(i)):
	default:
		x.report("event %d (%s) has time %s, but was due at %s", e.Seq, e.Kind, stamp(e.At), stamp(due))
	}
}

// promisedAt returns the time at which the promise was recorded that the clock of event i has at that event.
func (x *auditor) promisedAt(i int) (at time.Time) {
	for _, e := range x.Ledger[:i] {
		if e.Promises() && e.Metric == x.Ledger[i].Metric && e.Cycle == x.Ledger[i].Cycle {
			at = e.RecordedAt
		}
	}
	return at
}

func clockOf(clocks []sla.Clock, e sla.Event) (c sla.Clock, found bool) {
	i := slices.IndexFunc(clocks, func(c sla.Clock) bool { return c.Metric == e.Metric && c.Cycle == e.Cycle })
	if i < 0 {
		return c, false
	}
	return clocks[i], true
}

// checkClockStates reports where the stored states of the clocks differ from the ledger.
func (x *auditor) checkClockStates() {
	clocks := sla.Replay(sla.EventsOf(x.Ledger))
	if len(clocks) != len(x.Clocks) {
		x.report("%d clocks are stored in sla_clocks, the ledger has %d", len(x.Clocks), len(clocks))
	}
	for _, s := range x.Clocks {
		c, found := clockOf(clocks, sla.Event{Metric: s.Metric, Cycle: s.Cycle})
		if !found {
			x.report("clock %s %d is not in the ledger", s.Metric, s.Cycle)
			continue
		}
		if s.PolicyID != "" && !x.promisedBy(s) {
			x.report("clock %s %d is stored as open by the policy %s, which promised nothing for it", s.Metric, s.Cycle, s.PolicyID)
		}
		var due, decided time.Time
		switch c.State() {
		case sla.StateRunning:
			due = c.DueAt(x.Schedules(c.CalendarID))
		case sla.StateMet:
			decided = c.FulfilledAt
		case sla.StateBreached:
			decided = c.BreachedAt
		default:
		}
		if s.State != c.State() || !s.DueAt.Equal(due) || !s.DecidedAt.Equal(decided) {
			x.report("clock %s %d is stored as %s, due %s, decided %s; the ledger has %s, due %s, decided %s", s.Metric, s.Cycle,
				s.State, stamp(s.DueAt), stamp(s.DecidedAt), c.State(), stamp(due), stamp(decided))
		}
	}
}

// promisedBy reports whether the policy of a clock has promised something for it. It may be an earlier promise, and the clock may
// be over: an earlier release that changes a clock leaves the policy as it was.
func (x *auditor) promisedBy(s sla.ClockState) bool {
	return slices.ContainsFunc(x.Ledger, func(e sla.Entry) bool {
		return e.Promises() && e.Metric == s.Metric && e.Cycle == s.Cycle && e.Promise.PolicyID == s.PolicyID
	})
}

// checkTicket reports where the SLA fields of the ticket differ from the ledger.
func (x *auditor) checkTicket() {
	l := sla.NewLedger(sla.EventsOf(x.Ledger), x.Schedules)
	breached := false
	for _, c := range sla.Replay(sla.EventsOf(x.Ledger)) {
		breached = breached || !c.BreachedAt.IsZero()
	}
	t := x.Ticket
	if t.SLABreached != breached || breached == t.SLABreachedAt.IsZero() {
		x.report("sla_breached is %t, sla_breached_at %s; the ledger has %t", t.SLABreached, stamp(t.SLABreachedAt), breached)
	}
	if next := l.NextAt(); !t.SLANextAt.Equal(next) {
		x.report("sla_next_at is %s; the ledger has %s", stamp(t.SLANextAt), stamp(next))
	}
	if due := l.NextDue(); !t.SLAByHand && !t.SLADueDate.Equal(due) {
		x.report("sla_due_date is %s; the ledger has %s", stamp(t.SLADueDate), stamp(due))
	}
}

// stamp formats a time for a sentence; a zero one is "unset".
func stamp(t time.Time) string {
	if t.IsZero() {
		return "unset"
	}
	return t.UTC().Format(time.RFC3339Nano)
}
