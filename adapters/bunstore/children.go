package bunstore

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tickt/domain"
)

// What a row has several of is in child rows: rows of another table that name their parent. The statement that reads
// the parents reads their children too, however many parents there are, so that all is of one moment. When a parent is
// saved, its children are replaced. In the struct of a child row, the group parent is the column that names the parent,
// and the group order is the column that the children of a parent are ordered by.

// childTable is a table of child rows.
type childTable[R, E any] struct {
	*table[R, E]
	parent string
}

// childrenOf describes a table of child rows.
func childrenOf[R, E any](t *table[R, E]) childTable[R, E] {
	return childTable[R, E]{t, t.group("parent").list("%")}
}

// nested returns an expression for the children of the row whose id is key; children[R] reads its value. In it, x is
// the table. instead has other expressions for some of the columns, for instance of a table that join adds.
func (t childTable[R, E]) nested(e *engine, key, join string, instead map[string]string) string {
	var values []string
	for _, c := range t.columns {
		if other, ok := instead[c.name]; ok {
			values = append(values, other)
		} else if c.name != t.parent {
			values = append(values, "x."+c.name)
		}
	}
	all := `(` + strings.Join(values, ", ") + `) ORDER BY ` + t.group("order").of("x") + `)`
	if e.postgres {
		all = `CAST(COALESCE(json_agg(json_build_array` + all + `, '[]') AS TEXT)`
	} else {
		all = `json_group_array(json_array` + all
	}
	return `(SELECT ` + all + ` FROM ` + t.name + ` x` + join + ` WHERE x.` + t.parent + ` = ` + key + `)`
}

// children are child rows as a column that nested selects. The column that names the parent is not read. The zero value
// is none.
type children[R any] []R

// Scan implements sql.Scanner.
func (s *children[R]) Scan(column any) error {
	var all []child[R]
	if err := readColumn(column, &all); err != nil {
		return err
	}
	*s = converted(all, func(c child[R]) R { return c.row })
	return nil
}

// child is a child row as nested writes it.
type child[R any] struct{ row R }

// UnmarshalJSON implements json.Unmarshaler.
func (c *child[R]) UnmarshalJSON(text []byte) error {
	var into []any
	row := reflect.ValueOf(&c.row).Elem()
	for _, f := range rowsKnown.Get(row.Type()).Fields {
		if groupOf(f) != "parent" {
			into = append(into, readable(row.FieldByIndex(f.Index)))
		}
	}
	n := len(into)
	if err := json.Unmarshal(text, &into); err != nil {
		return err
	}
	if len(into) != n {
		return fmt.Errorf("a child row has %d columns, want %d", len(into), n)
	}
	return nil
}

// readable returns a pointer to a field that reads what either engine writes for it.
func readable(f reflect.Value) any {
	switch {
	case f.Kind() == reflect.Bool:
		return (*anyBool)(f.Addr().Interface().(*bool))
	case f.Type() == reflect.TypeFor[time.Time]():
		return (*anyTime)(f.Addr().Interface().(*time.Time))
	}
	return f.Addr().Interface()
}

// anyBool is a boolean as PostgreSQL writes it, or as a number, as SQLite does.
type anyBool bool

// UnmarshalJSON implements json.Unmarshaler.
func (b *anyBool) UnmarshalJSON(text []byte) error {
	set, err := strconv.ParseBool(string(text))
	*b = anyBool(set)
	return err
}

// anyTime is a time as either engine writes it: with a T between day and hour or without.
type anyTime time.Time

// UnmarshalJSON implements json.Unmarshaler.
func (t *anyTime) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	at, err := time.Parse(`"`+time.RFC3339Nano+`"`, strings.Replace(string(text), " ", "T", 1))
	*t = anyTime(at.UTC())
	return err
}

// childRows are the children that one parent is to have in one table.
type childRows interface {
	add(ctx context.Context, c conn) error
	replace(ctx context.Context, c conn, parent domain.ID) error
}

// with returns the children that a parent is to have in the table.
func (t childTable[R, E]) with(all []E) childRows { return rowsIn[R, E]{t, all} }

type rowsIn[R, E any] struct {
	table childTable[R, E]
	all   []E
}

// add writes them; the parent is new and has none.
func (r rowsIn[R, E]) add(ctx context.Context, c conn) error { return r.table.addAll(ctx, c, r.all) }

// replace writes them in the place of those that the parent has.
func (r rowsIn[R, E]) replace(ctx context.Context, c conn, parent domain.ID) error {
	if err := c.run(ctx, c.bun.NewDelete().Table(r.table.name).Where("? = ?", bun.Ident(r.table.parent), parent)); err != nil {
		return err
	}
	return r.add(ctx, c)
}
