// Package query reads the query parameters of a request for a list. It knows the forms of values. Which parameters a list
// has is defined in the package of its entries.
package query

import (
	"errors"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/search"
	"tickt/domain/text"
)

const (
	maxValues = 100 // of a parameter that is a list
	maxSearch = 200 // characters
)

// Query holds the query parameters of a request. Each of its methods that reads a parameter takes it out, and adds a
// problem if it cannot read it. Err reports all problems at once; a parameter that no method has read is one too.
type Query struct {
	values   map[string][]string // not read yet
	names    []string            // all, in the order of the request
	problems domain.Problems
}

// New returns a Query of pairs of names and values, in the order of the request. A name may occur more than once.
func New(all iter.Seq2[string, string]) *Query {
	q := &Query{values: map[string][]string{}}
	for name, value := range all {
		if _, again := q.values[name]; !again {
			q.names = append(q.names, name)
		}
		q.values[name] = append(q.values[name], value)
	}
	return q
}

// Err returns an Invalid error if a parameter could not be read, or was not read by any method. It reports at most
// domain.MaxUnknownFields of the latter.
func (q *Query) Err() error {
	unknown := 0
	for _, name := range q.names {
		if _, left := q.values[name]; left && unknown < domain.MaxUnknownFields {
			unknown++
			q.problems.Add(domain.Truncate(name), domain.CodeUnknownParameter)
		}
	}
	return q.problems.Err()
}

// Has reports whether a parameter was given and not read yet.
func (q *Query) Has(name string) bool {
	_, given := q.values[name]
	return given
}

// Add adds a problem of a parameter.
func (q *Query) Add(name string, code domain.Code, params ...domain.Params) {
	q.problems.Add(name, code, params...)
}

// take returns the values of a parameter that is not read yet. It adds a problem, and returns nil, if one of them is not a
// text.Line.
func (q *Query) take(name string) []string {
	values := q.values[name]
	delete(q.values, name)
	for i, value := range values {
		clean, c := text.Line.Clean(value)
		if c != nil {
			q.Add(name, domain.CodeValueCharacters, domain.Params{"character": c.Name, "what": domain.Term(c.What), "position": c.Position})
			return nil
		}
		values[i] = clean
	}
	return values
}

// Optional returns the value of a parameter that may be given once and may be empty.
func (q *Query) Optional(name string) (value string, given bool) {
	switch values := q.take(name); len(values) {
	case 0:
		return "", false
	case 1:
		return values[0], true
	default:
		q.Add(name, domain.CodeParameterTwice)
		return "", false
	}
}

// One is Optional for a parameter that must not be empty if it is given.
func (q *Query) One(name string) (value string, given bool) {
	value, given = q.Optional(name)
	if given && value == "" {
		q.Add(name, domain.CodeEmpty)
		return "", false
	}
	return value, given
}

// List returns all values of a parameter that may be given several times and may hold several values each time, separated
// by commas. It returns nil if the parameter was not given.
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

// Codes is List for codes, which it returns in upper case.
func (q *Query) Codes(name string) []string {
	codes := q.List(name)
	for i, code := range codes {
		codes[i] = text.Upper(code)
	}
	return codes
}

// IDs is List for reference ids. If me is not "", the value "me" stands for it.
func (q *Query) IDs(name string, me domain.ID) (ids []domain.ID) {
	return q.ids(name, q.List(name), me)
}

// ids reads the values of a parameter as IDs does.
func (q *Query) ids(name string, values []string, me domain.ID) (ids []domain.ID) {
	for _, text := range values {
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

// IDsOrNone is IDs that also accepts the value "none", and reports whether it was given.
func (q *Query) IDsOrNone(name string, me domain.ID) (ids []domain.ID, none bool) {
	values := q.List(name)
	rest := slices.DeleteFunc(values, func(v string) bool { return v == "none" })
	return q.ids(name, rest, me), len(rest) < len(values)
}

// ID returns the value of a parameter that is one reference id, or "" if it was not given.
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

// Flag returns the value of a parameter that is true or false, or nil if it was not given.
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

// Time returns the value of a parameter that domain.ParseTime reads, or the zero time if it was not given.
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

// restorePlus restores the plus sign of "…T09:30:00+05:45", which the decoding of a URL turns into a space.
func restorePlus(text string) string {
	if i := len(text) - len(" 05:45"); i > 0 && text[i] == ' ' {
		return text[:i] + "+" + text[i+1:]
	}
	return text
}

// Text returns a text to search for, or "" if it was not given.
func (q *Query) Text(name string) string {
	text, _ := q.Optional(name)
	if domain.Length(text) > maxSearch {
		q.Add(name, domain.CodeTooLongValue, domain.Params{"limit": maxSearch})
		return ""
	}
	return text
}

// SearchQuery returns what to search for. It returns nil if the parameter is absent or empty.
func (q *Query) SearchQuery(name string) *search.Query {
	typed := q.Text(name)
	if typed == "" {
		return nil
	}
	wanted, ok := search.Parse(typed)
	if !ok {
		q.Add(name, domain.CodeTooManyWords, domain.Params{"limit": search.MaxWords})
		return nil
	}
	return &wanted
}

// Page returns the page of "page" and "pageSize". The defaults are the first page and defaultSize.
func (q *Query) Page(defaultSize int) domain.Page {
	p := domain.Page{Number: 1}
	if n, given := q.count("page"); given {
		p.Number = min(n, domain.MaxPage)
	}
	p.Size = q.PageSize(defaultSize, domain.MaxPageSize)
	return p
}

// PageSize returns the number of entries of "pageSize", which is at most limit. The default is defaultSize, or limit if
// that is smaller.
func (q *Query) PageSize(defaultSize, limit int) int {
	const name = "pageSize"
	n, given := q.count(name)
	if !given {
		return min(defaultSize, limit)
	}
	if n > limit {
		q.Add(name, domain.CodePageSize, domain.Params{"limit": limit})
	}
	return n
}

// count returns the value of a parameter that is a whole number from 1. A number too large for an int becomes the largest
// int.
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
