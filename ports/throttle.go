package ports

import (
	"context"
	"time"

	"tickt/domain/account"
)

// Throttle counts failed sign-ins and other events that are limited; all replicas share the counts.
type Throttle interface {
	// Counts returns the counts of the keys, without those whose window began at or before since.
	Counts(ctx context.Context, keys []string, since time.Time) ([]account.Count, error)
	// Hit adds one to the count of each key and returns the new counts. A count whose window began at or before since
	// starts again at now. Parallel hits all count.
	Hit(ctx context.Context, keys []string, now, since time.Time) ([]account.Count, error)
	Clear(ctx context.Context, key string) error
	// Purge removes at most limit counts whose window began before a time, and returns how many.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
}
