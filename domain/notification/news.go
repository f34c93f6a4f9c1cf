package notification

import (
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// news is one thing that an event brings, with those whom it is for.
type news struct {
	kind     Type
	text     string      // without who did it
	to       []domain.ID // "" is nobody
	internal bool        // not for those who see only their own tickets
	fallback bool        // the first of to is told, and the others only where it cannot be
}

func (n news) mayReach(r Reader) bool { return r.SeesAll || !n.internal }

// news lists what the event brings, the most important first. Everything that is not here is told to nobody: what a
// description says, who a ticket is for, what the service reckons by itself, that a ticket was deleted.
func (e Event) news() []news {
	before, after := e.Before, e.After
	switch {
	case before.ID == "":
		return append(e.alarms(), news{
			kind: TicketCreated, text: "opened and assigned to " + after.AssignedToName, to: []domain.ID{after.AssignedTo},
		})
	case !after.DeletedAt.IsZero():
		return nil
	}
	out := e.alarms()
	both := []domain.ID{after.Requester(), after.AssignedTo}
	if before.AssignedTo != after.AssignedTo {
		out = append(out, e.assignment())
	}
	if before.StatusID != after.StatusID {
		out = append(out, news{kind: StatusChanged, text: "status" + fromTo(before.StatusName, after.StatusName), to: both})
	}
	if before.PriorityID != after.PriorityID {
		out = append(out, news{kind: PriorityChanged, text: "priority" + fromTo(before.PriorityName, after.PriorityName), to: both})
	}
	if e.Comment != nil {
		out = append(out, e.comment())
	}
	if before.Title != after.Title {
		out = append(out, news{kind: TicketUpdated, text: "title" + fromTo(quoted(before.Title), quoted(after.Title)), to: both})
	}
	if !before.DueDate.Equal(after.DueDate) {
		out = append(out, news{kind: TicketUpdated, text: "due date" + moved(before.DueDate, after.DueDate), to: both})
	}
	if e.DueSoon {
		out = append(out, news{kind: DueDateApproaching, text: "due " + minute(after.DueDate), to: both})
	}
	return out
}

// alarms are for the assignee, or, where nobody is assigned who can be told, for every supervisor. Breaches come before
// warnings, and a clock that is breached is not warned of as well.
func (e Event) alarms() []news {
	to := append([]domain.ID{e.After.AssignedTo}, e.Supervisors...)
	breached := map[sla.Metric]bool{}
	var breaches, warnings []news
	for _, a := range e.Alarms {
		if a.Kind == sla.Breached {
			breached[a.Metric] = true
			breaches = append(breaches, news{kind: SLABreached, text: named(a.Metric) + " overdue since " + minute(a.At), to: to, fallback: true})
		}
	}
	for _, a := range e.Alarms {
		if a.Kind == sla.Warned && !breached[a.Metric] {
			warnings = append(warnings, news{kind: SLAWarning, text: named(a.Metric) + " soon due", to: to, fallback: true})
		}
	}
	return append(breaches, warnings...)
}

// named gives a metric in words.
func named(m sla.Metric) string { return strings.ReplaceAll(string(m), "_", " ") }

// assignment is for the new assignee, or, where there is none any more, the former one.
func (e Event) assignment() news {
	was, is := e.Before, e.After
	switch {
	case was.AssignedTo == "":
		return news{kind: TicketAssigned, text: "assigned to " + is.AssignedToName, to: []domain.ID{is.AssignedTo}}
	case is.AssignedTo == "":
		return news{kind: TicketReassigned, text: "unassigned from " + was.AssignedToName, to: []domain.ID{was.AssignedTo}}
	default:
		return news{
			kind: TicketReassigned, text: "reassigned from " + was.AssignedToName + " to " + is.AssignedToName, to: []domain.ID{is.AssignedTo},
		}
	}
}

// comment says that something was said, not what: its author may still take it back, which nobody can do with a
// message.
func (e Event) comment() news {
	if e.Comment.Visibility == ticket.Internal {
		return news{kind: CommentAdded, text: "internal note added", to: []domain.ID{e.After.AssignedTo}, internal: true}
	}
	return news{kind: CommentAdded, text: "comment added", to: []domain.ID{e.After.Requester(), e.After.AssignedTo}}
}

func fromTo(from, to string) string { return " changed from " + from + " to " + to }

func moved(from, to time.Time) string {
	switch {
	case from.IsZero():
		return " set to " + minute(to)
	case to.IsZero():
		return " removed"
	default:
		return fromTo(minute(from), minute(to))
	}
}

// minute writes a moment for people, in UTC.
func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// maxQuote is how much of a title stands within a message.
const maxQuote = 80

func quoted(text string) string { return `"` + cut(text, maxQuote) + `"` }
