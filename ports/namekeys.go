package ports

import (
	"context"

	"tickt/domain"
	"tickt/domain/namekey"
)

// The kinds of rows whose names have keys.
const (
	UserNames     DerivedKind = "user names"
	RoleNames     DerivedKind = "role names"
	MenuNames     DerivedKind = "menu names"
	StatusNames   DerivedKind = "status names"
	PriorityNames DerivedKind = "priority names"
	CalendarNames DerivedKind = "calendar names"
	PolicyNames   DerivedKind = "policy names"

	// UserLooks are user names too: their keys are skeletons, and several rows may have the same; see LookAlikes.
	UserLooks DerivedKind = "look-alikes"
)

// NameKinds are all of them.
var NameKinds = []DerivedKind{UserNames, RoleNames, MenuNames, StatusNames, PriorityNames, CalendarNames, PolicyNames}

// NameKeys are the keys of the names of all kinds of rows.
type NameKeys interface {
	// IDs returns at most limit ids of rows greater than after, in their order.
	IDs(ctx context.Context, kind DerivedKind, after domain.ID, limit int) ([]domain.ID, error)
	// CountAfter returns how many rows have an id greater than after.
	CountAfter(ctx context.Context, kind DerivedKind, after domain.ID) (int, error)
	// Lock locks those of the rows that exist, and returns them ordered by id.
	Lock(ctx context.Context, kind DerivedKind, ids []domain.ID) ([]namekey.Row, error)
	// LockHolders locks the rows that have one of the keys, and returns them ordered by id.
	LockHolders(ctx context.Context, kind DerivedKind, keys []string) ([]namekey.Row, error)
	// Holders is LockHolders without locking.
	Holders(ctx context.Context, kind DerivedKind, keys []string) ([]namekey.Row, error)
	// Set stores the keys of locked rows, and nothing else, in one round trip. It fails with Taken if another row has one.
	Set(ctx context.Context, kind DerivedKind, rows []namekey.Row) error
	// Reserve keeps every other Update from reserving a key of the kind until this one ends. It waits for one that has.
	Reserve(ctx context.Context, kind DerivedKind, key string) error
	// Aside returns at most limit rows that are set aside and have an id greater than after, ordered by id. It reads all rows.
	Aside(ctx context.Context, kind DerivedKind, after domain.ID, limit int) ([]namekey.Row, error)
}

// NameConflict is a row that does not have the key of its name, because an older one has it.
type NameConflict struct {
	Kind DerivedKind
	namekey.Conflict
}
