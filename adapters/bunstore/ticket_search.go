package bunstore

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"tickt/domain/access"
	"tickt/domain/search"
	"tickt/domain/ticket"
	"tickt/ports"
)

// A list of tickets with a search is read in one of three ways:
//
//   - If the reader sees only its own tickets, these few are compared with the search one by one. The index, which holds the words
//     of all tickets, is not read: neither the time that it takes nor anything else tells what others wrote.
//   - If the index finds few tickets, they are filtered, counted and sorted. Most searches end here, with one statement.
//   - If it finds many, the words are frequent: the order's index is read until the page is full, comparing each ticket with the
//     search, and the index of the words counts.
//
// The statements are sent unprepared on PostgreSQL: their plans depend on the words.

// maxFound is how many tickets the index may find at most to be sorted.
func (e *engine) maxFound() int {
	if e.postgres {
		return 5000
	}
	return 2000
}

// isIndexed reports whether every ticket has its document. Until then, the words in the column tickets.search are searched.
func (c conn) isIndexed(ctx context.Context) (bool, error) {
	if c.indexed.Load() {
		return true, nil
	}
	walks, err := derivedRows{c}.Walks(ctx)
	if err != nil {
		return false, err
	}
	w := walks[ports.SearchedTickets]
	done := w.Done && w.Rule >= ports.SearchRule || w.Rule > ports.SearchRule
	if done {
		c.indexed.Store(true)
	}
	return done, nil
}

// search returns a page of the tickets that a search finds.
func (s tickets) search(ctx context.Context, reach access.Reach, query ticket.Query) (ports.TicketPage, error) {
	if len(query.Filter.Search.Terms) == 0 {
		return ports.TicketPage{Tickets: []ticket.View{}}, nil
	}
	var page ports.TicketPage
	err := s.searching(ctx, func(c conn) (err error) {
		s := tickets{c, s.withDocuments}
		page, err = s.searchIn(ctx, reach, query)
		return err
	})
	return page, err
}

// searchIn is search on a connection for searches.
func (s tickets) searchIn(ctx context.Context, reach access.Reach, query ticket.Query) (page ports.TicketPage, err error) {
	if !reach.All {
		return s.listMatching(ctx, reach, query)
	}
	frequent, err := s.isFrequent(ctx, query)
	if err != nil {
		return page, err
	}
	if !frequent {
		page, few, err := s.searchFew(ctx, reach, query)
		if err != nil || few {
			return page, err
		}
	}
	if query.Number != 0 && s.session != nil && s.postgres {
		if err := s.set(ctx, countSettings); err != nil {
			return page, err
		}
	}
	return s.listMatching(ctx, reach, query)
}

type foundRow struct {
	ticketListRow
	Found int `bun:"found"`
}

// searchFew returns a page of the tickets that the index finds, and true; false if these are too many.
func (s tickets) searchFew(ctx context.Context, reach access.Reach, query ticket.Query) (ports.TicketPage, bool, error) {
	keys := sortedKeys(query)
	limit, offset := pagePart(query)
	q := s.statement(`WITH found AS MATERIALIZED (SELECT x.` + s.documentKey() + ` AS id `).unprepared()
	s.fromIndex(q, query)
	addLimit(q, s.maxFound()+1, 0)
	q.add(`), hits AS MATERIALIZED (SELECT t.id AS ticket_id`)
	for _, k := range keys {
		q.add(`, `+k.expression()+` AS `+k.column, k.args...)
	}
	q.add(` FROM found JOIN tickets t ON t.`+s.documentKeyOfTicket()+` = found.id
  WHERE t.deleted_at IS NULL AND (SELECT count(*) FROM found) <= ?`, s.maxFound())
	withoutSearch := query
	withoutSearch.Filter.Search = nil
	s.matching(q, reach, withoutSearch)
	q.add(`) SELECT ` + ticketViewColumns + `, counted.total, counted.found
 FROM (SELECT (SELECT count(*) FROM found) AS found, (SELECT count(*) FROM hits) AS total) counted
 LEFT JOIN (SELECT * FROM hits`)
	if query.After != nil {
		addAfter(q, plainKeys(keys), positionValues(*query.After))
	}
	q.add(` ORDER BY ` + orderOf(plainKeys(keys), func(k key) string { return "hits." + k.column }))
	addLimit(q, limit, offset)
	q.add(`) hit ON 1 = 1 LEFT JOIN tickets t ON t.id = hit.ticket_id`)
	q.add(ticketViewJoins, reachArguments(reach)...)
	q.add(` ORDER BY ` + orderOf(plainKeys(keys), func(k key) string { return "hit." + k.column }))
	found, err := rows[foundRow](ctx, s.conn, q)
	if err != nil || found[0].Found > s.maxFound() {
		return ports.TicketPage{}, false, err
	}
	return pageOf(query, converted(found, func(r foundRow) ticketListRow { return r.ticketListRow })), true, nil
}

// addAfter limits hits to those that come after a position. Only the first key may have another direction than the rest.
func addAfter(q *statement, keys []key, position []any) {
	of := func(k key) string { return "hits." + k.column }
	if keys[0].descending == keys[1].descending {
		q.add(` WHERE `+comesAfter(keys, of), position...)
		return
	}
	q.add(` WHERE `+comesAfter(keys[:1], of)+` OR `+of(keys[0])+` = ? AND `+comesAfter(keys[1:], of),
		slices.Concat(position[:1], position)...)
}

// computedKey is a key of an order as it is computed for tickets that are not read along the order's index.
type computedKey struct {
	key
	args []any // of its expression
}

// sortedKeys returns the keys of the order of a query.
func sortedKeys(query ticket.Query) []computedKey {
	out := make([]computedKey, len(orders[query.Order]))
	for i, k := range orders[query.Order] {
		out[i].key = k
		if k.column == "rank" {
			out[i].of, out[i].args = rankNow, rankArguments(query.Now)
		}
	}
	return out
}

func plainKeys(keys []computedKey) []key {
	out := make([]key, len(keys))
	for i, k := range keys {
		out[i] = k.key
	}
	return out
}

// documentKey is the column of ticket_search that refers to a ticket, documentKeyOfTicket the one of tickets that it refers to.
func (e *engine) documentKey() string {
	if e.postgres {
		return "ticket_id"
	}
	return "seq"
}

func (e *engine) documentKeyOfTicket() string {
	if e.postgres {
		return "id"
	}
	return "seq"
}

// fromIndex appends FROM and WHERE for the documents x that a search finds, read from the index of the words.
func (s tickets) fromIndex(q *statement, query ticket.Query) {
	expression := indexExpression(*query.Filter.Search, query.Notes, s.postgres)
	if s.postgres {
		q.add(`FROM ticket_search x WHERE search_words(x.public, x.notes) @@ CAST(? AS tsquery)`, expression)
	} else {
		q.add(`FROM ticket_lexemes f JOIN ticket_search x ON x.seq = f.rowid WHERE f.ticket_lexemes MATCH ?`, expression)
	}
	for _, t := range query.Filter.Search.Terms {
		if t.Address != "" || len(t.Words) > 1 || len(t.Words[0].Tokens) > 1 { // the index does not know what follows what
			s.addTerm(q, t, query.Notes)
		}
	}
}

// addMatches limits a statement over tickets t to those whose documents match a search, without the index.
func (s tickets) addMatches(q *statement, query ticket.Query) {
	q.add(` AND (SELECT 1 FROM ticket_search x WHERE x.` + s.documentKey() + ` = t.` + s.documentKeyOfTicket())
	for _, t := range query.Filter.Search.Terms {
		s.addTerm(q, t, query.Notes)
	}
	q.add(`) = 1`)
}

// addTerm appends the condition that a document x matches a term, as search.Query.Matches decides.
func (s tickets) addTerm(q *statement, t search.Term, notes bool) {
	position := `instr`
	if s.postgres {
		position = `strpos`
	}
	q.add(` AND (`)
	if t.Address != "" {
		q.add(position+`(x.public, ?) > 0 OR (`, " "+t.Address+" ")
	}
	for i, w := range t.Words {
		if i > 0 {
			q.add(` AND `)
		}
		if notes {
			q.add(`(`+position+`(x.public, ?) > 0 OR `+position+`(x.notes, ?) > 0)`, w.Part(), w.Part())
		} else {
			q.add(position+`(x.public, ?) > 0`, w.Part())
		}
	}
	if t.Address != "" {
		q.add(`)`)
	}
	q.add(`)`)
}

// indexExpression returns a search in the language of an index: a tsquery of PostgreSQL, or an expression of FTS5. Of words of
// several tokens, it finds more than it should: a document that has the tokens in another order. Tokens hold letters, marks,
// numbers and private-use characters only, so quotes keep them apart from operators.
func indexExpression(q search.Query, notes, postgres bool) string {
	quote, and, or, prefix := `"`, " AND ", " OR ", "*"
	if postgres {
		quote, and, or, prefix = `'`, " & ", " | ", ":*"
	}
	allOf := func(w search.Word, form func(string) string) string {
		tokens := make([]string, len(w.Tokens))
		for i, token := range w.Tokens {
			tokens[i] = quote + form(token) + quote
		}
		if w.Prefix {
			tokens[len(tokens)-1] += prefix
		}
		return "(" + strings.Join(tokens, and) + ")"
	}
	terms := make([]string, len(q.Terms))
	for i, t := range q.Terms {
		words := make([]string, len(t.Words))
		for j, w := range t.Words {
			words[j] = allOf(w, func(token string) string { return token })
			if notes {
				words[j] = "(" + words[j] + or + allOf(w, search.NoteToken) + ")"
			}
		}
		terms[i] = "(" + strings.Join(words, and) + ")"
		if t.Address != "" {
			terms[i] = "(" + quote + t.Address + quote + or + terms[i] + ")"
		}
	}
	return strings.Join(terms, and)
}

// onlySearches reports whether a query has no filter but the search.
func onlySearches(query ticket.Query) bool {
	f := query.Filter
	f.Search = nil
	return reflect.DeepEqual(f, ticket.Filter{})
}

// countFound appends a SELECT of how many tickets match a query with a search of frequent words, as n.
func (s tickets) countFound(q *statement, reach access.Reach, query ticket.Query) {
	if onlySearches(query) { // every ticket that has a document is visible to a reader who sees all
		q.add(`SELECT count(*) AS n `)
		s.fromIndex(q, query)
		return
	}
	withoutSearch := query
	withoutSearch.Filter.Search = nil
	q.add(`SELECT count(*) AS n FROM tickets t WHERE t.deleted_at IS NULL AND t.` + s.documentKeyOfTicket() +
		` IN (SELECT x.` + s.documentKey() + ` `)
	s.fromIndex(q, query)
	q.add(`)`)
	s.matching(q, reach, withoutSearch)
}
