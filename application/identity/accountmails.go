package identity

import (
	"context"
	"errors"
	"fmt"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

// Mails stores mails to people about their own accounts, with the jobs that send them.
type Mails struct {
	usecase.Base
	Mailer ports.Mailer // nil if mail is off
	// Suspended is called when mail to an account was suspended. It may be nil.
	Suspended func(account domain.ID)
}

// NewMails returns what stores mails; mailer is nil if mail is off.
func NewMails(base usecase.Base, mailer ports.Mailer) Mails { return Mails{Base: base, Mailer: mailer} }

// errMailIsOff is the error of what needs a mail while mail is off.
var errMailIsOff = domain.Fail(domain.Conflict, "Mail is off: the service has no mail server. Ask an administrator.")

// add stores a mail and the job that sends it.
func (s Mails) add(ctx context.Context, tx ports.Tx, m account.Mail) error {
	if err := tx.AccountMails.Add(ctx, m); err != nil {
		return err
	}
	return tx.Jobs.Add(ctx, ports.Job{Kind: ports.AccountMailJob, ID: m.ID})
}

// notify tells an account about a change, at the address that a has, if mail is on and the address is one.
func (s Mails) notify(ctx context.Context, tx ports.Tx, kind account.MailKind, a account.Account) error {
	if s.Mailer == nil || !a.HasMailbox() {
		return nil
	}
	return s.add(ctx, tx, account.NewNotice(s.NewID(), kind, a, s.Clock()))
}

// AccountMails are the use cases of mails to people about their own accounts. They have no actor: jobs call them.
type AccountMails struct {
	Mails
	Fields
	newSecret ports.NewSecret
}

// NewAccountMails returns the use cases of mails.
func NewAccountMails(m Mails, fields Fields, newSecret ports.NewSecret) *AccountMails {
	return &AccountMails{m, fields, newSecret}
}

// Deliver sends a mail, unless it was sent already or must not be sent any more. A mail with a link gets a new token, which
// replaces that of an earlier attempt: only its hash is stored. If an error is returned, Deliver should be called again
// later. That a mail was sent is recorded after the mail server has accepted it: after a crash in between, the recipient gets
// it again, and only the link in the newer one works.
func (s *AccountMails) Deliver(ctx context.Context, id domain.ID) error {
	token := s.newSecret()
	m, send, err := s.prepare(ctx, id, token)
	if err != nil || !send {
		return unlessGone(err)
	}
	failure := s.Mailer.SendAccountMail(ctx, m)
	var refused *ports.MailRefused
	switch {
	case failure == nil:
		return usecase.StoreSent(ctx, func() error { return s.storeSent(ctx, id, m.Token) })
	case errors.As(failure, &refused):
		return s.refused(ctx, id, m, refused)
	default:
		return fmt.Errorf("an account mail was not sent: %w", failure)
	}
}

// prepare returns the mail to send, with a token if it has a link. It reports false if there is nothing to send; the mail
// then no longer exists, or was sent before.
func (s *AccountMails) prepare(ctx context.Context, id domain.ID, token string) (m ports.AccountMail, send bool, err error) {
	err = s.Store.Update(ctx, func(tx ports.Tx) error {
		m, send = ports.AccountMail{}, false
		stored, err := tx.AccountMails.Lock(ctx, id)
		if err != nil {
			return err
		}
		a, err := recipient(ctx, tx, stored)
		if err != nil {
			return err
		}
		switch {
		case !stored.SentAt.IsZero():
			return nil
		case a == nil || s.Mailer == nil || !stored.MaySend(*a), // mail was on when the mail was added
			a.MailSuspended() && (stored.Address == "" || stored.Address == a.Email):
			return tx.AccountMails.Remove(ctx, id)
		}
		m, send = ports.AccountMail{
			ID: s.NewID(), Kind: stored.Kind, To: stored.Address, Username: a.Username, Language: string(a.Language), TimeZone: a.TimeZone,
			At: stored.CreatedAt,
		}, true
		if m.To == "" {
			m.To = a.Email
		}
		if !stored.HasLink() {
			return nil
		}
		return s.link(ctx, tx, &m, stored, *a, token)
	})
	return m, send, err
}

// recipient returns the account that a mail is about, nil if there is none.
func recipient(ctx context.Context, tx ports.Tx, m account.Mail) (*account.Account, error) {
	switch {
	case m.AccountID != "":
		return usecase.Known(tx.Accounts.Get(ctx, m.AccountID))
	case m.UsernameKey != "":
		return usecase.Known(tx.Accounts.Named(ctx, m.Lookup()))
	case m.EmailKey != "":
		return usecase.Known(tx.Accounts.WithEmail(ctx, m.EmailKey))
	default:
		return nil, nil
	}
}

// link adds a link with a token to a mail. If the link is for an address that another account has, the mail tells its owner
// instead, in the owner's language and time zone, without naming the account that wants it.
func (s *AccountMails) link(
	ctx context.Context, tx ports.Tx, m *ports.AccountMail, stored account.Mail, a account.Account, token string,
) error {
	if stored.Kind == account.EmailConfirmation {
		_, key := s.email(domain.Some(stored.Address), a)
		owner, err := usecase.Known(tx.Accounts.WithEmail(ctx, key))
		if err != nil {
			return err
		}
		if owner != nil && owner.ID != a.ID {
			m.Kind, m.Username = account.EmailTaken, ""
			m.Language, m.TimeZone = string(owner.Language), owner.TimeZone
			return nil
		}
	}
	stored.Issue(a, digest(token), s.Clock())
	m.Token, m.Until = token, stored.ExpiresAt
	return tx.AccountMails.Save(ctx, stored)
}

// storeSent records that a mail was accepted. One without a link is not needed any more.
func (s *AccountMails) storeSent(ctx context.Context, id domain.ID, token string) error {
	if token == "" {
		return s.drop(ctx, id, token)
	}
	return s.change(ctx, id, func(tx ports.Tx, m account.Mail) error {
		if !m.Sent(digest(token), s.Clock()) { // another attempt has replaced the token
			return nil
		}
		return tx.AccountMails.Save(ctx, m)
	})
}

// drop removes a mail, unless another attempt has replaced its token.
func (s *AccountMails) drop(ctx context.Context, id domain.ID, token string) error {
	return s.change(ctx, id, func(tx ports.Tx, m account.Mail) error {
		if token != "" && m.TokenHash != digest(token) {
			return nil
		}
		return tx.AccountMails.Remove(ctx, id)
	})
}

// refused removes a mail that was refused for good, as drop does, and counts that against the address of the account if it is the
// reason, and was sent there.
func (s *AccountMails) refused(ctx context.Context, id domain.ID, m ports.AccountMail, r *ports.MailRefused) error {
	var suspended domain.ID
	err := s.change(ctx, id, func(tx ports.Tx, stored account.Mail) error {
		suspended = ""
		if m.Token != "" && stored.TokenHash != digest(m.Token) {
			return nil
		}
		if err := tx.AccountMails.Remove(ctx, id); err != nil || !r.Address {
			return err
		}
		a, err := recipient(ctx, tx, stored)
		if err != nil || a == nil {
			return err
		}
		now, err := usecase.RefuseMail(ctx, tx, a.ID, id, m.To, s.Clock())
		if now {
			suspended = a.ID
		}
		return err
	})
	if err == nil && suspended != "" && s.Suspended != nil {
		s.Suspended(suspended)
	}
	return err
}

// change changes a mail, if it still exists, even if the time of the job is over.
func (s *AccountMails) change(ctx context.Context, id domain.ID, fn func(ports.Tx, account.Mail) error) error {
	ctx, cancel := usecase.StoreContext(ctx)
	defer cancel()
	return unlessGone(s.Store.Update(ctx, func(tx ports.Tx) error {
		m, err := tx.AccountMails.Lock(ctx, id)
		if err != nil {
			return err
		}
		return fn(tx, m)
	}))
}

// unlessGone returns err, or nil if there is nothing to send any more.
func unlessGone(err error) error {
	if errors.Is(err, domain.ErrNotFound) {
		return nil
	}
	return err
}

// Purge removes mails whose time is long over.
func (s *AccountMails) Purge(ctx context.Context) error {
	before := s.Clock().Add(-account.MailRetention)
	return usecase.Purge(ctx, s.Store, func(tx ports.Tx) (int, error) { return tx.AccountMails.Purge(ctx, before, usecase.PurgeBatch) })
}
