package contract

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// clockPopulation is a population whose tickets have clocks.
type clockPopulation struct {
	*population
	clocks map[string]sla.ClockState
}

func clockName(c sla.ClockState) string { return fmt.Sprint(c.TicketID, c.Metric, c.Cycle) }

// addClocks adds up to two clocks per metric to each ticket, deleted ones included.
func (p *clockPopulation) addClocks(t *testing.T) {
	var all []sla.ClockState
	for _, x := range p.tickets {
		for _, m := range sla.Metrics {
			for cycle := range p.random.IntN(3) {
				all = append(all, p.randomClock(x.ID, m, cycle+1))
			}
		}
	}
	for _, c := range all {
		p.clocks[clockName(c)] = c
	}
	p.saveClocks(t, all...)
}

func (p *clockPopulation) saveClocks(t *testing.T, all ...sla.ClockState) {
	t.Helper()
	p.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Ledgers.SaveClockStates(ctx, all) })
}

// randomClock returns a clock in a random state; many are decided at the beginning of the day or the period, or just
// before or after.
func (p *clockPopulation) randomClock(of domain.ID, m sla.Metric, cycle int) sla.ClockState {
	s := sla.ClockState{TicketID: of, Metric: m, Cycle: cycle}
	instant := time.Duration(p.random.IntN(3)-1) * time.Microsecond
	switch s.State = pick(p.random,
		[]sla.State{sla.StateRunning, sla.StatePaused, sla.StateMet, sla.StateBreached, sla.StateCancelled}); s.State {
	case sla.StateRunning:
		s.DueAt = pick(p.random, []time.Time{thisDay.Soon.Add(instant), noon.Add(-time.Hour), noon.Add(time.Hour), noon.Add(100 * time.Hour)})
	case sla.StateMet, sla.StateBreached:
		s.DecidedAt = pick(p.random, []time.Time{
			thisDay.Today.Add(instant), thisDay.Since.Add(instant), noon, noon.Add(-26 * time.Hour), noon.AddDate(0, -1, -7), noon.AddDate(-1, 0, 0),
		})
	default:
	}
	return s
}

func (p *clockPopulation) reaches() (all []access.Reach) {
	for _, a := range p.people {
		all = append(all, access.Reach{Account: a.ID})
	}
	return all
}

func (p *clockPopulation) wantCounts(reach access.Reach) ticket.Counts {
	counts := map[domain.ID]int{}
	for _, x := range p.tickets {
		if x.DeletedAt.IsZero() && x.Within(reach) {
			counts[x.StatusID]++
			counts[x.PriorityID]++
		}
	}
	statuses, priorities := slices.Clone(p.statuses), slices.Clone(p.priorities)
	slices.SortFunc(statuses, func(a, b ticket.Status) int { return cmp.Or(a.Weight-b.Weight, cmp.Compare(a.NameKey, b.NameKey)) })
	slices.SortFunc(priorities, func(a, b ticket.Priority) int { return cmp.Or(b.Weight-a.Weight, cmp.Compare(a.NameKey, b.NameKey)) })
	var out ticket.Counts
	for _, s := range statuses {
		out.ByStatus = append(out.ByStatus, ticket.Count{ID: s.ID, Name: s.Name, Code: s.Code, Tickets: counts[s.ID]})
	}
	for _, x := range priorities {
		out.ByPriority = append(out.ByPriority, ticket.Count{ID: x.ID, Name: x.Name, Code: x.Code, Tickets: counts[x.ID]})
	}
	return out
}

func (p *clockPopulation) wantLevels(reach access.Reach) (l sla.Levels) {
	seen := map[domain.ID]bool{}
	for _, x := range p.tickets {
		seen[x.ID] = x.DeletedAt.IsZero() && x.Within(reach)
	}
	count := func(match func(sla.ClockState) bool) (n int) {
		for _, c := range p.clocks {
			if seen[c.TicketID] && match(c) {
				n++
			}
		}
		return n
	}
	l.Running = count(func(c sla.ClockState) bool { return c.State == sla.StateRunning })
	l.DueSoon = count(func(c sla.ClockState) bool {
		return c.State == sla.StateRunning && !c.DueAt.After(noon.Add(2*time.Hour))
	})
	l.BreachedToday = count(func(c sla.ClockState) bool { return c.State == sla.StateBreached && !c.DecidedAt.Before(thisDay.Today) })
	for _, m := range sla.Metrics {
		within := func(s sla.State) int {
			return count(func(c sla.ClockState) bool {
				return c.Metric == m && c.State == s && !c.DecidedAt.Before(thisDay.Since)
			})
		}
		l.Compliance = append(l.Compliance, sla.Compliance{Metric: m, Met: within(sla.StateMet), Breached: within(sla.StateBreached)})
	}
	return l
}

// share is a set of tickets, each with a clock, that only one writer changes.
type share struct {
	tickets  []ticket.Ticket
	clocks   []sla.ClockState
	statuses []domain.ID // statuses to use in turn
	states   []sla.ClockState
}

// shares distributes some of the tickets that are not deleted among n writers.
func (p *clockPopulation) shares(n int) []*share {
	all := make([]*share, n)
	for i := range all {
		all[i] = &share{}
		for range 20 {
			all[i].statuses = append(all[i].statuses, pick(p.random, p.statuses).ID)
			all[i].states = append(all[i].states, p.randomClock("", sla.NextResponse, 50))
		}
	}
	for i, x := range p.tickets {
		if s := all[i%n]; x.DeletedAt.IsZero() && len(s.tickets) < 5 {
			s.tickets = append(s.tickets, x)
			s.clocks = append(s.clocks, sla.ClockState{TicketID: x.ID})
		}
	}
	return all
}

// move changes all tickets and clocks of a share in one Update.
func (s *share) move(ctx context.Context, tx ports.Tx, round int) error {
	for i := range s.tickets {
		s.tickets[i].StatusID = s.statuses[(round+i)%len(s.statuses)]
		of := s.clocks[i].TicketID
		s.clocks[i] = s.states[(round+i)%len(s.states)]
		s.clocks[i].TicketID = of
		if err := tx.Tickets.Save(ctx, s.tickets[i]); err != nil {
			return err
		}
	}
	return tx.Ledgers.SaveClockStates(ctx, s.clocks)
}

// mergeInto copies the state of a share to a population.
func (s *share) mergeInto(p *clockPopulation) {
	for i, x := range s.tickets {
		p.tickets[slices.IndexFunc(p.tickets, func(y ticket.Ticket) bool { return y.ID == x.ID })] = x
		p.clocks[clockName(s.clocks[i])] = s.clocks[i]
	}
}
