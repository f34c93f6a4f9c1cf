package ports

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/account"
)

// AccountMails are the mails to people about their own accounts, from when they are wanted until they are sent or, with a
// link, until it is used or its time is over. They are removed with their account.
type AccountMails interface {
	Add(ctx context.Context, m account.Mail) error
	Lock(ctx context.Context, id domain.ID) (account.Mail, error)
	// WithToken returns the mail with the token of a hash, which must not be "".
	WithToken(ctx context.Context, tokenHash string) (account.Mail, error)
	Save(ctx context.Context, m account.Mail) error
	Remove(ctx context.Context, id domain.ID) error
	// RemoveOf removes the mails of some kinds to an account, sent or not, in one round trip. There may be none.
	RemoveOf(ctx context.Context, account domain.ID, kinds ...account.MailKind) error
	// Purge removes at most limit mails whose ExpiresAt is before a time, and returns how many.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
}
