package bunstore

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"tickt/domain"
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

// Counts selects the known address as a count of 0.
func (s throttle) Counts(
	ctx context.Context, keys []string, since time.Time, id domain.ID, address string,
) ([]account.Count, account.KnownAddress, error) {
	known := account.KnownAddress{AccountID: id, Address: address}
	q := s.statement(`SELECT `+countColumns+` FROM throttle WHERE start > ? AND key IN (NULL`, since)
	for _, k := range keys {
		q.add(`, ?`, k)
	}
	q.add(`) UNION ALL SELECT address, 0, signed_in_at FROM known_addresses WHERE account_id = ? AND address = ?`, id, address)
	found, err := rows[countRow](ctx, s.conn, q)
	if err != nil {
		return nil, known, err
	}
	all := make([]account.Count, 0, len(found))
	for _, r := range found {
		if r.N == 0 {
			known.SignedInAt = r.Start
			continue
		}
		all = append(all, account.Count(r))
	}
	return all, known, nil
}

// Hit updates the keys in sorted order, so that concurrent calls cannot deadlock. A row that an earlier release added gets
// its group here.
func (s throttle) Hit(ctx context.Context, limits []account.Limit, now, since time.Time) ([]account.Count, error) {
	byKey := func(a, b account.Limit) int { return cmp.Compare(a.Key, b.Key) }
	limits = slices.CompactFunc(slices.SortedFunc(slices.Values(limits), byKey), func(a, b account.Limit) bool { return a.Key == b.Key })
	if len(limits) == 0 {
		return nil, nil
	}
	q := s.statement(`INSERT INTO throttle AS t (key, n, start, group_key) VALUES ` +
		strings.Repeat(`(?, 1, ?, ?), `, len(limits)-1) + `(?, 1, ?, ?)`)
	for _, l := range limits {
		q.add(``, l.Key, now, nullable(l.Group))
	}
	q.add(` ON CONFLICT (key) DO UPDATE SET n = CASE WHEN t.start <= ? THEN 1 ELSE t.n + 1 END,
 start = CASE WHEN t.start <= ? THEN excluded.start ELSE t.start END, group_key = excluded.group_key RETURNING `+countColumns, since, since)
	found, err := rows[countRow](ctx, s.conn, q)
	return converted(found, func(r countRow) account.Count { return account.Count(r) }), err
}

func (s throttle) Clear(ctx context.Context, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	args := make([]any, len(keys))
	for i, k := range keys {
		args[i] = k
	}
	return s.clear(ctx, `t.key IN (?`+strings.Repeat(`, ?`, len(keys)-1)+`)`, args...)
}

func (s throttle) ClearGroup(ctx context.Context, group string) error {
	return s.clear(ctx, `t.group_key = ?`, group)
}

// clear locks the rows in the order of Hit, so that it cannot deadlock with it.
func (s throttle) clear(ctx context.Context, condition string, args ...any) error {
	q := s.statement(`DELETE FROM throttle WHERE key IN (SELECT t.key FROM throttle t WHERE `+condition+` ORDER BY t.key`, args...)
	_, err := exec(ctx, s.conn, q.add(s.forUpdate("t")+`)`))
	return err
}

func (s throttle) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := exec(ctx, s.conn, s.statement(`DELETE FROM throttle WHERE key IN (SELECT t.key FROM throttle t WHERE t.start < ? LIMIT ?`,
		before, limit).add(s.forUpdateSkipLocked("t")+`)`))
	return int(n), err
}
