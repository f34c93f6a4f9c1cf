package httpapi

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"tickt/domain"
)

// maxValues is how many values one parameter of a query may list.
const maxValues = 100

// query is the query string of a request, read strictly: a parameter that no method asked for does not
// belong there. What a method cannot read it notes under the parameter's name, and err tells all at once.
type query struct {
	given    map[string][]string
	names    []string // of the parameters, in the order of the query
	problems domain.Problems
}

func readQuery(args *fasthttp.Args) *query {
	q := &query{given: map[string][]string{}}
	for key, value := range args.All() {
		name := string(key)
		if _, again := q.given[name]; !again {
			q.names = append(q.names, name)
		}
		q.given[name] = append(q.given[name], string(value))
	}
	return q
}

// noParameters refuses every parameter.
func noParameters(c *fiber.Ctx) error {
	args := c.Context().QueryArgs()
	if args.Len() == 0 {
		return nil
	}
	return readQuery(args).err()
}

// err fails as Invalid where a parameter could not be read or was not asked for.
func (q *query) err() error {
	unknown := 0
	for _, name := range q.names {
		if _, left := q.given[name]; left && unknown < maxStray {
			unknown++
			q.problems.Add(shortened(name), domain.CodeUnknown, fmt.Sprintf("Unknown parameter '%s'.", shortened(name)))
		}
	}
	return q.problems.Err()
}

func (q *query) invalid(name, message string) {
	q.problems.Add(name, domain.CodeInvalid, message)
}

// take gives what was given under a name, unless it holds what no text may.
func (q *query) take(name string) []string {
	values := q.given[name]
	delete(q.given, name)
	if slices.ContainsFunc(values, func(v string) bool { return !domain.Line(v) }) {
		q.invalid(name, name+" contains characters that are not allowed.")
		return nil
	}
	return values
}

// maybe gives the value of a parameter that may be given once and may be empty.
func (q *query) maybe(name string) (value string, given bool) {
	switch values := q.take(name); len(values) {
	case 0:
		return "", false
	case 1:
		return strings.TrimSpace(values[0]), true
	default:
		q.problems.Add(name, domain.CodeDuplicate, name+" may be given only once.")
		return "", false
	}
}

// one is maybe for a parameter that must not be empty.
func (q *query) one(name string) (value string, given bool) {
	value, given = q.maybe(name)
	if given && value == "" {
		q.problems.Add(name, domain.CodeRequired, name+" must not be empty.")
		return "", false
	}
	return value, given
}

// list gives every value of a parameter that may be repeated and may hold several, separated by commas;
// nil where it was not given.
func (q *query) list(name string) (out []string) {
	for _, value := range q.take(name) {
		for part := range strings.SplitSeq(value, ",") {
			out = append(out, strings.TrimSpace(part))
		}
	}
	switch {
	case slices.Contains(out, ""):
		q.problems.Add(name, domain.CodeRequired, name+" must not be empty.")
		return nil
	case len(out) > maxValues:
		q.problems.Add(name, domain.CodeTooLong, fmt.Sprintf("%s may list at most %d values.", name, maxValues))
		return nil
	}
	return out
}

// codes is list for codes, which are upper-case.
func (q *query) codes(name string) []string {
	codes := q.list(name)
	for i, code := range codes {
		codes[i] = strings.ToUpper(code)
	}
	return codes
}

// ids is list for reference ids. Where me is not "", the word "me" stands for it.
func (q *query) ids(name string, me domain.ID) (ids []domain.ID) {
	for _, text := range q.list(name) {
		id, ok := domain.ParseID(text)
		if text == "me" && me != "" {
			id, ok = me, true
		}
		if !ok {
			q.invalid(name, name+" must hold reference ids: 32 lower-case hexadecimal characters each.")
			return nil
		}
		ids = append(ids, id)
	}
	return ids
}

// id gives a parameter that is one reference id; "" where it was not given.
func (q *query) id(name string) domain.ID {
	text, given := q.one(name)
	if !given {
		return ""
	}
	id, ok := domain.ParseID(text)
	if !ok {
		q.invalid(name, name+" must be a reference id: 32 lower-case hexadecimal characters.")
	}
	return id
}

// flag gives a parameter that is true or false; nil where it was not given.
func (q *query) flag(name string) *bool {
	text, given := q.one(name)
	if !given {
		return nil
	}
	yes, ok := truth(text)
	if !ok {
		q.invalid(name, name+" must be true or false.")
	}
	return &yes
}

// truth reads what says yes or no.
func truth(text string) (yes, ok bool) {
	yes = strings.EqualFold(text, "true") || text == "1"
	return yes, yes || strings.EqualFold(text, "false") || text == "0"
}

// moment gives a parameter that is a time; zero where it was not given.
func (q *query) moment(name string, zone *time.Location) time.Time {
	text, given := q.one(name)
	if !given {
		return time.Time{}
	}
	t, ok := parseTime(text, zone)
	if !ok {
		t, ok = parseTime(plusRestored(text), zone)
	}
	if !ok {
		q.invalid(name, name+" must be a date and time, such as 2026-01-31T09:30:00Z or 2026/01/31 09:30.")
	}
	return t
}

// whole gives a parameter that is a whole number from 1; one too large for an int is the largest.
func (q *query) whole(name string) (n int, given bool) {
	text, given := q.one(name)
	if !given {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	if err != nil && !errors.Is(err, strconv.ErrRange) || n < 1 {
		q.invalid(name, name+" must be a whole number from 1.")
		return 0, false
	}
	return n, true
}
