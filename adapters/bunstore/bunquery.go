package bunstore

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"tickt/domain"
)

// What runs the seldom statements, as rows, row and exec run the hot ones.

// scan runs a query that selects.
func (c conn) scan(ctx context.Context, q interface {
	schema.QueryAppender
	Scan(ctx context.Context, into ...any) error
}, into ...any,
) error {
	return c.refused(q.Scan(ctx, into...), q)
}

// count returns how many rows a query selects.
func (c conn) count(ctx context.Context, q *bun.SelectQuery) (int, error) {
	n, err := q.Count(ctx)
	return int(n), c.refused(err, q)
}

// exists reports whether a query selects any row.
func (c conn) exists(ctx context.Context, q *bun.SelectQuery) (bool, error) {
	found, err := q.Exists(ctx)
	return found, c.refused(err, q)
}

// change is a query that changes rows.
type change interface {
	schema.QueryAppender
	Exec(ctx context.Context, into ...any) (sql.Result, error)
}

// run runs a query that changes rows, however many.
func (c conn) run(ctx context.Context, q change) error {
	_, err := q.Exec(ctx)
	return c.refused(err, q)
}

// runOne runs a query that must change a row; domain.ErrNotFound if it changes none.
func (c conn) runOne(ctx context.Context, q change) error {
	result, err := q.Exec(ctx)
	if err != nil {
		return c.refused(err, q)
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		err = domain.ErrNotFound
	}
	return c.refused(err, q)
}

// refused is failed for a query.
func (c conn) refused(err error, q schema.QueryAppender) error {
	if err == nil {
		return nil
	}
	text, unwritten := q.AppendQuery(schema.NewQueryGen(c.bun.Dialect()), nil)
	if unwritten != nil { // then err says so too
		return c.failed(err, "a query")
	}
	return c.failed(err, string(text))
}
