package ports

import (
	"context"

	"tickt/domain"
)

// Catalog is the statuses or the priorities. Entries are unique by folded name ("name") and code ("code"); at most one
// is the default. Remove fails with ErrInUse if tickets, including deleted ones, or policies refer to the entry.
type Catalog[T any] interface {
	Add(ctx context.Context, x T) error
	Get(ctx context.Context, id domain.ID) (T, error)
	Lock(ctx context.Context, id domain.ID) (T, error)
	// LockDefault returns the default entry, or domain.ErrNotFound if there is none, and makes every other LockDefault
	// wait until this Update ends.
	LockDefault(ctx context.Context) (T, error)
	Save(ctx context.Context, x T) error
	Remove(ctx context.Context, id domain.ID) error
	// Used reports whether tickets, including deleted ones, refer to the entry.
	Used(ctx context.Context, id domain.ID) (bool, error)
	// Taken returns which of "name" and "code" belong to an entry other than except.
	Taken(ctx context.Context, nameKey, code string, except domain.ID) ([]string, error)
	// List returns the statuses by ascending weight, or the priorities by descending weight, then by folded name and id,
	// and how many there are in total.
	List(ctx context.Context, page Page) ([]T, int, error)
}
