package setup

import (
	"context"
	"slices"

	"tickt/application/usecase"
	"tickt/domain/account"
	"tickt/ports"
)

// CheckKeys reports whether a process may start with its keys, and stores which keys the next start may have. Of processes that
// start at the same time on a new store with different keys, one may.
func (s *Setup) CheckKeys(ctx context.Context, keys account.KeyChecks) (known bool, err error) {
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (bool, error) {
		if _, err := tx.Setup.Lock(ctx); err != nil {
			return false, err
		}
		stored, err := tx.Setup.KeyChecks(ctx)
		if err != nil {
			return false, err
		}
		kept, known := keys.Start(stored)
		if !known || slices.Equal(kept, stored) {
			return known, nil
		}
		return true, tx.Setup.SetKeyChecks(ctx, kept)
	})
}

// AcceptKey makes a key the only one with which a process may start, and ends all sessions. It returns how many.
func (s *Setup) AcceptKey(ctx context.Context, key account.KeyCheck) (ended int, err error) {
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (int, error) {
		if _, err := tx.Setup.Lock(ctx); err != nil {
			return 0, err
		}
		if err := tx.Setup.SetKeyChecks(ctx, []account.KeyCheck{key}); err != nil {
			return 0, err
		}
		return tx.Sessions.RevokeAll(ctx, s.Clock())
	})
}
