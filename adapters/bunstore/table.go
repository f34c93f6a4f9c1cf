package bunstore

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/ports"
)

// table describes one table: E is the entity, R its row, which has the same fields with the names of their columns.
// Seldom statements are written by bun's query builder, hot ones are made once at start.
type table[R, E any] struct {
	name    string
	row     func(E) R
	entity  func(R) E      // nil if no row is read as it is
	search  func(E) string // the words that the column search is made of; nil if there is none
	derived []derived      // of a hot table

	// hot says that rows are added, saved and removed by hot statements; of many at once, up to fewRows.
	hot bool

	// replaces says that a row which is added replaces the one that has its primary key.
	replaces bool

	columns
	key   columns
	added columns // whose values are the arguments of an INSERT, except the search
	saved columns // and of an UPDATE, except the search and the key
	texts
}

// derived is a column whose value the database computes from another one.
type derived struct {
	name       string
	expression string // with a mark
	of         string // the column whose value the mark stands for
	once       bool   // written with a new row and never again
}

// texts are the hot statements of a table.
type texts struct {
	insert [fewRows + 1]fixedText // by the number of rows
	update fixedText
	delete fixedText
}

// newTable describes a table by the tags of its row and makes its texts.
func newTable[R, E any](t table[R, E]) *table[R, E] {
	t.columns = columnsOf[R]()
	t.key, t.added, t.saved = t.where(column.isKey), slices.Clone(t.columns), t.where(column.changes)
	for _, d := range t.derived {
		of := t.where(func(c column) bool { return c.name == d.of })
		t.added = append(t.added, of...)
		if !d.once {
			t.saved = append(t.saved, of...)
		}
	}
	if t.hot {
		for n := 1; n <= fewRows; n++ {
			t.insert[n] = textsOf(func(e *engine) string { return t.inserting(e, n) })
		}
		t.update, t.delete = textsOf(t.updating), textOf("DELETE FROM "+t.name+" WHERE id = ?")
	}
	return &t
}

// tableOf describes a table whose entity is its row.
func tableOf[R any](name string) *table[R, R] {
	return newTable(table[R, R]{name: name, row: same[R], entity: same[R]})
}

func same[R any](r R) R { return r }

// inserting returns what adds so many rows.
func (t *table[R, E]) inserting(e *engine, n int) string {
	names, values := t.list("%"), t.list("?")
	for _, d := range t.derived {
		names, values = names+", "+d.name, values+", "+d.expression
	}
	if t.search != nil {
		names, values = names+", search", values+", "+e.searchValue()
	}
	rows := strings.Repeat("("+values+"), ", n-1) + "(" + values + ")"
	return "INSERT INTO " + t.name + " (" + names + ") VALUES " + rows + t.onConflict(" ON ")
}

// updating returns what writes a row again.
func (t *table[R, E]) updating(e *engine) string {
	changes := t.where(column.changes).list("% = ?")
	for _, d := range t.derived {
		if !d.once {
			changes += ", " + d.name + " = " + d.expression
		}
	}
	if t.search != nil {
		changes += ", search = " + e.searchValue()
	}
	return "UPDATE " + t.name + " SET " + changes + " WHERE " + t.key.list("% = ?")
}

// onConflict returns what an INSERT does if there is a row with the primary key already, after before; "" if that is an
// error.
func (t *table[R, E]) onConflict(before string) string {
	if !t.replaces {
		return ""
	}
	return before + "CONFLICT (" + t.key.list("%") + ") DO UPDATE SET " + t.where(column.changes).list("% = excluded.%")
}

// insertion adds rows, of which there are at least one and at most fewRows.
func (t *table[R, E]) insertion(c conn, all ...E) *statement {
	q := c.made(t.insert[len(all)], len(all)*(len(t.added)+1))
	for _, x := range all {
		r := t.row(x)
		q.args = t.added.arguments(q.args, reflect.ValueOf(&r).Elem())
		if t.search != nil {
			q.args = append(q.args, t.search(x))
		}
	}
	return q
}

// updated writes a row again.
func (t *table[R, E]) updated(c conn, x E) *statement {
	q := c.made(t.update, len(t.saved)+1+len(t.key))
	r := t.row(x)
	row := reflect.ValueOf(&r).Elem()
	q.args = t.saved.arguments(q.args, row)
	if t.search != nil {
		q.args = append(q.args, t.search(x))
	}
	q.args = t.key.arguments(q.args, row)
	return q
}

// add writes a new row.
func (t *table[R, E]) add(ctx context.Context, c conn, x E) error {
	if t.hot {
		_, err := exec(ctx, c, t.insertion(c, x))
		return err
	}
	r := t.row(x)
	q := c.bun.NewInsert().Model(&r).ModelTableExpr(t.name + " AS ?TableAlias").Returning("NULL")
	if t.search != nil {
		q.Value("search", c.searchValue(), t.search(x))
	}
	return c.run(ctx, q)
}

// addAll is add for many at once, of a table without derived columns or a search. No rows are fine.
func (t *table[R, E]) addAll(ctx context.Context, c conn, set []E) error {
	if len(set) == 0 {
		return nil
	}
	if t.hot && len(set) <= fewRows {
		_, err := exec(ctx, c, t.insertion(c, set...))
		return err
	}
	rs := converted(set, t.row)
	q := c.bun.NewInsert().Model(&rs).ModelTableExpr(t.name + " AS ?TableAlias").Returning("NULL")
	if t.replaces {
		q.On(t.onConflict(""))
	}
	return c.run(ctx, q)
}

// save writes the whole row again.
func (t *table[R, E]) save(ctx context.Context, c conn, x E) error {
	if t.hot {
		return execOne(ctx, c, t.updated(c, x))
	}
	r := t.row(x)
	q := c.bun.NewUpdate().Model(&r).ModelTableExpr(t.name + " AS ?TableAlias").WherePK()
	if t.search != nil {
		q.Value("search", c.searchValue(), t.search(x))
	}
	return c.runOne(ctx, q)
}

func (t *table[R, E]) remove(ctx context.Context, c conn, id domain.ID) error {
	if t.hot {
		return inUse(execOne(ctx, c, c.asked(t.delete, id)))
	}
	return inUse(c.runOne(ctx, c.bun.NewDelete().Table(t.name).Where("id = ?", id)))
}

// get reads the row that a condition names.
func (t *table[R, E]) get(ctx context.Context, c conn, where string, args ...any) (E, error) {
	var r R
	err := c.scan(ctx, t.query(c, &r).Where(where, args...))
	return t.entity(r), err
}

// lock reads the row that a condition names and keeps it from changing until the Update ends.
func (t *table[R, E]) lock(ctx context.Context, c conn, where string, args ...any) (E, error) {
	var r R
	err := c.scan(ctx, t.query(c, &r).Where(where, args...).Apply(c.locking))
	return t.entity(r), err
}

// page returns a page in an order, and how many rows there are in all.
func (t *table[R, E]) page(ctx context.Context, c conn, order string, p ports.Page) ([]E, int, error) {
	n, err := c.count(ctx, c.bun.NewSelect().Table(t.name))
	if err != nil {
		return nil, 0, err
	}
	var rs []R
	err = c.scan(ctx, t.query(c, &rs).OrderExpr(order).Limit(int64(p.Size)).Offset(int64(p.Offset())))
	return converted(rs, t.entity), n, err
}

func (t *table[R, E]) query(c conn, model any) *bun.SelectQuery {
	return c.bun.NewSelect().Model(model).ModelTableExpr(t.name + " AS ?TableAlias")
}
