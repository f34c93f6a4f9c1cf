package query_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/query"
	"tickt/domain/sentence"
	"tickt/domain/text"
)

// newQuery returns a query of pairs "name=value".
func newQuery(pairs ...string) *query.Query {
	return query.New(func(yield func(string, string) bool) {
		for _, pair := range pairs {
			if name, value, _ := strings.Cut(pair, "="); !yield(name, value) {
				return
			}
		}
	})
}

const (
	me    = domain.ID("0123456789abcdef0123456789abcdef")
	other = "ffffffffffffffffffffffffffffffff"
)

func TestReadValues(t *testing.T) {
	zone := time.FixedZone("", (5*60+45)*60)
	flag := func(q *query.Query) any {
		if b := q.Flag("x"); b != nil {
			return *b
		}
		return nil
	}
	optional := func(q *query.Query) any { text, given := q.Optional("x"); return fmt.Sprint(text, " ", given) }
	one := func(q *query.Query) any { text, given := q.One("x"); return fmt.Sprint(text, " ", given) }
	ids := func(q *query.Query) any { return fmt.Sprint(q.IDs("x", me)) }
	for _, tc := range []struct {
		name  string
		pairs []string
		read  func(*query.Query) any
		want  any
	}{
		{"no flag", nil, flag, nil},
		{"true", []string{"x=TRUE"}, flag, true},
		{"1", []string{"x=1"}, flag, true},
		{"false", []string{"x= false "}, flag, false},
		{"0", []string{"x=0"}, flag, false},
		{"optional", []string{"x= a "}, optional, "a true"},
		{"optional and empty", []string{"x="}, optional, " true"},
		{"optional and absent", nil, optional, " false"},
		{"one", []string{"x=a"}, one, "a true"},
		{"one, absent", nil, one, " false"},
		{"ids", []string{"x=me," + other, "x=" + other}, ids, fmt.Sprint([]domain.ID{me, other, other})},
		{"an id", []string{"x=" + other}, func(q *query.Query) any { return q.ID("x") }, domain.ID(other)},
		{"no id", nil, func(q *query.Query) any { return q.ID("x") }, domain.ID("")},
		{"codes", []string{"x=open, Closed"}, func(q *query.Query) any { return strings.Join(q.Codes("x"), " ") }, "OPEN CLOSED"},
		{"nothing to search for", []string{"x="}, func(q *query.Query) any { return q.SearchQuery("x") == nil }, true},
		{
			"no word to search for",
			[]string{"x=?!"},
			func(q *query.Query) any { return len(q.SearchQuery("x").Terms) }, 0,
		},
		{"words", []string{"x=The Printer"}, func(q *query.Query) any { return q.SearchQuery("x").Typed }, "The Printer"},
		{"the default page", nil, func(q *query.Query) any { return q.Page(7) }, domain.Page{Number: 1, Size: 7}},
		{"a page", []string{"page=2", "pageSize=100"}, func(q *query.Query) any { return q.Page(7) }, domain.Page{Number: 2, Size: 100}},
		{
			"a page beyond all",
			[]string{"page=" + strings.Repeat("9", 30)},
			func(q *query.Query) any { return q.Page(7) },
			domain.Page{Number: domain.MaxPage, Size: 7},
		},
		{"no time", nil, func(q *query.Query) any { return q.Time("x", zone).IsZero() }, true},
		{
			"a time in the zone",
			[]string{"x=2026/01/31 09:30"},
			func(q *query.Query) any { return domain.FormatTime(q.Time("x", zone), time.UTC) },
			"2026-01-31T03:45:00Z",
		},
		{
			"an offset whose plus became a space",
			[]string{"x=2026-01-31T09:30:00 05:45"},
			func(q *query.Query) any { return domain.FormatTime(q.Time("x", zone), time.UTC) }, "2026-01-31T03:45:00Z",
		},
		{
			"a fraction and an offset whose plus became a space",
			[]string{"x=2026-01-31T09:30:00.25 00:00"},
			func(q *query.Query) any { return domain.FormatTime(q.Time("x", zone), time.UTC) }, "2026-01-31T09:30:00.25Z",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q := newQuery(tc.pairs...)
			if got := tc.read(q); got != tc.want {
				t.Errorf("read %v, want %v", got, tc.want)
			}
			if err := q.Err(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestReadReportsProblems(t *testing.T) {
	for _, tc := range []struct {
		pairs []string
		read  func(*query.Query)
		class string
		want  string
	}{
		{[]string{"x=maybe"}, func(q *query.Query) { q.Flag("x") }, "invalid", "x must be true or false."},
		{[]string{"x="}, func(q *query.Query) { q.Flag("x") }, "required", "x must not be empty."},
		{[]string{"x=1", "x=1"}, func(q *query.Query) { q.Flag("x") }, "duplicate", "x may be given only once."},
		{
			[]string{"x=a\x00"},
			func(q *query.Query) { q.Optional("x") }, "invalid",
			"x contains a character that is not allowed: U+0000 (control character) at position 2.",
		},
		{[]string{"x=a,,b"}, func(q *query.Query) { q.List("x") }, "required", "x must not be empty."},
		{[]string{"x=" + strings.Repeat("a,", 100) + "a"}, func(q *query.Query) { q.List("x") }, "too_long", "x may list at most 100 values."},
		{
			[]string{"x=me"},
			func(q *query.Query) { q.IDs("x", "") }, "invalid",
			"x must hold reference ids: 32 lower-case hexadecimal characters each.",
		},
		{[]string{"x=me"}, func(q *query.Query) { q.ID("x") }, "invalid", "x must be a reference id: 32 lower-case hexadecimal characters."},
		{
			[]string{"x=noon"},
			func(q *query.Query) { q.Time("x", time.UTC) }, "invalid",
			"x must be a date and time, such as 2026-01-31T09:30:00Z or 2026/01/31 09:30.",
		},
		{
			[]string{"x=2026-01-31T09:30:00 0545"},
			func(q *query.Query) { q.Time("x", time.UTC) }, "invalid",
			"x must be a date and time, such as 2026-01-31T09:30:00Z or 2026/01/31 09:30.",
		},
		{[]string{"x=" + strings.Repeat("ü", 201)}, func(q *query.Query) { q.SearchQuery("x") }, "too_long", "x must be at most 200 characters."},
		{[]string{"page=0"}, func(q *query.Query) { q.Page(10) }, "invalid", "page must be a whole number from 1."},
		{[]string{"pageSize=101"}, func(q *query.Query) { q.Page(10) }, "range", "pageSize must be at most 100."},
		{[]string{"y=1"}, func(q *query.Query) { q.Flag("x") }, "unknown", "Unknown parameter 'y'."},
		{[]string{strings.Repeat("ü", 65)}, func(*query.Query) {}, "unknown", "Unknown parameter '" + strings.Repeat("ü", 64) + "…'."},
	} {
		q := newQuery(tc.pairs...)
		tc.read(q)
		var e *domain.Error
		if err := q.Err(); !errors.As(err, &e) || e.Kind != domain.Invalid || len(e.Problems) != 1 || e.Problems[0].Code.Class() != tc.class ||
			sentence.English.Of(e.Problems[0]) != tc.want {
			t.Errorf("%.60q: %v", tc.pairs, e)
		}
	}
}

func TestUnknownParametersAreReportedUpToLimit(t *testing.T) {
	var pairs []string
	for i := range 200 {
		pairs = append(pairs, fmt.Sprintf("y%d=1", i%150))
	}
	var e *domain.Error
	if err := newQuery(pairs...).Err(); !errors.As(err, &e) || len(e.Problems) != domain.MaxUnknownFields {
		t.Errorf("reported %v", err)
	}
}

func FuzzValues(f *testing.F) {
	for _, seed := range []string{
		"", "true", "me", other, "a,b,,", "2026-01-31T09:30:00 05:45", "2026/01/31 09:30", "\xff\x00",
		"99999999999999999999",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		q := newQuery("flag="+typed, "id="+typed, "ids="+typed, "time="+typed, "words="+typed, "page="+typed, "pageSize="+typed)
		q.Flag("flag")
		id, ids, at, words, page := q.ID("id"), q.IDs("ids", me), q.Time("time", time.UTC), q.SearchQuery("words"), q.Page(10)
		if err := q.Err(); err != nil && domain.KindOf(err) != domain.Invalid {
			t.Fatal(err)
		}
		if id != "" && len(id) != 32 || at.Year() > 9998 || page.Number < 1 || page.Number > domain.MaxPage {
			t.Errorf("%q is read as %q, %v and %v", typed, id, at, page)
		}
		for _, id := range ids {
			if len(id) != 32 {
				t.Errorf("%q holds %q", typed, id)
			}
		}
		if words != nil && !text.Line.Holds(words.Typed) {
			t.Errorf("%q is searched as %q", typed, words.Typed)
		}
	})
}
