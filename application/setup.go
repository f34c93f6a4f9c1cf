package application

import (
	"context"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

// Setup are the use cases of preparing a store. They have no actor: whoever can start the program may.
type Setup struct{ Deps }

// Seed adds what a desk starts with and is missing, by its key: roles, menus, the permissions of the admin
// role, statuses and priorities. What is there stays as it is. All or nothing; seeds sown at the same time wait.
func (s *Setup) Seed(ctx context.Context) error { return s.seed(ctx, true) }

// EnsureSeeded seeds a store that never was, or was by an older program. In any other one nothing changes,
// so that what was removed on purpose does not come back.
func (s *Setup) EnsureSeeded(ctx context.Context) error { return s.seed(ctx, false) }

func (s *Setup) seed(ctx context.Context, again bool) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		sown, err := tx.Setup.Lock(ctx)
		if err != nil || sown >= seedVersion && !again {
			return err
		}
		for _, sow := range []func(context.Context, ports.Tx) error{
			s.sowRoles, s.sowMenus, s.sowPermissions, s.sowStatuses, s.sowPriorities,
		} {
			if err := sow(ctx, tx); err != nil {
				return err
			}
		}
		if sown >= seedVersion {
			return nil
		}
		return tx.Setup.SetSeeds(ctx, seedVersion)
	})
}

// Superuser is who may do everything.
type Superuser struct {
	Username string
	Email    string
	Phone    string
	Password string
}

// CreateSuperuser makes an active superuser and gives its id. Its error, Invalid, lists every problem.
func (s *Setup) CreateSuperuser(ctx context.Context, u Superuser) (domain.ID, error) {
	c := account.Change{
		Username: domain.To(u.Username), Email: domain.To(u.Email), Phone: domain.To(u.Phone), Password: domain.To(u.Password),
		IsStaff: domain.To(true), IsSuperuser: domain.To(true),
	}
	a, err := s.draftAccount(ctx, c, func(tx ports.Tx, a account.Account, invalid error) error {
		_, err := reads{tx: tx}.settle(ctx, a, "", invalid)
		return err
	})
	if err != nil {
		return "", err
	}
	return update(ctx, s.Store, func(tx ports.Tx) (domain.ID, error) {
		if err := accountTaken(tx.Accounts.Add(ctx, a)); err != nil {
			return "", err
		}
		return a.ID, nil
	})
}

// HasSuperuser says whether somebody who may do everything can sign in.
func (s *Setup) HasSuperuser(ctx context.Context) (bool, error) {
	return view(ctx, s.Store, func(tx ports.Tx) (bool, error) {
		n, err := tx.Accounts.ActiveSuperusers(ctx)
		return n > 0, err
	})
}
