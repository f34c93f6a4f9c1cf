package bunstore

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// groupUpdate updates the columns of a group in many rows at once. It is not a hot statement: each number of rows
// makes another text.
type groupUpdate[R, E any] struct {
	*table[R, E]
	values   columns // the key, followed by the group
	before   string  // the text before the rows
	postgres string  // the placeholders of a row; PostgreSQL must know the types of its values
	sqlite   string  // the placeholders of a row
	after    string  // the text after the rows
}

// groupUpdate returns the update of a group of columns.
func (t *table[R, E]) groupUpdate(group string) *groupUpdate[R, E] {
	changes := t.group(group)
	p := &groupUpdate[R, E]{table: t, values: append(t.key[:len(t.key):len(t.key)], changes...)}
	typed := make([]string, len(p.values))
	for i, c := range p.values {
		typed[i] = "CAST(? AS " + typeOf(c.field.StructField.Type) + ")"
	}
	p.postgres, p.sqlite = "("+strings.Join(typed, ", ")+")", "("+p.values.list("?")+")"
	p.before = "WITH d (" + p.values.list("%") + ") AS (VALUES "
	p.after = ") UPDATE " + t.name + " AS t SET " + changes.list("% = d.%") + " FROM d WHERE " + t.key.list("t.% = d.%")
	return p
}

// typeOf returns PostgreSQL's name of a type.
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

// saveAll updates the rows of the entities; rows that do not exist are ignored. An empty set is fine.
func (p *groupUpdate[R, E]) saveAll(ctx context.Context, c conn, set []E) error {
	if len(set) == 0 {
		return nil
	}
	row := p.sqlite
	if c.postgres {
		row = p.postgres
	}
	args := make([]any, 0, len(set)*len(p.values))
	for _, x := range set {
		r := p.row(x)
		args = p.values.arguments(args, reflect.ValueOf(&r).Elem())
	}
	text := p.before + strings.Repeat(row+", ", len(set)-1) + row + p.after
	return c.run(ctx, c.bun.NewRaw(text, args...))
}
