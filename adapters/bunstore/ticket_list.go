package bunstore

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

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
	if query.Filter.Search == nil {
		return s.listMatching(ctx, reach, query)
	}
	var err error
	if s.withDocuments, err = s.isIndexed(ctx); err != nil || !s.withDocuments {
		return s.listMatching(ctx, reach, query)
	}
	return s.search(ctx, reach, query)
}

// listMatching reads the page along the index of its order.
func (s tickets) listMatching(ctx context.Context, reach access.Reach, query ticket.Query) (ports.TicketPage, error) {
	limit, offset := pagePart(query)
	byCursor := query.Number == 0
	q := s.fixed(selectTicketPage)
	if dependsOnValues(reach, query.Filter) {
		q.unprepared()
	}
	if byCursor {
		q.add(` FROM (`)
	} else {
		q.add(`, counted.total FROM (SELECT CAST(sum(n) AS BIGINT) AS total FROM (`)
		s.count(q, reach, query)
		q.add(`) parts) counted LEFT JOIN (`)
	}
	s.page(q, reach, query, limit, offset)
	if byCursor {
		q.add(`) t`)
	} else {
		q.add(`) t ON 1 = 1`)
	}
	q.add(ticketViewJoins, reachArguments(reach)...)
	q.add(` ORDER BY ` + orderBy(orders[query.Order]))
	found, err := rows[ticketListRow](ctx, s.conn, q)
	if err != nil {
		return ports.TicketPage{}, err
	}
	return pageOf(query, found), nil
}

// pagePart returns how many rows of a list its page takes, after how many. By cursor, one more row shows whether there is a next
// page.
func pagePart(query ticket.Query) (limit, offset int) {
	if query.Number == 0 {
		return query.Size + 1, 0
	}
	return query.Size, (query.Number - 1) * query.Size
}

// pageOf returns the page that rows are.
func pageOf(query ticket.Query, found []ticketListRow) ports.TicketPage {
	page := ports.TicketPage{Tickets: make([]ticket.View, 0, len(found))}
	for _, r := range found {
		if r.ID != "" { // an empty page has one row with the count
			page.Tickets = append(page.Tickets, r.view())
		}
		if query.Number > 0 {
			page.Count = r.Total
		}
	}
	if query.Number == 0 && len(page.Tickets) > query.Size {
		page.Tickets = page.Tickets[:query.Size]
		next := page.Tickets[query.Size-1].PositionIn(query.Order, query.Now)
		page.Next = &next
	}
	return page
}

// count appends SELECTs of how many tickets of each part match.
func (s tickets) count(q *statement, reach access.Reach, query ticket.Query) {
	if query.Filter.Search != nil && s.withDocuments && reach.All {
		s.countFound(q, reach, query)
		return
	}
	for i, part := range partsOf(query.Filter) {
		if i > 0 {
			q.add(` UNION ALL `)
		}
		s.selectPart(q, `count(*) AS n`, reach, query, part)
	}
}

// dependsOnValues reports whether the best plan for a list depends on the values of its filter: one that reads the few tickets of an
// account or a menu is wrong for one that has nearly all, and one that reads along the order the other way round.
func dependsOnValues(reach access.Reach, f ticket.Filter) bool {
	return !reach.All || f.Menus != nil || f.AssignedTo != nil || f.CreatedFor != nil || f.CreatedBy != nil || f.Overdue != nil ||
		f.Search != nil || f.Active && f.Statuses != nil
}

// key is a column of an order.
type key struct {
	column     string
	descending bool
	of         string // the expression of tickets t that it stands for, as in the index; "" if it is a column of the table
}

// expression returns what the key is in a SELECT from tickets t.
func (k key) expression() string {
	if k.of != "" {
		return k.of
	}
	return "t." + k.column
}

// name returns what the key is in a SELECT from a subselect t.
func (k key) name() string { return "t." + k.column }

// The keys by which tickets that are not active come last.
var (
	storedRank = key{column: "rank", of: `CASE WHEN t.is_active THEN t.urgency_rank ELSE 0 END`}
	activeRank = key{column: "active_rank", of: `CASE WHEN t.is_active THEN 0 ELSE 1 END`}
)

// orders are the keys of each order, as in its index; rank is the negative of the urgency.
var orders = map[ticket.Order][]key{
	ticket.ByImportance: {{column: "rank"}, {column: "status_weight"}, {column: "sla_key"}, {column: "created_at"}, {column: "id"}},
	ticket.BySLA: {
		activeRank, {column: "breach_rank"}, {column: "sla_key"}, {column: "priority_rank"}, {column: "created_at"}, {column: "id"},
	},
	ticket.ByDeadline: {{column: "deadline_key"}, {column: "due_key"}, {column: "priority_rank"}, {column: "created_at"}, {column: "id"}},
	ticket.ByPriority: {{column: "priority_rank"}, {column: "status_weight"}, {column: "created_at"}, {column: "id"}},
	ticket.ByCreated:  {{column: "created_at", descending: true}, {column: "id", descending: true}},
	ticket.ByCreator:  {{column: "creator"}, {column: "created_at", descending: true}, {column: "id", descending: true}},
}

// positionValues returns a position as values of the columns of its order.
func positionValues(p ticket.Position) []any {
	switch p.Order {
	case ticket.ByImportance:
		return []any{-p.Urgency, p.StatusWeight, p.SLADue, p.CreatedAt, p.ID}
	case ticket.BySLA:
		return []any{oneUnless(p.Active), oneUnless(p.Breached), p.SLADue, -p.PriorityWeight, p.CreatedAt, p.ID}
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

// oneUnless returns 0 if a condition holds, else 1, which comes after it.
func oneUnless(holds bool) int {
	if holds {
		return 0
	}
	return 1
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
		s.selectMatching(q, `t.*`+derivedColumns(keys), reach, query)
		if query.After != nil {
			q.add(` AND `+comesAfter(keys, key.expression), positionValues(*query.After)...)
		}
		q.add(` ORDER BY ` + orderOf(keys, key.expression))
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

// rankArguments returns the arguments of rankNow.
func rankArguments(now time.Time) []any { return []any{now, now, now.Add(sla.Soon)} }

// rankNow computes the rank as ticket.View.UrgencyAt does.
var rankNow = fmt.Sprintf(`CASE WHEN NOT t.is_active THEN 0
	WHEN t.sla_breached AND (t.sla_breached_at IS NULL OR t.sla_breached_at <= ?) THEN %d
	WHEN t.first_response_at IS NULL AND t.response_deadline <= ? THEN %d
	WHEN t.is_escalated THEN %d
	WHEN (t.first_response_at IS NULL OR NOT t.sla_by_hand) AND t.sla_due_date <= ? THEN %d ELSE -t.priority_weight END`,
	-ticket.UrgencyBreached, -ticket.UrgencyOverdue, -ticket.UrgencyEscalated, -ticket.UrgencyDueSoon)

// pageByImportance merges two sources: tickets whose stored urgency still holds, read along the index; and tickets
// whose urgency is computed here as in ticket.View.UrgencyAt, which are the few whose urgency has expired and, in a
// walk by cursor, those whose urgency was recomputed after the walk began.
func (s tickets) pageByImportance(q *statement, reach access.Reach, query ticket.Query, limit, offset int) {
	keys := orders[ticket.ByImportance]
	rank := storedRank
	if query.Filter.Active {
		rank.of = `t.urgency_rank` // as in the indexes of active tickets
	}
	stored := append([]key{rank}, keys[1:]...)
	q.add(`SELECT * FROM (`)
	for i, part := range partsOf(query.Filter) {
		if i > 0 {
			q.add(` UNION ALL `)
		}
		q.add(`SELECT * FROM (`)
		s.selectPart(q, `t.*`+derivedColumns(stored), reach, query, part)
		q.add(` AND t.urgency_until > `+s.opaqueTime(), query.Now)
		if query.After != nil {
			q.add(` AND t.urgency_from <= `+s.opaqueTime(), query.Now)
			q.add(` AND `+comesAfter(stored, key.expression), positionValues(*query.After)...)
		}
		q.add(` ORDER BY ` + orderOf(stored, key.expression))
		limitPart(q, limit, offset)
		q.add(`) held` + strconv.Itoa(i))
	}
	s.addRanked(q, reach, query, limit, offset,
		`t.urgency_until < `+s.never()+` AND t.urgency_until > '-infinity' AND t.urgency_until <= `+s.opaqueTime(), "overtaken")
	if query.After != nil {
		s.addRanked(q, reach, query, limit, offset, `t.urgency_from > `+s.opaqueTime()+` AND t.urgency_from < `+s.never(), "since")
	}
	q.add(`) t ORDER BY ` + orderBy(keys))
	addLimit(q, limit, offset)
}

// addRanked appends the tickets that satisfy a condition, which has one placeholder for now, ordered by their urgency
// at now.
func (s tickets) addRanked(q *statement, reach access.Reach, query ticket.Query, limit, offset int, condition, name string) {
	keys := orders[ticket.ByImportance]
	q.add(` UNION ALL SELECT * FROM (SELECT * FROM (`)
	q.add(`SELECT t.*, `+rankNow+` AS rank FROM (SELECT t.* FROM tickets t WHERE t.deleted_at IS NULL`, rankArguments(query.Now)...)
	q.add(` AND `+condition+s.fence()+`) t WHERE 1 = 1`, query.Now)
	s.matching(q, reach, query)
	q.add(`) t`)
	if query.After != nil {
		q.add(` WHERE `+comesAfter(keys, key.name), positionValues(*query.After)...)
	}
	q.add(` ORDER BY ` + orderBy(keys))
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
	q.add(` AND `+comesAfter(keys[1:], key.name), after[1:]...)
	q.add(` ORDER BY ` + orderBy(keys[1:]))
	addLimit(q, limit, 0)
	q.add(`) same UNION ALL SELECT * FROM (`)
	s.selectMatching(q, `t.*`, reach, query)
	q.add(` AND t.creator > ?`, after[0])
	q.add(` ORDER BY ` + orderBy(keys))
	addLimit(q, limit, 0)
	q.add(`) later) t ORDER BY ` + orderBy(keys))
	addLimit(q, limit, 0)
}

// selectMatching begins a SELECT of the tickets that match.
func (s tickets) selectMatching(q *statement, columns string, reach access.Reach, query ticket.Query) {
	s.selectPart(q, columns, reach, query, everyAssignee)
}

// selectPart is selectMatching of a part of the tickets.
func (s tickets) selectPart(q *statement, columns string, reach access.Reach, query ticket.Query, part assigneePart) {
	if part == goneAssignee { // few: PostgreSQL would look for them along the order of the page
		q.add(`SELECT ` + columns + ` FROM (SELECT t.* FROM tickets t WHERE t.deleted_at IS NULL`)
		addIndexedFlags(q, query.Filter)
		s.addAssignee(q, query.Filter, part)
		q.add(s.fence() + `) t WHERE 1 = 1`)
	} else {
		q.add(`SELECT ` + columns + ` FROM tickets t WHERE t.deleted_at IS NULL`)
	}
	s.matchingPart(q, reach, query, part)
}

// comesAfter returns the condition that a row comes after a position; all keys must be ascending, or all descending. of is
// key.expression in a SELECT from the table, key.name in one from a subselect.
func comesAfter(keys []key, of func(key) string) string {
	var columns, marks []string
	for _, k := range keys {
		columns, marks = append(columns, of(k)), append(marks, "?")
	}
	compare := ") > ("
	if keys[0].descending {
		compare = ") < ("
	}
	return "(" + strings.Join(columns, ", ") + compare + strings.Join(marks, ", ") + ")"
}

// orderBy returns the order of a SELECT from a subselect t.
func orderBy(keys []key) string { return orderOf(keys, key.name) }

// orderOf returns an order; of is as in comesAfter.
func orderOf(keys []key, of func(key) string) string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = of(k)
		if k.descending {
			out[i] += " DESC"
		}
	}
	return strings.Join(out, ", ")
}

// derivedColumns returns the keys that are no columns of the table, to be added to the columns of a SELECT.
func derivedColumns(keys []key) (columns string) {
	for _, k := range keys {
		if k.of != "" {
			columns += `, ` + k.of + ` AS ` + k.column
		}
	}
	return columns
}
