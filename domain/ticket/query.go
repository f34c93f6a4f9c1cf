package ticket

import (
	"cmp"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/search"
)

// Filter selects tickets. All conditions that are set must hold; a list holds if it contains the ticket's value.
type Filter struct {
	Menus      []domain.ID
	Statuses   []string // codes, upper-case
	Priorities []string // codes, upper-case
	AssignedTo []domain.ID
	CreatedFor []domain.ID
	CreatedBy  []domain.ID
	Breached   *bool
	Escalated  *bool
	Overdue    *bool         // View.Overdue
	Active     bool          // the status type is active
	Unassigned bool          // View.Unassigned; with AssignedTo, either of them
	Urgent     bool          // breached or escalated
	Search     *search.Query // nil: no condition
	After      time.Time     // created after
	Before     time.Time     // created before
	DueBefore  time.Time
}

// Order is the order of a list. Every order is total: ties are broken by time of creation, then by id.
type Order string

const (
	ByImportance Order = "importance"
	BySLA        Order = "sla"
	ByDeadline   Order = "deadline"
	ByPriority   Order = "priority"
	ByCreated    Order = "created"
	ByCreator    Order = "created_by"
)

// Orders is every order; the first is the default.
var Orders = []Order{ByImportance, BySLA, ByDeadline, ByPriority, ByCreated, ByCreator}

// Query asks for one page of a list of tickets.
type Query struct {
	Filter Filter
	Order  Order
	Now    time.Time // when overdue and urgency are computed
	Notes  bool      // internal notes are searched too: the reader may read them
	Size   int       // of a page
	Number int       // of the page, from 1, with the count of all; 0: by cursor, without a count
	After  *Position // by cursor: the position of the last ticket before the page; nil for the first page
}

// Position is the place of a ticket in an order: the values by which it is ordered. Only the fields of its order are set.
// An unset time of the ticket is Never, which sorts last.
type Position struct {
	Order          Order
	Now            time.Time // when Urgency was computed
	Urgency        int
	Active         bool // the status type is active
	Breached       bool
	StatusWeight   int
	PriorityWeight int
	SLADue         time.Time
	Deadline       time.Time
	Due            time.Time
	Creator        string // folded user name
	CreatedAt      time.Time
	ID             domain.ID
}

// Never stands for a time that does not come. It sorts after every real time, in every store.
var Never = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

func orNever(t time.Time) time.Time {
	if t.IsZero() {
		return Never
	}
	return t
}

// PositionIn returns the position of the ticket in an order, computed at now.
func (v View) PositionIn(o Order, now time.Time) Position {
	p := Position{Order: o, CreatedAt: v.CreatedAt, ID: v.ID}
	switch o {
	case ByImportance:
		p.Now, p.Urgency, p.StatusWeight, p.SLADue = now, v.UrgencyAt(now), v.StatusWeight, orNever(v.SLADueDate)
	case BySLA:
		p.Active, p.Breached, p.SLADue, p.PriorityWeight = v.StatusType.Active(), v.SLABreached, orNever(v.SLADueDate), v.PriorityWeight
	case ByDeadline:
		p.Deadline, p.Due, p.PriorityWeight = orNever(v.ResponseDeadline), orNever(v.DueDate), v.PriorityWeight
	case ByPriority:
		p.PriorityWeight, p.StatusWeight = v.PriorityWeight, v.StatusWeight
	case ByCreator:
		p.Creator = domain.FoldCase(v.CreatedByName)
	case ByCreated:
	}
	return p
}

// Compare returns a negative number if p comes before q in their common order, a positive one if it comes after q.
func (p Position) Compare(q Position) int {
	age := cmp.Or(p.CreatedAt.Compare(q.CreatedAt), cmp.Compare(p.ID, q.ID))
	switch p.Order {
	case ByImportance:
		return cmp.Or(cmp.Compare(q.Urgency, p.Urgency), cmp.Compare(p.StatusWeight, q.StatusWeight), p.SLADue.Compare(q.SLADue), age)
	case BySLA:
		return cmp.Or(compareBool(q.Active, p.Active), compareBool(q.Breached, p.Breached), p.SLADue.Compare(q.SLADue),
			cmp.Compare(q.PriorityWeight, p.PriorityWeight), age)
	case ByDeadline:
		return cmp.Or(p.Deadline.Compare(q.Deadline), p.Due.Compare(q.Due), cmp.Compare(q.PriorityWeight, p.PriorityWeight), age)
	case ByPriority:
		return cmp.Or(cmp.Compare(q.PriorityWeight, p.PriorityWeight), cmp.Compare(p.StatusWeight, q.StatusWeight), age)
	case ByCreator:
		return cmp.Or(cmp.Compare(p.Creator, q.Creator), -age)
	case ByCreated:
	}
	return -age
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// SearchText returns the text in which stores search: the words of number, title and description.
func (t Ticket) SearchText() string {
	return strings.Join(domain.Words(t.Number+" "+t.Title+" "+t.Description), " ")
}
