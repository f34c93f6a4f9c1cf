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
	internal bool        // only for readers that see all tickets
	fallback bool        // the others in to are notified only if the first cannot be
}

func (n newsItem) visibleTo(r Reader) bool { return r.SeesAll || !n.internal }

// news returns what happened in the event, the most important first. No one is notified of other changes, such as of the
// description, the requester or a computed field, or of the deletion of a ticket.
func (e Event) news() []newsItem {
	before, after := e.Before, e.After
	switch {
	case before.ID == "":
		fact := Fact{Kind: FactOpened}
		if after.AssignedTo != "" {
			fact = Fact{Kind: FactOpenedFor, To: after.AssignedToName}
		}
		return append(e.alarms(), newsItem{kind: TicketCreated, fact: fact, to: []domain.ID{after.AssignedTo}})
	case !after.DeletedAt.IsZero():
		return nil
	}
	out := e.alarms()
	both := []domain.ID{after.Requester(), after.AssignedTo}
	if before.AssignedTo != after.AssignedTo {
		out = append(out, e.assignment())
	}
	if before.StatusID != after.StatusID {
		out = append(out, newsItem{kind: StatusChanged, fact: Fact{Kind: FactStatus, From: before.StatusName, To: after.StatusName}, to: both})
	}
	if before.PriorityID != after.PriorityID {
		out = append(out, newsItem{kind: PriorityChanged, fact: Fact{Kind: FactPriority, From: before.PriorityName, To: after.PriorityName}, to: both})
	}
	if e.Comment != nil {
		out = append(out, e.comment())
	}
	if before.Title != after.Title {
		out = append(out, newsItem{kind: TicketUpdated, fact: Fact{Kind: FactTitle, From: before.Title, To: after.Title}, to: both})
	}
	if !before.DueDate.Equal(after.DueDate) {
		out = append(out, newsItem{kind: TicketUpdated, fact: dueDateChange(before.DueDate, after.DueDate), to: both})
	}
	if e.DueSoon {
		out = append(out, newsItem{kind: DueDateApproaching, fact: Fact{Kind: FactDueSoon, At: after.DueDate}, to: both})
	}
	return out
}

// alarms returns the alarms of the event, breaches first. They are for the assignee or, if there is none that can be
// notified, for every supervisor. A warning is left out if the same metric is breached too.
func (e Event) alarms() []newsItem {
	to := append([]domain.ID{e.After.AssignedTo}, e.Supervisors...)
	breached := map[sla.Metric]bool{}
	var breaches, warnings []newsItem
	for _, a := range e.Alarms {
		if a.Kind == sla.Breached {
			breached[a.Metric] = true
			fact := Fact{Kind: FactBreached, Metric: a.Metric, At: a.At}
			breaches = append(breaches, newsItem{kind: SLABreached, fact: fact, to: to, fallback: true})
		}
	}
	for _, a := range e.Alarms {
		if a.Kind == sla.Warned && !breached[a.Metric] {
			fact := Fact{Kind: FactWarned, Metric: a.Metric}
			warnings = append(warnings, newsItem{kind: SLAWarning, fact: fact, to: to, fallback: true})
		}
	}
	return append(breaches, warnings...)
}

// assignment returns the change of the assignee. It is for the new assignee or, if there is none, for the former one.
func (e Event) assignment() newsItem {
	was, is := e.Before, e.After
	switch {
	case was.AssignedTo == "":
		return newsItem{kind: TicketAssigned, fact: Fact{Kind: FactAssigned, To: is.AssignedToName}, to: []domain.ID{is.AssignedTo}}
	case is.AssignedTo == "":
		return newsItem{kind: TicketReassigned, fact: Fact{Kind: FactUnassigned, From: was.AssignedToName}, to: []domain.ID{was.AssignedTo}}
	default:
		return newsItem{
			kind: TicketReassigned, fact: Fact{Kind: FactReassigned, From: was.AssignedToName, To: is.AssignedToName},
			to: []domain.ID{is.AssignedTo},
		}
	}
}

// comment returns that a comment was added, with its id instead of its body: the author may still change or delete the
// comment, but not a message.
func (e Event) comment() newsItem {
	if e.Comment.Visibility == ticket.Internal {
		fact := Fact{Kind: FactNote, CommentID: e.Comment.ID}
		return newsItem{kind: CommentAdded, fact: fact, to: []domain.ID{e.After.AssignedTo}, internal: true}
	}
	fact := Fact{Kind: FactComment, CommentID: e.Comment.ID}
	return newsItem{kind: CommentAdded, fact: fact, to: []domain.ID{e.After.Requester(), e.After.AssignedTo}}
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
