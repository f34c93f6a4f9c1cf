// Package notification holds what people are told about tickets, as it is kept on record. It knows neither how a
// message travels nor who may read it.
package notification

import (
	"time"

	"tickt/domain"
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
	DueDateApproaching Type = "due_date_approaching"
)

// Types lists every type.
var Types = []Type{TicketCreated, TicketUpdated, TicketAssigned, TicketReassigned, StatusChanged, PriorityChanged, DueDateApproaching}

// Log is one message to one recipient about one ticket.
type Log struct {
	ID          domain.ID
	Type        Type
	RecipientID domain.ID
	SenderID    domain.ID // who caused it; "" where nobody did
	TicketID    domain.ID
	Title       string
	Message     string
	IsRead      bool
	IsSent      bool
	SentAt      time.Time // zero: not sent
	ReadAt      time.Time // zero: not read
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Reader is an account that may be told something.
type Reader struct {
	ID       domain.ID
	Username string
	SeesAll  bool // every ticket; else those that it created, was created for, or is assigned
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
