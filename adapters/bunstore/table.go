package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/ports"
)

// table is the seldom statements of one table, through bun's query builder: E is the entity, R its row, which has
// the same fields with the names of their columns.
type table[R, E any] struct {
	name   string
	row    func(E) R
	entity func(R) E
	search func(E) string // the words that the column search is made of; nil where there is none
}

func (t table[R, E]) add(ctx context.Context, c conn, x E) error {
	r := t.row(x)
	q := c.bun.NewInsert().Model(&r).ModelTableExpr(t.name + " AS ?TableAlias").Returning("NULL")
	if t.search != nil {
		q.Value("search", c.searchValue(), t.search(x))
	}
	return c.run(ctx, q)
}

// addAll is add for many at once, of a table without a search.
func (t table[R, E]) addAll(ctx context.Context, c conn, set []E) error {
	if len(set) == 0 {
		return nil
	}
	rs := make([]R, len(set))
	for i, x := range set {
		rs[i] = t.row(x)
	}
	return c.run(ctx, c.bun.NewInsert().Model(&rs).ModelTableExpr(t.name+" AS ?TableAlias").Returning("NULL"))
}

// save writes the whole row again.
func (t table[R, E]) save(ctx context.Context, c conn, x E) error {
	r := t.row(x)
	q := c.bun.NewUpdate().Model(&r).ModelTableExpr(t.name + " AS ?TableAlias").WherePK()
	if t.search != nil {
		q.Value("search", c.searchValue(), t.search(x))
	}
	return c.runOne(ctx, q)
}

func (t table[R, E]) remove(ctx context.Context, c conn, id domain.ID) error {
	return inUse(c.runOne(ctx, c.bun.NewDelete().Table(t.name).Where("id = ?", id)))
}

// get reads the row that a condition names.
func (t table[R, E]) get(ctx context.Context, c conn, where string, args ...any) (E, error) {
	var r R
	err := c.scan(ctx, t.query(c, &r).Where(where, args...))
	return t.entity(r), err
}

// lock reads the row that a condition names and keeps it from changing until the Update ends.
func (t table[R, E]) lock(ctx context.Context, c conn, where string, args ...any) (E, error) {
	var r R
	err := c.scan(ctx, t.query(c, &r).Where(where, args...).Apply(c.locking))
	return t.entity(r), err
}

// list gives a page in an order, and how many rows there are in all.
func (t table[R, E]) list(ctx context.Context, c conn, order string, page ports.Page) ([]E, int, error) {
	n, err := c.count(ctx, c.bun.NewSelect().Table(t.name))
	if err != nil {
		return nil, 0, err
	}
	var rs []R
	err = c.scan(ctx, t.query(c, &rs).OrderExpr(order).Limit(int64(page.Size)).Offset(int64(page.Offset())))
	return converted(rs, t.entity), n, err
}

func (t table[R, E]) query(c conn, model any) *bun.SelectQuery {
	return c.bun.NewSelect().Model(model).ModelTableExpr(t.name + " AS ?TableAlias")
}
