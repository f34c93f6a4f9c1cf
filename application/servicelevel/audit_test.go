package servicelevel_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"tickt/application/servicelevel"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/ports"
	"tickt/test/audit"
)

// audit says what does not add up of the ticket at this moment.
func (l *simulation) audit(rt *rapid.T) {
	r, v := report(l.Desk, l.TicketID), l.Ticket()
	schedules := l.schedules(r.Events)
	for _, wrong := range audit.Ticket(v, r.Events, schedules) {
		rt.Error(wrong)
	}
	for _, c := range r.Clocks {
		l.auditClock(rt, c, r.Explain)
	}
	l.auditLevels(rt, r, schedules)
	once := map[string]bool{}
	for _, e := range r.Events {
		name := fmt.Sprint(e.Metric, e.Cycle, e.Kind)
		if e.Once() && once[name] {
			rt.Errorf("%s %d: %s twice", e.Metric, e.Cycle, e.Kind)
		}
		once[name] = true
	}
}

// auditClock goes over the explanation of a clock: it leads from the start to the end, and what counted is what has
// elapsed.
func (l *simulation) auditClock(rt *rapid.T, c servicelevel.ClockReport, all []sla.ExplainedSegment) {
	at, end, counted := c.StartedAt, l.Now(), time.Duration(0)
	for _, stopped := range []time.Time{c.FulfilledAt, c.CancelledAt} {
		if !stopped.IsZero() {
			end = stopped
		}
	}
	for _, x := range all {
		if x.Metric != c.Metric || x.Cycle != c.Cycle {
			continue
		}
		if !x.From.Equal(at) || !x.To.After(x.From) || x.Reason == "" {
			rt.Errorf("%s %d is explained from %s to %s (%s), after %s", c.Metric, c.Cycle, x.From, x.To, x.Reason, at)
		}
		if x.Counts {
			counted += x.To.Sub(x.From)
		}
		at = x.To
	}
	if !at.Equal(end) {
		rt.Errorf("%s %d is explained until %s, and ends at %s", c.Metric, c.Cycle, at, end)
	}
	if counted != c.Elapsed {
		rt.Errorf("%s %d: %s has counted, %s has elapsed", c.Metric, c.Cycle, counted, c.Elapsed)
	}
}

// auditLevels compares where the clocks are kept to stand with what follows from the ledger.
func (l *simulation) auditLevels(rt *rapid.T, r servicelevel.Report, schedules sla.Schedules) {
	var all []sla.ClockState
	for _, c := range r.Clocks {
		s := sla.ClockState{TicketID: l.TicketID, Metric: c.Metric, Cycle: c.Cycle, State: c.State()}
		switch s.State {
		case sla.StateRunning:
			s.DueAt = c.DueAt(schedules(c.Promise.CalendarID))
		case sla.StateMet:
			s.DecidedAt = c.FulfilledAt
		case sla.StateBreached:
			s.DecidedAt = c.BreachedAt
		default:
		}
		all = append(all, s)
	}
	p := sla.PeriodAt(l.Now(), time.UTC)
	var kept sla.Levels
	l.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		kept, err = tx.Dashboard.Levels(ctx, access.Reach{All: true}, p)
		return err
	})
	if want := sla.LevelsOf(all, p); fmt.Sprint(kept) != fmt.Sprint(want) {
		rt.Errorf("kept are %+v, from the ledger follow %+v", kept, want)
	}
}

// schedules returns the calendars that a ledger goes by.
func (l *simulation) schedules(entries []sla.Entry) sla.Schedules {
	known := map[domain.ID]*sla.Schedule{}
	l.Update(func(ctx context.Context, tx ports.Tx) error {
		var ids []domain.ID
		for _, e := range entries {
			if e.Promises() {
				ids = append(ids, e.Promise.CalendarID)
			}
		}
		all, err := tx.Calendars.Versions(ctx, ids)
		for _, e := range all {
			var unusable error
			known[e.ID], unusable = e.Schedule()
			err = errors.Join(err, unusable)
		}
		return err
	})
	return func(id domain.ID) *sla.Schedule { return known[id] }
}

// seen is what clients see of the clocks, except when it was noticed and ids that are made as they are needed.
func (l *simulation) seen() string {
	r, v := report(l.Desk, l.TicketID), l.Ticket()
	editions := map[domain.ID]string{}
	for _, e := range r.Events {
		if _, known := editions[e.Promise.CalendarID]; !known {
			editions[e.Promise.CalendarID] = fmt.Sprint("edition ", len(editions))
		}
	}
	for i, e := range r.Events {
		r.Events[i].RecordedAt, r.Events[i].Promise.CalendarID = time.Time{}, domain.ID(editions[e.Promise.CalendarID])
	}
	for i, c := range r.Clocks {
		r.Clocks[i].Promise.CalendarID = domain.ID(editions[c.Promise.CalendarID])
	}
	return fmt.Sprintf("%+v\n%s %t %t %s", r, v.SLADueDate, v.SLABreached, v.IsEscalated, v.SLANextAt)
}
