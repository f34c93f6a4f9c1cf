package memory

import (
	"context"
	"math"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/account"
)

type accountMails struct{ *tx }

func (s accountMails) Add(_ context.Context, m account.Mail) error {
	return s.accountMails.add(s.log, m.ID, m)
}

func (s accountMails) Lock(_ context.Context, id domain.ID) (account.Mail, error) {
	return s.accountMails.lock(s.log, id)
}

func (s accountMails) WithToken(_ context.Context, tokenHash string) (account.Mail, error) {
	for _, m := range s.accountMails.where(func(m account.Mail) bool { return m.TokenHash == tokenHash }) {
		return m, nil
	}
	return account.Mail{}, domain.ErrNotFound
}

func (s accountMails) Save(_ context.Context, m account.Mail) error {
	return s.accountMails.save(s.log, m.ID, m)
}

func (s accountMails) Remove(_ context.Context, id domain.ID) error {
	return s.accountMails.remove(s.log, id)
}

func (s accountMails) RemoveOf(_ context.Context, id domain.ID, kinds ...account.MailKind) error {
	if err := s.log.writable(); err != nil {
		return err
	}
	_, err := s.accountMails.removeWhere(s.log, math.MaxInt, func(m account.Mail) bool {
		return m.AccountID == id && slices.Contains(kinds, m.Kind)
	})
	return err
}

func (s accountMails) Purge(_ context.Context, before time.Time, limit int) (int, error) {
	return s.accountMails.removeWhere(s.log, limit, func(m account.Mail) bool { return m.ExpiresAt.Before(before) })
}
