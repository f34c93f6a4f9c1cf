package ticket

import (
	"errors"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tickt/domain"
	"tickt/domain/query"
	"tickt/domain/search"
)

// fromURL returns the query of a URL.
func fromURL(text string) *query.Query {
	values, err := url.ParseQuery(text)
	if err != nil { // values has what could be parsed
		values.Set("unreadable", err.Error())
	}
	return query.New(func(yield func(string, string) bool) {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			for _, value := range values[name] {
				if !yield(name, value) {
					return
				}
			}
		}
	})
}

func TestReadQueryReadsAllParts(t *testing.T) {
	position := somePosition(BySLA)
	for text, want := range map[string]func(*Query){
		"":                            func(*Query) {},
		"page=3&pageSize=5":           func(q *Query) { q.Number, q.Size = 3, 5 },
		"page=99999999999999999999":   func(q *Query) { q.Number = domain.MaxPage },
		"cursor=":                     func(q *Query) { q.Number = 0 },
		"order_by=sla":                func(q *Query) { q.Order = BySLA },
		"status=open,Closed":          func(q *Query) { q.Filter.Statuses = []string{"OPEN", "CLOSED"} },
		"assigned_to=me":              func(q *Query) { q.Filter.AssignedTo = []domain.ID{someID} },
		"search=The+printer":          func(q *Query) { q.Filter.Search = searchFor("The printer") },
		"due_before=2026/03/01+12:00": func(q *Query) { q.Filter.DueBefore = time.Date(2026, 3, 1, 6, 15, 0, 0, time.UTC) },
		"order_by=sla&cursor=" + position.Cursor(): func(q *Query) { q.Order, q.Number, q.After = BySLA, 0, &position },
	} {
		expected := Query{Order: ByImportance, Number: 1, Size: 10}
		want(&expected)
		got, err := ReadQuery(fromURL(text), someID, time.FixedZone("NPT", 5*3600+45*60), 10)
		if err != nil || !reflect.DeepEqual(got, expected) {
			t.Errorf("%q is read as %+v, %v", text, got, err)
		}
	}
}

func TestReadQueryReportsAllProblems(t *testing.T) {
	_, err := ReadQuery(fromURL("order_by=age&page=0&cursor=x&menu_id=me&colour=red"), someID, time.UTC, 10)
	var e *domain.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	var fields []string
	for _, p := range e.Problems {
		fields = append(fields, p.Field)
	}
	if got := strings.Join(fields, " "); got != "menu_id order_by page page colour" {
		t.Errorf("reported %s", got)
	}
	otherOrder := fromURL("order_by=sla&cursor=" + somePosition(ByPriority).Cursor())
	if _, err := ReadQuery(otherOrder, someID, time.UTC, 10); domain.KindOf(err) != domain.Invalid {
		t.Errorf("a cursor of another order: %v", err)
	}
}

func TestTimesWithoutOffsetAreInTheZoneOfTheService(t *testing.T) {
	zone := time.FixedZone("NPT", 5*3600+45*60)
	times := fromURL("created_after=2026/03/01+12:00&created_before=2026/03/01+12:00&due_before=2026/03/01+12:00")
	got, err := ReadQuery(times, someID, zone, 10)
	want := time.Date(2026, 3, 1, 6, 15, 0, 0, time.UTC)
	if f := got.Filter; err != nil || !f.After.Equal(want) || !f.Before.Equal(want) || !f.DueBefore.Equal(want) {
		t.Errorf("read as %+v, %v", f, err)
	}
}

func searchFor(typed string) *search.Query {
	q, _ := search.Parse(typed)
	return &q
}

func FuzzReadQuery(f *testing.F) {
	for _, seed := range []string{
		"", "status=OPEN,closed&priority=high&sla_breached=1&escalated=FALSE&assigned_to=me",
		"created_after=2026/03/01+12:00&due_before=2026-03-01T12:00:00%2B05:45", "search=a%00&page=2&pageSize=100",
		"cursor=&order_by=sla", "cursor=" + somePosition(ByCreator).Cursor() + "&order_by=created_by", "&&=;%%%ff=1&page",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ReadQuery(fromURL(text), someID, time.UTC, 10)
		if err != nil {
			if domain.KindOf(err) != domain.Invalid {
				t.Fatalf("%q fails with %v", text, err)
			}
			return
		}
		if got.Size < 1 || got.Size > domain.MaxPageSize || got.Number < 0 || got.Number > domain.MaxPage ||
			!slices.Contains(Orders, got.Order) || got.After != nil && got.Number != 0 {
			t.Fatalf("%q is read as %+v", text, got)
		}
		for _, word := range slices.Concat(got.Filter.Statuses, got.Filter.Priorities) {
			if !utf8.ValidString(word) || strings.ContainsRune(word, 0) {
				t.Fatalf("%q is read as the word %q", text, word)
			}
		}
	})
}
