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

// Lists of an entity are child rows: rows of another table that refer to their parent. One statement reads any number of
// parents with their children, so that both are consistent. When a parent is saved, its children are replaced. In the
// struct of a child row, the group parent is the column that refers to the parent, and the group order is the column by
// which the children of a parent are ordered.

// childTable is a table of child rows.
type childTable[R, E any] struct {
	*table[R, E]
	parent string
}

// childrenOf returns t as a table of child rows.
func childrenOf[R, E any](t *table[R, E]) childTable[R, E] {
	return childTable[R, E]{t, t.group("parent").list("%")}
}

// nested returns an expression for the children of the row whose id is key; children[R] scans its value. In it, x is
// the table; join may join others. overrides holds other expressions for some columns, for instance of a joined
// table.
func (t childTable[R, E]) nested(e *engine, key, join string, overrides map[string]string) string {
	var values []string
	for _, c := range t.columns {
		if other, ok := overrides[c.name]; ok {
			values = append(values, other)
		} else if c.name != t.parent {
			values = append(values, "x."+c.name)
		}
	}
	all := `(` + strings.Join(values, ", ") + `) ORDER BY ` + t.group("order").prefixed("x") + `)`
	if e.postgres {
		all = `CAST(COALESCE(json_agg(json_build_array` + all + `, '[]') AS TEXT)`
	} else {
		all = `json_group_array(json_array` + all
	}
	return `(SELECT ` + all + ` FROM ` + t.name + ` x` + join + ` WHERE x.` + t.parent + ` = ` + key + `)`
}

// children are child rows as a column that nested selects. The column that refers to the parent is not read. The zero
// value means no children.
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

// child is a child row as nested encodes it: a JSON array.
type child[R any] struct{ row R }

// UnmarshalJSON implements json.Unmarshaler.
func (c *child[R]) UnmarshalJSON(text []byte) error {
	var into []any
	row := reflect.ValueOf(&c.row).Elem()
	for _, f := range rowTypes.Get(row.Type()).Fields {
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

// readable returns a pointer to a field that decodes the JSON of either engine.
func readable(f reflect.Value) any {
	switch {
	case f.Kind() == reflect.Bool:
		return (*anyBool)(f.Addr().Interface().(*bool))
	case f.Type() == reflect.TypeFor[time.Time]():
		return (*anyTime)(f.Addr().Interface().(*time.Time))
	}
	return f.Addr().Interface()
}

// anyBool decodes a boolean from true and false, as PostgreSQL writes it, or from a number, as SQLite does.
type anyBool bool

// UnmarshalJSON implements json.Unmarshaler.
func (b *anyBool) UnmarshalJSON(text []byte) error {
	set, err := strconv.ParseBool(string(text))
	*b = anyBool(set)
	return err
}

// anyTime decodes a time with a T or a space between date and time.
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

// childRows are the new children of one parent in one table.
type childRows interface {
	add(ctx context.Context, c conn) error
	replace(ctx context.Context, c conn, parent domain.ID) error
}

// with returns all as the new children of a parent.
func (t childTable[R, E]) with(all []E) childRows { return childSet[R, E]{t, all} }

type childSet[R, E any] struct {
	table childTable[R, E]
	rows  []E
}

// add inserts the children of a parent that has none.
func (r childSet[R, E]) add(ctx context.Context, c conn) error { return r.table.addAll(ctx, c, r.rows) }

// replace deletes the children of a parent and inserts the new ones.
func (r childSet[R, E]) replace(ctx context.Context, c conn, parent domain.ID) error {
	if err := c.run(ctx, c.bun.NewDelete().Table(r.table.name).Where("? = ?", bun.Ident(r.table.parent), parent)); err != nil {
		return err
	}
	return r.add(ctx, c)
}
