package bunstore

import (
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
)

// within limits a statement over tickets t to those within a reach.
func within(q *statement, reach access.Reach) {
	if !reach.All {
		q.add(` AND (t.created_by = ? OR t.created_for = ? OR t.assigned_to = ?)`, reach.Account, reach.Account, reach.Account)
	}
}

// assigneePart is a part of the tickets that a filter selects.
type assigneePart byte

const (
	everyAssignee assigneePart = iota
	noAssignee
	goneAssignee // the assignee was deactivated
)

// partsOf returns the parts of a filter, each of which an index holds.
func partsOf(f ticket.Filter) []assigneePart {
	if f.Unassigned && len(f.AssignedTo) == 0 {
		return []assigneePart{noAssignee, goneAssignee}
	}
	return []assigneePart{everyAssignee}
}

// addAssignee appends the condition that the assignee is wanted, for a part of the tickets.
func (s tickets) addAssignee(q *statement, f ticket.Filter, part assigneePart) {
	isGone := s.inSubselect(`t.assigned_to`) + `SELECT id FROM accounts WHERE is_active = FALSE))`
	switch {
	case !f.Unassigned:
		andIn(q, `t.assigned_to IN (`, f.AssignedTo, `)`)
	case part == noAssignee:
		q.add(` AND t.assigned_to IS NULL`)
	case part == goneAssignee:
		q.add(` AND ` + isGone)
	case len(f.AssignedTo) == 0:
		q.add(` AND (t.assigned_to IS NULL OR ` + isGone + `)`)
	default:
		andIn(q, `(t.assigned_to IS NULL OR `+isGone+` OR t.assigned_to IN (`, f.AssignedTo, `))`)
	}
}

// matching limits a statement over tickets t to those that are within the reach and match the filter.
func (s tickets) matching(q *statement, reach access.Reach, query ticket.Query) {
	s.matchingPart(q, reach, query, everyAssignee)
}

// matchingPart is matching of a part of the tickets.
func (s tickets) matchingPart(q *statement, reach access.Reach, query ticket.Query, part assigneePart) {
	within(q, reach)
	f := query.Filter
	andIn(q, `t.menu_id IN (`, f.Menus, `)`)
	andIn(q, s.inSubselect(`t.status_id`)+`SELECT id FROM ticket_statuses WHERE code IN (`, f.Statuses, `)))`)
	andIn(q, s.inSubselect(`t.priority_id`)+`SELECT id FROM ticket_priorities WHERE code IN (`, f.Priorities, `)))`)
	s.addAssignee(q, f, part)
	andIn(q, `t.created_for IN (`, f.CreatedFor, `)`)
	andIn(q, `t.created_by IN (`, f.CreatedBy, `)`)
	if f.Breached != nil {
		q.add(` AND t.sla_breached = ?`, *f.Breached)
	}
	if f.Escalated != nil {
		q.add(` AND t.is_escalated = ?`, *f.Escalated)
	}
	if f.Overdue != nil && *f.Overdue {
		q.add(` AND t.is_active AND t.first_response_at IS NULL AND t.response_deadline <= ?`, query.Now)
	} else if f.Overdue != nil {
		q.add(` AND (NOT t.is_active OR t.first_response_at IS NOT NULL OR t.response_deadline IS NULL OR t.response_deadline > ?)`, query.Now)
	}
	addIndexedFlags(q, f)
	switch {
	case f.Search == nil:
	case s.withDocuments:
		s.addMatches(q, query)
	default:
		s.addSearch(q, "t", sqliteTicketSearch, domain.SearchWords(f.Search.Typed))
	}
	if !f.After.IsZero() {
		q.add(` AND t.created_at > ?`, f.After)
	}
	if !f.Before.IsZero() {
		q.add(` AND t.created_at < ?`, f.Before)
	}
	if !f.DueBefore.IsZero() {
		q.add(` AND t.due_date < ?`, f.DueBefore)
	}
}

// addIndexedFlags appends conditions written exactly as in the partial indexes.
func addIndexedFlags(q *statement, f ticket.Filter) {
	if f.Active {
		q.add(` AND t.is_active`)
	}
	if f.Urgent {
		q.add(` AND (t.sla_breached OR t.is_escalated)`)
	}
}
