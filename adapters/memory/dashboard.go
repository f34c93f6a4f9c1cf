package memory

import (
	"context"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

type dashboard struct{ *tx }

func (s dashboard) Tallies(ctx context.Context, reach access.Reach) (ticket.Tallies, error) {
	byStatus, byPriority := map[domain.ID]int{}, map[domain.ID]int{}
	for _, t := range s.tickets.rows {
		if visible(t, reach) {
			byStatus[t.StatusID]++
			byPriority[t.PriorityID]++
		}
	}
	statuses, err := tallied(ctx, catalog[ticket.Status]{s.tx, s.statuses, statusKeys}, func(x ticket.Status) ticket.Tally {
		return ticket.Tally{ID: x.ID, Name: x.Name, Code: x.Code, Count: byStatus[x.ID]}
	})
	if err != nil {
		return ticket.Tallies{}, err
	}
	priorities, err := tallied(ctx, catalog[ticket.Priority]{s.tx, s.priorities, priorityKeys}, func(x ticket.Priority) ticket.Tally {
		return ticket.Tally{ID: x.ID, Name: x.Name, Code: x.Code, Count: byPriority[x.ID]}
	})
	return ticket.Tallies{ByStatus: statuses, ByPriority: priorities}, err
}

// tallied gives a tally of every entry of a catalog, in its order.
func tallied[T any](ctx context.Context, c catalog[T], tally func(T) ticket.Tally) ([]ticket.Tally, error) {
	all, _, err := c.List(ctx, ports.Page{Number: 1, Size: len(c.rows.rows)})
	tallies := []ticket.Tally{}
	for _, x := range all {
		tallies = append(tallies, tally(x))
	}
	return tallies, err
}

func (s dashboard) Levels(_ context.Context, reach access.Reach, p sla.Period) (sla.Levels, error) {
	return sla.LevelsOf(s.clocks.where(func(c sla.Standing) bool { return visible(s.tickets.rows[c.TicketID], reach) }), p), nil
}

// Fold has nothing to do: all is counted when it is asked for.
func (s dashboard) Fold(context.Context) error { return s.log.writable() }
