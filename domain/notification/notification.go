// Package notification decides who is notified of what about a ticket, and holds the notification logs with the states of
// their delivery. How mails are sent and how accounts get their permissions is decided elsewhere.
package notification

import (
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/query"
	"tickt/domain/ticket"
)

// Type is the type of a notification: what it is about.
type Type string

// The types, as clients name them.
const (
	TicketCreated          Type = "ticket_created"
	TicketReceived         Type = "ticket_received" // by its requester, opened by somebody else
	TicketUpdated          Type = "ticket_updated"
	TicketAssigned         Type = "ticket_assigned"
	TicketReassigned       Type = "ticket_reassigned"
	StatusChanged          Type = "status_changed"
	PriorityChanged        Type = "priority_changed"
	CommentAdded           Type = "comment_added"
	DueDateApproaching     Type = "due_date_approaching"
	DueDatePassed          Type = "due_date_passed"
	ResponseDeadlinePassed Type = "response_deadline_passed"
	SLAWarning             Type = "sla_warning"
	SLABreached            Type = "sla_breached"
)

// Types lists every type.
var Types = []Type{
	TicketCreated, TicketReceived, TicketUpdated, TicketAssigned, TicketReassigned, StatusChanged, PriorityChanged, CommentAdded,
	DueDateApproaching, DueDatePassed, ResponseDeadlinePassed, SLAWarning, SLABreached,
}

// Log is one message to one recipient about one ticket.
type Log struct {
	ID          domain.ID
	Type        Type
	RecipientID domain.ID
	SenderID    domain.ID // the account that caused it; "" if there is none
	TicketID    domain.ID
	Title       string // in English, with times in UTC; Text tells it to a reader
	Message     string // as Title
	News        *News  // what Title and Message say, as facts; nil in logs of earlier releases and imported ones
	Internal    bool   // mentions an internal note; only for readers that see all tickets
	MailOnly    bool   // not in the inbox, as the recipient chose; it counts as read. False if it cannot be mailed
	IsRead      bool
	IsSent      bool          // delivered: to the inbox, and to the mail server if it is mailed
	SentAt      time.Time     // zero if not sent
	ReadAt      time.Time     // zero if not read
	Delivery    DeliveryState // DeliverySent if and only if IsSent
	Resends     int           // how often it was queued again
	Attempts    int           // to mail it, since it was last queued
	LastError   string        // why the last attempt failed, or why there was none, in one line; "" if neither
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Read records that the recipient has read the log. It reports whether the log changed; it does so only the first time.
func (l *Log) Read(now time.Time) bool {
	if l.IsRead {
		return false
	}
	l.IsRead, l.ReadAt, l.UpdatedAt = true, now, now
	return true
}

// Reader is an account that can be notified, with what it may see.
type Reader struct {
	ID       domain.ID
	Username string
	SeesAll  bool // every ticket; otherwise those that it created, was created for, or is assigned
	// Receives reports whether the account is notified in the place of the assignee if no one is assigned.
	Receives  bool
	Superuser bool
	Notify    *Choices
}

// sees reports whether the reader can see a ticket.
func (r Reader) sees(t ticket.Ticket) bool {
	return r.SeesAll || slices.Contains([]domain.ID{t.CreatedBy, t.CreatedFor, t.AssignedTo}, r.ID)
}

// MayRead reports whether the reader may read a log of the ticket t.
func (r Reader) MayRead(l Log, t ticket.Ticket) bool {
	return r.sees(t) && (r.SeesAll || !l.Internal)
}

// View is a log with the names of what it refers to.
type View struct {
	Log
	Recipient    string
	Sender       string
	TicketNumber string
}

// Filter selects logs. A log must match every field that is set; it matches a list if it has any of its values.
type Filter struct {
	IsRead     *bool
	IsSent     *bool
	Types      []Type
	Tickets    []domain.ID
	Recipients []domain.ID
}

// ReadFilter reads the filter of a query. The recipient "me" stands for the account me.
func ReadFilter(q *query.Query, me domain.ID) Filter {
	return Filter{
		IsRead: q.Flag("is_read"), IsSent: q.Flag("is_sent"), Types: readTypes(q),
		Tickets: q.IDs("ticket_id", ""), Recipients: q.IDs("recipient_id", me),
	}
}

// readTypes returns the types of a query, or nil for every type.
func readTypes(q *query.Query) (types []Type) {
	for _, text := range q.List("notification_type") {
		types = append(types, Type(strings.ToLower(text)))
	}
	return types
}
