package bunstore

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/account"
)

// accountMailRow is the row of account.Mail.
type accountMailRow struct {
	ID          domain.ID        `bun:"id,pk"`
	Kind        account.MailKind `bun:"kind"`
	AccountID   domain.ID        `bun:"account_id,nullzero"`
	UsernameKey string           `bun:"username_key"`
	EmailKey    string           `bun:"email_key"`
	Address     string           `bun:"address"`
	Credentials string           `bun:"credentials"`
	TokenHash   string           `bun:"token_hash,nullzero"`
	CreatedAt   time.Time        `bun:"created_at"`
	ExpiresAt   time.Time        `bun:"expires_at"`
	SentAt      time.Time        `bun:"sent_at,nullzero"`
}

var accountMailTable = newTable(table[accountMailRow, account.Mail]{
	name:   "account_mails",
	row:    func(m account.Mail) accountMailRow { return accountMailRow(m) },
	entity: func(r accountMailRow) account.Mail { return account.Mail(r) },
})

type accountMails struct{ conn }

func (s accountMails) Add(ctx context.Context, m account.Mail) error {
	return accountMailTable.add(ctx, s.conn, m)
}

func (s accountMails) Lock(ctx context.Context, id domain.ID) (account.Mail, error) {
	return accountMailTable.lock(ctx, s.conn, "id = ?", id)
}

func (s accountMails) WithToken(ctx context.Context, tokenHash string) (account.Mail, error) {
	return accountMailTable.get(ctx, s.conn, "token_hash = ?", tokenHash)
}

func (s accountMails) Save(ctx context.Context, m account.Mail) error {
	return accountMailTable.save(ctx, s.conn, m)
}

func (s accountMails) Remove(ctx context.Context, id domain.ID) error {
	return accountMailTable.remove(ctx, s.conn, id)
}

func (s accountMails) RemoveOf(ctx context.Context, account domain.ID, kinds ...account.MailKind) error {
	q := s.statement(`DELETE FROM account_mails WHERE account_id = ?`, account)
	andIn(q, `kind IN (`, kinds, `)`)
	_, err := exec(ctx, s.conn, q)
	return err
}

func (s accountMails) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := exec(ctx, s.conn,
		s.statement(`DELETE FROM account_mails WHERE id IN (SELECT m.id FROM account_mails m WHERE m.expires_at < ? LIMIT ?`, before, limit).
			add(s.forUpdateSkipLocked("m")+`)`))
	return int(n), err
}
