package usecase

import (
	"context"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// HolderOf returns an account with what it holds. An update must have locked the account.
func HolderOf(ctx context.Context, tx ports.Tx, a account.Account) (access.Holder, error) {
	all, err := HoldersOf(ctx, tx, []account.Account{a})
	if err != nil {
		return access.Holder{}, err
	}
	return all[0], nil
}

// HoldersOf is HolderOf for several accounts, in their order and in one round trip.
func HoldersOf(ctx context.Context, tx ports.Tx, accounts []account.Account) ([]access.Holder, error) {
	ids := make([]domain.ID, len(accounts))
	for i, a := range accounts {
		ids[i] = a.ID
	}
	held, err := tx.Accounts.Holdings(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]access.Holder, len(accounts))
	for i, a := range accounts {
		out[i] = access.Holder{ID: a.ID, RoleID: a.RoleID, Superuser: a.IsSuperuser, Holding: held[a.ID]}
	}
	return out, nil
}
