package ticket

import (
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// Matches says whether a ticket is wanted, its status and priority having these codes; now decides what is
// overdue. A list that is nil asks for nothing; an empty one matches nothing. It is the meaning of a filter:
// whatever a store does to be fast must choose the same tickets.
func (f Filter) Matches(v View, statusCode, priorityCode string, now time.Time) bool {
	return anyOf(f.Menus, v.MenuID) && anyOf(f.AssignedTo, v.AssignedTo) &&
		anyOf(f.CreatedFor, v.CreatedFor) && anyOf(f.CreatedBy, v.CreatedBy) &&
		anyOf(f.Statuses, statusCode) && anyOf(f.Priorities, priorityCode) &&
		agrees(f.Breached, v.SLABreached) && agrees(f.Escalated, v.IsEscalated) && agrees(f.Overdue, v.Overdue(now)) &&
		(!f.Active || v.StatusType.Active()) && (!f.Unassigned || v.AssignedTo == "") && (!f.Urgent || v.SLABreached || v.IsEscalated) &&
		(f.After.IsZero() || v.CreatedAt.After(f.After)) &&
		(f.Before.IsZero() || v.CreatedAt.Before(f.Before)) &&
		(f.DueBefore.IsZero() || !v.DueDate.IsZero() && v.DueDate.Before(f.DueBefore)) &&
		v.mentions(f.Search)
}

// Within says whether a reach covers the ticket.
func (t Ticket) Within(r access.Reach) bool {
	return r.All || r.Account != "" && slices.Contains([]domain.ID{t.CreatedBy, t.CreatedFor, t.AssignedTo}, r.Account)
}

// anyOf holds where nothing is asked for, or x is one of the values that are; an x that is unset is none of them.
func anyOf[T ~string](wanted []T, x T) bool {
	return wanted == nil || x != "" && slices.Contains(wanted, x)
}

func agrees(wanted *bool, is bool) bool { return wanted == nil || *wanted == is }

// mentions says whether each of the words begins some word of the ticket.
func (t Ticket) mentions(words []string) bool {
	if len(words) == 0 {
		return words == nil
	}
	text := " " + t.SearchText()
	for _, w := range words {
		if !strings.Contains(text, " "+w) {
			return false
		}
	}
	return true
}
