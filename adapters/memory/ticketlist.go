package memory

import (
	"context"
	"slices"

	"tickt/domain/access"
	"tickt/domain/search"
	"tickt/domain/ticket"
	"tickt/ports"
)

// positioned is a ticket with its position in the requested order.
type positioned struct {
	ticket.View
	position ticket.Position
}

// List filters all tickets and sorts those that match with ticket.Position.Compare.
func (s tickets) List(_ context.Context, reach access.Reach, q ticket.Query) (ports.TicketPage, error) {
	all := s.matching(reach, q)
	if q.Number > 0 {
		return ports.TicketPage{Tickets: viewsOf(pageOf(all, ports.Page{Number: q.Number, Size: q.Size})), Count: len(all)}, nil
	}
	if q.After != nil {
		i, found := slices.BinarySearchFunc(all, *q.After, func(p positioned, at ticket.Position) int { return p.position.Compare(at) })
		if found {
			i++
		}
		all = all[i:]
	}
	if len(all) <= q.Size {
		return ports.TicketPage{Tickets: viewsOf(all)}, nil
	}
	return ports.TicketPage{Tickets: viewsOf(all[:q.Size]), Next: &all[q.Size-1].position}, nil
}

// matching returns the tickets within the reach that match the filter, in order.
func (s tickets) matching(reach access.Reach, q ticket.Query) []positioned {
	var out []positioned
	for _, t := range s.tickets.where(func(t ticket.Ticket) bool { return visible(t, reach) }) {
		v := s.view(t, reach)
		if q.Filter.Matches(v, s.statuses.rows[t.StatusID].Code, s.priorities.rows[t.PriorityID].Code, q.Now) && q.Finds(s.document(t)) {
			out = append(out, positioned{v, v.PositionIn(q.Order, q.Now)})
		}
	}
	slices.SortFunc(out, func(a, b positioned) int { return a.position.Compare(b.position) })
	return out
}

// document returns what is searched of a ticket.
func (s tickets) document(t ticket.Ticket) search.Document {
	comments := s.comments.where(func(c ticket.Comment) bool { return c.TicketID == t.ID })
	slices.SortFunc(comments, func(a, b ticket.Comment) int { return newestFirst(a.CreatedAt, b.CreatedAt, a.ID, b.ID) })
	requester := s.accounts.rows[t.Requester()]
	document := t.Searched(ticket.Requester{Username: requester.Username, Email: requester.Email})
	for _, c := range comments {
		document.Add(c.Searched())
	}
	return document.Document()
}

func viewsOf(ps []positioned) []ticket.View {
	out := make([]ticket.View, len(ps))
	for i, p := range ps {
		out[i] = p.View
	}
	return out
}
