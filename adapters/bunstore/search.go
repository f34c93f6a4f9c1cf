package bunstore

import (
	"strings"

	"github.com/uptrace/bun/dialect"
	"github.com/uptrace/bun/schema"
)

// Words are split by domain.Words, both for the stored text and for the query, so that every store finds the same. The
// engines only store the words and look them up.

// searchValue returns the expression that converts a SearchText to the value of the column search.
func (e *engine) searchValue() string {
	if e.postgres {
		return `array_to_tsvector(string_to_array(?, ' '))`
	}
	return `?`
}

// searchText is a SearchText as the value of the column search, in rows that are written in bulk.
type searchText string

// AppendQuery implements schema.QueryAppender.
func (s searchText) AppendQuery(gen schema.QueryGen, b []byte) ([]byte, error) {
	if gen.Dialect().Name() == dialect.PG {
		return gen.AppendQuery(b, "CAST(? AS tsvector)", s.vector()), nil
	}
	return gen.AppendQuery(b, "?", string(s)), nil
}

// vector returns the words as the text of a tsvector. Words consist of letters, digits and marks, so they need no
// escaping.
func (s searchText) vector() string {
	if s == "" {
		return ""
	}
	return `'` + strings.ReplaceAll(string(s), " ", `' '`) + `'`
}

// addSearch limits a statement over an alias to rows that have, for every word, a word that begins with it. inFile is
// the condition for SQLite, whose index is a table of its own; it has one placeholder, for the words.
func (e *engine) addSearch(q *statement, alias, inFile string, words []string) {
	switch {
	case len(words) == 0:
		q.add(` AND 1 = 0`)
	case e.postgres:
		q.add(` AND `+alias+`.search @@ CAST(? AS tsquery)`, `'`+strings.Join(words, `':* & '`)+`':*`)
	default:
		q.add(` AND `+inFile, `"`+strings.Join(words, `"* AND "`)+`"*`)
	}
}

const sqliteTicketSearch = `t.seq IN (SELECT rowid FROM tickets_search WHERE tickets_search MATCH ?)`
