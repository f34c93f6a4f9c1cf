package ticket

import (
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/query"
)

// ReadQuery reads a query for a list of tickets: filter, order, and either a page, by default of pageSize tickets, or, if
// there is a cursor, what follows it. me is the account that "me" stands for; times without an offset are in zone. It
// does not set Query.Now and Query.Notes. The error lists every parameter that cannot be read.
func ReadQuery(q *query.Query, me domain.ID, zone *time.Location, pageSize int) (Query, error) {
	wanted := Query{Filter: readFilter(q, me, zone), Order: readOrder(q)}
	byPage := q.Has("page")
	page := q.Page(pageSize)
	wanted.Number, wanted.Size = page.Number, page.Size
	if text, given := q.Optional("cursor"); given {
		wanted.Number, wanted.After = 0, readPosition(q, text, wanted.Order)
		if byPage {
			q.Add("page", domain.CodePageAndCursor)
		}
	}
	return wanted, q.Err()
}

func readFilter(q *query.Query, me domain.ID, zone *time.Location) Filter {
	assignedTo, unassigned := q.IDsOrNone("assigned_to", me)
	return Filter{
		Menus:      q.IDs("menu_id", ""),
		Statuses:   q.Codes("status"),
		Priorities: q.Codes("priority"),
		AssignedTo: assignedTo,
		Unassigned: unassigned,
		CreatedFor: q.IDs("created_for", me),
		CreatedBy:  q.IDs("created_by", me),
		Breached:   q.Flag("sla_breached"),
		Escalated:  q.Flag("escalated"),
		Overdue:    q.Flag("response_overdue"),
		Search:     q.SearchQuery("search"),
		After:      q.Time("created_after", zone),
		Before:     q.Time("created_before", zone),
		DueBefore:  q.Time("due_before", zone),
	}
}

// readOrder returns the order of the query; "" if it is unknown.
func readOrder(q *query.Query) Order {
	text, given := q.One("order_by")
	if !given {
		return Orders[0]
	}
	if order := Order(text); slices.Contains(Orders, order) {
		return order
	}
	q.Add("order_by", domain.CodeOneOf, domain.Params{"choices": domain.Names(Orders)})
	return ""
}

// readPosition returns the position of a cursor; nil if it is empty, which means the first page.
func readPosition(q *query.Query, text string, order Order) *Position {
	if text == "" || order == "" {
		return nil
	}
	p, ok := ParseCursor(text, order)
	if !ok {
		q.Add("cursor", domain.CodeOrderedCursor)
	}
	return &p
}
