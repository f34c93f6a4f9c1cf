package notification

import (
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
)

// News is what a log tells its recipient, as facts: a reader gets them in words of its language, with times in its zone.
type News struct {
	Title string `json:"title"`        // of the ticket, after the event
	By    string `json:"by,omitempty"` // user name of the account that caused it; "" for the service itself
	Facts []Fact `json:"facts"`        // the most important first
}

// tells reports whether a fact of the same kind is among the facts.
func (n News) tells(f Fact) bool {
	return slices.ContainsFunc(n.Facts, func(x Fact) bool { return x.Kind == f.Kind && x.Metric == f.Metric })
}

// Fact is one thing that happened. Which fields are set depends on the kind.
type Fact struct {
	Kind      FactKind   `json:"kind"`
	From      string     `json:"from,omitempty"` // the former value: a title, or the name of a status, a priority or an account
	To        string     `json:"to,omitempty"`   // the new value
	Was       time.Time  `json:"was,omitzero"`   // the former time
	At        time.Time  `json:"at,omitzero"`    // the new time, or when something is due
	Metric    sla.Metric `json:"metric,omitempty"`
	CommentID domain.ID  `json:"commentId,omitempty"`
}

// CommentID returns the id of the comment that the news tells of; "" if there is none. Nil is no news.
func (n *News) CommentID() domain.ID {
	if n != nil {
		for _, f := range n.Facts {
			if f.CommentID != "" {
				return f.CommentID
			}
		}
	}
	return ""
}

// OnlyComment reports whether the news tells of a comment and nothing else.
func (n *News) OnlyComment() bool { return n.CommentID() != "" && len(n.Facts) == 1 }

// FactKind is the kind of a fact.
type FactKind string

// The kinds of facts. They are stored.
const (
	FactOpened         FactKind = "opened"
	FactOpenedFor      FactKind = "opened_for"      // opened and assigned: To
	FactAssigned       FactKind = "assigned"        // To; no one was assigned before
	FactReassigned     FactKind = "reassigned"      // From, To
	FactUnassigned     FactKind = "unassigned"      // From
	FactRequester      FactKind = "requester"       // From, To
	FactStatus         FactKind = "status"          // From, To
	FactPriority       FactKind = "priority"        // From, To
	FactComment        FactKind = "comment"         // CommentID
	FactNote           FactKind = "note"            // CommentID; an internal note
	FactTitle          FactKind = "title"           // From, To
	FactDueSet         FactKind = "due_set"         // At
	FactDueMoved       FactKind = "due_moved"       // Was, At
	FactDueRemoved     FactKind = "due_removed"     // Was
	FactDueSoon        FactKind = "due_soon"        // At
	FactDuePassed      FactKind = "due_passed"      // At
	FactResponsePassed FactKind = "response_passed" // At
	FactWarned         FactKind = "warned"          // Metric
	FactBreached       FactKind = "breached"        // Metric, At
)

// isDone reports whether somebody did it; time alone brings about the others, also if they are noticed during a change.
func (f Fact) isDone() bool {
	return !slices.Contains([]FactKind{FactDueSoon, FactDuePassed, FactResponsePassed, FactWarned, FactBreached}, f.Kind)
}

// FactKinds lists every kind.
var FactKinds = []FactKind{
	FactOpened, FactOpenedFor, FactAssigned, FactReassigned, FactUnassigned, FactRequester, FactStatus,
	FactPriority, FactComment, FactNote, FactTitle,
	FactDueSet, FactDueMoved, FactDueRemoved, FactDueSoon, FactDuePassed, FactResponsePassed, FactWarned, FactBreached,
}
