// Package ticket contains tickets, comments, statuses and priorities, and the rules for changing them. The time, the
// actor and the entities that a change refers to are parameters; the package knows no store.
package ticket

import (
	"time"

	"tickt/domain"
)

// Ticket is one request for help. Times that are zero and ids that are "" are unset.
type Ticket struct {
	ID                   domain.ID
	Number               string // TKT-YYYYMMDD-NNNN, never assigned twice
	Title                string
	Description          string
	MenuID               domain.ID
	StatusID             domain.ID
	PriorityID           domain.ID
	CreatedFor           domain.ID
	AssignedTo           domain.ID
	FollowUpOf           domain.ID // the ticket that this one follows up; it never changes
	CreatedBy            domain.ID
	ResponseDeadline     time.Time
	DueDate              time.Time
	FirstResponseAt      time.Time
	ResolvedAt           time.Time
	SLADueDate           time.Time
	SLAByHand            bool      // a due time was set by hand, which is not recomputed
	SLABreached          bool      // a breach was recorded that is not void
	SLABreachedAt        time.Time // when that began; zero if SLABreached is false, or if it is not known
	SLANextAt            time.Time // when the next warning or breach of its clocks is due; zero: never
	DueReminded          time.Time // the due date of which people were last reminded; zero: none
	DuePassed            time.Time // the due date of whose passing people were told; zero: none
	ResponsePassed       time.Time // the response deadline of whose passing people were told; zero: none
	IsEscalated          bool
	CustomerSatisfaction int       // 1 to 5; 0: not rated
	Urgency              int       // one of the Urgency constants, if the ticket is active; 0: the priority's weight
	UrgencyFrom          time.Time // when Urgency was computed
	UrgencyUntil         time.Time // when passing time next changes Urgency or the ticket; Never if it does not
	AutoCloseAt          time.Time // when the sweep looks whether the ticket must be closed; zero: never
	CreatedAt            time.Time
	UpdatedAt            time.Time
	DeletedAt            time.Time // zero: not deleted
}

// Equal reports whether two tickets are equal. It compares times by time.Time.Equal, regardless of their zones.
func (t Ticket) Equal(u Ticket) bool {
	return equalTimes(t.times(), u.times()) && t == u
}

func (t *Ticket) times() []*time.Time {
	return []*time.Time{
		&t.ResponseDeadline, &t.DueDate, &t.FirstResponseAt, &t.ResolvedAt, &t.SLADueDate, &t.SLABreachedAt, &t.SLANextAt, &t.DueReminded,
		&t.DuePassed, &t.ResponsePassed,
		&t.UrgencyFrom, &t.UrgencyUntil, &t.AutoCloseAt, &t.CreatedAt, &t.UpdatedAt, &t.DeletedAt,
	}
}

// equalTimes reports whether the times are equal in pairs. It copies equal times from a to b, so that == can compare the
// rest.
func equalTimes(a, b []*time.Time) bool {
	for i := range a {
		if !a[i].Equal(*b[i]) {
			return false
		}
		*b[i] = *a[i]
	}
	return true
}

// Requester returns the account that the ticket is for: CreatedFor or, if that is empty, the creator.
func (t Ticket) Requester() domain.ID {
	if t.CreatedFor != "" {
		return t.CreatedFor
	}
	return t.CreatedBy
}

// Names are the names and other attributes of what a ticket refers to by id.
type Names struct {
	MenuName       string
	StatusName     string
	StatusType     StatusType
	StatusWeight   int
	AutoCloseDays  int // of the status
	PriorityName   string
	PriorityWeight int
	CreatedForName string
	AssignedToName string
	AssigneeGone   bool // the assignee was deactivated
	CreatedByName  string
	FollowUpNumber string // of FollowUpOf; "" if the reader does not see that ticket
}

// View is a ticket with the names of what it refers to.
type View struct {
	Ticket
	Names
	LastAt time.Time // of the newest history entry; set only if the ticket was locked to be changed
	// LastPublicAt is when the newest public comment was written; set only if the ticket was locked to be changed and its
	// status, or the one that it gets, closes tickets.
	LastPublicAt time.Time
}
