package servicelevel_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"tickt/application/servicelevel"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/audit"
	"tickt/domain/sla"
	"tickt/ports"
)

// audit reports what is inconsistent about the ticket at this time.
func (l *simulation) audit(rt *rapid.T) {
	r, v := report(l.Desk, l.TicketID), l.Ticket()
	schedules := l.schedules(r.Events)
	for _, wrong := range audit.Ledger(audit.Records{Ticket: v.Ticket, Ledger: r.Events, Schedules: schedules}) {
		rt.Error(wrong)
	}
	for _, c := range r.Clocks {
		l.auditClock(rt, c, r.Explain)
	}
	l.auditLevels(rt, r, schedules)
}

// auditClock checks the explanation of a clock: its segments lead from the start to the end without gaps, and those
// that count add up to the elapsed time.
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
			rt.Errorf("%s %d: segment from %s to %s (%s), want it to start at %s", c.Metric, c.Cycle, x.From, x.To, x.Reason, at)
		}
		if x.Counts {
			counted += x.To.Sub(x.From)
		}
		at = x.To
	}
	if !at.Equal(end) {
		rt.Errorf("%s %d: the segments end at %s, the clock at %s", c.Metric, c.Cycle, at, end)
	}
	if counted != c.Elapsed {
		rt.Errorf("%s %d: the segments count %s, %s has elapsed", c.Metric, c.Cycle, counted, c.Elapsed)
	}
}

// auditLevels compares the stored clock states with those that follow from the ledger.
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
		rt.Errorf("stored levels %+v, want %+v", kept, want)
	}
}

// schedules returns the schedules of the calendars that a ledger uses.
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

// clientView returns what clients see of the clocks, without the times of recording and generated ids.
func (l *simulation) clientView() string {
	r, v := report(l.Desk, l.TicketID), l.Ticket()
	versions := map[domain.ID]string{}
	for _, e := range r.Events {
		if _, known := versions[e.Promise.CalendarID]; !known {
			versions[e.Promise.CalendarID] = fmt.Sprint("version ", len(versions))
		}
	}
	for i, e := range r.Events {
		r.Events[i].RecordedAt, r.Events[i].Promise.CalendarID = time.Time{}, domain.ID(versions[e.Promise.CalendarID])
	}
	for i, c := range r.Clocks {
		r.Clocks[i].Promise.CalendarID = domain.ID(versions[c.Promise.CalendarID])
	}
	text := fmt.Sprintf("%+v\n%s %s %t %t %s", r, v.FirstResponseAt, v.SLADueDate, v.SLABreached, v.IsEscalated, v.SLANextAt)
	for id, name := range versions { // also within the clocks
		if id != "" {
			text = strings.ReplaceAll(text, string(id), name)
		}
	}
	for i, e := range r.Events {
		if e.CommentID != "" {
			text = strings.ReplaceAll(text, string(e.CommentID), fmt.Sprint("the comment of event ", i))
		}
	}
	return text
}
