package ports

import (
	"context"

	"tickt/domain/notification"
	"tickt/domain/ticket"
)

// Mail is a notification as one recipient gets it by mail.
type Mail struct {
	To     string // the recipient's address
	Log    notification.View
	Ticket ticket.View
}

// Mailer sends mail.
type Mailer interface {
	// Send returns nil once the mail server has accepted the message, and only then. The same log always makes the same
	// message, its Message-ID included, so that one that comes twice can be recognised. It fails with a *MailRefused
	// where no repeat could help; every other failure may pass: the server is away or busy, or its settings are wrong,
	// which somebody will mend. No error says anything secret.
	Send(ctx context.Context, m Mail) error
}

// MailRefused is what Send answers where the server will never take the message: because of its recipient, or of what it says.
type MailRefused struct{ Reason string }

func (r *MailRefused) Error() string { return r.Reason }
