package ports

import (
	"context"
	"errors"
	"time"
)

// IdempotencyRecord is the response to a request that its client may repeat. Only the driving adapter that made the
// response reads Code, Location and Body.
type IdempotencyRecord struct {
	Key         string // unique
	Fingerprint string // of the request
	Code        int    // of the response, in the adapter's numbering
	Location    string // where to find what was created; "" if it is not a single thing
	Body        []byte
	CreatedAt   time.Time
}

// ErrClaimed is the error of Claim if another Update holds the key.
var ErrClaimed = errors.New("claimed")

// IdempotencyRecords are the responses to requests that clients may repeat.
type IdempotencyRecords interface {
	// Get returns the record of a key if it was stored after a time; otherwise domain.ErrNotFound.
	Get(ctx context.Context, key string, after time.Time) (IdempotencyRecord, error)
	// Claim is Get inside Update; it also excludes every other Claim of the key until the Update ends. If another Update
	// holds the key, it fails with ErrClaimed, or waits if the store runs only one Update at a time.
	Claim(ctx context.Context, key string, after time.Time) (IdempotencyRecord, error)
	// Save stores a record under the key that was claimed. It replaces a record that is too old to be returned.
	Save(ctx context.Context, r IdempotencyRecord) error
	// Purge removes at most limit records that were stored before a time, and returns how many.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
}
