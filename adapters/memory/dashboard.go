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

func (s dashboard) Counts(ctx context.Context, reach access.Reach) (ticket.Counts, error) {
	byStatus, byPriority := map[domain.ID]int{}, map[domain.ID]int{}
	for _, t := range s.tickets.rows {
		if visible(t, reach) {
			byStatus[t.StatusID]++
			byPriority[t.PriorityID]++
		}
	}
	statuses, err := countsOf(ctx, catalog[ticket.Status]{s.tx, s.statuses, statusKeys}, func(x ticket.Status) ticket.Count {
		return ticket.Count{ID: x.ID, Name: x.Name, Code: x.Code, Tickets: byStatus[x.ID]}
	})
	if err != nil {
		return ticket.Counts{}, err
	}
	priorities, err := countsOf(ctx, catalog[ticket.Priority]{s.tx, s.priorities, priorityKeys}, func(x ticket.Priority) ticket.Count {
		return ticket.Count{ID: x.ID, Name: x.Name, Code: x.Code, Tickets: byPriority[x.ID]}
	})
	return ticket.Counts{ByStatus: statuses, ByPriority: priorities}, err
}

// countsOf returns the count of every entry of a catalog, in its order.
func countsOf[T any](ctx context.Context, c catalog[T], count func(T) ticket.Count) ([]ticket.Count, error) {
	all, _, err := c.List(ctx, ports.Page{Number: 1, Size: len(c.rows.rows)})
	counts := []ticket.Count{}
	for _, x := range all {
		counts = append(counts, count(x))
	}
	return counts, err
}

func (s dashboard) Levels(_ context.Context, reach access.Reach, p sla.Period) (sla.Levels, error) {
	return sla.LevelsOf(s.clocks.where(func(c sla.ClockState) bool { return visible(s.tickets.rows[c.TicketID], reach) }), p), nil
}

// Compact does nothing: counts are computed when they are read.
func (s dashboard) Compact(context.Context) error { return s.log.writable() }
