package identity

import (
	"context"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

// countWithin counts an event, and fails as Throttled if there were too many.
func countWithin(ctx context.Context, base usecase.Base, limits account.Limits) error {
	wait, over, err := hit(ctx, base.Store, limits, base.Clock())
	if err == nil && over {
		return tooMany(wait)
	}
	return err
}

func tooMany(wait time.Duration) error {
	return &domain.Error{Kind: domain.Throttled, Message: "Too many requests. Please try again later.", RetryAfter: wait}
}

// hit counts an event. It reports whether there were too many, and for how long to wait. Parallel events all count, so that a
// burst gets no more than the limits allow.
func hit(ctx context.Context, store ports.Store, limits account.Limits, now time.Time) (wait time.Duration, over bool, err error) {
	counts, err := usecase.Update(ctx, store, func(tx ports.Tx) ([]account.Count, error) {
		return tx.Throttle.Hit(ctx, limits.Each, now, limits.Since(now))
	})
	if err != nil {
		return 0, false, err
	}
	wait, over = limits.Exceeded(counts, now)
	return wait, over, nil
}
