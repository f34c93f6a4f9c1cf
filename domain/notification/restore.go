package notification

import (
	"slices"
	"time"

	"tickt/domain"
)

const (
	maxTitle   = 200
	maxMessage = 64 * 1024
)

// neverSent is the LastError of an imported log that the other system never sent.
const neverSent = "It was never sent."

// Record is a notification of a system that is imported.
type Record struct {
	Type      string
	Recipient string
	Sender    string // "" if there is none
	Ticket    string
	Title     string
	Message   string
	IsRead    bool
	IsSent    bool
	IsActive  bool
	SentAt    time.Time
	ReadAt    time.Time
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Restore returns the log of a record. recipient, sender and ticket are what the record refers to, or "" if they were not
// imported. If there can be no log, reason says why; otherwise it is "".
func Restore(id, recipient, sender, ticket domain.ID, r Record, now time.Time) (l Log, n domain.Notes, reason string) {
	switch {
	case recipient == "":
		return l, nil, "its recipient was not imported"
	case ticket == "":
		return l, nil, "its ticket was not imported"
	case !slices.Contains(Types, Type(r.Type)):
		return l, nil, "its notification_type is unknown"
	case !r.IsActive:
		return l, nil, "inactive in the original"
	}
	if r.Sender != "" && sender == "" {
		n.Add("sender_id: the account was not imported; the sender is empty", r.Sender)
	}
	l = Log{
		ID: id, Type: Type(r.Type), RecipientID: recipient, SenderID: sender, TicketID: ticket,
		Title: n.Line("title", r.Title, maxTitle), Message: n.Prose("message", r.Message, maxMessage),
		IsRead: r.IsRead, IsSent: r.IsSent, SentAt: domain.FirstTime(r.SentAt), ReadAt: domain.FirstTime(r.ReadAt),
		Delivery: DeliverySent, CreatedAt: domain.FirstTime(r.CreatedAt, r.UpdatedAt, now),
		UpdatedAt: domain.FirstTime(r.UpdatedAt, r.CreatedAt, now),
	}
	if !l.IsSent { // the other system will not send it any more, and no one expects it from this one
		l.Delivery, l.LastError = DeliveryDead, neverSent
	}
	return l, n, ""
}
