package bunstore

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"tickt/domain"
)

// These methods run queries of bun's builder, as rows, row and exec run hot statements.

// scan runs a SELECT.
func (c conn) scan(ctx context.Context, q interface {
	schema.QueryAppender
	Scan(ctx context.Context, into ...any) error
}, into ...any,
) error {
	return c.failedQuery(q.Scan(ctx, into...), q)
}

// count returns how many rows a SELECT finds.
func (c conn) count(ctx context.Context, q *bun.SelectQuery) (int, error) {
	n, err := q.Count(ctx)
	return int(n), c.failedQuery(err, q)
}

// exists reports whether a SELECT finds a row.
func (c conn) exists(ctx context.Context, q *bun.SelectQuery) (bool, error) {
	found, err := q.Exists(ctx)
	return found, c.failedQuery(err, q)
}

// change is a query that changes rows.
type change interface {
	schema.QueryAppender
	Exec(ctx context.Context, into ...any) (sql.Result, error)
}

// run runs a query that changes any number of rows.
func (c conn) run(ctx context.Context, q change) error {
	_, err := c.execute(ctx, q)
	return err
}

// runOne runs a query that must change a row; domain.ErrNotFound if it changes none.
func (c conn) runOne(ctx context.Context, q change) error {
	n, err := c.execute(ctx, q)
	if err == nil && n == 0 {
		return c.failedQuery(domain.ErrNotFound, q)
	}
	return err
}

// execute runs a query and returns how many rows it changed.
func (c conn) execute(ctx context.Context, q change) (affected int64, err error) {
	result, err := q.Exec(ctx)
	if err == nil {
		affected, err = result.RowsAffected()
		c.note(affected)
	}
	return affected, c.failedQuery(err, q)
}

// note remembers that rows were changed.
func (c conn) note(affected int64) {
	if affected > 0 && c.changed != nil {
		*c.changed = true
	}
}

// failedQuery is failed for a query of bun.
func (c conn) failedQuery(err error, q schema.QueryAppender) error {
	if err == nil {
		return nil
	}
	text, appendErr := q.AppendQuery(schema.NewQueryGen(c.bun.Dialect()), nil)
	if appendErr != nil { // err is the same failure
		return c.failed(err, "a query")
	}
	return c.failed(err, string(text))
}
