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

// neverSent is the LastError of a log that another system never sent.
const neverSent = "It was never sent."

// Record is what a system that tickt takes over from kept of a message.
type Record struct {
	Type      string
	Recipient string
	Sender    string // "" where nobody caused it
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

// Restore makes a log of a record, for the recipient, the sender and the ticket that it led to, "" where it led to
// none. reason says why there can be none; "" where there is one.
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
		n.Add("sender_id: the account was not imported; nobody is named", r.Sender)
	}
	l = Log{
		ID: id, Type: Type(r.Type), RecipientID: recipient, SenderID: sender, TicketID: ticket,
		Title: n.Line("title", r.Title, maxTitle), Message: n.Prose("message", r.Message, maxMessage),
		IsRead: r.IsRead, IsSent: r.IsSent, SentAt: domain.FirstTime(r.SentAt), ReadAt: domain.FirstTime(r.ReadAt),
		Delivery: DeliverySent, CreatedAt: domain.FirstTime(r.CreatedAt, r.UpdatedAt, now),
		UpdatedAt: domain.FirstTime(r.UpdatedAt, r.CreatedAt, now),
	}
	if !l.IsSent { // the other system will not send it any more, and nobody awaits it from this one
		l.Delivery, l.LastError = DeliveryDead, neverSent
	}
	return l, n, ""
}
