package ports

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/ticket"
)

// Mail is a notification to be mailed to one recipient.
type Mail struct {
	To       string // the recipient's address
	Language string // of the recipient; "" means English
	TimeZone string // IANA name of the recipient's; "" means that of the service
	Log      notification.View
	Ticket   ticket.View

	Comment    string // the present text of the comment that the log tells of; "" without one
	FirstTitle string // that the ticket was opened with; "" if it still has it
}

// AccountMail is a mail to a person about its own account.
type AccountMail struct {
	ID       domain.ID // of this message; another attempt has another one, because its link is another one
	Kind     account.MailKind
	To       string    // the recipient's address
	Language string    // of the recipient; "" means English
	TimeZone string    // IANA name of the recipient's; "" means that of the service
	Username string    // of the account; "" if the recipient must not learn it
	Token    string    // in the link; "" without one
	Until    time.Time // when the link stops working; zero without one
	At       time.Time // of what the mail tells
}

// Mailer sends mail.
type Mailer interface {
	// Send returns nil only if the mail server has accepted the message. The same log always makes the same message,
	// including its Message-ID, so that a duplicate can be recognised. Send fails with a *MailRefused if trying again
	// cannot help. Every other error may be temporary: the server is down or busy, or the settings are wrong and may be
	// corrected. No error contains a secret.
	Send(ctx context.Context, m Mail) error
	// SendAccountMail does the same for an account mail.
	SendAccountMail(ctx context.Context, m AccountMail) error
}

// MailRefused is the error of Send if the server will never accept the message, because of its recipient or its content.
type MailRefused struct {
	Reason  string
	Address bool // the server says that it will never accept a message to this address
}

func (r *MailRefused) Error() string { return r.Reason }
