package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/domain/ticket"
)

// The SQL in which the two databases differ. The search is in search.go, the JSON of child rows in children.go.

// forUpdate returns the end of a SELECT that locks the rows of an alias; rows that refer to a locked row may still be
// added. It is empty on SQLite, where an Update holds the lock of the whole database.
func (e *engine) forUpdate(alias string) string {
	if e.postgres {
		return " FOR NO KEY UPDATE OF " + alias
	}
	return ""
}

// forUpdateSkipLocked is forUpdate that skips rows which another Update has locked.
func (e *engine) forUpdateSkipLocked(alias string) string {
	if e.postgres {
		return e.forUpdate(alias) + " SKIP LOCKED"
	}
	return ""
}

// locking is forUpdate for queries of bun.
func (e *engine) locking(q *bun.SelectQuery) *bun.SelectQuery {
	if e.postgres {
		q.For("NO KEY UPDATE")
	}
	return q
}

var neverText = ticket.Never.Format(time.DateTime)

// never returns ticket.Never as a literal, written exactly as in the partial index on urgency_until.
func (e *engine) never() string {
	if e.postgres {
		return `TIMESTAMPTZ '` + neverText + `+00'`
	}
	return `'` + neverText + `+00:00'`
}

// opaqueTime returns a placeholder for a time that PostgreSQL's planner cannot look into. With a plain parameter it
// would estimate a generic plan at a third of the table, prefer custom plans, and therefore plan the statement again
// each time.
func (e *engine) opaqueTime() string {
	if e.postgres {
		return `(SELECT CAST(? AS TIMESTAMPTZ))`
	}
	return `?`
}

// fence returns the end of a subselect that PostgreSQL must evaluate by itself. Otherwise the planner would merge it
// with the conditions around it, based on estimates that it cannot make.
func (e *engine) fence() string {
	if e.postgres {
		return ` OFFSET 0`
	}
	return ``
}

// randomHex returns an expression for 32 random hexadecimal digits, different in each row of a SELECT.
func (e *engine) randomHex() string {
	if e.postgres {
		return `replace(CAST(gen_random_uuid() AS TEXT), '-', '')`
	}
	return `lower(hex(randomblob(16)))`
}

// inSubselect returns the beginning of the condition that a column is one of the values of a subselect; two closing
// brackets end it. PostgreSQL gets an array, with which it can use an index; it would join with a subselect.
func (e *engine) inSubselect(column string) string {
	if e.postgres {
		return column + ` = ANY(ARRAY(`
	}
	return column + ` IN (SELECT id FROM (`
}

// andIDIn appends the condition that a column is one of the ids, of which there must be at least one. PostgreSQL gets
// more than fewRows as one array: otherwise each number of ids would be another text to plan and to cache.
func (e *engine) andIDIn(q *statement, column string, ids []domain.ID) {
	if !e.postgres || len(ids) <= fewRows {
		andIn(q, column+` IN (`, ids, `)`)
		return
	}
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	q.add(` AND `+column+` = ANY(?)`, texts)
}

// lockName locks a name until this Update ends; another Update that locks the same name waits.
func (c conn) lockName(ctx context.Context, name string) error {
	if !c.postgres {
		return nil
	}
	_, err := exec(ctx, c, c.statement(`SELECT pg_advisory_xact_lock(hashtextextended(?, 0))`, name))
	return err
}

// tryLockName is lockName in a separate namespace, without waiting: it returns false if another Update holds the
// name. On SQLite it always returns true, since only one Update runs at a time.
func (c conn) tryLockName(ctx context.Context, name string) (bool, error) {
	if !c.postgres {
		return true, nil
	}
	r, err := row[struct {
		Locked bool `bun:"locked"`
	}](ctx, c, c.statement(`SELECT pg_try_advisory_xact_lock(hashtextextended(?, 1)) AS locked`, name))
	return r.Locked, err
}

// lockTable keeps other Updates from changing or locking a table until this one ends.
func (c conn) lockTable(ctx context.Context, table string) error {
	if !c.postgres {
		return nil
	}
	text := "LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE"
	_, err := c.raw.ExecContext(ctx, text)
	return c.failed(err, text)
}

// lockForRemoval locks a row so that no other Update can add a reference to it until this one ends. It waits for
// Updates that have already added one.
func (c conn) lockForRemoval(ctx context.Context, table string, id domain.ID) error {
	if !c.postgres {
		return nil
	}
	_, err := exec(ctx, c, c.statement(`SELECT 1 FROM `+table+` WHERE id = ? FOR UPDATE`, id))
	return err
}
