package bunstore

import (
	"strings"

	"github.com/uptrace/bun/dialect"
	"github.com/uptrace/bun/schema"
)

// The words to search are found by domain.Words, for the stored text and for the question alike, so that every
// store finds the same; the engines only keep and look them up.

// searchValue is the expression that turns a SearchText into what the search column of its row holds.
func (e *engine) searchValue() string {
	if e.postgres {
		return `array_to_tsvector(string_to_array(?, ' '))`
	}
	return `?`
}

// searched is a SearchText as the column search of a row, of many that are written at once.
type searched string

// AppendQuery implements schema.QueryAppender.
func (s searched) AppendQuery(gen schema.QueryGen, b []byte) ([]byte, error) {
	if gen.Dialect().Name() == dialect.PG {
		return gen.AppendQuery(b, "CAST(? AS tsvector)", s.vector()), nil
	}
	return gen.AppendQuery(b, "?", string(s)), nil
}

// vector is the words as PostgreSQL writes a tsvector of them. They consist of letters, digits and marks, so there are
// no quotes in them.
func (s searched) vector() string {
	if s == "" {
		return ""
	}
	return `'` + strings.ReplaceAll(string(s), " ", `' '`) + `'`
}

// searching keeps a statement over rows of an alias to those in which every word begins a word of theirs. What asks
// SQLite's index, which is a table of its own, is the condition inFile, with a mark for the words.
func (e *engine) searching(q *statement, alias, inFile string, words []string) {
	switch {
	case len(words) == 0:
		q.add(` AND 1 = 0`)
	case e.postgres:
		q.add(` AND `+alias+`.search @@ CAST(? AS tsquery)`, `'`+strings.Join(words, `':* & '`)+`':*`)
	default:
		q.add(` AND `+inFile, `"`+strings.Join(words, `"* AND "`)+`"*`)
	}
}

const (
	ticketsInFile  = `t.seq IN (SELECT rowid FROM tickets_search WHERE tickets_search MATCH ?)`
	accountsInFile = `a.id IN (SELECT k.account_id FROM accounts_search s JOIN account_numbers k ON k.number = s.rowid WHERE ` +
		`s.accounts_search MATCH ?)`
)
