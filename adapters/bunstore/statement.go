package bunstore

import (
	"cmp"
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"tickt/domain"
)

// There are two kinds of statements. The seldom ones are written by bun's query builder, arguments and all: every
// text is new to the server, which plans it anew. The hot ones are made here, from constant texts with bound
// arguments: PostgreSQL prepares each once for a connection and skips the planning, which costs many times as much
// as the execution. Hence: put no value into the text of a statement, and let its texts be few.

// statement is a hot statement: its text, with a ? for each argument in turn, and the arguments. A ? stands for
// nothing else, not even between quotes.
type statement struct {
	text     strings.Builder
	args     []any
	postgres bool
	marks    int
}

// statement begins a statement. The arguments are those of the text's first marks; later ones may follow with add.
func (c conn) statement(text string, args ...any) *statement {
	s := &statement{postgres: c.postgres}
	if c.postgres {
		s.args = append(make([]any, 0, 1+len(args)), c.hot)
	}
	return s.add(text, args...)
}

// add goes on with a statement.
func (s *statement) add(text string, args ...any) *statement {
	if s.postgres {
		s.number(text)
	} else {
		s.text.WriteString(text)
	}
	for _, v := range args {
		s.args = append(s.args, bound(v))
	}
	return s
}

// number writes $1, $2 and so on for the marks.
func (s *statement) number(text string) {
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

// bound gives an argument as both drivers take it, and as bun would have written it: a time in UTC, cut to microseconds.
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

// opt is an argument that is NULL where v is unset: a zero time, an empty id.
func opt[T comparable](v T) any {
	var unset T
	if t, ok := any(v).(time.Time); v == unset || ok && t.IsZero() {
		return nil
	}
	return v
}

// rows runs a statement and reads every row into a T, by the names of the columns as bun knows them. It is never nil.
func rows[T any](ctx context.Context, c conn, s *statement) ([]T, error) {
	found, err := c.raw.QueryContext(ctx, s.text.String(), s.args...) //nolint:rowserrcheck // ScanRows does
	if err != nil {
		return nil, c.failed(err, s.text.String())
	}
	out := []T{}
	if err := c.reads.ScanRows(ctx, found, &out); err != nil {
		return nil, c.failed(err, s.text.String())
	}
	return out, nil
}

// row runs a statement and reads the first row; domain.ErrNotFound where there is none.
func row[T any](ctx context.Context, c conn, s *statement) (out T, err error) {
	found, err := c.raw.QueryContext(ctx, s.text.String(), s.args...)
	if err != nil {
		return out, c.failed(err, s.text.String())
	}
	defer func() { _ = found.Close() }()
	if !found.Next() {
		return out, c.failed(cmp.Or(found.Err(), sql.ErrNoRows), s.text.String())
	}
	if err := c.reads.ScanRow(ctx, found, &out); err != nil {
		return out, c.failed(err, s.text.String())
	}
	return out, c.failed(found.Close(), s.text.String())
}

// exec runs a statement that gives no rows; it gives how many it changed.
func exec(ctx context.Context, c conn, s *statement) (affected int64, err error) {
	result, err := c.raw.ExecContext(ctx, s.text.String(), s.args...)
	if err != nil {
		return 0, c.failed(err, s.text.String())
	}
	affected, err = result.RowsAffected()
	return affected, c.failed(err, s.text.String())
}

// execOne is exec of a statement that must change a row; domain.ErrNotFound if it changes none.
func execOne(ctx context.Context, c conn, s *statement) error {
	n, err := exec(ctx, c, s)
	if err == nil && n == 0 {
		return c.failed(domain.ErrNotFound, s.text.String())
	}
	return err
}

// fewRows is up to how many rows an INSERT is a hot statement: each number of rows is a text of its own.
const fewRows = 8

// addFew writes rows with one statement, which is hot where they are few; insert is its text up to VALUES, values gives
// a row's. No rows are fine.
func addFew[R, E any](ctx context.Context, c conn, t table[R, E], all []E, insert string, values func(E) []any) error {
	if len(all) == 0 || len(all) > fewRows {
		return t.addAll(ctx, c, all)
	}
	q := c.statement(insert)
	valuesOf(q, all, values)
	_, err := exec(ctx, c, q)
	return err
}

// valuesOf goes on with a statement by the values of rows, each between brackets.
func valuesOf[E any](q *statement, all []E, values func(E) []any) {
	for i, x := range all {
		args := values(x)
		separator := ``
		if i > 0 {
			separator = `, `
		}
		q.add(separator+`(`+strings.Repeat(`?, `, len(args)-1)+`?)`, args...)
	}
}
