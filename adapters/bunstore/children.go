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

// What a row has several of stands in child rows: those of another table that name their parent. They are read by the
// statement that reads the parents, however many those are, so that all is of one moment; and they are replaced when their
// parent is saved. Of the columns of a child row, the group parent names the parent, and the group order is what the
// children of a parent are in the order of.

// childTable is a table of child rows.
type childTable[R, E any] struct {
	*table[R, E]
	parent string
}

// childrenOf describes a table of child rows.
func childrenOf[R, E any](t *table[R, E]) childTable[R, E] {
	return childTable[R, E]{t, t.group("parent").list("%")}
}

// nested returns what a SELECT has for the children of the row that key stands for, which children[R] reads. Columns of the
// table are those of x; instead has other expressions for some of them, on what join adds to x.
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

// children are child rows as a column that nested selects, but for the columns that name the parent. The zero value is none.
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

// brood is the children that one parent is to have in one table.
type brood interface {
	add(ctx context.Context, c conn) error
	replace(ctx context.Context, c conn, parent domain.ID) error
}

// having returns the children that a parent is to have in the table.
func (t childTable[R, E]) having(all []E) brood { return kin[R, E]{t, all} }

type kin[R, E any] struct {
	in  childTable[R, E]
	all []E
}

// add writes them; the parent is new and has none.
func (k kin[R, E]) add(ctx context.Context, c conn) error { return k.in.addAll(ctx, c, k.all) }

// replace writes them in the place of those that the parent has.
func (k kin[R, E]) replace(ctx context.Context, c conn, parent domain.ID) error {
	if err := c.run(ctx, c.bun.NewDelete().Table(k.in.name).Where("? = ?", bun.Ident(k.in.parent), parent)); err != nil {
		return err
	}
	return k.add(ctx, c)
}
