package bunstore

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
	"github.com/uptrace/bun/schema"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/search"
	"tickt/ports"
)

// Documents of accounts are short, so their column search has the positions of the tokens, and finds phrases: on PostgreSQL as a
// tsvector, on SQLite as a text that FTS5 indexes. Triggers mark an account whose column an earlier release wrote, which has
// no search.End.

// tokenSequence is search.Document.Sequence as the value of the column accounts.search.
type tokenSequence []string

// AppendQuery implements schema.QueryAppender.
func (s tokenSequence) AppendQuery(gen schema.QueryGen, b []byte) ([]byte, error) {
	if gen.Dialect().Name() == dialect.PG {
		return gen.AppendQuery(b, "CAST(? AS tsvector)", s.vector()), nil
	}
	return gen.AppendQuery(b, "?", strings.Join(s, " ")), nil
}

// vector returns the text of a tsvector. Tokens hold letters, marks, numbers and private-use characters only, so they need no
// escaping.
func (s tokenSequence) vector() string {
	var b strings.Builder
	for i, token := range s {
		fmt.Fprintf(&b, "'%s':%d ", token, i+1)
	}
	return b.String()
}

func searchedOf(a account.Account) tokenSequence { return a.Document().Sequence() }

// addAccountSearch limits a statement over accounts a to those that match the search of a filter, or whose phone numbers begin with
// the digits of the filter.
func (e *engine) addAccountSearch(q *statement, f ports.AccountFilter) {
	wanted := phraseExpression(*f.Search, e.postgres)
	if f.PhonePrefix != "" {
		phone := search.Query{Terms: []search.Term{{Words: []search.Word{{Tokens: []string{f.PhonePrefix}, Prefix: true}}}}}
		wanted = `(` + wanted + `)` + map[bool]string{true: ` | `, false: ` OR `}[e.postgres] + phraseExpression(phone, e.postgres)
	}
	switch {
	case wanted == "":
		q.add(` AND 1 = 0`)
	case e.postgres:
		q.add(` AND a.search @@ CAST(? AS tsquery)`, wanted)
	default:
		q.add(` AND a.id IN (SELECT k.account_id FROM accounts_search s JOIN account_numbers k ON k.number = s.rowid WHERE `+
			`s.accounts_search MATCH ?)`, wanted)
	}
}

// phraseExpression returns a search in the language of an index with positions, a tsquery of PostgreSQL or an expression of FTS5;
// "" for a search without words.
func phraseExpression(q search.Query, postgres bool) string {
	var words []string
	for _, t := range q.Terms {
		for _, w := range t.Words {
			if postgres {
				word := `('` + strings.Join(w.Tokens, `' <-> '`) + `'`
				if w.Prefix {
					word += `:*`
				}
				words = append(words, word+`)`)
				continue
			}
			word := `"` + strings.Join(w.Tokens, ` `) + `"`
			if w.Prefix {
				word += `*`
			}
			words = append(words, word)
		}
	}
	if postgres {
		return strings.Join(words, " & ")
	}
	return strings.Join(words, " AND ")
}

func (s accounts) Reindex(ctx context.Context, ids []domain.ID) error {
	var found []accountRow
	err := s.scan(ctx, accountTable.query(s.conn, &found).Where("id IN (?)", bun.List(ids)).OrderExpr("id").Apply(s.locking))
	if err != nil || len(found) == 0 {
		return err
	}
	q := s.statement(`UPDATE accounts SET search = v.search FROM (`).unprepared()
	for i, r := range found {
		if i > 0 {
			q.add(` UNION ALL `)
		}
		sequence := searchedOf(r.account())
		if s.postgres {
			q.add(`SELECT CAST(? AS TEXT) AS id, CAST(? AS tsvector) AS search`, r.ID, sequence.vector())
		} else {
			q.add(`SELECT ? AS id, ? AS search`, r.ID, strings.Join(sequence, " "))
		}
	}
	_, err = exec(ctx, s.conn, q.add(`) v WHERE accounts.id = v.id`))
	return err
}
