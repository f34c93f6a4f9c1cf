package audit

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
)

// report says what is wrong.
type report func(format string, args ...any)

// checkOrder says where the ledger is not a row of events that happened one after the other, each as the ones before it
// demand.
func (f *ticketBooks) checkOrder(say report) {
	var recorded time.Time
	done := map[string]time.Time{}
	for i, e := range f.events {
		if e.Seq != i+1 {
			say("event %d has the number %d", i+1, e.Seq)
		}
		if e.RecordedAt.Before(recorded) {
			say("event %d (%s) was recorded at %s, the one before it at %s", e.Seq, e.Kind, e.RecordedAt, recorded)
		}
		if e.At.After(e.RecordedAt) {
			say("event %d (%s) is of %s, and was recorded at %s", e.Seq, e.Kind, e.At, e.RecordedAt)
		}
		recorded = e.RecordedAt
		switch e.Kind {
		case sla.Warned, sla.Breached:
			f.checkDue(say, i)
		case sla.Activated: // it may begin in the past
		default:
			clock := fmt.Sprint(e.Metric, e.Cycle)
			if e.At.Before(done[clock]) {
				say("event %d (%s) is of %s, one before it of %s", e.Seq, e.Kind, e.At, done[clock])
			}
			done[clock] = e.At
		}
	}
}

// checkDue says where a warning or a breach has another time than it was due at. Only a promise that came late already is
// broken at the moment at which it was made.
func (f *ticketBooks) checkDue(say report, i int) {
	e := f.events[i]
	c, found := clockOf(sla.Replay(sla.EventsOf(f.events[:i])), e.Event)
	if !found {
		say("event %d (%s) is of no clock", e.Seq, e.Kind)
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
		say("event %d (%s) is of %s, due was %s", e.Seq, e.Kind, e.At, due)
	}
}

// promisedAt gives when the promise that a clock has at an event was recorded.
func (f *ticketBooks) promisedAt(i int) (at time.Time) {
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

// checkStandings says where the table of clocks differs from what follows from the ledger.
func (f *ticketBooks) checkStandings(say report) {
	clocks := sla.Replay(sla.EventsOf(f.events))
	if len(clocks) != len(f.standings) {
		say("%d clocks in the table, %d in the ledger", len(f.standings), len(clocks))
	}
	for _, s := range f.standings {
		c, found := clockOf(clocks, sla.Event{Metric: s.Metric, Cycle: s.Cycle})
		if !found {
			say("clock %s %d is in no ledger", s.Metric, s.Cycle)
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
			say("clock %s %d stands as %s, %s, %s; by the ledger it is %s, %s, %s",
				s.Metric, s.Cycle, s.State, s.DueAt, s.DecidedAt, c.State(), due, decided)
		}
	}
}

// checkTicket says where the ticket's own fields differ from what follows from the ledger.
func (f *ticketBooks) checkTicket(say report) {
	l := sla.NewLedger(sla.EventsOf(f.events), f.schedules)
	breached := false
	for _, c := range sla.Replay(sla.EventsOf(f.events)) {
		breached = breached || !c.BreachedAt.IsZero()
	}
	if f.SLABreached != breached || breached == f.SLABreachedAt.IsZero() {
		say("breached is %t, at %s; by the ledger %t", f.SLABreached, f.SLABreachedAt, breached)
	}
	if next := l.NextAt(); !f.SLANextAt.Equal(next) {
		say("it is looked at again at %s; by the ledger something comes at %s", f.SLANextAt, next)
	}
	if due := l.NextDue(); !f.SLAByHand && !f.SLADueDate.Equal(due) {
		say("it is due at %s; by the ledger at %s", f.SLADueDate, due)
	}
}

// checkAlarms says where warnings and breaches are not once in the ledger and once in the history.
func (f *ticketBooks) checkAlarms(say report) (warned, breached int) {
	var want, got []string
	for _, e := range f.events {
		switch e.Kind {
		case sla.Warned:
			warned++
			want = append(want, alarm("sla_warning", string(e.Metric), e.At, e.RecordedAt))
		case sla.Breached:
			breached++
			want = append(want, alarm("sla_breached", string(e.Metric), e.At, e.RecordedAt))
		default:
		}
	}
	for _, h := range f.history {
		if strings.HasPrefix(h.Kind, "sla_") {
			at, err := time.Parse(time.RFC3339Nano, h.To)
			if err != nil {
				say("an entry of history is of %q", h.To)
			}
			got = append(got, alarm(h.Kind, h.Field, at, h.At))
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		say("the ledger has %v, the history %v", want, got)
	}
	once := map[string]bool{}
	for _, e := range f.events {
		name := fmt.Sprint(e.Metric, e.Cycle, e.Kind)
		if e.Once() && once[name] {
			say("%s %d: %s twice", e.Metric, e.Cycle, e.Kind)
		}
		once[name] = true
	}
	return warned, breached
}

func alarm(kind, metric string, at, recorded time.Time) string {
	return kind + " " + metric + " " + at.UTC().Format(time.RFC3339Nano) + " noticed " + recorded.UTC().Format(time.RFC3339Nano)
}

// checkLogs says where somebody was told of an alarm twice, or of none, or was not told of one. What was noticed at the same
// time is told at once.
func (f *ticketBooks) checkLogs(say report, supervisors []domain.ID) (told int) {
	type telling struct {
		to domain.ID
		at time.Time
	}
	want := map[telling]bool{}
	moments := map[time.Time]bool{}
	to := supervisors
	if f.AssignedTo != "" && to != nil {
		to = []domain.ID{f.AssignedTo}
	}
	for _, e := range f.events {
		if e.Kind != sla.Warned && e.Kind != sla.Breached {
			continue
		}
		moments[e.RecordedAt.UTC()] = true
		for _, id := range to {
			want[telling{id, e.RecordedAt.UTC()}] = true
		}
	}
	seen := map[telling]bool{}
	for _, l := range f.logs {
		if !strings.HasPrefix(l.Type, "sla_") {
			continue
		}
		told++
		x := telling{l.RecipientID, l.CreatedAt.UTC()}
		if seen[x] || !moments[x.at] || to != nil && !want[x] {
			say("%s was told at %s, twice %t, of something %t", x.to, x.at, seen[x], moments[x.at])
		}
		seen[x] = true
		delete(want, x)
	}
	for x := range want {
		say("%s was not told of what was noticed at %s", x.to, x.at)
	}
	return told
}
