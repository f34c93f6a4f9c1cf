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

// ServiceLevels are the use cases of what was promised for tickets, and the service's own of letting time pass for them.
type ServiceLevels struct {
	usecase.Base
	Clocks *Clocks
}

// Report is what was promised for a ticket and what became of it, every minute of it.
type Report struct {
	PolicyID domain.ID // whose promises hold; "" where no policy's do
	Policy   string    // its name; "" where it is gone too
	Clocks   []ClockReport
	Events   []sla.Entry
	Explain  []sla.ExplainedSegment
}

// ClockReport is a clock as it stands.
type ClockReport struct {
	sla.Clock
	Due        time.Time // zero while nothing is due
	Elapsed    time.Duration
	Remaining  time.Duration
	Calendar   string // its name when the clock began to go by it
	CalendarID domain.ID
}

// Report tells what was promised for a ticket and what became of it.
func (s *ServiceLevels) Report(ctx context.Context, actor access.Actor, id domain.ID) (Report, error) {
	if err := usecase.May(actor, access.TicketsMenu, access.MayView); err != nil {
		return Report{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (Report, error) {
		if _, err := tx.Tickets.Get(ctx, id, actor.Reach()); err != nil {
			return Report{}, err
		}
		kept, err := tx.Ledgers.Of(ctx, []domain.ID{id})
		if err != nil {
			return Report{}, err
		}
		r := Report{Events: kept[id]}
		clocks := sla.Replay(sla.EventsOf(kept[id]))
		editions := map[domain.ID]bool{}
		for _, c := range clocks {
			editions[c.CalendarID] = true
		}
		known, err := s.Clocks.versions(ctx, tx, editions)
		if err != nil {
			return Report{}, err
		}
		for _, c := range clocks {
			r.add(c, known[c.CalendarID], s.Clock())
		}
		r.PolicyID = policyOf(clocks)
		r.Policy, err = policyName(ctx, tx, r.PolicyID)
		return r, err
	})
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

// policyOf gives the policy of the clock that was promised something last; "" where no policy promised it.
func policyOf(clocks []sla.Clock) (id domain.ID) {
	var latest time.Time
	for _, c := range clocks {
		if !c.StartedAt.Before(latest) {
			latest, id = c.StartedAt, c.PolicyID
		}
	}
	return id
}

// policyName gives what a policy is called; "" where there is none.
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
