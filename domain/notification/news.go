package notification

import (
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// newsItem is one thing that happened in an event, with the accounts that it is for.
type newsItem struct {
	kind     Type
	fact     Fact
	to       []domain.ID // "" is ignored
	assignee bool        // for the assignee, too, or those that are notified in its place
	internal bool        // only for readers that see all tickets
}

func (n newsItem) visibleTo(r Reader) bool { return r.SeesAll || !n.internal }

// news returns what happened in the event, the most important first. No one is notified of other changes, such as of the
// description or a computed field, or of the deletion of a ticket.
func (e Event) news() []newsItem {
	before, after := e.Before, e.After
	switch {
	case before.ID == "":
		return append(e.alarms(), e.opening()...)
	case !after.DeletedAt.IsZero():
		return nil
	}
	out := e.alarms()
	requester := []domain.ID{after.Requester()}
	both := func(kind Type, fact Fact) {
		out = append(out, newsItem{kind: kind, fact: fact, to: requester, assignee: true})
	}
	if before.AssignedTo != after.AssignedTo {
		out = append(out, e.assignment())
	}
	if before.Requester() != after.Requester() {
		fact := Fact{Kind: FactRequester, From: requesterName(before), To: requesterName(after)}
		out = append(out, newsItem{kind: TicketReceived, fact: fact, to: requester})
	}
	if before.StatusID != after.StatusID {
		both(StatusChanged, Fact{Kind: FactStatus, From: before.StatusName, To: after.StatusName})
	}
	if before.PriorityID != after.PriorityID {
		both(PriorityChanged, Fact{Kind: FactPriority, From: before.PriorityName, To: after.PriorityName})
	}
	if e.Comment != nil {
		out = append(out, e.comment())
	}
	if before.Title != after.Title {
		both(TicketUpdated, Fact{Kind: FactTitle, From: before.Title, To: after.Title})
	}
	if !before.DueDate.Equal(after.DueDate) {
		both(TicketUpdated, dueDateChange(before.DueDate, after.DueDate))
	}
	if e.DuePassed {
		out = append(out, newsItem{kind: DueDatePassed, fact: Fact{Kind: FactDuePassed, At: after.DueDate}, assignee: true})
	}
	if e.ResponsePassed {
		fact := Fact{Kind: FactResponsePassed, At: after.ResponseDeadline}
		out = append(out, newsItem{kind: ResponseDeadlinePassed, fact: fact, assignee: true})
	}
	if e.DueSoon {
		both(DueDateApproaching, Fact{Kind: FactDueSoon, At: after.DueDate})
	}
	return out
}

// requesterName returns the user name of the requester of a ticket.
func requesterName(v ticket.View) string {
	if v.CreatedFor != "" {
		return v.CreatedForName
	}
	return v.CreatedByName
}

// opening returns that the ticket was opened. It is for the assignee, and for the requester if somebody else opened it.
func (e Event) opening() []newsItem {
	fact := Fact{Kind: FactOpened}
	if e.After.AssignedTo != "" {
		fact = Fact{Kind: FactOpenedFor, To: e.After.AssignedToName}
	}
	return []newsItem{
		{kind: TicketCreated, fact: fact, assignee: true},
		{kind: TicketReceived, fact: fact, to: []domain.ID{e.After.Requester()}},
	}
}

// alarms returns the alarms of the event, breaches first. A warning is left out if the same metric is breached too.
func (e Event) alarms() []newsItem {
	breached := map[sla.Metric]bool{}
	var breaches, warnings []newsItem
	for _, a := range e.Alarms {
		if a.Kind == sla.Breached {
			breached[a.Metric] = true
			breaches = append(breaches, newsItem{kind: SLABreached, fact: Fact{Kind: FactBreached, Metric: a.Metric, At: a.At}, assignee: true})
		}
	}
	for _, a := range e.Alarms {
		if a.Kind == sla.Warned && !breached[a.Metric] {
			warnings = append(warnings, newsItem{kind: SLAWarning, fact: Fact{Kind: FactWarned, Metric: a.Metric}, assignee: true})
		}
	}
	return append(breaches, warnings...)
}

// assignment returns the change of the assignee. It is for the new assignee and the former one.
func (e Event) assignment() newsItem {
	was, is := e.Before, e.After
	n := newsItem{kind: TicketReassigned, to: []domain.ID{was.AssignedTo}, assignee: true}
	switch {
	case was.AssignedTo == "":
		n.kind, n.fact = TicketAssigned, Fact{Kind: FactAssigned, To: is.AssignedToName}
	case is.AssignedTo == "":
		n.fact = Fact{Kind: FactUnassigned, From: was.AssignedToName}
	default:
		n.fact = Fact{Kind: FactReassigned, From: was.AssignedToName, To: is.AssignedToName}
	}
	return n
}

// comment returns that a comment was added, with its id instead of its body: the author may still change or delete the
// comment, but not a message.
func (e Event) comment() newsItem {
	if e.Comment.Visibility == ticket.Internal {
		fact := Fact{Kind: FactNote, CommentID: e.Comment.ID}
		return newsItem{kind: CommentAdded, fact: fact, assignee: true, internal: true}
	}
	fact := Fact{Kind: FactComment, CommentID: e.Comment.ID}
	return newsItem{kind: CommentAdded, fact: fact, to: []domain.ID{e.After.Requester()}, assignee: true}
}

func dueDateChange(from, to time.Time) Fact {
	switch {
	case from.IsZero():
		return Fact{Kind: FactDueSet, At: to}
	case to.IsZero():
		return Fact{Kind: FactDueRemoved, Was: from}
	default:
		return Fact{Kind: FactDueMoved, Was: from, At: to}
	}
}
