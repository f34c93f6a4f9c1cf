package bunstore

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/domain/ticket"
)

// What is said differently to the two databases. The search is in search.go.

// isolation returns the options of a transaction. SQLite has no levels: each of its transactions sees one moment.
func (e *engine) isolation() *sql.TxOptions {
	if e.postgres {
		return &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	}
	return nil
}

// forUpdate ends a select that locks the rows of an alias. References to a locked row may still be added. SQLite
// needs no such words: an Update holds the lock of the whole database.
func (e *engine) forUpdate(alias string) string {
	if e.postgres {
		return " FOR NO KEY UPDATE OF " + alias
	}
	return ""
}

// forUpdateSkipLocked is forUpdate that leaves out the rows which another Update holds.
func (e *engine) forUpdateSkipLocked(alias string) string {
	if e.postgres {
		return e.forUpdate(alias) + " SKIP LOCKED"
	}
	return ""
}

// locking is forUpdate for bun's queries.
func (e *engine) locking(q *bun.SelectQuery) *bun.SelectQuery {
	if e.postgres {
		q.For("NO KEY UPDATE")
	}
	return q
}

var neverText = ticket.Never.Format(time.DateTime)

// never is ticket.Never as a literal, as the partial index of urgency_until has it.
func (e *engine) never() string {
	if e.postgres {
		return `TIMESTAMPTZ '` + neverText + `+00'`
	}
	return `'` + neverText + `+00:00'`
}

// moment is a time that PostgreSQL does not look at when it plans. It would otherwise expect a third of the table
// beyond a time that it does not know, think a plan for the known one worth making, and make it anew each time.
func (e *engine) moment() string {
	if e.postgres {
		return `(SELECT CAST(? AS TIMESTAMPTZ))`
	}
	return `?`
}

// first ends a select whose rows are to be found by its own conditions, before those around it are looked at.
// PostgreSQL would mix them all, and choose by numbers that it cannot know.
func (e *engine) first() string {
	if e.postgres {
		return ` OFFSET 0`
	}
	return ``
}

// randomHex is 32 hexadecimal digits, others in each row of a select.
func (e *engine) randomHex() string {
	if e.postgres {
		return `replace(CAST(gen_random_uuid() AS TEXT), '-', '')`
	}
	return `lower(hex(randomblob(16)))`
}

// among begins the condition that a column is one of what a select gives, which two brackets end. PostgreSQL can walk
// an index by an array, but joins with a select.
func (e *engine) among(column string) string {
	if e.postgres {
		return column + ` = ANY(ARRAY(`
	}
	return column + ` IN (SELECT id FROM (`
}

// oneOf goes on with a statement by the condition that a column is one of the ids, of which there is at least one and
// may be many. PostgreSQL takes many as one array: each number of them would be another text, and a plan to make and to
// keep.
func (e *engine) oneOf(q *statement, column string, ids []domain.ID) {
	if !e.postgres || len(ids) <= fewRows {
		anyOf(q, column+` IN (`, ids, `)`)
		return
	}
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	q.add(` AND `+column+` = ANY(?)`, texts)
}

// lockName keeps other Updates that lock the same name waiting until this one ends.
func (c conn) lockName(ctx context.Context, name string) error {
	if !c.postgres {
		return nil
	}
	_, err := exec(ctx, c, c.statement(`SELECT pg_advisory_xact_lock(hashtextextended(?, 0))`, name))
	return err
}

// tryName is lockName, in a space of names of its own, that does not wait: it is false where another Update holds the
// name. SQLite takes one Update at a time, so that nobody else can.
func (c conn) tryName(ctx context.Context, name string) (bool, error) {
	if !c.postgres {
		return true, nil
	}
	r, err := row[struct {
		Locked bool `bun:"locked"`
	}](ctx, c, c.statement(`SELECT pg_try_advisory_xact_lock(hashtextextended(?, 1)) AS locked`, name))
	return r.Locked, err
}

// lockTable keeps other Updates from changing a table, or from locking it too, until this one ends.
func (c conn) lockTable(ctx context.Context, table string) error {
	if !c.postgres {
		return nil
	}
	text := "LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE"
	_, err := c.raw.ExecContext(ctx, text)
	return c.failed(err, text)
}

// holdForRemoval keeps other Updates from naming a row of a table until this one ends, having waited for those that
// did.
func (c conn) holdForRemoval(ctx context.Context, table string, id domain.ID) error {
	if !c.postgres {
		return nil
	}
	_, err := exec(ctx, c, c.statement(`SELECT 1 FROM `+table+` WHERE id = ? FOR UPDATE`, id))
	return err
}
