package notification

import (
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// Event is what happened to a ticket at once: a change, a comment, or both; or what passing time has caused. The
// notifications follow from it.
type Event struct {
	Before  ticket.View // has no ID if the ticket is new
	After   ticket.View
	Comment *ticket.Comment // the new comment; nil if there is none
	Alarms  []sla.Event     // new warnings and breaches
	DueSoon bool            // the due date is near
	// Supervisors are notified of alarms if the ticket has no assignee that can be notified.
	Supervisors []domain.ID
	By          domain.ID // the account that caused it; "" for the service itself
	ByName      string
	At          time.Time
}

// Concerned returns the accounts that the event is for, each once, without the account that caused it. Logs decides which
// of them are notified, which depends on what they may see.
func (e Event) Concerned() []domain.ID { return e.recipients(e.news()) }

func (e Event) recipients(all []newsItem) []domain.ID {
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

// Logs returns the notification logs of the event, with ids from next: at most one for each account concerned. An account
// gets none if it is not among the readers, can no longer see the ticket, or would only learn of an internal note that it
// may not read. The logs count as sent, to the inbox; call Queue on those that are to be mailed too.
func (e Event) Logs(readers []Reader, next func() domain.ID) []Log {
	all := e.newsFor(readers)
	var out []Log
	for _, id := range e.recipients(all) {
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

// newsFor returns the news of the event. If the assignee can be notified, news with a fallback are for the assignee only.
func (e Event) newsFor(readers []Reader) []newsItem {
	all := e.news()
	assignee := e.After.AssignedTo
	reachable := assignee != "" && slices.ContainsFunc(readers, func(r Reader) bool { return r.ID == assignee && r.sees(e.After.Ticket) })
	for i, n := range all {
		if n.fallback && reachable {
			all[i].to = []domain.ID{assignee}
		}
	}
	return all
}

// log returns the log of the event for a reader. Its type is that of the first news for the reader. Its message names all
// news, except internal ones that are not for the reader. ok is false if there is no news for the reader.
func (e Event) log(to Reader, all []newsItem) (l Log, ok bool) {
	l = Log{
		RecipientID: to.ID, SenderID: e.By, TicketID: e.After.ID,
		IsSent: true, SentAt: e.At, Delivery: DeliverySent, CreatedAt: e.At, UpdatedAt: e.At,
	}
	news := News{Title: e.After.Title, By: e.ByName}
	if e.By == "" {
		news.By = ""
	}
	for _, n := range all {
		mine := n.visibleTo(to) && slices.Contains(n.to, to.ID)
		if mine && l.Type == "" {
			l.Type = n.kind
		}
		if mine || !n.internal {
			news.Facts = append(news.Facts, n.fact)
			l.Internal = l.Internal || n.internal
		}
	}
	text := news.text(l.Type, e.After.Number, english, time.UTC)
	l.Title, l.Message, l.News = text.Title, text.Message, &news
	return l, l.Type != ""
}

// shorten returns a text of at most limit characters. A shortened text ends with an ellipsis.
func shorten(text string, limit int) string {
	if domain.Length(text) <= limit {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:limit-1])) + "…"
}
