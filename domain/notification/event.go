package notification

import (
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// Event is what was done to a ticket at once: a change of it, a comment on it, or both; or what passing time did to it.
type Event struct {
	Before  ticket.View // without an ID: the ticket is new
	After   ticket.View
	Comment *ticket.Comment // that was written; nil where none was
	Alarms  []sla.Event     // warnings and breaches that came
	DueSoon bool            // the due date approaches
	// Supervisors are told of alarms of a ticket that nobody is assigned to who can be told.
	Supervisors []domain.ID
	By          domain.ID // who did it; "" where the service itself did
	ByName      string
	At          time.Time
}

// Concerned lists the accounts that the event is for, each once, without the one who caused it. Which of them are told
// depends on what they may see.
func (e Event) Concerned() []domain.ID { return e.concerned(e.news()) }

func (e Event) concerned(all []news) []domain.ID {
	var out []domain.ID
	for _, n := range all {
		for _, id := range n.to {
			if id != "" && id != e.By && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

// Logs gives what the event is told as: at most one log for each of those concerned, and none for whoever is not among
// the readers, can no longer see the ticket, or would learn of nothing but an internal note that it may not read. The
// logs are delivered as soon as they are kept, unless Queue says that they are to be mailed too.
func (e Event) Logs(readers []Reader, next func() domain.ID) []Log {
	all := e.addressed(readers)
	var out []Log
	for _, id := range e.concerned(all) {
		i := slices.IndexFunc(readers, func(r Reader) bool { return r.ID == id })
		if i < 0 || !readers[i].sees(e.After.Ticket) {
			continue
		}
		if l, ok := e.log(readers[i], all); ok {
			l.ID = next()
			out = append(out, l)
		}
	}
	return out
}

// addressed is news without the supervisors where the assignee can be told.
func (e Event) addressed(readers []Reader) []news {
	all := e.news()
	assignee := e.After.AssignedTo
	told := assignee != "" && slices.ContainsFunc(readers, func(r Reader) bool { return r.ID == assignee && r.sees(e.After.Ticket) })
	for i, n := range all {
		if n.fallback && told {
			all[i].to = []domain.ID{assignee}
		}
	}
	return all
}

// log tells a reader of the event, by the type of the first news that are for it; the message names all that happened
// and that it may know.
func (e Event) log(to Reader, all []news) (Log, bool) {
	l := Log{
		RecipientID: to.ID, SenderID: e.By, TicketID: e.After.ID,
		IsSent: true, SentAt: e.At, Delivery: DeliverySent, CreatedAt: e.At, UpdatedAt: e.At,
	}
	var texts []string
	for _, n := range all {
		mine := n.mayReach(to) && slices.Contains(n.to, to.ID)
		if mine && l.Type == "" {
			l.Type = n.kind
		}
		if mine || !n.internal {
			texts = append(texts, n.text)
			l.Internal = l.Internal || n.internal
		}
	}
	l.Title = cut(headlines[l.Type]+": "+e.After.Title, maxTitle)
	l.Message = e.After.Number + ": " + enumerate(texts)
	if e.By != "" {
		l.Message += " by " + e.ByName
	}
	l.Message += "."
	return l, l.Type != ""
}

// headlines are what the titles of logs begin with.
var headlines = map[Type]string{
	TicketCreated:      "New ticket",
	TicketAssigned:     "Ticket assigned",
	TicketReassigned:   "Ticket reassigned",
	StatusChanged:      "Status changed",
	PriorityChanged:    "Priority changed",
	CommentAdded:       "New comment",
	TicketUpdated:      "Ticket updated",
	DueDateApproaching: "Due soon",
	SLAWarning:         "SLA warning",
	SLABreached:        "SLA breached",
}

// enumerate joins parts as a sentence does: "a, b and c".
func enumerate(parts []string) string {
	last := len(parts) - 1
	if last < 1 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:last], ", ") + " and " + parts[last]
}

// cut shortens a text to at most limit characters; an ellipsis says that there was more.
func cut(text string, limit int) string {
	if domain.Length(text) <= limit {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:limit-1])) + "…"
}
