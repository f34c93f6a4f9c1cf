package bunstore

import (
	"context"
	"slices"
	"strings"
	"time"

	"tickt/domain/account"
)

// countRow is the row of account.Count.
type countRow struct {
	Key   string    `bun:"key"`
	N     int       `bun:"n"`
	Start time.Time `bun:"start"`
}

var countColumns = columnsOf[countRow]().list("%")

type throttle struct{ conn }

func (s throttle) Counts(ctx context.Context, keys []string, since time.Time) ([]account.Count, error) {
	q := s.statement(`SELECT `+countColumns+` FROM throttle WHERE start > ? AND key IN (NULL`, since)
	for _, k := range keys {
		q.add(`, ?`, k)
	}
	return counts(rows[countRow](ctx, s.conn, q.add(`)`)))
}

// Hit updates the keys in sorted order, so that concurrent calls cannot deadlock.
func (s throttle) Hit(ctx context.Context, keys []string, now, since time.Time) ([]account.Count, error) {
	keys = slices.Compact(slices.Sorted(slices.Values(keys)))
	if len(keys) == 0 {
		return nil, nil
	}
	q := s.statement(`INSERT INTO throttle AS t (` + countColumns + `) VALUES ` + strings.Repeat(`(?, 1, ?), `, len(keys)-1) + `(?, 1, ?)`)
	for _, k := range keys {
		q.add(``, k, now)
	}
	q.add(` ON CONFLICT (key) DO UPDATE SET n = CASE WHEN t.start <= ? THEN 1 ELSE t.n + 1 END,
 start = CASE WHEN t.start <= ? THEN excluded.start ELSE t.start END RETURNING `+countColumns, since, since)
	return counts(rows[countRow](ctx, s.conn, q))
}

func (s throttle) Clear(ctx context.Context, key string) error {
	_, err := exec(ctx, s.conn, s.statement(`DELETE FROM throttle WHERE key = ?`, key))
	return err
}

func (s throttle) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := exec(ctx, s.conn, s.statement(`DELETE FROM throttle WHERE key IN (SELECT t.key FROM throttle t WHERE t.start < ? LIMIT ?`,
		before, limit).add(s.forUpdateSkipLocked("t")+`)`))
	return int(n), err
}

func counts(rs []countRow, err error) ([]account.Count, error) {
	return converted(rs, func(r countRow) account.Count { return account.Count(r) }), err
}
