package bunstore

import (
	"cmp"
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tickt/domain"
)

// There are two kinds of statements. Most are written by bun's query builder, which interpolates the arguments: the
// server parses and plans each text again. Hot statements are made here, from constant texts with bound arguments:
// PostgreSQL prepares each once per connection and skips planning, which costs many times as much as execution.
// So never put values into the text of a hot statement, and keep the number of its texts small.
//
// After a few executions PostgreSQL may keep a plan that does not look at the arguments. Where the best plan depends on them, the
// statement is sent unprepared. TestPlansOfPreparedStatementsDoNotDependOnTheirValues finds such statements.

// statement is a hot statement: its text, with ? as the placeholder of each argument in order, and the arguments. A ?
// must not occur otherwise, not even between quotes.
type statement struct {
	fixed    string // the whole text, if it was made at start; otherwise the text is in text
	text     strings.Builder
	args     []any
	postgres bool
	marks    int
}

// fixedText is a statement, or the beginning of one, that is made once at start.
type fixedText struct{ postgres, sqlite string } // the text for each engine

// textOf returns a text that differs between the engines only in its placeholders.
func textOf(s string) fixedText { return textsOf(func(*engine) string { return s }) }

// textsOf returns a text that may differ between the engines.
func textsOf(on func(*engine) string) fixedText {
	server := (&statement{postgres: true}).add(on(&engine{postgres: true}))
	return fixedText{server.String(), on(&engine{})}
}

// unbound begins a statement with a fixed text and no arguments, with capacity for room of them. The arguments of the
// text must be appended to args before add is called.
func (c conn) unbound(t fixedText, room int) *statement {
	s := &statement{fixed: t.sqlite, postgres: c.postgres, args: make([]any, 0, 1+room)}
	if c.postgres {
		s.fixed, s.args = t.postgres, append(s.args, c.prepared.mode())
	}
	return s
}

// fixed begins a statement with a fixed text and its arguments.
func (c conn) fixed(t fixedText, args ...any) *statement {
	s := c.unbound(t, len(args))
	for _, v := range args {
		s.args = append(s.args, bound(v))
	}
	return s
}

// String returns the text.
func (s *statement) String() string {
	if s.fixed != "" {
		return s.fixed
	}
	return s.text.String()
}

// statement begins a statement. args are the arguments of the placeholders in text; more may follow with add.
func (c conn) statement(text string, args ...any) *statement {
	s := &statement{postgres: c.postgres}
	if c.postgres {
		s.args = append(make([]any, 0, 1+len(args)), c.prepared.mode())
	}
	return s.add(text, args...)
}

// unprepared makes PostgreSQL plan the statement for its very arguments each time: its best plan depends on them.
func (s *statement) unprepared() *statement {
	if s.postgres {
		s.args[0] = pgx.QueryExecModeExec
	}
	return s
}

// add appends text and arguments to a statement.
func (s *statement) add(text string, args ...any) *statement {
	if s.fixed != "" {
		s.text.Grow(len(s.fixed) + len(text) + 128)
		s.text.WriteString(s.fixed)
		s.fixed = ""
		if s.postgres {
			s.marks = len(s.args) - 1 // the first argument is the execution mode
		}
	}
	if s.postgres {
		s.numberMarks(text)
	} else {
		s.text.WriteString(text)
	}
	for _, v := range args {
		s.args = append(s.args, bound(v))
	}
	return s
}

// numberMarks appends text with its placeholders replaced by $1, $2 and so on.
func (s *statement) numberMarks(text string) {
	s.text.Grow(len(text) + 32)
	for {
		before, after, found := strings.Cut(text, "?")
		s.text.WriteString(before)
		if !found {
			return
		}
		s.marks++
		s.text.WriteByte('$')
		s.text.WriteString(strconv.Itoa(s.marks))
		text = after
	}
}

// bound returns an argument as both drivers take it and as bun would write it: a time in UTC, truncated to
// microseconds; an id as a string.
func bound(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.UTC().Truncate(time.Microsecond)
	case domain.ID:
		return string(v)
	default:
		return v
	}
}

// nullable returns v as an argument, or nil (NULL) if it is unset: a zero time, an empty id.
func nullable[T comparable](v T) any {
	var unset T
	if t, ok := any(v).(time.Time); v == unset || ok && t.IsZero() {
		return nil
	}
	return v
}

// rows runs a statement and scans every row into a T by the names of the columns. The result is never nil.
func rows[T any](ctx context.Context, c conn, s *statement) ([]T, error) {
	found, err := c.raw.QueryContext(ctx, s.String(), s.args...) //nolint:rowserrcheck // ScanRows does
	if err != nil {
		return nil, c.failed(err, s.String())
	}
	out := []T{}
	if err := c.reads.ScanRows(ctx, found, &out); err != nil {
		return nil, c.failed(err, s.String())
	}
	return out, nil
}

// row runs a statement and scans the first row; domain.ErrNotFound if there is none.
func row[T any](ctx context.Context, c conn, s *statement) (out T, err error) {
	found, err := c.raw.QueryContext(ctx, s.String(), s.args...)
	if err != nil {
		return out, c.failed(err, s.String())
	}
	defer func() { _ = found.Close() }()
	if !found.Next() {
		return out, c.failed(cmp.Or(found.Err(), sql.ErrNoRows), s.String())
	}
	if err := c.reads.ScanRow(ctx, found, &out); err != nil {
		return out, c.failed(err, s.String())
	}
	return out, c.failed(found.Close(), s.String())
}

// exec runs a statement that returns no rows, and returns how many rows it changed.
func exec(ctx context.Context, c conn, s *statement) (affected int64, err error) {
	result, err := c.raw.ExecContext(ctx, s.String(), s.args...)
	if err != nil {
		return 0, c.failed(err, s.String())
	}
	affected, err = result.RowsAffected()
	c.note(affected)
	return affected, c.failed(err, s.String())
}

// execOne is exec for a statement that must change a row; domain.ErrNotFound if it changes none.
func execOne(ctx context.Context, c conn, s *statement) error {
	n, err := exec(ctx, c, s)
	if err == nil && n == 0 {
		return c.failed(domain.ErrNotFound, s.String())
	}
	return err
}

// converted returns the results of to for all rows; never nil.
func converted[R, V any](rs []R, to func(R) V) []V {
	out := make([]V, len(rs))
	for i, r := range rs {
		out[i] = to(r)
	}
	return out
}

// pageWithTotal returns the entries of a page and the total, which a list selects beside each row. If the page is
// empty, the only row has no id. The page is never nil.
func pageWithTotal[R, V any](rs []R, idAndTotal func(R) (domain.ID, int), view func(R) V) (page []V, total int) {
	page = make([]V, 0, len(rs))
	for _, r := range rs {
		id, n := idAndTotal(r)
		if total = n; id != "" {
			page = append(page, view(r))
		}
	}
	return page, total
}

// andIn appends the condition that the values, between before and after, form: nothing if values is nil, a condition
// that never holds if it is empty.
func andIn[T ~string](q *statement, before string, values []T, after string) {
	if values == nil {
		return
	}
	if len(values) == 0 {
		q.add(` AND 1 = 0`)
		return
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = string(v)
	}
	q.add(` AND `+before+strings.Repeat(`?, `, len(args)-1)+`?`+after, args...)
}

// fewRows is the largest number of rows or ids for which a hot statement has a text of its own.
const fewRows = 8
