package mutation

import (
	"database/sql/driver"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// span is a part of a text and its replacement.
type span struct {
	start, end  int
	replacement string
}

// statement is a parsed INSERT or UPDATE.
type statement struct {
	name    string // identifies the statement, independent of its values
	table   string
	columns []column
	tokens  []token
}

// column is a column that a statement writes.
type column struct {
	name  string
	spans []span // the edits that remove the column
}

// parse parses a statement. If it is neither an INSERT nor an UPDATE, ok is false.
func parse(query string) (w statement, ok bool) {
	w.tokens = lex(query)
	verb := slices.IndexFunc(w.tokens, func(t token) bool { return t.is("SELECT") || t.is("DELETE") || t.is("INSERT") || t.is("UPDATE") })
	if verb < 0 || verb+3 >= len(w.tokens) {
		return w, false
	}
	rest := w.tokens[verb+1:]
	switch {
	case w.tokens[verb].is("INSERT"):
		w.readInsert(rest[1:], query) // after INTO
	case w.tokens[verb].is("UPDATE"):
		w.readUpdate(rest)
	default:
		return w, false
	}
	return w, true
}

// readTable reads the name of the table and its alias, and returns the one that qualifies its columns.
func (w *statement) readTable(tokens []token) (qualifier string, rest []token) {
	w.table, qualifier, rest = tokens[0].text, tokens[0].text, tokens[1:]
	if rest[0].is("AS") {
		qualifier, rest = rest[1].text, rest[2:]
	}
	return qualifier, rest
}

func (w *statement) readUpdate(tokens []token) {
	qualifier, rest := w.readTable(tokens)
	w.name = "UPDATE " + w.table + " SET"
	w.readSet(rest[1:], qualifier, "")
}

// readSet reads the columns of a SET. To remove a column, it is set to its own value.
func (w *statement) readSet(tokens []token, qualifier, suffix string) {
	items, _ := itemsOf(tokens, 0, "FROM", "WHERE", "RETURNING")
	for _, x := range items {
		w.name += " " + x.first.text
		kept := x.first.text + ` = "` + qualifier + `".` + x.first.text
		w.columns = append(w.columns, column{x.first.text + suffix, []span{{x.start, x.end, kept}}})
	}
}

func (w *statement) readInsert(tokens []token, query string) {
	qualifier, rest := w.readTable(tokens)
	w.name = "INSERT INTO " + w.table
	if rest[0].text == "(" {
		var columns []item
		w.name += " " + query[rest[0].start:rest[1].end] // the quotes tell statements of the query builder from others
		columns, rest = itemsOf(rest[1:], 1)
		for i, x := range columns {
			w.name += " " + x.first.text
			w.columns = append(w.columns, column{x.first.text, []span{without(columns, i)}})
		}
		rest = rest[1:]
		w.name += " " + rest[0].text
		w.readValues(rest)
	}
	if i := slices.IndexFunc(rest, func(t token) bool { return t.is("SET") }); i >= 0 {
		w.name += " ON CONFLICT"
		w.readSet(rest[i+1:], qualifier, " on conflict")
	}
}

// readValues reads the rows of VALUES, or the list of a SELECT.
func (w *statement) readValues(tokens []token) {
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

// without returns the edit that removes the i-th item, with one of the commas next to it.
func without(items []item, i int) span {
	if i+1 < len(items) {
		return span{start: items[i].start, end: items[i+1].start}
	}
	if i == 0 {
		return span{start: items[0].start, end: items[0].end}
	}
	return span{start: items[i-1].end, end: items[i].end}
}

// leaveOut returns the statement without a column, and the arguments that remain.
func (w statement) leaveOut(name, query string, args []driver.NamedValue) (string, []driver.NamedValue) {
	spans := w.columns[slices.IndexFunc(w.columns, func(c column) bool { return c.name == name })].spans
	kept := []driver.NamedValue{}
	if len(args) > 0 {
		if _, ok := args[0].Value.(pgx.QueryExecMode); ok {
			kept, args = append(kept, args[0]), args[1:]
		}
	}
	options := len(kept)
	var out strings.Builder
	at := 0
	for n, t := range placeholdersOf(w.tokens, len(args)) {
		i := slices.IndexFunc(spans, func(s span) bool { return t.start < s.end })
		if i >= 0 && t.start >= spans[i].start {
			continue // removed with its span
		}
		copySpans(&out, query, spans, at, t.start)
		kept = append(kept, args[n])
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

// placeholdersOf returns the tokens of the placeholders of n arguments, in the order of the text, which must be the order
// of the arguments.
func placeholdersOf(tokens []token, n int) (placeholders []token) {
	if n == 0 {
		return nil
	}
	for _, t := range tokens {
		if t.text == "?" || t.text[0] == '$' {
			placeholders = append(placeholders, t)
		}
	}
	return placeholders
}

// copySpans writes a part of the text, with the spans in it replaced.
func copySpans(out *strings.Builder, query string, spans []span, from, to int) {
	for _, s := range spans {
		if s.start >= from && s.start < to {
			out.WriteString(query[from:s.start] + s.replacement)
			from = s.end
		}
	}
	if from < to {
		out.WriteString(query[from:to])
	}
}
