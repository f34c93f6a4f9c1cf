// Package query reads what a client asks of a list, as names with values: what a URL says after its question mark.
// It knows the forms of values. Which names there are, and what they choose, is said beside what they choose from.
package query

import (
	"errors"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"tickt/domain"
)

const (
	maxValues = 100 // of a name that lists several
	maxSearch = 200 // characters
)

// Query is the names of a request with their values, read strictly: a name that no method asked for does not belong
// there. What a method cannot read it notes under the name, and Err tells all at once.
type Query struct {
	given    map[string][]string
	names    []string // in the order in which they came
	problems domain.Problems
}

// New returns a Query of names with values, in the order in which they came; a name may come more than once.
func New(all iter.Seq2[string, string]) *Query {
	q := &Query{given: map[string][]string{}}
	for name, value := range all {
		if _, again := q.given[name]; !again {
			q.names = append(q.names, name)
		}
		q.given[name] = append(q.given[name], value)
	}
	return q
}

// Err fails as Invalid if a value could not be read or a name was not asked for.
func (q *Query) Err() error {
	unknown := 0
	for _, name := range q.names {
		if _, left := q.given[name]; left && unknown < domain.MaxUnknownFields {
			unknown++
			q.problems.Add(domain.Truncate(name), domain.CodeUnknownParameter)
		}
	}
	return q.problems.Err()
}

// Has reports whether a name was given and not read yet.
func (q *Query) Has(name string) bool {
	_, given := q.given[name]
	return given
}

// Add adds a problem of a name.
func (q *Query) Add(name string, code domain.Code, params ...domain.Params) {
	q.problems.Add(name, code, params...)
}

// take returns what was given under a name, unless it holds what no text may.
func (q *Query) take(name string) []string {
	values := q.given[name]
	delete(q.given, name)
	if slices.ContainsFunc(values, func(v string) bool { return !domain.Line(v) }) {
		q.Add(name, domain.CodeValueCharacters)
		return nil
	}
	return values
}

// Optional returns a value that may be given once and may be empty.
func (q *Query) Optional(name string) (value string, given bool) {
	switch values := q.take(name); len(values) {
	case 0:
		return "", false
	case 1:
		return strings.TrimSpace(values[0]), true
	default:
		q.Add(name, domain.CodeParameterTwice)
		return "", false
	}
}

// One is Optional for a value that must not be empty if it is given.
func (q *Query) One(name string) (value string, given bool) {
	value, given = q.Optional(name)
	if given && value == "" {
		q.Add(name, domain.CodeEmpty)
		return "", false
	}
	return value, given
}

// List returns every value of a name that may be given several times and may hold several values, separated by
// commas; nil if it was not given.
func (q *Query) List(name string) (out []string) {
	for _, value := range q.take(name) {
		for part := range strings.SplitSeq(value, ",") {
			out = append(out, strings.TrimSpace(part))
		}
	}
	switch {
	case slices.Contains(out, ""):
		q.Add(name, domain.CodeEmpty)
		return nil
	case len(out) > maxValues:
		q.Add(name, domain.CodeTooManyValues, domain.Params{"limit": maxValues})
		return nil
	}
	return out
}

// Codes is List for codes, which are upper-case.
func (q *Query) Codes(name string) []string {
	codes := q.List(name)
	for i, code := range codes {
		codes[i] = strings.ToUpper(code)
	}
	return codes
}

// IDs is List for reference ids. If me is not "", the word "me" stands for it.
func (q *Query) IDs(name string, me domain.ID) (ids []domain.ID) {
	for _, text := range q.List(name) {
		id, ok := domain.ParseID(text)
		if text == "me" && me != "" {
			id, ok = me, true
		}
		if !ok {
			q.Add(name, domain.CodeIDs)
			return nil
		}
		ids = append(ids, id)
	}
	return ids
}

// ID returns a value that is one reference id; "" if it was not given.
func (q *Query) ID(name string) domain.ID {
	text, given := q.One(name)
	if !given {
		return ""
	}
	id, ok := domain.ParseID(text)
	if !ok {
		q.Add(name, domain.CodeID)
	}
	return id
}

// Flag returns a value that is true or false; nil if it was not given.
func (q *Query) Flag(name string) *bool {
	text, given := q.One(name)
	if !given {
		return nil
	}
	yes, ok := Bool(text)
	if !ok {
		q.Add(name, domain.CodeFlag)
	}
	return &yes
}

// Bool reads "true", "false", "1" and "0", in upper or lower case.
func Bool(text string) (yes, ok bool) {
	yes = strings.EqualFold(text, "true") || text == "1"
	return yes, yes || strings.EqualFold(text, "false") || text == "0"
}

// Time returns a value that domain.ParseTime reads; zero if it was not given.
func (q *Query) Time(name string, zone *time.Location) time.Time {
	text, given := q.One(name)
	if !given {
		return time.Time{}
	}
	t, ok := domain.ParseTime(text, zone)
	if !ok {
		t, ok = domain.ParseTime(restorePlus(text), zone)
	}
	if !ok {
		q.Add(name, domain.CodeTime)
	}
	return t
}

// restorePlus restores the plus sign of "…T09:30:00 05:45", which a URL turns into a blank.
func restorePlus(text string) string {
	if i := len(text) - len(" 05:45"); i > 0 && text[i] == ' ' {
		return text[:i] + "+" + text[i+1:]
	}
	return text
}

// Words returns the words to search for: nil if nothing is searched for, and not nil but empty if the text has no
// word, which nothing matches.
func (q *Query) Words(name string) []string {
	text, _ := q.Optional(name)
	switch {
	case text == "":
		return nil
	case domain.Length(text) > maxSearch:
		q.Add(name, domain.CodeTooLongValue, domain.Params{"limit": maxSearch})
		return nil
	}
	return append([]string{}, domain.SearchWords(text)...)
}

// Page returns the page that "page" and "pageSize" ask for; by default the first one, of the usual size.
func (q *Query) Page(usual int) domain.Page {
	p := domain.Page{Number: 1}
	if n, given := q.count("page"); given {
		p.Number = min(n, domain.MaxPage)
	}
	p.Size = q.PageSize(usual)
	return p
}

// PageSize returns how many entries "pageSize" asks for at a time; by default the usual number.
func (q *Query) PageSize(usual int) int {
	const name = "pageSize"
	n, given := q.count(name)
	if !given {
		return usual
	}
	if n > domain.MaxPageSize {
		q.Add(name, domain.CodePageSize, domain.Params{"limit": domain.MaxPageSize})
	}
	return n
}

// count returns a value that is a whole number from 1; one too large for an int is the largest.
func (q *Query) count(name string) (n int, given bool) {
	text, given := q.One(name)
	if !given {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	if err != nil && !errors.Is(err, strconv.ErrRange) || n < 1 {
		q.Add(name, domain.CodeCount)
		return 0, false
	}
	return n, true
}
