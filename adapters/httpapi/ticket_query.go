package httpapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/valyala/fasthttp"

	"tickt/domain"
	"tickt/domain/ticket"
)

// maxSearch is the length of the longest search, in characters.
const maxSearch = 200

// ticketQuery reads which tickets are wanted, in which order, and which part of them; me is who asks.
// The part is a page, with Number set, or, where a cursor is given, what follows After.
func (a *api) ticketQuery(args *fasthttp.Args, me domain.ID) (ticket.Query, error) {
	q := readQuery(args)
	wanted := ticket.Query{Filter: a.ticketFilter(q, me), Order: orderOf(q)}
	_, paged := q.given["page"]
	w := a.window(q)
	wanted.Number, wanted.Size = w.Number, w.Size
	if cursor, given := q.maybe("cursor"); given {
		wanted.Number, wanted.After = 0, positionOf(q, cursor, wanted.Order)
		if paged {
			q.invalid("page", "page and cursor cannot be combined.")
		}
	}
	return wanted, q.err()
}

func (a *api) ticketFilter(q *query, me domain.ID) ticket.Filter {
	return ticket.Filter{
		Menus:      q.ids("menu_id", ""),
		Statuses:   q.codes("status"),
		Priorities: q.codes("priority"),
		AssignedTo: q.ids("assigned_to", me),
		CreatedFor: q.ids("created_for", me),
		CreatedBy:  q.ids("created_by", me),
		Breached:   q.flag("sla_breached"),
		Escalated:  q.flag("escalated"),
		Overdue:    q.flag("response_overdue"),
		Search:     searchOf(q),
		After:      q.moment("created_after", a.Zone),
		Before:     q.moment("created_before", a.Zone),
		DueBefore:  q.moment("due_before", a.Zone),
	}
}

// searchOf gives the words to find: nil where nothing is searched for, none at all where the text has no
// word, which nothing matches.
func searchOf(q *query) []string {
	text, _ := q.maybe("search")
	switch {
	case text == "":
		return nil
	case domain.Length(text) > maxSearch:
		q.problems.Add("search", domain.CodeTooLong, fmt.Sprintf("search must be at most %d characters.", maxSearch))
		return nil
	}
	return append([]string{}, domain.SearchWords(text)...)
}

// orderOf gives the order that is asked for; "" where it is none.
func orderOf(q *query) ticket.Order {
	text, given := q.one("order_by")
	if !given {
		return ticket.Orders[0]
	}
	if order := ticket.Order(text); slices.Contains(ticket.Orders, order) {
		return order
	}
	names := each(ticket.Orders, func(o ticket.Order) string { return string(o) })
	q.invalid("order_by", "order_by must be one of: "+strings.Join(names, ", ")+".")
	return ""
}

// positionOf gives the position after which to read; nil for an empty cursor, which begins.
func positionOf(q *query, cursor string, order ticket.Order) *ticket.Position {
	if cursor == "" || order == "" {
		return nil
	}
	p, ok := parseCursor(cursor, order)
	if !ok {
		q.invalid("cursor", "cursor is not one of this list in this order.")
	}
	return &p
}
