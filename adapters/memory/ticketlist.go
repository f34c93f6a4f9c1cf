package memory

import (
	"context"
	"slices"

	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// placed is a ticket with its place in the order that was asked for.
type placed struct {
	ticket.View
	at ticket.Position
}

// List filters all tickets and sorts what is left by the domain's own order.
func (s tickets) List(_ context.Context, reach access.Reach, q ticket.Query) (ports.TicketPage, error) {
	all := s.matching(reach, q)
	if q.Number > 0 {
		return ports.TicketPage{Tickets: unplaced(part(all, ports.Page{Number: q.Number, Size: q.Size})), Count: len(all)}, nil
	}
	if q.After != nil {
		i, there := slices.BinarySearchFunc(all, *q.After, func(p placed, at ticket.Position) int { return p.at.Compare(at) })
		if there {
			i++
		}
		all = all[i:]
	}
	if len(all) <= q.Size {
		return ports.TicketPage{Tickets: unplaced(all)}, nil
	}
	return ports.TicketPage{Tickets: unplaced(all[:q.Size]), Next: &all[q.Size-1].at}, nil
}

// matching gives the tickets that the reach covers and the filter wants, in their order.
func (s tickets) matching(reach access.Reach, q ticket.Query) []placed {
	var out []placed
	for _, t := range s.tickets.where(func(t ticket.Ticket) bool { return visible(t, reach) }) {
		v := s.view(t)
		if q.Filter.Matches(v, s.statuses.rows[t.StatusID].Code, s.priorities.rows[t.PriorityID].Code, q.Now) {
			out = append(out, placed{v, v.PositionIn(q.Order, q.Now)})
		}
	}
	slices.SortFunc(out, func(a, b placed) int { return a.at.Compare(b.at) })
	return out
}

func unplaced(ps []placed) []ticket.View {
	out := make([]ticket.View, len(ps))
	for i, p := range ps {
		out[i] = p.View
	}
	return out
}
