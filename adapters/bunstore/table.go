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

// table describes one table: E is the entity, R its row, which has the same fields tagged with the names of their
// columns. Hot statements are made once at start; bun's query builder writes the others.
type table[R, E any] struct {
	name    string
	row     func(E) R
	entity  func(R) E             // nil if rows are never read by this table's methods
	search  func(E) string        // returns the words for the column search of a hot table; nil if there is no such column
	sought  func(E) tokenSequence // returns the value of the column search of a table that is not hot; nil if there is none
	derived []derived             // only in hot tables

	// hot makes add, save and remove use hot statements, and addAll up to fewRows rows.
	hot bool

	// replaces makes an added row replace the one with the same primary key.
	replaces bool

	columns
	key           columns
	insertColumns columns // the columns whose values are the arguments of an INSERT, except the search
	updateColumns columns // the same of an UPDATE, except the search and the key
	hotTexts
}

// derived is a column whose value the database computes from another one.
type derived struct {
	name       string
	expression string // with a placeholder
	source     string // the column whose value is the argument
	insertOnly bool   // not written by an UPDATE
}

// hotTexts are the hot statements of a table.
type hotTexts struct {
	insert [fewRows + 1]fixedText // by the number of rows
	update fixedText
	delete fixedText
}

// newTable completes the description of a table from the tags of its row, and makes its hot statements.
func newTable[R, E any](t table[R, E]) *table[R, E] {
	t.columns = columnsOf[R]()
	t.key, t.insertColumns, t.updateColumns = t.filter(column.isKey), slices.Clone(t.columns), t.filter(column.changes)
	for _, d := range t.derived {
		source := t.filter(func(c column) bool { return c.name == d.source })
		t.insertColumns = append(t.insertColumns, source...)
		if !d.insertOnly {
			t.updateColumns = append(t.updateColumns, source...)
		}
	}
	if t.hot {
		for n := 1; n <= fewRows; n++ {
			t.insert[n] = textsOf(func(e *engine) string { return t.insertText(e, n) })
		}
		t.update, t.delete = textsOf(t.updateText), textOf("DELETE FROM "+t.name+" WHERE id = ?")
	}
	return &t
}

// tableOf describes a table whose rows are its entities.
func tableOf[R any](name string) *table[R, R] {
	return newTable(table[R, R]{name: name, row: same[R], entity: same[R]})
}

func same[R any](r R) R { return r }

// insertText returns the INSERT of n rows.
func (t *table[R, E]) insertText(e *engine, n int) string {
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

// updateText returns the UPDATE of a row.
func (t *table[R, E]) updateText(e *engine) string {
	changes := t.filter(column.changes).list("% = ?")
	for _, d := range t.derived {
		if !d.insertOnly {
			changes += ", " + d.name + " = " + d.expression
		}
	}
	if t.search != nil {
		changes += ", search = " + e.searchValue()
	}
	return "UPDATE " + t.name + " SET " + changes + " WHERE " + t.key.list("% = ?")
}

// onConflict returns the clause that replaces a row with the same primary key, after the prefix before; "" if the
// table does not replace rows.
func (t *table[R, E]) onConflict(before string) string {
	if !t.replaces {
		return ""
	}
	return before + "CONFLICT (" + t.key.list("%") + ") DO UPDATE SET " + t.filter(column.changes).list("% = excluded.%")
}

// insertStatement returns the statement that adds rows: at least one and at most fewRows.
func (t *table[R, E]) insertStatement(c conn, all ...E) *statement {
	q := c.unbound(t.insert[len(all)], len(all)*(len(t.insertColumns)+1))
	for _, x := range all {
		q.args = t.insertArguments(q.args, x)
	}
	return q
}

// insertArguments appends the arguments of an INSERT of a row.
func (t *table[R, E]) insertArguments(args []any, x E) []any {
	r := t.row(x)
	args = t.insertColumns.arguments(args, reflect.ValueOf(&r).Elem())
	if t.search != nil {
		args = append(args, t.search(x))
	}
	return args
}

// updateStatement returns the statement that saves a row.
func (t *table[R, E]) updateStatement(c conn, x E) *statement {
	q := c.unbound(t.update, len(t.updateColumns)+1+len(t.key))
	r := t.row(x)
	row := reflect.ValueOf(&r).Elem()
	q.args = t.updateColumns.arguments(q.args, row)
	if t.search != nil {
		q.args = append(q.args, t.search(x))
	}
	q.args = t.key.arguments(q.args, row)
	return q
}

// add inserts a row.
func (t *table[R, E]) add(ctx context.Context, c conn, x E) error {
	if t.hot {
		_, err := exec(ctx, c, t.insertStatement(c, x))
		return err
	}
	r := t.row(x)
	q := c.bun.NewInsert().Model(&r).ModelTableExpr(t.name + " AS ?TableAlias").Returning("NULL")
	if t.sought != nil {
		q.Value("search", "?", t.sought(x))
	}
	return c.run(ctx, q)
}

// addAll inserts rows of a table without derived columns or a search. No rows are fine.
func (t *table[R, E]) addAll(ctx context.Context, c conn, set []E) error {
	if len(set) == 0 {
		return nil
	}
	if t.hot && len(set) <= fewRows {
		_, err := exec(ctx, c, t.insertStatement(c, set...))
		return err
	}
	rs := converted(set, t.row)
	q := c.bun.NewInsert().Model(&rs).ModelTableExpr(t.name + " AS ?TableAlias").Returning("NULL")
	if t.replaces {
		q.On(t.onConflict(""))
	}
	return c.run(ctx, q)
}

// save updates all columns of a row that an update may change; domain.ErrNotFound if there is none.
func (t *table[R, E]) save(ctx context.Context, c conn, x E) error {
	if t.hot {
		return execOne(ctx, c, t.updateStatement(c, x))
	}
	r := t.row(x)
	q := c.bun.NewUpdate().Model(&r).ModelTableExpr(t.name + " AS ?TableAlias").WherePK()
	if t.sought != nil {
		q.Value("search", "?", t.sought(x))
	}
	return c.runOne(ctx, q)
}

func (t *table[R, E]) remove(ctx context.Context, c conn, id domain.ID) error {
	if t.hot {
		return inUse(execOne(ctx, c, c.fixed(t.delete, id)))
	}
	return inUse(c.runOne(ctx, c.bun.NewDelete().Table(t.name).Where("id = ?", id)))
}

// get reads the row that satisfies a condition.
func (t *table[R, E]) get(ctx context.Context, c conn, where string, args ...any) (E, error) {
	var r R
	err := c.scan(ctx, t.query(c, &r).Where(where, args...))
	return t.entity(r), err
}

// lock reads the row that satisfies a condition and locks it until the Update ends.
func (t *table[R, E]) lock(ctx context.Context, c conn, where string, args ...any) (E, error) {
	var r R
	err := c.scan(ctx, t.query(c, &r).Where(where, args...).Apply(c.locking))
	return t.entity(r), err
}

// page returns a page in an order, and the number of all rows.
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
