package notification

import (
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// newsItem is one thing that happened in an event, with the accounts that it is for.
type newsItem struct {
	kind     Type
	text     string      // part of the message, without who did it
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
		text := "opened"
		if after.AssignedTo != "" {
			text += " and assigned to " + after.AssignedToName
		}
		return append(e.alarms(), newsItem{kind: TicketCreated, text: text, to: []domain.ID{after.AssignedTo}})
	case !after.DeletedAt.IsZero():
		return nil
	}
	out := e.alarms()
	both := []domain.ID{after.Requester(), after.AssignedTo}
	if before.AssignedTo != after.AssignedTo {
		out = append(out, e.assignment())
	}
	if before.StatusID != after.StatusID {
		out = append(out, newsItem{kind: StatusChanged, text: "status" + fromTo(before.StatusName, after.StatusName), to: both})
	}
	if before.PriorityID != after.PriorityID {
		out = append(out, newsItem{kind: PriorityChanged, text: "priority" + fromTo(before.PriorityName, after.PriorityName), to: both})
	}
	if e.Comment != nil {
		out = append(out, e.comment())
	}
	if before.Title != after.Title {
		out = append(out, newsItem{kind: TicketUpdated, text: "title" + fromTo(quoted(before.Title), quoted(after.Title)), to: both})
	}
	if !before.DueDate.Equal(after.DueDate) {
		out = append(out, newsItem{kind: TicketUpdated, text: "due date" + dueDateChange(before.DueDate, after.DueDate), to: both})
	}
	if e.DueSoon {
		out = append(out, newsItem{kind: DueDateApproaching, text: "due " + formatMinute(after.DueDate), to: both})
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
			text := metricWords(a.Metric) + " overdue since " + formatMinute(a.At)
			breaches = append(breaches, newsItem{kind: SLABreached, text: text, to: to, fallback: true})
		}
	}
	for _, a := range e.Alarms {
		if a.Kind == sla.Warned && !breached[a.Metric] {
			warnings = append(warnings, newsItem{kind: SLAWarning, text: metricWords(a.Metric) + " soon due", to: to, fallback: true})
		}
	}
	return append(breaches, warnings...)
}

// metricWords returns the name of a metric in words.
func metricWords(m sla.Metric) string { return strings.ReplaceAll(string(m), "_", " ") }

// assignment returns the change of the assignee. It is for the new assignee or, if there is none, for the former one.
func (e Event) assignment() newsItem {
	was, is := e.Before, e.After
	switch {
	case was.AssignedTo == "":
		return newsItem{kind: TicketAssigned, text: "assigned to " + is.AssignedToName, to: []domain.ID{is.AssignedTo}}
	case is.AssignedTo == "":
		return newsItem{kind: TicketReassigned, text: "unassigned from " + was.AssignedToName, to: []domain.ID{was.AssignedTo}}
	default:
		return newsItem{
			kind: TicketReassigned, text: "reassigned from " + was.AssignedToName + " to " + is.AssignedToName, to: []domain.ID{is.AssignedTo},
		}
	}
}

// comment returns that a comment was added, without its body: the author may still change or delete the comment, but not a
// message.
func (e Event) comment() newsItem {
	if e.Comment.Visibility == ticket.Internal {
		return newsItem{kind: CommentAdded, text: "internal note added", to: []domain.ID{e.After.AssignedTo}, internal: true}
	}
	return newsItem{kind: CommentAdded, text: "comment added", to: []domain.ID{e.After.Requester(), e.After.AssignedTo}}
}

func fromTo(from, to string) string { return " changed from " + from + " to " + to }

func dueDateChange(from, to time.Time) string {
	switch {
	case from.IsZero():
		return " set to " + formatMinute(to)
	case to.IsZero():
		return " removed"
	default:
		return fromTo(formatMinute(from), formatMinute(to))
	}
}

// formatMinute formats a time for people, to the minute and in UTC.
func formatMinute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// maxQuote is the maximum length of a title in a message, in characters.
const maxQuote = 80

func quoted(text string) string { return `"` + shorten(text, maxQuote) + `"` }
