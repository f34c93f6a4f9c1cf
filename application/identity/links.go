package identity

import (
	"context"
	"errors"
	"strings"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

// errLinkGone is the error of every link that does not work, whatever the reason.
var errLinkGone = domain.FailFor(domain.ReasonGone, "This link does not work, or no longer. Please ask for a new one.")

// link is the use of a link from a mail.
type link struct {
	usecase.Base
	kind    account.MailKind
	hash    string // of the token
	address string // IP address of the caller
}

func requireLinkToken(p *domain.Problems, token string) {
	if !p.Has("token") && strings.TrimSpace(token) == "" {
		p.Add("token", domain.CodeBlank, domain.Params{"label": domain.TermToken})
	}
}

func linkFor(base usecase.Base, kind account.MailKind, token, address string) link {
	return link{Base: base, kind: kind, hash: digest(strings.TrimSpace(token)), address: address}
}

// find returns the mail of the link, and its account. It fails as Gone if the link does not work, and as Throttled if too
// many links from the address did not.
func (l link) find(ctx context.Context) (m account.Mail, a account.Account, err error) {
	now, limits := l.Clock(), account.LinkLimits(l.address, digest)
	err = l.Store.View(ctx, func(tx ports.Tx) error {
		counts, _, err := tx.Throttle.Counts(ctx, limits.Keys(), limits.Since(now), "", "")
		if err != nil {
			return err
		}
		if wait, blocked := limits.Blocked(counts, now); blocked {
			return tooMany(wait)
		}
		m, a, err = l.read(ctx, tx)
		return err
	})
	if !errors.Is(err, errLinkGone) {
		return m, a, err
	}
	if err := countWithin(ctx, l.Base, limits); err != nil {
		return m, a, err
	}
	return m, a, errLinkGone
}

// read reads the mail and the account, with the same calls whether or not there is such a mail.
func (l link) read(ctx context.Context, tx ports.Tx) (m account.Mail, a account.Account, err error) {
	if m, err = tx.AccountMails.WithToken(ctx, l.hash); err != nil && !errors.Is(err, domain.ErrNotFound) {
		return m, a, err
	}
	if a, err = tx.Accounts.Get(ctx, m.AccountID); err != nil && !errors.Is(err, domain.ErrNotFound) {
		return m, a, err
	}
	if !m.Works(l.kind, l.hash, a, l.Clock()) {
		return m, a, errLinkGone
	}
	return m, a, nil
}

// use locks the account and the mail that find returned, in this order, and returns the account. It fails as Gone if the
// link has stopped working in between; of parallel uses, only the first succeeds.
func (l link) use(ctx context.Context, tx ports.Tx, found account.Mail) (account.Account, error) {
	a, err := tx.Accounts.Lock(ctx, found.AccountID)
	if err != nil {
		return a, goneIfMissing(err)
	}
	m, err := tx.AccountMails.Lock(ctx, found.ID)
	if err != nil {
		return a, goneIfMissing(err)
	}
	if !m.Works(l.kind, l.hash, a, l.Clock()) {
		return a, errLinkGone
	}
	return a, tx.AccountMails.RemoveOf(ctx, a.ID, l.kind)
}

func goneIfMissing(err error) error {
	if errors.Is(err, domain.ErrNotFound) {
		return errLinkGone
	}
	return err
}
