package ports

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/account"
)

// Throttle counts failed sign-ins and other events that are limited; all replicas share the counts.
type Throttle interface {
	// Counts returns the counts of the keys, without those whose window began at or before since, and in the same round trip
	// the known address of an account; SignedInAt is zero if there is none.
	Counts(
		ctx context.Context, keys []string, since time.Time, id domain.ID, address string,
	) ([]account.Count, account.KnownAddress, error)
	// Hit adds one to the count of each limit and returns the new counts. A count whose window began at or before since
	// starts again at now. Parallel hits all count.
	Hit(ctx context.Context, limits []account.Limit, now, since time.Time) ([]account.Count, error)
	// Clear removes the counts of the keys.
	Clear(ctx context.Context, keys []string) error
	// ClearGroup removes the counts of a group.
	ClearGroup(ctx context.Context, group string) error
	// Purge removes at most limit counts whose window began before a time, and returns how many.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
}

// KnownAddresses are the addresses from which accounts signed in. Throttle.Counts reads them.
type KnownAddresses interface {
	// Save adds an address, or moves its time forward.
	Save(ctx context.Context, k account.KnownAddress) error
	// ForgetOldest removes those addresses of an account that are not among the keep latest ones, at most limit of them.
	ForgetOldest(ctx context.Context, holder domain.ID, keep, limit int) error
	// Forget removes all addresses of an account.
	Forget(ctx context.Context, account domain.ID) error
	// Purge removes at most limit addresses whose last sign-in was before a time, and returns how many.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
}
