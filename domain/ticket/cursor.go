package ticket

import (
	"slices"

	"tickt/domain/cursor"
)

// Cursor returns the position as a cursor for clients.
func (p Position) Cursor() string { return cursor.Encode(p.list(), p.values()...) }

// ParseCursor reads a cursor of an order; ok is false for every text that Cursor does not return for that order.
func ParseCursor(text string, order Order) (p Position, ok bool) {
	p.Order = order
	if !cursor.Decode(text, p.list(), p.values()...) || max(p.Urgency, p.StatusWeight, p.PriorityWeight) > MaxWeight {
		return Position{}, false
	}
	return p, true
}

// list returns the number that identifies the order in cursors: its index in Orders.
func (p *Position) list() byte {
	return byte(slices.Index(Orders, p.Order)) //nolint:gosec // there are six
}

// values returns pointers to the fields that a position of the order has.
func (p *Position) values() []any {
	age := []any{&p.CreatedAt, &p.ID}
	switch p.Order {
	case ByImportance:
		return append([]any{&p.Now, &p.Urgency, &p.StatusWeight, &p.SLADue}, age...)
	case BySLA:
		return append([]any{&p.Active, &p.Breached, &p.SLADue, &p.PriorityWeight}, age...)
	case ByDeadline:
		return append([]any{&p.Deadline, &p.Due, &p.PriorityWeight}, age...)
	case ByPriority:
		return append([]any{&p.PriorityWeight, &p.StatusWeight}, age...)
	case ByCreator:
		return append([]any{&p.Creator}, age...)
	case ByCreated:
	}
	return age
}
