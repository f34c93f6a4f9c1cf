package identity

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

// Operator are the use cases by which the operator helps an account to sign in again. They have no actor: whoever can start
// the program may use them.
type Operator struct{ drafts }

// NewOperator returns the use cases of the operator.
func NewOperator(mails Mails, fields Fields) *Operator {
	return &Operator{drafts{mails, fields}}
}

// Account returns the account with a user name.
func (s *Operator) Account(ctx context.Context, username string) (account.Account, error) {
	lookup, possible := account.LookupOf(username)
	if !possible {
		return account.Account{}, domain.ErrNotFound
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (account.Account, error) { return tx.Accounts.Named(ctx, lookup) })
}

// SetPassword sets the password of an account, ends all its sessions, and clears the counts of its failed sign-ins.
func (s *Operator) SetPassword(ctx context.Context, a account.Account, password string) error {
	var p domain.Problems
	typed := s.password(&p, domain.Some(password))
	if err := a.CheckPassword(typed.Value, p); err != nil {
		return err
	}
	hash, err := s.Passwords.Hash(ctx, typed.Value)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		a, err := tx.Accounts.Lock(ctx, a.ID)
		if err != nil {
			return err
		}
		if err := setPassword(ctx, s.Mails, tx, &a, hash, ""); err != nil {
			return err
		}
		if err := unlock(ctx, tx, a); err != nil {
			return err
		}
		return tx.Accounts.Save(ctx, a)
	})
}

// Unlock clears the counts of failed sign-ins of an account, as Accounts.Unlock does.
func (s *Operator) Unlock(ctx context.Context, a account.Account) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error { return unlock(ctx, tx, a) })
}

// Sessions returns the sessions of an account that have not ended, the newest first.
func (s *Operator) Sessions(ctx context.Context, a account.Account) ([]account.Session, error) {
	return usecase.View(ctx, s.Store, func(tx ports.Tx) ([]account.Session, error) {
		now := s.Clock()
		return usecase.All(ctx, func(ctx context.Context, page ports.Page) ([]account.Session, int, error) {
			return tx.Sessions.ListOf(ctx, a.ID, now, page)
		})
	})
}

// EndSessions ends all sessions of an account.
func (s *Operator) EndSessions(ctx context.Context, a account.Account) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error { return tx.Sessions.RevokeOf(ctx, a.ID, "", s.Clock()) })
}
