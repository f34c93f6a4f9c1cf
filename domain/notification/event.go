package notification

import (
	"cmp"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/text"
	"tickt/domain/ticket"
)

// Event is what happened to a ticket at once: a change, a comment, or both; or what passing time has caused. The
// notifications follow from it.
type Event struct {
	Before  ticket.View // has no ID if the ticket is new
	After   ticket.View
	Comment *ticket.Comment // the new comment; nil if there is none
	Alarms  []sla.Event     // new warnings and breaches
	ticket.Reminders
	By     domain.ID // the account that caused it; "" for the service itself
	ByName string    // "" for the service itself
	At     time.Time
}

// Concerned returns the accounts that the event names as those it is for, each once, without the account that caused it.
// Logs decides which of them are notified, which depends on what they may see. If NeedsReceivers, others may be notified, too.
func (e Event) Concerned() []domain.ID {
	return e.recipients(e.newsFor([]domain.ID{e.After.AssignedTo}))
}

// NeedsReceivers reports whether the event is for an assignee that is not among the readers, or cannot see the ticket: in its
// place, those are notified that receive unassigned tickets.
func (e Event) NeedsReceivers(readers []Reader) bool {
	return slices.ContainsFunc(e.news(), func(n newsItem) bool { return n.assignee }) && !e.reaches(e.After.AssignedTo, readers)
}

// reaches reports whether an account is a reader that sees the ticket, or the one that caused the event.
func (e Event) reaches(id domain.ID, readers []Reader) bool {
	if id == "" {
		return false
	}
	return id == e.By || slices.ContainsFunc(readers, func(r Reader) bool { return r.ID == id && r.sees(e.After.Ticket) })
}

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

// Logs returns the notification logs of the event, with ids from next: at most one for each account. An account
// gets none if it caused the event, is not among the readers, can no longer see the ticket, or would only learn of an internal
// note that it may not read. If NeedsReceivers, the readers must include all that receive unassigned tickets, and the
// superusers. It gets none if it chose not to be told of any of its news, either. The logs count as sent, to the
// inbox; if mailing is set, those that are to be mailed are queued.
func (e Event) Logs(readers []Reader, mailing bool, next func() domain.ID) []Log {
	all := e.newsFor(e.assignees(readers))
	var out []Log
	for _, id := range e.recipients(all) {
		i := slices.IndexFunc(readers, func(r Reader) bool { return r.ID == id })
		if i < 0 || !readers[i].sees(e.After.Ticket) {
			continue
		}
		if l, ok := e.log(readers[i], all, mailing); ok {
			l.ID = next()
			out = append(out, l)
		}
	}
	return out
}

// newsFor returns the news of the event, with the assignees among their recipients.
func (e Event) newsFor(assignees []domain.ID) []newsItem {
	all := e.news()
	for i, n := range all {
		if n.assignee {
			all[i].to = append(slices.Clone(n.to), assignees...)
		}
	}
	return all
}

// assignees returns the assignee or, if it cannot be notified, those that are notified in its place.
func (e Event) assignees(readers []Reader) []domain.ID {
	if e.reaches(e.After.AssignedTo, readers) {
		return []domain.ID{e.After.AssignedTo}
	}
	return e.receivers(readers)
}

// receivers returns the readers that receive unassigned tickets and see this one or, if there is none, the superusers.
func (e Event) receivers(readers []Reader) []domain.ID {
	var receivers, superusers []domain.ID
	for _, r := range readers {
		if r.Receives && r.sees(e.After.Ticket) {
			receivers = append(receivers, r.ID)
		}
		if r.Superuser {
			superusers = append(superusers, r.ID)
		}
	}
	if len(receivers) > 0 {
		return receivers
	}
	return superusers
}

// log returns the log of the event for a reader. Its type is that of the first news for the reader. Its message names all
// news, except internal ones that are not for the reader. ok is false if there is no news for the reader.
func (e Event) log(to Reader, all []newsItem, mailing bool) (l Log, ok bool) {
	l = Log{
		RecipientID: to.ID, SenderID: e.By, TicketID: e.After.ID,
		IsSent: true, SentAt: e.At, Delivery: DeliverySent, CreatedAt: e.At, UpdatedAt: e.At,
	}
	var inbox, mail bool
	news := News{Title: e.After.Title, By: e.ByName}
	for _, n := range all {
		mine := n.visibleTo(to) && slices.Contains(n.to, to.ID)
		if choice := to.Notify.Of(n.kind); mine && choice != TellNone {
			l.Type = cmp.Or(l.Type, n.kind)
			inbox, mail = inbox || choice.Inbox(), mail || choice.Mail()
		}
		if (mine || !n.internal) && !news.tells(n.fact) {
			news.Facts = append(news.Facts, n.fact)
			l.Internal = l.Internal || n.internal
		}
	}
	text := news.text(l.Type, e.After.Number, english, time.UTC)
	l.Title, l.Message, l.News = text.Title, text.Message, &news
	if mailing && mail {
		l.Queue()
		l.MailOnly, l.IsRead = !inbox, !inbox
	}
	return l, l.Type != ""
}

// shorten returns a text of at most limit characters. A shortened text ends with an ellipsis.
func shorten(s string, limit int) string {
	if domain.Length(s) <= limit {
		return s
	}
	s, _ = text.Cut(s, limit-1)
	return s + "…"
}
