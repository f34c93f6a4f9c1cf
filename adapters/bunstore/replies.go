package bunstore

import (
	"context"
	"time"

	"tickt/ports"
)

// replyRow is ports.Reply with the columns that hold it; status has its name from HTTP, the first way in.
type replyRow struct {
	Key         string    `bun:"key"`
	Fingerprint string    `bun:"fingerprint"`
	Code        int       `bun:"status"`
	Location    string    `bun:"location"`
	Body        []byte    `bun:"body"`
	CreatedAt   time.Time `bun:"created_at"`
}

type replies struct{ conn }

func (s replies) Get(ctx context.Context, key string, after time.Time) (ports.Reply, error) {
	r, err := row[replyRow](ctx, s.conn, s.statement(`SELECT key, fingerprint, status, location, body, created_at FROM replies WHERE key = ? AND created_at > ?`, key, after))
	return ports.Reply(r), err
}

// Claim locks first and reads then: what the last holder of the key has committed is seen by a new statement only.
func (s replies) Claim(ctx context.Context, key string, after time.Time) (ports.Reply, error) {
	claimed, err := s.tryName(ctx, key)
	if err == nil && !claimed {
		err = s.failed(ports.ErrClaimed, "try the key")
	}
	if err != nil {
		return ports.Reply{}, err
	}
	return s.Get(ctx, key, after)
}

func (s replies) Keep(ctx context.Context, r ports.Reply) error {
	body := r.Body
	if body == nil {
		body = []byte{} // not NULL
	}
	_, err := exec(ctx, s.conn, s.statement(`INSERT INTO replies (key, fingerprint, status, location, body, created_at) VALUES (?, ?, ?, ?, ?, ?)
 ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status, location = excluded.location,
 body = excluded.body, created_at = excluded.created_at`, r.Key, r.Fingerprint, r.Code, r.Location, body, r.CreatedAt))
	return err
}

func (s replies) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := exec(ctx, s.conn, s.statement(`DELETE FROM replies WHERE key IN (SELECT r.key FROM replies r WHERE r.created_at < ? LIMIT ?`,
		before, limit).add(s.forUpdateSkipLocked("r")+`)`))
	return int(n), err
}
