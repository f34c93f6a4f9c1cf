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

// A list is one statement: a subselect takes the page from one index, and the names are joined to its few rows.

var selectTicketPage = textOf(`SELECT ` + ticketViewColumns)

type ticketListRow struct {
	ticketViewRow
	Total int `bun:"total"`
}

func (s tickets) List(ctx context.Context, reach access.Reach, query ticket.Query) (ports.TicketPage, error) {
	byCursor := query.Number == 0
	limit, offset := query.Size+1, 0 // by cursor, one more row shows whether there is a next page
	if !byCursor {
		limit, offset = query.Size, (query.Number-1)*query.Size
	}
	q := s.fixed(selectTicketPage)
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
		if r.ID != "" { // an empty page has one row with the count
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
	column     string
	descending bool
}

// orders are the columns of each order, as in its index; rank is the negative of the urgency.
var orders = map[ticket.Order][]key{
	ticket.ByImportance: {{"rank", false}, {"status_weight", false}, {"sla_key", false}, {"created_at", false}, {"id", false}},
	ticket.BySLA:        {{"breach_rank", false}, {"sla_key", false}, {"priority_rank", false}, {"created_at", false}, {"id", false}},
	ticket.ByDeadline:   {{"deadline_key", false}, {"due_key", false}, {"priority_rank", false}, {"created_at", false}, {"id", false}},
	ticket.ByPriority:   {{"priority_rank", false}, {"status_weight", false}, {"created_at", false}, {"id", false}},
	ticket.ByCreated:    {{"created_at", true}, {"id", true}},
	ticket.ByCreator:    {{"creator", false}, {"created_at", true}, {"id", true}},
}

// positionValues returns a position as values of the columns of its order.
func positionValues(p ticket.Position) []any {
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

// page appends the SELECT that takes the page from tickets t, in its order.
func (s tickets) page(q *statement, reach access.Reach, query ticket.Query, limit, offset int) {
	switch {
	case query.Order == ticket.ByImportance:
		s.pageByImportance(q, reach, query, limit, offset)
	case query.Order == ticket.ByCreator && query.After != nil:
		s.pageByCreator(q, reach, query, limit)
	default:
		keys := orders[query.Order]
		s.selectMatching(q, `t.*`, reach, query)
		if query.After != nil {
			q.add(` AND `+comesAfter(keys), positionValues(*query.After)...)
		}
		q.add(` ORDER BY ` + orderBy("t.", keys))
		addLimit(q, limit, offset)
	}
}

// addLimit limits a SELECT to limit rows after offset. The limit is part of the text: it has few values, and with a
// parameter PostgreSQL would plan for a tenth of the table, again for each execution.
func addLimit(q *statement, limit, offset int) {
	if offset == 0 {
		q.add(` LIMIT ` + strconv.Itoa(limit))
	} else {
		q.add(` LIMIT ? OFFSET ?`, limit, offset)
	}
}

// limitPart limits one part of a union to the rows that the page, and those before it, can take from it.
func limitPart(q *statement, limit, offset int) {
	if offset == 0 {
		addLimit(q, limit, 0)
	} else {
		q.add(` LIMIT ?`, limit+offset)
	}
}

// rankNow computes the rank as ticket.View.UrgencyAt does. Its arguments are now, twice, and now plus sla.Soon.
var rankNow = fmt.Sprintf(`CASE WHEN t.sla_breached AND (t.sla_breached_at IS NULL OR t.sla_breached_at <= ?) THEN %d
	WHEN t.first_response_at IS NULL AND t.response_deadline <= ? THEN %d
	WHEN t.is_escalated THEN %d
	WHEN (t.first_response_at IS NULL OR NOT t.sla_by_hand) AND t.sla_due_date <= ? THEN %d ELSE -t.priority_weight END`,
	-ticket.UrgencyBreached, -ticket.UrgencyOverdue, -ticket.UrgencyEscalated, -ticket.UrgencyDueSoon)

// pageByImportance merges two sources: tickets whose stored urgency still holds, read along the index; and tickets
// whose urgency is computed here as in ticket.View.UrgencyAt, which are the few whose urgency has expired and, in a
// walk by cursor, those whose urgency was recomputed after the walk began.
func (s tickets) pageByImportance(q *statement, reach access.Reach, query ticket.Query, limit, offset int) {
	keys := orders[ticket.ByImportance]
	stored := append([]key{{"urgency_rank", false}}, keys[1:]...)
	q.add(`SELECT * FROM (SELECT * FROM (`)
	s.selectMatching(q, `t.*, t.urgency_rank AS rank`, reach, query)
	q.add(` AND t.urgency_until > `+s.opaqueTime(), query.Now)
	if query.After != nil {
		q.add(` AND t.urgency_from <= `+s.opaqueTime(), query.Now)
		q.add(` AND `+comesAfter(stored), positionValues(*query.After)...)
	}
	q.add(` ORDER BY ` + orderBy("t.", stored))
	limitPart(q, limit, offset)
	q.add(`) held`)
	s.addRanked(q, reach, query, limit, offset,
		`t.urgency_until < `+s.never()+` AND t.urgency_until > '-infinity' AND t.urgency_until <= `+s.opaqueTime(), "overtaken")
	if query.After != nil {
		s.addRanked(q, reach, query, limit, offset, `t.urgency_from > `+s.opaqueTime()+` AND t.urgency_from < `+s.never(), "since")
	}
	q.add(`) t ORDER BY ` + orderBy("t.", keys))
	addLimit(q, limit, offset)
}

// addRanked appends the tickets that satisfy a condition, which has one placeholder for now, ordered by their urgency
// at now.
func (s tickets) addRanked(q *statement, reach access.Reach, query ticket.Query, limit, offset int, condition, name string) {
	keys := orders[ticket.ByImportance]
	q.add(` UNION ALL SELECT * FROM (SELECT * FROM (`)
	q.add(`SELECT t.*, `+rankNow+` AS rank FROM (SELECT t.* FROM tickets t WHERE t.deleted_at IS NULL`, query.Now, query.Now,
		query.Now.Add(sla.Soon))
	q.add(` AND `+condition+s.fence()+`) t WHERE 1 = 1`, query.Now)
	s.matching(q, reach, query)
	q.add(`) t`)
	if query.After != nil {
		q.add(` WHERE `+comesAfter(keys), positionValues(*query.After)...)
	}
	q.add(` ORDER BY ` + orderBy("t.", keys))
	limitPart(q, limit, offset)
	q.add(`) ` + name)
}

// pageByCreator continues after a position in an order that is ascending by name and descending by age: first the
// rest of the creator's tickets, then those of later creators, so that neither part scans what was read before.
func (s tickets) pageByCreator(q *statement, reach access.Reach, query ticket.Query, limit int) {
	keys := orders[ticket.ByCreator]
	after := positionValues(*query.After)
	q.add(`SELECT * FROM (SELECT * FROM (`)
	s.selectMatching(q, `t.*`, reach, query)
	q.add(` AND t.creator = ?`, after[0])
	q.add(` AND `+comesAfter(keys[1:]), after[1:]...)
	q.add(` ORDER BY ` + orderBy("t.", keys[1:]))
	addLimit(q, limit, 0)
	q.add(`) same UNION ALL SELECT * FROM (`)
	s.selectMatching(q, `t.*`, reach, query)
	q.add(` AND t.creator > ?`, after[0])
	q.add(` ORDER BY ` + orderBy("t.", keys))
	addLimit(q, limit, 0)
	q.add(`) later) t ORDER BY ` + orderBy("t.", keys))
	addLimit(q, limit, 0)
}

// selectMatching begins a SELECT of the tickets that match.
func (s tickets) selectMatching(q *statement, columns string, reach access.Reach, query ticket.Query) {
	q.add(`SELECT ` + columns + ` FROM tickets t WHERE t.deleted_at IS NULL`)
	s.matching(q, reach, query)
}

// comesAfter returns the condition that a row comes after a position; all keys must be ascending, or all descending.
func comesAfter(keys []key) string {
	var columns, marks []string
	for _, k := range keys {
		columns, marks = append(columns, "t."+k.column), append(marks, "?")
	}
	compare := ") > ("
	if keys[0].descending {
		compare = ") < ("
	}
	return "(" + strings.Join(columns, ", ") + compare + strings.Join(marks, ", ") + ")"
}

func orderBy(prefix string, keys []key) string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = prefix + k.column
		if k.descending {
			out[i] += " DESC"
		}
	}
	return strings.Join(out, ", ")
}
