package servicelevel

import (
	"context"
	"errors"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/ports"
)

// Operation returns an operation that the actor's account started; others do not exist for it.
func (s *Policies) Operation(ctx context.Context, actor access.Actor, id domain.ID) (sla.Operation, error) {
	if err := actor.MayRepromise(); err != nil {
		return sla.Operation{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (sla.Operation, error) {
		x, err := tx.Operations.Get(ctx, id)
		if err == nil && x.AccountID != actor.ID {
			return sla.Operation{}, domain.ErrNotFound
		}
		return x, err
	})
}

// maxForecastAttempts is how often an operation is tried.
const maxForecastAttempts = 5

// CompleteForecast completes an operation, from where it is. It stores the progress after each batch, so that another attempt
// goes on from there. The operation fails if what it forecasts was removed, or at the last attempt. After it is done,
// CompleteForecast returns the errors of tickets that were left out. It has no actor: the service itself calls it.
func (s *Policies) CompleteForecast(ctx context.Context, id domain.ID, attempt int) error {
	x, err := usecase.View(ctx, s.Store, func(tx ports.Tx) (sla.Operation, error) { return tx.Operations.Get(ctx, id) })
	if err != nil || x.State != sla.OperationRunning {
		return err
	}
	left, err := s.run(ctx, &x, func() (bool, error) { return true, s.keepOperation(ctx, x) })
	switch {
	case errors.Is(err, domain.ErrNotFound), err != nil && attempt >= maxForecastAttempts && ctx.Err() == nil:
		x.End(sla.OperationFailed, s.Clock())
	case err != nil:
		return err
	}
	return errors.Join(append(left, s.keepOperation(ctx, x))...)
}

// keepOperation saves an operation. It fails as NotFound if the operation was removed.
func (s *Policies) keepOperation(ctx context.Context, x sla.Operation) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		if _, err := tx.Operations.Lock(ctx, x.ID); err != nil {
			return err
		}
		return tx.Operations.Save(ctx, x)
	})
}

// PurgeOperations removes the operations that were last changed before OperationLifetime. It has no actor: the service itself
// calls it.
func (s *Policies) PurgeOperations(ctx context.Context) error {
	old := s.Clock().Add(-sla.OperationLifetime)
	return usecase.Purge(ctx, s.Store, func(tx ports.Tx) (int, error) { return tx.Operations.Purge(ctx, old, usecase.PurgeBatch) })
}
