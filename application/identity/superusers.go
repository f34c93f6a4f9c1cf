package identity

import (
	"context"
	"errors"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

// Superusers are the use cases of accounts that may do everything. They have no actor: whoever can start the program
// may use them.
type Superusers struct{ drafts }

// NewSuperusers returns the use cases of superusers.
func NewSuperusers(base usecase.Base, fields Fields) *Superusers {
	return &Superusers{drafts{NewMails(base, nil), fields}}
}

// Superuser describes a new superuser.
type Superuser struct {
	Username string
	Email    string
	Phone    string // "": none
	Password string
}

func (u Superuser) patch() account.Patch {
	return account.Patch{
		Username: domain.Some(u.Username), Email: domain.Some(u.Email), Phone: domain.Some(u.Phone), NoPhone: u.Phone == "",
		Password: domain.Some(u.Password), IsStaff: domain.Some(true), IsSuperuser: domain.Some(true),
	}
}

// Check returns the problems with which Create would fail, and stores nothing.
func (s *Superusers) Check(ctx context.Context, u Superuser) (domain.Problems, error) {
	c := s.patch(u.patch(), account.Account{})
	a, invalid := account.New(s.NewID(), c, s.Clock())
	err := s.Store.View(ctx, func(tx ports.Tx) error {
		_, err := reads{tx: tx, looks: s.LookAlikes}.validate(ctx, account.Account{}, a, invalid)
		return err
	})
	var known *domain.Error
	if errors.As(err, &known) && known.Kind == domain.Invalid {
		return known.Problems, nil
	}
	return nil, err
}

// Create creates an active superuser and returns its id. Its Invalid error lists all problems.
func (s *Superusers) Create(ctx context.Context, u Superuser) (domain.ID, error) {
	a, err := s.draft(ctx, u.patch(), func(tx ports.Tx, a account.Account, invalid error) error {
		_, err := reads{tx: tx, looks: s.LookAlikes}.validate(ctx, account.Account{}, a, invalid)
		return err
	})
	if err != nil {
		return "", err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (domain.ID, error) {
		if err := accountTaken(tx.Accounts.Add(ctx, a)); err != nil {
			return "", err
		}
		return a.ID, reads{tx: tx, looks: s.LookAlikes}.keepLook(ctx, account.Account{}, a)
	})
}

// Any reports whether there is a superuser that can sign in.
func (s *Superusers) Any(ctx context.Context) (bool, error) {
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (bool, error) {
		n, err := tx.Accounts.ActiveSuperusers(ctx)
		return n > 0, err
	})
}
