package ports

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
)

// Operations are forecasts that go on in the background. They are removed with their account.
type Operations interface {
	Add(ctx context.Context, x sla.Operation) error
	Get(ctx context.Context, id domain.ID) (sla.Operation, error)
	Lock(ctx context.Context, id domain.ID) (sla.Operation, error)
	Save(ctx context.Context, x sla.Operation) error
	// Purge removes at most limit operations that were last changed before a time, and returns how many.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
}
