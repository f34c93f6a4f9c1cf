// Package ticket holds tickets and what they are classified by, and decides every change of them.
// It takes the time, the actor and what a change names as values, and knows no store.
package ticket

import (
	"time"

	"tickt/domain"
)

// Ticket is one request for help. Times that are zero and ids that are "" are unset.
type Ticket struct {
	ID                   domain.ID
	Number               string // TKT-YYYYMMDD-NNNN, never given twice
	Title                string
	Description          string
	MenuID               domain.ID
	StatusID             domain.ID
	PriorityID           domain.ID
	CreatedFor           domain.ID
	AssignedTo           domain.ID
	CreatedBy            domain.ID
	ResponseDeadline     time.Time
	DueDate              time.Time
	FirstResponseAt      time.Time
	ResolvedAt           time.Time
	SLADueDate           time.Time
	SLAByHand            bool      // SLADueDate was set by somebody, so that nothing recomputes it
	SLABreached          bool      // true from the first breach on
	SLABreachedAt        time.Time // when the first breach was recorded; zero where none was, or it is not known
	SLANextAt            time.Time // when passing time next brings its clocks a warning or a breach; zero: never
	DueReminded          time.Time // the due date that people were reminded of; zero: of none
	IsEscalated          bool
	CustomerSatisfaction int       // 1 to 5; 0: not rated
	Urgency              int       // one of the Urgency constants; 0: the priority's weight
	UrgencyFrom          time.Time // when Urgency was computed
	UrgencyUntil         time.Time // when Urgency stops being true by the mere passing of time; Never if it does not
	CreatedAt            time.Time
	UpdatedAt            time.Time
	DeletedAt            time.Time // zero while the ticket is in view
}

// Equal reports whether two tickets are the same, each time being the same moment, in whatever zone it is told.
func (t Ticket) Equal(u Ticket) bool {
	return equalTimes(t.times(), u.times()) && t == u
}

func (t *Ticket) times() []*time.Time {
	return []*time.Time{
		&t.ResponseDeadline, &t.DueDate, &t.FirstResponseAt, &t.ResolvedAt, &t.SLADueDate, &t.SLABreachedAt, &t.SLANextAt, &t.DueReminded,
		&t.UrgencyFrom, &t.UrgencyUntil, &t.CreatedAt, &t.UpdatedAt, &t.DeletedAt,
	}
}

// equalTimes reports whether all moments are equal in pairs, and tells those of the second list as the first one does.
func equalTimes(a, b []*time.Time) bool {
	for i := range a {
		if !a[i].Equal(*b[i]) {
			return false
		}
		*b[i] = *a[i]
	}
	return true
}

// Requester is whom the ticket is for: CreatedFor, or where that is empty its creator.
func (t Ticket) Requester() domain.ID {
	if t.CreatedFor != "" {
		return t.CreatedFor
	}
	return t.CreatedBy
}

// Names are what a ticket's references are called, beside their ids.
type Names struct {
	MenuName       string
	StatusName     string
	StatusType     StatusType
	StatusWeight   int
	PriorityName   string
	PriorityWeight int
	CreatedForName string
	AssignedToName string
	CreatedByName  string
}

// View is a ticket with the names of what it refers to.
type View struct {
	Ticket
	Names
	LastAt time.Time // of the newest entry of its history; known only of a ticket that was locked to be changed
}
