package bunstore

import "context"

// nextNumber is a transaction by itself, which holds the day's row for no longer than the server needs.
const nextNumber = `INSERT INTO ticket_numbers AS n (day, last) VALUES (?, 1) ON CONFLICT (day) DO UPDATE SET last = n.last + 1 ` +
	`RETURNING last`

// NextNumber implements ports.Store.
func (s *Store) NextNumber(ctx context.Context, day string) (int, error) {
	var given numberRow
	err := s.again(ctx, func() (err error) {
		c := conn{bun: s.engine.writes, raw: s.engine.writes.DB, engine: s.engine}
		given, err = row[numberRow](ctx, c, c.statement(nextNumber, day).add(s.engine.relaxed()))
		return err
	})
	return given.Last, err
}

type numberRow struct {
	Last       int    `bun:"last"`
	Durability string `bun:"durability"`
}

// relaxed ends a statement that need not wait until it is on the disk. A ticket that is acknowledged is there, and
// with it everything that was committed before, its number included.
func (e *engine) relaxed() string {
	if e.postgres {
		return `, set_config('synchronous_commit', 'off', true) AS durability`
	}
	return `, 'full' AS durability`
}
