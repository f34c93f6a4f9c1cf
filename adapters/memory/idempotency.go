package memory

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/ports"
)

type idempotencyRecords struct{ *tx }

func (s idempotencyRecords) Get(_ context.Context, key string, after time.Time) (ports.IdempotencyRecord, error) {
	r, err := s.idempotencyRecords.get(key)
	if err != nil || !r.CreatedAt.After(after) {
		return ports.IdempotencyRecord{}, domain.ErrNotFound
	}
	return r, nil
}

// Claim is Get, since an Update runs alone.
func (s idempotencyRecords) Claim(ctx context.Context, key string, after time.Time) (ports.IdempotencyRecord, error) {
	if err := s.log.writable(); err != nil {
		return ports.IdempotencyRecord{}, err
	}
	return s.Get(ctx, key, after)
}

func (s idempotencyRecords) Save(_ context.Context, r ports.IdempotencyRecord) error {
	return s.idempotencyRecords.put(s.log, r.Key, r)
}

func (s idempotencyRecords) Purge(_ context.Context, before time.Time, limit int) (int, error) {
	return s.idempotencyRecords.removeWhere(s.log, limit, func(r ports.IdempotencyRecord) bool { return r.CreatedAt.Before(before) })
}
