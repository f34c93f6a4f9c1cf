package ports_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/query"
	"tickt/domain/ticket"
	"tickt/ports"
)

const someID = domain.ID("0123456789abcdef0123456789abcdef")

func TestCursorOfATimelineIsOneOfThatListOnly(t *testing.T) {
	want := ports.TimelinePosition{At: time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC), ID: someID}
	all := []ports.Timeline{ports.CommentTimeline, ports.HistoryTimeline, ports.InboxTimeline}
	for _, list := range all {
		text := list.Cursor(want)
		if got, ok := list.Parse(text); !ok || got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		for _, other := range all {
			if _, ok := other.Parse(text); ok != (other == list) {
				t.Errorf("a cursor of the list %d is taken for one of %d: %v", list, other, ok)
			}
		}
		for _, order := range ticket.Orders {
			if _, ok := ticket.ParseCursor(text, order); ok {
				t.Errorf("a cursor of the list %d is taken for one of tickets by %s", list, order)
			}
			if _, ok := list.Parse(ticket.Position{Order: order, CreatedAt: want.At, ID: someID}.Cursor()); ok {
				t.Errorf("a cursor of tickets by %s is taken for one of the list %d", order, list)
			}
		}
		for name, text := range map[string]string{
			"cut": text[:len(text)-1], "padded": text + "=", "longer": text + "AA", "nothing": "A",
			"no id":        list.Cursor(ports.TimelinePosition{At: want.At, ID: domain.ID(strings.Repeat("G", 32))}),
			"a far future": list.Cursor(ports.TimelinePosition{At: time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC), ID: someID}),
			"too long":     strings.Repeat("A", 1025),
		} {
			if m, ok := list.Parse(text); ok {
				t.Errorf("%s: %q is taken for %+v", name, text, m)
			}
		}
	}
}

func FuzzTimeline(f *testing.F) {
	f.Add(ports.InboxTimeline.Cursor(ports.TimelinePosition{At: time.Unix(1, 0), ID: someID}))
	f.Add(ticket.Position{Order: ticket.ByCreated, CreatedAt: time.Unix(1, 0), ID: someID}.Cursor())
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		m, ok := ports.InboxTimeline.Parse(text)
		if ok && (ports.InboxTimeline.Cursor(m) != text || m.At.Year() > 9999 || len(m.ID) != len(someID)) {
			t.Fatalf("%q is taken for %+v", text, m)
		}
	})
}

func TestATimelineIsReadFromItsBeginningOrAPlaceOfItsOwn(t *testing.T) {
	place := ports.TimelinePosition{At: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), ID: someID}
	for name, c := range map[string]struct {
		words map[string]string
		want  *ports.TimelinePosition
		wrong bool
	}{
		"no cursor":           {nil, nil, false},
		"an empty cursor":     {map[string]string{"cursor": ""}, nil, false},
		"its own":             {map[string]string{"cursor": ports.HistoryTimeline.Cursor(place)}, &place, false},
		"one of another list": {map[string]string{"cursor": ports.InboxTimeline.Cursor(place)}, &ports.TimelinePosition{}, true},
	} {
		q := query.New(maps.All(c.words))
		got := ports.HistoryTimeline.Read(q)
		if (got == nil) != (c.want == nil) || got != nil && *got != *c.want || (q.Err() != nil) != c.wrong {
			t.Errorf("%s: %v, %v", name, got, q.Err())
		}
	}
}

func TestAccountsAreTheActiveOnesUnlessTheQuerySaysOtherwise(t *testing.T) {
	for text, want := range map[string]string{
		"-": "active", "true": "active", "1": "active", "FALSE": "inactive", "0": "inactive",
		"all": "both", "ALL": "both", "": "refused", "some": "refused",
	} {
		words := map[string]string{"role": string(someID), "search": "Ann Lee"}
		if text != "-" {
			words["is_active"] = text
		}
		q := query.New(maps.All(words))
		f := ports.ReadAccountFilter(q)
		got := "both"
		switch {
		case q.Err() != nil:
			got = "refused"
		case f.Active != nil && *f.Active:
			got = "active"
		case f.Active != nil:
			got = "inactive"
		}
		if got != want || f.Role != someID || !slices.Equal(f.Search, []string{"ann", "lee"}) {
			t.Errorf("%q asks for %s: %+v", text, got, f)
		}
	}
}
