package deriving

import (
	"context"

	"tickt/domain"
	"tickt/ports"
)

// searchedAccounts is the kind from which what is searched of accounts is derived.
var searchedAccounts = Kind{
	Name: ports.SearchedAccounts,
	Rule: ports.SearchRule,
	List: func(ctx context.Context, tx ports.Tx, after domain.ID, limit int) ([]domain.ID, error) {
		return tx.NameKeys.IDs(ctx, ports.UserNames, after, limit)
	},
	CountAfter: func(ctx context.Context, tx ports.Tx, after domain.ID) (int, error) {
		return tx.NameKeys.CountAfter(ctx, ports.UserNames, after)
	},
	Derive: func(ctx context.Context, tx ports.Tx, ids []domain.ID) error { return tx.Accounts.Reindex(ctx, ids) },
}
