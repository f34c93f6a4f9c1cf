package bunstore

import (
	"context"
	"time"

	"tickt/ports"
)

// idempotencyRow is the row of ports.IdempotencyRecord; the column of Code is named after the HTTP status.
type idempotencyRow struct {
	Key         string    `bun:"key,pk"`
	Fingerprint string    `bun:"fingerprint"`
	Code        int       `bun:"status"`
	Location    string    `bun:"location"`
	Body        []byte    `bun:"body"`
	CreatedAt   time.Time `bun:"created_at"`
}

var (
	idempotencyTable = newTable(table[idempotencyRow, ports.IdempotencyRecord]{
		name: "replies", hot: true, replaces: true,
		row:    func(r ports.IdempotencyRecord) idempotencyRow { return idempotencyRow(r) },
		entity: func(r idempotencyRow) ports.IdempotencyRecord { return ports.IdempotencyRecord(r) },
	})

	selectIdempotencyRecord = textOf(`SELECT ` + idempotencyTable.prefixed("r") + ` FROM replies r WHERE r.key = ? AND r.created_at > ?`)
)

type idempotencyRecords struct{ conn }

func (s idempotencyRecords) Get(ctx context.Context, key string, after time.Time) (ports.IdempotencyRecord, error) {
	r, err := row[idempotencyRow](ctx, s.conn, s.fixed(selectIdempotencyRecord, key, after))
	return ports.IdempotencyRecord(r), err
}

// Claim locks the key and then reads in a second statement, which sees what the last holder of the key has committed.
func (s idempotencyRecords) Claim(ctx context.Context, key string, after time.Time) (ports.IdempotencyRecord, error) {
	claimed, err := s.tryLockName(ctx, key)
	if err == nil && !claimed {
		err = s.failed(ports.ErrClaimed, "try the key")
	}
	if err != nil {
		return ports.IdempotencyRecord{}, err
	}
	return s.Get(ctx, key, after)
}

func (s idempotencyRecords) Save(ctx context.Context, r ports.IdempotencyRecord) error {
	return idempotencyTable.add(ctx, s.conn, r)
}

func (s idempotencyRecords) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := exec(ctx, s.conn, s.statement(`DELETE FROM replies WHERE key IN (SELECT r.key FROM replies r WHERE r.created_at < ? LIMIT ?`,
		before, limit).add(s.forUpdateSkipLocked("r")+`)`))
	return int(n), err
}
