package httpapi

import "tickt/domain/notification"

// byType holds a value for each type of notification, in the order of notification.Types.
type byType[T any] struct {
	TicketCreated          T `json:"ticket_created"`
	TicketReceived         T `json:"ticket_received"`
	TicketUpdated          T `json:"ticket_updated"`
	TicketAssigned         T `json:"ticket_assigned"`
	TicketReassigned       T `json:"ticket_reassigned"`
	StatusChanged          T `json:"status_changed"`
	PriorityChanged        T `json:"priority_changed"`
	CommentAdded           T `json:"comment_added"`
	DueDateApproaching     T `json:"due_date_approaching"`
	DueDatePassed          T `json:"due_date_passed"`
	ResponseDeadlinePassed T `json:"response_deadline_passed"`
	SLAWarning             T `json:"sla_warning"`
	SLABreached            T `json:"sla_breached"`
}

// all returns the values in the order of notification.Types.
func (b *byType[T]) all() []*T {
	return []*T{
		&b.TicketCreated, &b.TicketReceived, &b.TicketUpdated, &b.TicketAssigned, &b.TicketReassigned, &b.StatusChanged, &b.PriorityChanged,
		&b.CommentAdded, &b.DueDateApproaching, &b.DueDatePassed, &b.ResponseDeadlinePassed, &b.SLAWarning, &b.SLABreached,
	}
}

// choicesOf returns what an account has chosen, with the defaults.
func choicesOf(c *notification.Choices) (shown byType[notification.Choice]) {
	for i, choice := range shown.all() {
		*choice = c.Of(notification.Types[i])
	}
	return shown
}
