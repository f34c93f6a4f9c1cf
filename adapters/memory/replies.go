package memory

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/ports"
)

type replies struct{ *tx }

func (s replies) Get(_ context.Context, key string, after time.Time) (ports.Reply, error) {
	r, err := s.replies.get(key)
	if err != nil || !r.CreatedAt.After(after) {
		return ports.Reply{}, domain.ErrNotFound
	}
	return r, nil
}

// Claim is Get: an Update runs alone.
func (s replies) Claim(ctx context.Context, key string, after time.Time) (ports.Reply, error) {
	if err := s.log.writable(); err != nil {
		return ports.Reply{}, err
	}
	return s.Get(ctx, key, after)
}

func (s replies) Keep(_ context.Context, r ports.Reply) error {
	return s.replies.put(s.log, r.Key, r)
}

func (s replies) Purge(_ context.Context, before time.Time, limit int) (int, error) {
	return s.replies.removeWhere(s.log, limit, func(r ports.Reply) bool { return r.CreatedAt.Before(before) })
}
