package bunstore

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// partial writes the columns of a group, of many rows at once. It is a seldom statement: each number of rows makes
// another text.
type partial[R, E any] struct {
	*table[R, E]
	values   columns // the key, then the group
	before   string  // the rows
	server   string  // a row on PostgreSQL, which has to be told the types of its values
	embedded string  // a row on SQLite
	after    string  // the rows
}

// partial returns what writes a group of columns.
func (t *table[R, E]) partial(group string) *partial[R, E] {
	changes := t.group(group)
	p := &partial[R, E]{table: t, values: append(t.key[:len(t.key):len(t.key)], changes...)}
	typed := make([]string, len(p.values))
	for i, c := range p.values {
		typed[i] = "CAST(? AS " + typeOf(c.field.StructField.Type) + ")"
	}
	p.server, p.embedded = "("+strings.Join(typed, ", ")+")", "("+p.values.list("?")+")"
	p.before = "WITH d (" + p.values.list("%") + ") AS (VALUES "
	p.after = ") UPDATE " + t.name + " AS t SET " + changes.list("% = d.%") + " FROM d WHERE " + t.key.list("t.% = d.%")
	return p
}

// typeOf returns what PostgreSQL calls a type.
func typeOf(kind reflect.Type) string {
	if kind == reflect.TypeFor[time.Time]() {
		return "TIMESTAMPTZ"
	}
	switch kind.Kind() {
	case reflect.String:
		return "TEXT"
	case reflect.Bool:
		return "BOOLEAN"
	case reflect.Int, reflect.Int64:
		return "BIGINT"
	default:
		panic(fmt.Sprintf("a group of columns cannot hold a %s", kind))
	}
}

// saveAll writes the columns of the rows that there are. No rows are fine.
func (p *partial[R, E]) saveAll(ctx context.Context, c conn, set []E) error {
	if len(set) == 0 {
		return nil
	}
	row := p.embedded
	if c.postgres {
		row = p.server
	}
	args := make([]any, 0, len(set)*len(p.values))
	for _, x := range set {
		r := p.row(x)
		args = p.values.arguments(args, reflect.ValueOf(&r).Elem())
	}
	text := p.before + strings.Repeat(row+", ", len(set)-1) + row + p.after
	return c.run(ctx, c.bun.NewRaw(text, args...))
}
