package mutation

import (
	"database/sql/driver"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// span is a part of a text, with what takes its place.
type span struct {
	start, end int
	instead    string
}

// written is an INSERT or an UPDATE.
type written struct {
	name    string // tells it from other statements, whatever its values
	table   string
	columns []writtenColumn
	tokens  []token
}

// writtenColumn is a column that a statement writes.
type writtenColumn struct {
	name  string
	spans []span // what leaves the column out
}

// read returns what a statement writes; ok is false if it only reads or removes.
func read(query string) (w written, ok bool) {
	w.tokens = lex(query)
	verb := slices.IndexFunc(w.tokens, func(t token) bool { return t.is("SELECT") || t.is("DELETE") || t.is("INSERT") || t.is("UPDATE") })
	if verb < 0 || verb+3 >= len(w.tokens) {
		return w, false
	}
	rest := w.tokens[verb+1:]
	switch {
	case w.tokens[verb].is("INSERT"):
		w.insert(rest[1:], query) // after INTO
	case w.tokens[verb].is("UPDATE"):
		w.update(rest)
	default:
		return w, false
	}
	return w, true
}

// named reads the name of the table, and returns what its columns are qualified with.
func (w *written) named(tokens []token) (qualifier string, rest []token) {
	w.table, qualifier, rest = tokens[0].text, tokens[0].text, tokens[1:]
	if rest[0].is("AS") {
		qualifier, rest = rest[1].text, rest[2:]
	}
	return qualifier, rest
}

func (w *written) update(tokens []token) {
	qualifier, rest := w.named(tokens)
	w.name = "UPDATE " + w.table + " SET"
	w.set(rest[1:], qualifier, "")
}

// set reads the columns of a SET, which keep what they have if they are left out.
func (w *written) set(tokens []token, qualifier, suffix string) {
	items, _ := itemsOf(tokens, 0, "FROM", "WHERE", "RETURNING")
	for _, x := range items {
		w.name += " " + x.first.text
		kept := x.first.text + ` = "` + qualifier + `".` + x.first.text
		w.columns = append(w.columns, writtenColumn{x.first.text + suffix, []span{{x.start, x.end, kept}}})
	}
}

func (w *written) insert(tokens []token, query string) {
	qualifier, rest := w.named(tokens)
	w.name = "INSERT INTO " + w.table
	if rest[0].text == "(" {
		var columns []item
		w.name += " " + query[rest[0].start:rest[1].end] // a statement of the query builder has other quotes
		columns, rest = itemsOf(rest[1:], 1)
		for i, x := range columns {
			w.name += " " + x.first.text
			w.columns = append(w.columns, writtenColumn{x.first.text, []span{without(columns, i)}})
		}
		rest = rest[1:]
		w.name += " " + rest[0].text
		w.values(rest)
	}
	if i := slices.IndexFunc(rest, func(t token) bool { return t.is("SET") }); i >= 0 {
		w.name += " ON CONFLICT"
		w.set(rest[i+1:], qualifier, " on conflict")
	}
}

// values reads the rows of an INSERT, or what it selects.
func (w *written) values(tokens []token) {
	rows, rest := [][]item{}, tokens[1:]
	if tokens[0].is("SELECT") {
		var row []item
		row, _ = itemsOf(rest, 0, "FROM")
		rows = append(rows, row)
	} else {
		for len(rest) > 0 && (rest[0].text == "(" || rest[0].text == ",") {
			if rest[0].text == "," {
				rest = rest[1:]
			}
			var row []item
			row, rest = itemsOf(rest[1:], 1)
			rows, rest = append(rows, row), rest[1:]
		}
	}
	for _, row := range rows {
		for i := range w.columns {
			w.columns[i].spans = append(w.columns[i].spans, without(row, i))
		}
	}
}

// without is the i-th of several items with one of the commas around it.
func without(items []item, i int) span {
	if i+1 < len(items) {
		return span{start: items[i].start, end: items[i+1].start}
	}
	if i == 0 {
		return span{start: items[0].start, end: items[0].end}
	}
	return span{start: items[i-1].end, end: items[i].end}
}

// leaveOut returns the statement without a column, and without the arguments of that.
func (w written) leaveOut(name, query string, args []driver.NamedValue) (string, []driver.NamedValue) {
	spans := w.columns[slices.IndexFunc(w.columns, func(c writtenColumn) bool { return c.name == name })].spans
	kept := []driver.NamedValue{}
	if len(args) > 0 {
		if _, ok := args[0].Value.(pgx.QueryExecMode); ok {
			kept, args = append(kept, args[0]), args[1:]
		}
	}
	options := len(kept)
	var out strings.Builder
	at := 0
	for mark, t := range marksOf(w.tokens, len(args)) {
		i := slices.IndexFunc(spans, func(s span) bool { return t.start < s.end })
		if i >= 0 && t.start >= spans[i].start {
			continue // it goes with its span
		}
		copySpans(&out, query, spans, at, t.start)
		kept = append(kept, args[mark])
		if t.text == "?" {
			out.WriteByte('?')
		} else {
			out.WriteString("$" + strconv.Itoa(len(kept)-options))
		}
		at = t.end
	}
	copySpans(&out, query, spans, at, len(query))
	for i := range kept {
		kept[i].Ordinal = i + 1
	}
	return out.String(), kept
}

// marksOf returns the marks of n arguments, in the order of the arguments, which is that of the text.
func marksOf(tokens []token, n int) (marks []token) {
	if n == 0 {
		return nil
	}
	for _, t := range tokens {
		if t.text == "?" || t.text[0] == '$' {
			marks = append(marks, t)
		}
	}
	return marks
}

// copySpans writes a part of the text, with what takes the place of spans in it.
func copySpans(out *strings.Builder, query string, spans []span, from, to int) {
	for _, s := range spans {
		if s.start >= from && s.start < to {
			out.WriteString(query[from:s.start] + s.instead)
			from = s.end
		}
	}
	if from < to {
		out.WriteString(query[from:to])
	}
}
