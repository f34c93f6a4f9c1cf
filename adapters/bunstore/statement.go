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
	fixed    string // the text, if it was made before; else it is in text
	text     strings.Builder
	args     []any
	postgres bool
	marks    int
}

// fixedText is a statement, or its beginning, that is made once at start.
type fixedText struct{ server, embedded string } // as PostgreSQL and SQLite want it

// textOf makes a text that differs by no more than the form of its marks.
func textOf(s string) fixedText { return textsOf(func(*engine) string { return s }) }

// textsOf makes a text for each engine.
func textsOf(on func(*engine) string) fixedText {
	server := (&statement{postgres: true}).add(on(&engine{postgres: true}))
	return fixedText{server.String(), on(&engine{})}
}

// made begins a statement with a text, with room for so many arguments. The arguments of the text must be appended to
// args before add goes on with it.
func (c conn) made(t fixedText, room int) *statement {
	s := &statement{fixed: t.embedded, postgres: c.postgres, args: make([]any, 0, 1+room)}
	if c.postgres {
		s.fixed, s.args = t.server, append(s.args, c.hot)
	}
	return s
}

// asked begins a statement with a text and its arguments.
func (c conn) asked(t fixedText, args ...any) *statement {
	s := c.made(t, len(args))
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
	if s.fixed != "" {
		s.text.Grow(len(s.fixed) + len(text) + 128)
		s.text.WriteString(s.fixed)
		s.fixed = ""
		if s.postgres {
			s.marks = len(s.args) - 1 // the first says how to prepare it
		}
	}
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

// bound returns an argument as both drivers take it, and as bun would write it: a time in UTC, cut to microseconds.
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

// row runs a statement and reads the first row; domain.ErrNotFound where there is none.
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

// exec runs a statement that gives no rows; it gives how many it changed.
func exec(ctx context.Context, c conn, s *statement) (affected int64, err error) {
	result, err := c.raw.ExecContext(ctx, s.String(), s.args...)
	if err != nil {
		return 0, c.failed(err, s.String())
	}
	affected, err = result.RowsAffected()
	return affected, c.failed(err, s.String())
}

// execOne is exec of a statement that must change a row; domain.ErrNotFound if it changes none.
func execOne(ctx context.Context, c conn, s *statement) error {
	n, err := exec(ctx, c, s)
	if err == nil && n == 0 {
		return c.failed(domain.ErrNotFound, s.String())
	}
	return err
}

// converted returns what each row stands for; it is never nil.
func converted[R, V any](rs []R, to func(R) V) []V {
	out := make([]V, len(rs))
	for i, r := range rs {
		out[i] = to(r)
	}
	return out
}

// counted returns the entries of a page that came with the number of all beside each, which is in the only row, one
// without an id, where the page is empty. It is never nil.
func counted[R, V any](rs []R, of func(R) (domain.ID, int), view func(R) V) (page []V, total int) {
	page = make([]V, 0, len(rs))
	for _, r := range rs {
		id, n := of(r)
		if total = n; id != "" {
			page = append(page, view(r))
		}
	}
	return page, total
}

func anyOf[T ~string](q *statement, before string, values []T, after string) {
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

// fewRows is up to how many rows one hot statement adds: each number of rows is a text of its own.
const fewRows = 8
