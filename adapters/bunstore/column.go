package bunstore

import (
	"database/sql/driver"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"
)

// A row is described once, by the tags of its struct. bun reads them when it writes seldom statements and when it reads
// rows; the texts and arguments of the hot statements are made from them here, once at start. Of bun's options these
// matter: pk, nullzero (the zero value is NULL), skipupdate (written with a new row and never again) and scanonly
// (read, but not a column of the table). The tag group is ours: it names a set of columns.

// column is a column and the field of a row that holds its value.
type column struct {
	name  string
	field *schema.Field
	value func(field reflect.Value) any // as an argument of a statement
}

// columns are those of a table, in the order of the fields.
type columns []column

// rowsKnown is where bun keeps what it knows of structs. The columns are the same for each dialect.
var rowsKnown = sqlitedialect.New().Tables()

// columnsOf describes a row.
func columnsOf[R any]() columns {
	described := rowsKnown.Get(reflect.TypeFor[R]())
	all := make(columns, len(described.Fields))
	for i, f := range described.Fields {
		all[i] = column{f.Name, f, argument(f.StructField.Type, f.NullZero)}
	}
	return all
}

// argument returns a function that makes an argument of a field, as both drivers take it and as bun would write it:
// times in UTC, cut to microseconds; if null is set, NULL for a zero value.
func argument(kind reflect.Type, null bool) func(reflect.Value) any {
	given, unset := plainArgument(kind), reflect.Value.IsZero
	if !null {
		return given
	}
	if kind == reflect.TypeFor[time.Time]() {
		unset = func(f reflect.Value) bool { return f.Addr().Interface().(*time.Time).IsZero() }
	}
	return func(f reflect.Value) any {
		if unset(f) {
			return nil
		}
		return given(f)
	}
}

func plainArgument(kind reflect.Type) func(reflect.Value) any {
	switch {
	case kind == reflect.TypeFor[time.Time]():
		return func(f reflect.Value) any { return bound(*f.Addr().Interface().(*time.Time)) }
	case kind.Implements(reflect.TypeFor[driver.Valuer]()), kind == reflect.TypeFor[searched]():
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

// where returns the columns that a condition holds for.
func (all columns) where(wanted func(column) bool) columns {
	var some columns
	for _, c := range all {
		if wanted(c) {
			some = append(some, c)
		}
	}
	return some
}

// isKey reports whether a column is one of the primary key.
func (c column) isKey() bool { return c.field.IsPK }

// changes reports whether a column is written again when a row is saved.
func (c column) changes() bool { return !c.field.IsPK && !c.field.SkipUpdate() }

// group returns the columns of a group.
func (all columns) group(name string) columns {
	return all.where(func(c column) bool { return groupOf(c.field) == name })
}

func groupOf(f *schema.Field) string { return f.StructField.Tag.Get("group") }

// list returns the columns with commas between them, each in a form in which % stands for its name.
func (all columns) list(form string) string {
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = strings.ReplaceAll(form, "%", c.name)
	}
	return strings.Join(names, ", ")
}

// of returns the columns of an alias, as in "t.id, t.number".
func (all columns) of(alias string) string { return all.list(alias + ".%") }

// arguments appends the values of a row to the arguments of a statement. The row must be addressable.
func (all columns) arguments(args []any, row reflect.Value) []any {
	for _, c := range all {
		args = append(args, c.value(row.FieldByIndex(c.field.Index)))
	}
	return args
}
