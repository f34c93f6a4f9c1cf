package audit

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
)

// reporter records a discrepancy.
type reporter func(format string, args ...any)

// checkOrder reports events of the ledger that are misnumbered or out of order, and alarms with a wrong time.
func (f *ticketRecords) checkOrder(report reporter) {
	var recorded time.Time
	last := map[string]time.Time{}
	for i, e := range f.events {
		if e.Seq != i+1 {
			report("event %d has number %d", i+1, e.Seq)
		}
		if e.RecordedAt.Before(recorded) {
			report("event %d (%s) was recorded at %s, the one before it at %s", e.Seq, e.Kind, e.RecordedAt, recorded)
		}
		if e.At.After(e.RecordedAt) {
			report("event %d (%s) has time %s, but was recorded at %s", e.Seq, e.Kind, e.At, e.RecordedAt)
		}
		recorded = e.RecordedAt
		switch e.Kind {
		case sla.Warned, sla.Breached:
			f.checkDue(report, i)
		case sla.Activated: // a clock may begin in the past
		default:
			clock := fmt.Sprint(e.Metric, e.Cycle)
			if e.At.Before(last[clock]) {
				report("event %d (%s) has time %s, an earlier event of the clock has %s", e.Seq, e.Kind, e.At, last[clock])
			}
			last[clock] = e.At
		}
	}
}

// checkDue reports the warning or breach at index i if its time is not the one at which it was due. A breach may also
// have the time at which the promise was recorded, if the promise was overdue from the start.
func (f *ticketRecords) checkDue(report reporter, i int) {
	e := f.events[i]
	c, found := clockOf(sla.Replay(sla.EventsOf(f.events[:i])), e.Event)
	if !found {
		report("event %d (%s) belongs to no clock", e.Seq, e.Kind)
		return
	}
	due := c.DueAt(f.schedules(c.CalendarID))
	if e.Kind == sla.Warned {
		due = c.WarnAt(f.schedules(c.CalendarID))
	}
	switch {
	case e.At.Equal(due):
	case e.Kind == sla.Breached && due.Before(e.At) && e.At.Equal(f.promisedAt(i)):
	default:
		report("event %d (%s) has time %s, but was due at %s", e.Seq, e.Kind, e.At, due)
	}
}

// promisedAt returns the time at which the promise was recorded that the clock of event i has at that event.
func (f *ticketRecords) promisedAt(i int) (at time.Time) {
	for _, e := range f.events[:i] {
		if e.Promises() && e.Metric == f.events[i].Metric && e.Cycle == f.events[i].Cycle {
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

// checkClockStates reports where the table sla_clocks differs from the ledger.
func (f *ticketRecords) checkClockStates(report reporter) {
	clocks := sla.Replay(sla.EventsOf(f.events))
	if len(clocks) != len(f.clocks) {
		report("%d clocks in the table, %d in the ledger", len(f.clocks), len(clocks))
	}
	for _, s := range f.clocks {
		c, found := clockOf(clocks, sla.Event{Metric: s.Metric, Cycle: s.Cycle})
		if !found {
			report("clock %s %d is not in the ledger", s.Metric, s.Cycle)
			continue
		}
		var due, decided time.Time
		switch c.State() {
		case sla.StateRunning:
			due = c.DueAt(f.schedules(c.CalendarID))
		case sla.StateMet:
			decided = c.FulfilledAt
		case sla.StateBreached:
			decided = c.BreachedAt
		default:
		}
		if s.State != c.State() || !s.DueAt.Equal(due) || !s.DecidedAt.Equal(decided) {
			report("clock %s %d is stored as %s, %s, %s; the ledger has %s, %s, %s",
				s.Metric, s.Cycle, s.State, s.DueAt, s.DecidedAt, c.State(), due, decided)
		}
	}
}

// checkTicket reports where the SLA fields of the ticket differ from the ledger.
func (f *ticketRecords) checkTicket(report reporter) {
	l := sla.NewLedger(sla.EventsOf(f.events), f.schedules)
	breached := false
	for _, c := range sla.Replay(sla.EventsOf(f.events)) {
		breached = breached || !c.BreachedAt.IsZero()
	}
	if f.SLABreached != breached || breached == f.SLABreachedAt.IsZero() {
		report("sla_breached is %t, at %s; the ledger has %t", f.SLABreached, f.SLABreachedAt, breached)
	}
	if next := l.NextAt(); !f.SLANextAt.Equal(next) {
		report("sla_next_at is %s; the ledger has %s", f.SLANextAt, next)
	}
	if due := l.NextDue(); !f.SLAByHand && !f.SLADueDate.Equal(due) {
		report("sla_due_date is %s; the ledger has %s", f.SLADueDate, due)
	}
}

// checkAlarms reports warnings, breaches and voids that are not exactly once in the ledger and once in the history, and
// returns how many warnings and breaches there are.
func (f *ticketRecords) checkAlarms(report reporter) (warned, breached int) {
	var want, got []string
	breachAt := map[string]time.Time{}
	for _, e := range f.events {
		clock := fmt.Sprint(e.Metric, e.Cycle)
		switch e.Kind {
		case sla.Warned:
			warned++
			want = append(want, alarm("sla_warning", string(e.Metric), e.At, e.RecordedAt))
		case sla.Breached:
			breached++
			breachAt[clock] = e.At
			want = append(want, alarm("sla_breached", string(e.Metric), e.At, e.RecordedAt))
		case sla.Voided:
			want = append(want, alarm("sla_voided", string(e.Metric), breachAt[clock], e.RecordedAt))
		default:
		}
	}
	for _, h := range f.history {
		if strings.HasPrefix(h.Kind, "sla_") {
			at, err := time.Parse(time.RFC3339Nano, h.From+h.To) // one of them is empty
			if err != nil {
				report("a history entry has the times %q and %q", h.From, h.To)
			}
			got = append(got, alarm(h.Kind, h.Field, at, h.At))
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		report("the ledger has %v, the history %v", want, got)
	}
	once := map[string]bool{}
	for _, e := range f.events {
		name := fmt.Sprint(e.Metric, e.Cycle, e.Kind)
		if e.Once() && once[name] {
			report("%s %d: %s twice", e.Metric, e.Cycle, e.Kind)
		}
		once[name] = true
	}
	return warned, breached
}

func alarm(kind, metric string, at, recorded time.Time) string {
	return kind + " " + metric + " " + at.UTC().Format(time.RFC3339Nano) + " recorded " + recorded.UTC().Format(time.RFC3339Nano)
}

// checkLogs reports missing, duplicate and unfounded notification logs of alarms, and returns how many logs there are.
// Alarms that were recorded at the same time share one log.
func (f *ticketRecords) checkLogs(report reporter, supervisors []domain.ID) (notified int) {
	type notice struct {
		to domain.ID
		at time.Time
	}
	want := map[notice]bool{}
	recorded := map[time.Time]bool{}
	to := supervisors
	if f.AssignedTo != "" && to != nil {
		to = []domain.ID{f.AssignedTo}
	}
	for _, e := range f.events {
		if e.Kind != sla.Warned && e.Kind != sla.Breached {
			continue
		}
		recorded[e.RecordedAt.UTC()] = true
		for _, id := range to {
			want[notice{id, e.RecordedAt.UTC()}] = true
		}
	}
	seen := map[notice]bool{}
	for _, l := range f.logs {
		if !strings.HasPrefix(l.Type, "sla_") {
			continue
		}
		notified++
		x := notice{l.RecipientID, l.CreatedAt.UTC()}
		if seen[x] || !recorded[x.at] || to != nil && !want[x] {
			report("%s was notified at %s; duplicate: %t, of an alarm: %t", x.to, x.at, seen[x], recorded[x.at])
		}
		seen[x] = true
		delete(want, x)
	}
	for x := range want {
		report("%s was not notified of what was recorded at %s", x.to, x.at)
	}
	return notified
}
