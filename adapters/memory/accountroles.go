package memory

import (
	"context"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

type accountRoles struct{ *tx }

func (s accountRoles) List(_ context.Context, page ports.Page) ([]ports.AccountView, int, error) {
	views, n := s.listAccounts(page, func(a account.Account) bool { return a.IsActive && a.RoleID != "" })
	return views, n, nil
}

func (s accountRoles) Lock(_ context.Context, ids []domain.ID) ([]account.Account, error) {
	if err := s.log.writable(); err != nil {
		return nil, err
	}
	found := []account.Account{}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		if a, err := s.accounts.get(id); err == nil {
			found = append(found, a)
		}
	}
	return found, nil
}

func (s accountRoles) Give(_ context.Context, ids []domain.ID, role domain.ID, now time.Time) error {
	for _, id := range ids {
		a, err := s.accounts.get(id)
		if err != nil {
			continue
		}
		row := accountRow(a)
		row.RoleID, row.UpdatedAt = role, now
		if err := s.accounts.save(s.log, id, account.Account(row)); err != nil {
			return err
		}
	}
	return nil
}

// accountRow is an account as it is kept: the one shape in which this store changes single fields.
type accountRow struct {
	ID           domain.ID
	Username     string
	UsernameKey  string
	Email        string
	EmailKey     string
	Phone        string
	PasswordHash string
	Address      string
	RoleID       domain.ID
	IsActive     bool
	IsStaff      bool
	IsSuperuser  bool
	LastLogin    time.Time
	CreatedAt    time.Time
	UpdatedAt    time.Time
}
