package bunstore

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"
)

// A row is described once, by the tags of its struct. bun uses them to build queries and to scan rows; this file makes
// the texts and arguments of the hot statements from them, once at start. These options of bun are used: pk, nullzero
// (the zero value is NULL), skipupdate (not written by an UPDATE) and scanonly (read, but not a column of the table).
// The tag group is our own: it names a set of columns.

// column is a column of a table with the field of the row that holds its value.
type column struct {
	name  string
	field *schema.Field
	value func(field reflect.Value) any // returns the argument of a statement
}

// columns are the columns of a table, in the order of the fields.
type columns []column

// rowTypes caches bun's descriptions of row structs. The columns are the same in each dialect.
var rowTypes = sqlitedialect.New().Tables()

// columnsOf returns the columns of a row type.
func columnsOf[R any]() columns {
	described := rowTypes.Get(reflect.TypeFor[R]())
	all := make(columns, len(described.Fields))
	for i, f := range described.Fields {
		all[i] = column{f.Name, f, argument(f.StructField.Type, f.NullZero)}
	}
	return all
}

// argument returns a function that turns a field into an argument, as both drivers take it and as bun would write it:
// times in UTC, truncated to microseconds; if null is set, NULL for a zero value.
func argument(kind reflect.Type, null bool) func(reflect.Value) any {
	value, isZero := plainArgument(kind), reflect.Value.IsZero
	if !null {
		return value
	}
	if kind == reflect.TypeFor[time.Time]() {
		isZero = func(f reflect.Value) bool { return f.Addr().Interface().(*time.Time).IsZero() }
	}
	return func(f reflect.Value) any {
		if isZero(f) {
			return nil
		}
		return value(f)
	}
}

func plainArgument(kind reflect.Type) func(reflect.Value) any {
	switch {
	case kind == reflect.TypeFor[time.Time]():
		return func(f reflect.Value) any { return bound(*f.Addr().Interface().(*time.Time)) }
	case kind.Implements(reflect.TypeFor[driver.Valuer]()), kind == reflect.TypeFor[searchText](), kind == reflect.TypeFor[tokenSequence]():
		return reflect.Value.Interface
	case kind == reflect.TypeFor[[]byte]():
		return func(f reflect.Value) any {
			if f.IsNil() {
				return []byte{} // not NULL
			}
			return f.Bytes()
		}
	}
	switch kind.Kind() {
	case reflect.String:
		return func(f reflect.Value) any { return f.String() }
	case reflect.Bool:
		return func(f reflect.Value) any { return f.Bool() }
	case reflect.Int, reflect.Int64:
		return func(f reflect.Value) any { return f.Int() }
	case reflect.Uint8:
		return func(f reflect.Value) any { return int64(f.Uint()) } //nolint:gosec // eight bits
	case reflect.Pointer:
		if kind.Elem().Kind() == reflect.Struct && kind.Elem() != reflect.TypeFor[time.Time]() {
			return jsonArgument
		}
		inner := plainArgument(kind.Elem())
		return func(f reflect.Value) any {
			if f.IsNil() {
				return nil
			}
			return inner(f.Elem())
		}
	default:
		panic(fmt.Sprintf("no column can hold a %s", kind))
	}
}

// jsonArgument returns the JSON of a pointer to a struct, which bun reads back; NULL for nil.
func jsonArgument(f reflect.Value) any {
	if f.IsNil() {
		return nil
	}
	text, err := json.Marshal(f.Interface())
	if err != nil {
		panic(fmt.Sprintf("no JSON of a %s: %v", f.Type(), err))
	}
	return string(text)
}

// filter returns the columns that satisfy a condition.
func (all columns) filter(condition func(column) bool) columns {
	var some columns
	for _, c := range all {
		if condition(c) {
			some = append(some, c)
		}
	}
	return some
}

// isKey reports whether a column belongs to the primary key.
func (c column) isKey() bool { return c.field.IsPK }

// changes reports whether an UPDATE writes a column.
func (c column) changes() bool { return !c.field.IsPK && !c.field.SkipUpdate() }

// group returns the columns of a group.
func (all columns) group(name string) columns {
	return all.filter(func(c column) bool { return groupOf(c.field) == name })
}

func groupOf(f *schema.Field) string { return f.StructField.Tag.Get("group") }

// list returns the columns separated by commas, each formatted as form with % replaced by its name.
func (all columns) list(form string) string {
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = strings.ReplaceAll(form, "%", c.name)
	}
	return strings.Join(names, ", ")
}

// prefixed returns the columns with an alias, as in "t.id, t.number".
func (all columns) prefixed(alias string) string { return all.list(alias + ".%") }

// arguments appends the values of a row, which must be addressable, to the arguments of a statement.
func (all columns) arguments(args []any, row reflect.Value) []any {
	for _, c := range all {
		args = append(args, c.value(row.FieldByIndex(c.field.Index)))
	}
	return args
}
