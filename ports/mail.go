package ports

import (
	"context"

	"tickt/domain/notification"
	"tickt/domain/ticket"
)

// Mail is a notification to be mailed to one recipient.
type Mail struct {
	To     string // the recipient's address
	Log    notification.View
	Ticket ticket.View
}

// Mailer sends mail.
type Mailer interface {
	// Send returns nil only if the mail server has accepted the message. The same log always makes the same message,
	// including its Message-ID, so that a duplicate can be recognised. Send fails with a *MailRefused if trying again
	// cannot help. Every other error may be temporary: the server is down or busy, or the settings are wrong and may be
	// corrected. No error contains a secret.
	Send(ctx context.Context, m Mail) error
}

// MailRefused is the error of Send if the server will never accept the message, because of its recipient or its content.
type MailRefused struct{ Reason string }

func (r *MailRefused) Error() string { return r.Reason }
