package bunstore

import "strings"

// The words to search are found by ticket.Words, for the stored text and for the question alike, so that every
// store finds the same; the engines only keep and look them up.

// searchValue is the expression that turns ticket.SearchText into what the search column holds.
func (e *engine) searchValue() string {
	if e.postgres {
		return `array_to_tsvector(string_to_array(?, ' '))`
	}
	return `?`
}

// searching keeps a statement over tickets t to those in which every word begins a word of theirs.
func (e *engine) searching(q *statement, words []string) {
	if len(words) == 0 {
		q.add(` AND 1 = 0`)
		return
	}
	if e.postgres {
		q.add(` AND t.search @@ CAST(? AS tsquery)`, `'`+strings.Join(words, `':* & '`)+`':*`)
		return
	}
	q.add(` AND t.seq IN (SELECT rowid FROM tickets_search WHERE tickets_search MATCH ?)`, `"`+strings.Join(words, `"* AND "`)+`"*`)
}
