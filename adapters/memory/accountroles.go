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
		a.TakeRole(role, now)
		if err := s.accounts.save(s.log, id, a); err != nil {
			return err
		}
	}
	return nil
}
