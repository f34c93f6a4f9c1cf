package servicelevel

import (
	"context"
	"errors"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/ports"
)

// ServiceLevels are the use cases of the promises made for tickets, and of letting time pass for tickets.
type ServiceLevels struct {
	usecase.Base
	Clocks *Clocks
}

// Report is what was promised for a ticket and what became of it.
type Report struct {
	PolicyID domain.ID // of the newest clock; "" if no policy promised it
	Policy   string    // its name; "" if the policy was deleted
	Clocks   []ClockReport
	Events   []sla.Entry
	Explain  []sla.ExplainedSegment
}

// ClockReport is a clock as of now.
type ClockReport struct {
	sla.Clock
	Due        time.Time // zero if nothing is due
	Elapsed    time.Duration
	Remaining  time.Duration
	Calendar   string // its name in the version that the clock uses
	CalendarID domain.ID
}

// Report returns what was promised for a ticket and what became of it.
func (s *ServiceLevels) Report(ctx context.Context, actor access.Actor, id domain.ID) (Report, error) {
	if err := usecase.May(actor, access.TicketsMenu, access.MayView); err != nil {
		return Report{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (Report, error) {
		if _, err := tx.Tickets.Get(ctx, id, actor.Reach()); err != nil {
			return Report{}, err
		}
		return s.report(ctx, tx, id)
	})
}

// report returns what was promised for a ticket that the actor sees.
func (s *ServiceLevels) report(ctx context.Context, tx ports.Tx, id domain.ID) (Report, error) {
	ledgers, err := tx.Ledgers.Of(ctx, []domain.ID{id})
	if err != nil {
		return Report{}, err
	}
	r := Report{Events: ledgers[id]}
	clocks := sla.Replay(sla.EventsOf(ledgers[id]))
	ids := map[domain.ID]bool{}
	for _, c := range clocks {
		ids[c.CalendarID] = true
	}
	known, err := s.Clocks.versions(ctx, tx, ids)
	if err != nil {
		return Report{}, err
	}
	for _, c := range clocks {
		r.add(c, known[c.CalendarID], s.Clock())
	}
	r.PolicyID = policyOf(clocks)
	r.Policy, err = policyName(ctx, tx, r.PolicyID)
	return r, err
}

func (r *Report) add(c sla.Clock, calendar calendarVersion, now time.Time) {
	s := calendar.schedule
	r.Clocks = append(r.Clocks, ClockReport{
		Clock: c, Due: c.DueAt(s), Elapsed: c.Elapsed(s, now), Remaining: c.Remaining(s, now),
		Calendar: calendar.Name, CalendarID: calendar.CalendarID,
	})
	for _, x := range c.Explain(s, now) {
		r.Explain = append(r.Explain, sla.ExplainedSegment{Metric: c.Metric, Cycle: c.Cycle, Segment: x})
	}
}

// policyOf returns the policy of the clock that started last; "" if no policy promised it.
func policyOf(clocks []sla.Clock) (id domain.ID) {
	var latest time.Time
	for _, c := range clocks {
		if !c.StartedAt.Before(latest) {
			latest, id = c.StartedAt, c.PolicyID
		}
	}
	return id
}

// policyName returns the name of a policy; "" if there is none.
func policyName(ctx context.Context, tx ports.Tx, id domain.ID) (string, error) {
	if id == "" {
		return "", nil
	}
	p, err := tx.Policies.Get(ctx, id)
	if errors.Is(err, domain.ErrNotFound) {
		return "", nil
	}
	return p.Name, err
}
