package bunstore

import (
	"context"
	"time"
)

type sharedClock struct{ conn }

// Now implements ports.SharedClock.
func (s sharedClock) Now(ctx context.Context) (time.Time, error) {
	now := `SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS milliseconds`
	if s.postgres {
		now = `SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint) AS milliseconds`
	}
	r, err := row[struct {
		Milliseconds int64 `bun:"milliseconds"`
	}](ctx, s.conn, s.statement(now))
	return time.UnixMilli(r.Milliseconds).UTC(), err
}
