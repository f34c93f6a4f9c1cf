package bunstore

import "context"

// nextNumber runs as a transaction of its own, so that the row of the day is locked only briefly.
const nextNumber = `INSERT INTO ticket_numbers AS n (day, last) VALUES (?, 1) ON CONFLICT (day) DO UPDATE SET last = n.last + 1 ` +
	`RETURNING last`

// NextNumber implements ports.Store.
func (s *Store) NextNumber(ctx context.Context, day string) (int, error) {
	var given numberRow
	err := s.retry(ctx, func() (err error) {
		c := conn{bun: s.engine.writes, raw: s.engine.writes.DB, engine: s.engine}
		given, err = row[numberRow](ctx, c, c.statement(nextNumber, day).add(s.engine.asyncCommit()))
		return err
	})
	return given.Last, err
}

type numberRow struct {
	Last       int    `bun:"last"`
	Durability string `bun:"durability"`
}

// asyncCommit returns the end of a statement that need not wait until its commit is on disk. The commit of the ticket
// waits, and makes everything durable that was committed before it, including the number.
func (e *engine) asyncCommit() string {
	if e.postgres {
		return `, set_config('synchronous_commit', 'off', true) AS durability`
	}
	return `, 'full' AS durability`
}
