package identity

import (
	"context"
	"strings"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

// Recovery is the use cases of people who have forgotten their password. They have no actor, because these people cannot
// sign in.
type Recovery struct {
	Mails
	Fields
}

// NewRecovery returns the use cases of forgotten passwords.
func NewRecovery(m Mails, fields Fields) *Recovery { return &Recovery{m, fields} }

// Forgotten tells whose password was forgotten: exactly one of the fields must be given.
type Forgotten struct {
	Username domain.Optional[string]
	Email    domain.Optional[string]
	Unread   domain.Problems // problems of fields that could not be read
}

// check returns which field is given, and what was typed there.
func (f Forgotten) check() (by, typed string, err error) {
	p := f.Unread
	username, email := strings.TrimSpace(f.Username.Value), strings.TrimSpace(f.Email.Value)
	switch {
	case len(p) > 0:
	case username != "" && email != "":
		p.Add("email", domain.CodeEitherName)
	case username != "":
		return "username", username, nil
	case email != "":
		return "email", email, nil
	case f.Email.Set:
		p.Add("email", domain.CodeBlank, domain.Params{"label": domain.TermEmail})
	default:
		p.Add("username", domain.CodeBlank, domain.Params{"label": domain.TermUsername})
	}
	return "", "", p.Err()
}

// Forgot asks for a mail with a link to set a new password. It does the same for every name, known or not: it counts the
// request and adds a job, which looks for the account. It fails as Throttled after too many requests for a name or from an
// IP address, and as Conflict if mail is off.
func (s *Recovery) Forgot(ctx context.Context, f Forgotten, address string) error {
	by, typed, err := f.check()
	if err != nil {
		return err
	}
	if s.Mailer == nil {
		return errMailIsOff
	}
	var usernameKey, emailKey string // what cannot be a name is not stored: it may be a password
	if by == "email" {
		a, _ := s.Addresses.Read(typed)
		emailKey = a.Key
	} else {
		lookup, ok := account.LookupOf(typed)
		usernameKey = keyOrNone(lookup.Folded, ok)
	}
	if err := countWithin(ctx, s.Base, account.ForgottenLimits(by, typed, address, digest)); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		return s.add(ctx, tx, account.NewForgotten(s.NewID(), usernameKey, emailKey, s.Clock()))
	})
}

func keyOrNone(key string, ok bool) string {
	if !ok {
		return ""
	}
	return key
}

// Reset sets a new password with the token of a link. It ends all sessions of the account, and its links stop working. It
// fails as Gone if the link does not work, whatever the reason and without computing a hash, and as Throttled if too many
// links from the IP address did not. A password that the rules refuse is Invalid, and the link goes on working.
func (s *Recovery) Reset(
	ctx context.Context,
	token string,
	password domain.Optional[string],
	unread domain.Problems,
	address string,
) error {
	if err := requireReset(token, password.Value, unread); err != nil {
		return err
	}
	l := linkFor(s.Base, account.PasswordForgotten, token, address)
	m, a, err := l.find(ctx)
	if err != nil {
		return err
	}
	if err := a.Apply(s.patch(account.Patch{Password: password}, a), s.Clock()); err != nil {
		return err
	}
	hash, err := s.Passwords.Hash(ctx, password.Value)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		a, err := l.use(ctx, tx, m)
		if err != nil {
			return err
		}
		return s.store(ctx, tx, a, hash)
	})
}

func requireReset(token, password string, unread domain.Problems) error {
	p := unread
	requireLinkToken(&p, token)
	if !p.Has("password") && strings.TrimSpace(password) == "" {
		p.Add("password", domain.CodeBlank, domain.Params{"label": domain.TermPassword})
	}
	return p.Err()
}

// store stores the new password of a locked account. The failed sign-ins of somebody who did not remember the former one no
// longer count.
func (s *Recovery) store(ctx context.Context, tx ports.Tx, a account.Account, hash string) error {
	if err := setPassword(ctx, s.Mails, tx, &a, hash, ""); err != nil {
		return err
	}
	if err := tx.Accounts.Save(ctx, a); err != nil {
		return err
	}
	return unlock(ctx, tx, a)
}
