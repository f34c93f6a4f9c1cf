package deriving

import (
	"context"

	"tickt/domain"
	"tickt/ports"
)

// searchedKinds are the kinds from which the documents of tickets and accounts are derived: what is searched of them.
var searchedKinds = []Kind{
	searchedAccounts,
	{
		Name: ports.SearchedRequesters,
		Rule: ports.SearchRule,
		// The walk through the tickets is enough.
		List:       func(context.Context, ports.Tx, domain.ID, int) ([]domain.ID, error) { return nil, nil },
		CountAfter: func(context.Context, ports.Tx, domain.ID) (int, error) { return 0, nil },
		Derive: func(ctx context.Context, tx ports.Tx, ids []domain.ID) error {
			return tx.Documents.MarkRequested(ctx, ids)
		},
	},
	{
		Name: ports.SearchedTickets,
		Rule: ports.SearchRule,
		// Documents may be long, and a ticket is locked until all of the batch are written.
		Batch: 50,
		List: func(ctx context.Context, tx ports.Tx, after domain.ID, limit int) ([]domain.ID, error) {
			return tx.Documents.List(ctx, after, limit)
		},
		CountAfter: func(ctx context.Context, tx ports.Tx, after domain.ID) (int, error) {
			return tx.Documents.CountAfter(ctx, after)
		},
		Derive: func(ctx context.Context, tx ports.Tx, ids []domain.ID) error { return tx.Documents.Rewrite(ctx, ids) },
	},
}
