package ticket

import (
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/search"
)

// Matches reports whether a ticket, whose status and priority have these codes, matches the filter. Whether it is overdue
// is decided at now. A nil list is no condition; an empty list matches nothing. The search is left to Finds. Matches defines
// what a filter means: every store must select the same tickets.
func (f Filter) Matches(v View, statusCode, priorityCode string, now time.Time) bool {
	return anyOf(f.Menus, v.MenuID) && f.matchesAssignee(v) &&
		anyOf(f.CreatedFor, v.CreatedFor) && anyOf(f.CreatedBy, v.CreatedBy) &&
		anyOf(f.Statuses, statusCode) && anyOf(f.Priorities, priorityCode) &&
		agrees(f.Breached, v.SLABreached) && agrees(f.Escalated, v.IsEscalated) && agrees(f.Overdue, v.Overdue(now)) &&
		(!f.Active || v.StatusType.Active()) && (!f.Urgent || v.SLABreached || v.IsEscalated) &&
		(f.After.IsZero() || v.CreatedAt.After(f.After)) &&
		(f.Before.IsZero() || v.CreatedAt.Before(f.Before)) &&
		(f.DueBefore.IsZero() || !v.DueDate.IsZero() && v.DueDate.Before(f.DueBefore))
}

// Finds reports whether the search of the query, if it has one, finds a ticket with this document.
func (q Query) Finds(d search.Document) bool {
	return q.Filter.Search == nil || q.Filter.Search.Matches(d, q.Notes)
}

// matchesAssignee reports whether the assignee is wanted; AssignedTo and Unassigned are alternatives.
func (f Filter) matchesAssignee(v View) bool {
	return f.AssignedTo == nil && !f.Unassigned || f.AssignedTo != nil && anyOf(f.AssignedTo, v.AssignedTo) || f.Unassigned && v.Unassigned()
}

// Unassigned reports whether the ticket has no assignee, or one that is deactivated.
func (v View) Unassigned() bool { return v.AssignedTo == "" || v.AssigneeGone }

// Within reports whether the ticket is in a reach.
func (t Ticket) Within(r access.Reach) bool {
	return r.All || r.Account != "" && slices.Contains([]domain.ID{t.CreatedBy, t.CreatedFor, t.AssignedTo}, r.Account)
}

// anyOf reports whether wanted is nil or contains x; an unset x is not in any list.
func anyOf[T ~string](wanted []T, x T) bool {
	return wanted == nil || x != "" && slices.Contains(wanted, x)
}

func agrees(wanted *bool, is bool) bool { return wanted == nil || *wanted == is }
