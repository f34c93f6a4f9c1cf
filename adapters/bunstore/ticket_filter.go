package bunstore

import (
	"tickt/domain/access"
	"tickt/domain/ticket"
)

// within limits a statement over tickets t to those within a reach.
func within(q *statement, reach access.Reach) {
	if !reach.All {
		q.add(` AND (t.created_by = ? OR t.created_for = ? OR t.assigned_to = ?)`, reach.Account, reach.Account, reach.Account)
	}
}

// matching limits a statement over tickets t to those that are within the reach and match the filter.
func (s tickets) matching(q *statement, reach access.Reach, query ticket.Query) {
	within(q, reach)
	f := query.Filter
	andIn(q, `t.menu_id IN (`, f.Menus, `)`)
	andIn(q, s.inSubselect(`t.status_id`)+`SELECT id FROM ticket_statuses WHERE code IN (`, f.Statuses, `)))`)
	andIn(q, s.inSubselect(`t.priority_id`)+`SELECT id FROM ticket_priorities WHERE code IN (`, f.Priorities, `)))`)
	andIn(q, `t.assigned_to IN (`, f.AssignedTo, `)`)
	andIn(q, `t.created_for IN (`, f.CreatedFor, `)`)
	andIn(q, `t.created_by IN (`, f.CreatedBy, `)`)
	if f.Breached != nil {
		q.add(` AND t.sla_breached = ?`, *f.Breached)
	}
	if f.Escalated != nil {
		q.add(` AND t.is_escalated = ?`, *f.Escalated)
	}
	if f.Overdue != nil && *f.Overdue {
		q.add(` AND t.first_response_at IS NULL AND t.response_deadline <= ?`, query.Now)
	} else if f.Overdue != nil {
		q.add(` AND (t.first_response_at IS NOT NULL OR t.response_deadline IS NULL OR t.response_deadline > ?)`, query.Now)
	}
	addIndexedFlags(q, f)
	if f.Search != nil {
		s.addSearch(q, "t", sqliteTicketSearch, f.Search)
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
	if f.Unassigned {
		q.add(` AND t.assigned_to IS NULL`)
	}
	if f.Urgent {
		q.add(` AND (t.sla_breached OR t.is_escalated)`)
	}
}
