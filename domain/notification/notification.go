// Package notification decides who is told what about a ticket, and holds what was said as it is kept on record. It
// knows neither how a message travels nor how an account came to be allowed to read it.
package notification

import (
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/query"
	"tickt/domain/ticket"
)

// Type says what a notification is about.
type Type string

// The types, as clients name them.
const (
	TicketCreated      Type = "ticket_created"
	TicketUpdated      Type = "ticket_updated"
	TicketAssigned     Type = "ticket_assigned"
	TicketReassigned   Type = "ticket_reassigned"
	StatusChanged      Type = "status_changed"
	PriorityChanged    Type = "priority_changed"
	CommentAdded       Type = "comment_added"
	DueDateApproaching Type = "due_date_approaching"
	SLAWarning         Type = "sla_warning"
	SLABreached        Type = "sla_breached"
)

// Types lists every type.
var Types = []Type{
	TicketCreated, TicketUpdated, TicketAssigned, TicketReassigned, StatusChanged, PriorityChanged, CommentAdded, DueDateApproaching,
	SLAWarning, SLABreached,
}

// Log is one message to one recipient about one ticket.
type Log struct {
	ID          domain.ID
	Type        Type
	RecipientID domain.ID
	SenderID    domain.ID // who caused it; "" where nobody did
	TicketID    domain.ID
	Title       string
	Message     string
	Internal    bool // says something of an internal note: only for those who see every ticket
	IsRead      bool
	IsSent      bool          // delivered: to the inbox, and, where mail applies, to the mail server
	SentAt      time.Time     // zero: not sent
	ReadAt      time.Time     // zero: not read
	Delivery    DeliveryState // DeliverySent, and no other, where IsSent
	Resends     int           // how often it was queued anew
	Attempts    int           // made to mail it since it was queued
	LastError   string        // why the last one failed, in one line; "" where it did not
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Read notes that the recipient has read the log, and says whether it had not before; the first time counts.
func (l *Log) Read(now time.Time) bool {
	if l.IsRead {
		return false
	}
	l.IsRead, l.ReadAt, l.UpdatedAt = true, now, now
	return true
}

// Reader is an account that may be told something.
type Reader struct {
	ID       domain.ID
	Username string
	SeesAll  bool // every ticket; else those that it created, was created for, or is assigned
}

// ReaderOf makes a Reader of what a store knows of an account.
func ReaderOf(id domain.ID, username string, seesAll bool) Reader {
	return Reader{ID: id, Username: username, SeesAll: seesAll}
}

// sees says whether the reader can see a ticket.
func (r Reader) sees(t ticket.Ticket) bool {
	return r.SeesAll || slices.Contains([]domain.ID{t.CreatedBy, t.CreatedFor, t.AssignedTo}, r.ID)
}

// MayRead says whether the reader may know of what a log tells about its ticket.
func (r Reader) MayRead(l Log, t ticket.Ticket) bool {
	return r.sees(t) && (r.SeesAll || !l.Internal)
}

// View is a log with the names beside its ids.
type View struct {
	Log
	Recipient    string
	Sender       string
	TicketNumber string
}

// Filter says which logs are wanted. All that is set must hold; of the values in one list, any.
type Filter struct {
	IsRead     *bool
	IsSent     *bool
	Types      []Type
	Tickets    []domain.ID
	Recipients []domain.ID
}

// ReadFilter reads which logs are wanted; "me" is whoever asks.
func ReadFilter(q *query.Query, me domain.ID) Filter {
	return Filter{
		IsRead: q.Flag("is_read"), IsSent: q.Flag("is_sent"), Types: readTypes(q),
		Tickets: q.IDs("ticket_id", ""), Recipients: q.IDs("recipient_id", me),
	}
}

// readTypes returns nil if every type is wanted.
func readTypes(q *query.Query) (types []Type) {
	for _, text := range q.List("notification_type") {
		types = append(types, Type(strings.ToLower(text)))
	}
	return types
}
