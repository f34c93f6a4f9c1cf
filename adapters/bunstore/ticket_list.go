package bunstore

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// A list is one statement: the page is taken from one index first, the names are joined to its few rows after.

var ticketsListed = textOf(`SELECT ` + ticketViewColumns)

type ticketListRow struct {
	ticketViewRow
	Total int `bun:"total"`
}

func (s tickets) List(ctx context.Context, reach access.Reach, query ticket.Query) (ports.TicketPage, error) {
	byCursor := query.Number == 0
	limit, offset := query.Size+1, 0 // by cursor, one more tells whether there is a next page
	if !byCursor {
		limit, offset = query.Size, (query.Number-1)*query.Size
	}
	q := s.asked(ticketsListed)
	if byCursor {
		q.add(` FROM (`)
	} else {
		q.add(`, counted.total FROM (SELECT count(*) AS total FROM tickets t WHERE t.deleted_at IS NULL`)
		s.matching(q, reach, query)
		q.add(`) counted LEFT JOIN (`)
	}
	s.page(q, reach, query, limit, offset)
	if byCursor {
		q.add(`) t`)
	} else {
		q.add(`) t ON 1 = 1`)
	}
	q.add(ticketViewJoins + ` ORDER BY ` + orderBy("t.", orders[query.Order]))
	found, err := rows[ticketListRow](ctx, s.conn, q)
	if err != nil {
		return ports.TicketPage{}, err
	}
	var page ports.TicketPage
	page.Tickets = make([]ticket.View, 0, len(found))
	for _, r := range found {
		page.Count = r.Total
		if r.ID != "" { // the count comes even where the page is empty
			page.Tickets = append(page.Tickets, r.view())
		}
	}
	if byCursor && len(page.Tickets) > query.Size {
		page.Tickets = page.Tickets[:query.Size]
		next := page.Tickets[query.Size-1].PositionIn(query.Order, query.Now)
		page.Next = &next
	}
	return page, nil
}

// key is a column of an order.
type key struct {
	column  string
	falling bool
}

// orders are the columns of each order, as an index has them; rank is the urgency's, falling as the urgency rises.
var orders = map[ticket.Order][]key{
	ticket.ByImportance: {{"rank", false}, {"status_weight", false}, {"sla_key", false}, {"created_at", false}, {"id", false}},
	ticket.BySLA:        {{"breach_rank", false}, {"sla_key", false}, {"priority_rank", false}, {"created_at", false}, {"id", false}},
	ticket.ByDeadline:   {{"deadline_key", false}, {"due_key", false}, {"priority_rank", false}, {"created_at", false}, {"id", false}},
	ticket.ByPriority:   {{"priority_rank", false}, {"status_weight", false}, {"created_at", false}, {"id", false}},
	ticket.ByCreated:    {{"created_at", true}, {"id", true}},
	ticket.ByCreator:    {{"creator", false}, {"created_at", true}, {"id", true}},
}

// place gives a position as values of the order's columns.
func place(p ticket.Position) []any {
	switch p.Order {
	case ticket.ByImportance:
		return []any{-p.Urgency, p.StatusWeight, p.SLADue, p.CreatedAt, p.ID}
	case ticket.BySLA:
		rank := 1
		if p.Breached {
			rank = 0
		}
		return []any{rank, p.SLADue, -p.PriorityWeight, p.CreatedAt, p.ID}
	case ticket.ByDeadline:
		return []any{p.Deadline, p.Due, -p.PriorityWeight, p.CreatedAt, p.ID}
	case ticket.ByPriority:
		return []any{-p.PriorityWeight, p.StatusWeight, p.CreatedAt, p.ID}
	case ticket.ByCreator:
		return []any{p.Creator, p.CreatedAt, p.ID}
	case ticket.ByCreated:
	}
	return []any{p.CreatedAt, p.ID}
}

// page writes the select that takes the page from tickets t, in its order.
func (s tickets) page(q *statement, reach access.Reach, query ticket.Query, limit, offset int) {
	switch {
	case query.Order == ticket.ByImportance:
		s.pageByImportance(q, reach, query, limit, offset)
	case query.Order == ticket.ByCreator && query.After != nil:
		s.pageByCreator(q, reach, query, limit)
	default:
		keys := orders[query.Order]
		s.walk(q, `t.*`, reach, query)
		if query.After != nil {
			q.add(` AND `+beyond(keys), place(*query.After)...)
		}
		q.add(` ORDER BY ` + orderBy("t.", keys))
		cut(q, limit, offset)
	}
}

// cut ends a select after limit rows, having passed over offset. The limit stands in the text: it has few values,
// and PostgreSQL would otherwise plan for a tenth of the table, and do so anew each time.
func cut(q *statement, limit, offset int) {
	if offset == 0 {
		q.add(` LIMIT ` + strconv.Itoa(limit))
	} else {
		q.add(` LIMIT ? OFFSET ?`, limit, offset)
	}
}

// reachPage ends a part of a page after as many rows as the page and what comes before it can take from the part.
func reachPage(q *statement, limit, offset int) {
	if offset == 0 {
		cut(q, limit, 0)
	} else {
		q.add(` LIMIT ?`, limit+offset)
	}
}

// rankNow reckons the rank of ticket.View.UrgencyAt; its marks are the moment, twice, and sla.Soon after it.
var rankNow = fmt.Sprintf(`CASE WHEN t.sla_breached AND (t.sla_breached_at IS NULL OR t.sla_breached_at <= ?) THEN %d
	WHEN t.first_response_at IS NULL AND t.response_deadline <= ? THEN %d
	WHEN t.is_escalated THEN %d
	WHEN (t.first_response_at IS NULL OR NOT t.sla_by_hand) AND t.sla_due_date <= ? THEN %d ELSE -t.priority_weight END`,
	-ticket.UrgencyBreached, -ticket.UrgencyOverdue, -ticket.UrgencyEscalated, -ticket.UrgencyDueSoon)

// pageByImportance joins walks over tickets whose stored urgency held at the moment, along the index, and over those
// whose urgency is computed here as ticket.View.UrgencyAt does: the few that time has overtaken since they were last
// computed, and, in a walk that began a while ago, those that were computed since it began.
func (s tickets) pageByImportance(q *statement, reach access.Reach, query ticket.Query, limit, offset int) {
	keys := orders[ticket.ByImportance]
	stored := append([]key{{"urgency_rank", false}}, keys[1:]...)
	q.add(`SELECT * FROM (SELECT * FROM (`)
	s.walk(q, `t.*, t.urgency_rank AS rank`, reach, query)
	q.add(` AND t.urgency_until > `+s.moment(), query.Now)
	if query.After != nil {
		q.add(` AND t.urgency_from <= `+s.moment(), query.Now)
		q.add(` AND `+beyond(stored), place(*query.After)...)
	}
	q.add(` ORDER BY ` + orderBy("t.", stored))
	reachPage(q, limit, offset)
	q.add(`) held`)
	s.ranked(q, reach, query, limit, offset,
		`t.urgency_until < `+s.never()+` AND t.urgency_until > '-infinity' AND t.urgency_until <= `+s.moment(), "overtaken")
	if query.After != nil {
		s.ranked(q, reach, query, limit, offset, `t.urgency_from > `+s.moment()+` AND t.urgency_from < `+s.never(), "since")
	}
	q.add(`) t ORDER BY ` + orderBy("t.", keys))
	cut(q, limit, offset)
}

// ranked adds the tickets of a condition, whose mark is the moment, in the order of their urgency at it.
func (s tickets) ranked(q *statement, reach access.Reach, query ticket.Query, limit, offset int, condition, name string) {
	keys := orders[ticket.ByImportance]
	q.add(` UNION ALL SELECT * FROM (SELECT * FROM (`)
	q.add(`SELECT t.*, `+rankNow+` AS rank FROM (SELECT t.* FROM tickets t WHERE t.deleted_at IS NULL`, query.Now, query.Now,
		query.Now.Add(sla.Soon))
	q.add(` AND `+condition+s.first()+`) t WHERE 1 = 1`, query.Now)
	s.matching(q, reach, query)
	q.add(`) t`)
	if query.After != nil {
		q.add(` WHERE `+beyond(keys), place(*query.After)...)
	}
	q.add(` ORDER BY ` + orderBy("t.", keys))
	reachPage(q, limit, offset)
	q.add(`) ` + name)
}

// pageByCreator goes on after a position in an order that rises by name and falls by age: first what is left of
// the creator, then the creators after it, so that neither walk passes over what was read already.
func (s tickets) pageByCreator(q *statement, reach access.Reach, query ticket.Query, limit int) {
	keys := orders[ticket.ByCreator]
	after := place(*query.After)
	q.add(`SELECT * FROM (SELECT * FROM (`)
	s.walk(q, `t.*`, reach, query)
	q.add(` AND t.creator = ?`, after[0])
	q.add(` AND `+beyond(keys[1:]), after[1:]...)
	q.add(` ORDER BY ` + orderBy("t.", keys[1:]))
	cut(q, limit, 0)
	q.add(`) same UNION ALL SELECT * FROM (`)
	s.walk(q, `t.*`, reach, query)
	q.add(` AND t.creator > ?`, after[0])
	q.add(` ORDER BY ` + orderBy("t.", keys))
	cut(q, limit, 0)
	q.add(`) later) t ORDER BY ` + orderBy("t.", keys))
	cut(q, limit, 0)
}

// walk begins a select over the tickets that match.
func (s tickets) walk(q *statement, columns string, reach access.Reach, query ticket.Query) {
	q.add(`SELECT ` + columns + ` FROM tickets t WHERE t.deleted_at IS NULL`)
	s.matching(q, reach, query)
}

// beyond says that a row comes after a position; its columns must all rise or all fall.
func beyond(keys []key) string {
	var columns, marks []string
	for _, k := range keys {
		columns, marks = append(columns, "t."+k.column), append(marks, "?")
	}
	compare := ") > ("
	if keys[0].falling {
		compare = ") < ("
	}
	return "(" + strings.Join(columns, ", ") + compare + strings.Join(marks, ", ") + ")"
}

func orderBy(prefix string, keys []key) string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = prefix + k.column
		if k.falling {
			out[i] += " DESC"
		}
	}
	return strings.Join(out, ", ")
}
