package ports_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/query"
	"tickt/domain/ticket"
	"tickt/ports"
)

const someID = domain.ID("0123456789abcdef0123456789abcdef")

func TestCursorIsValidOnlyForItsTimeline(t *testing.T) {
	want := ports.TimelinePosition{At: time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC), ID: someID}
	all := []ports.Timeline{ports.CommentTimeline, ports.HistoryTimeline, ports.InboxTimeline}
	for _, list := range all {
		text := list.Cursor(want)
		if got, ok := list.Parse(text); !ok || got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		for _, other := range all {
			if _, ok := other.Parse(text); ok != (other == list) {
				t.Errorf("timeline %d parses a cursor of timeline %d: %v", other, list, ok)
			}
		}
		for _, order := range ticket.Orders {
			if _, ok := ticket.ParseCursor(text, order); ok {
				t.Errorf("a cursor of timeline %d is parsed as one of tickets by %s", list, order)
			}
			if _, ok := list.Parse(ticket.Position{Order: order, CreatedAt: want.At, ID: someID}.Cursor()); ok {
				t.Errorf("a cursor of tickets by %s is parsed as one of timeline %d", order, list)
			}
		}
		for name, text := range map[string]string{
			"truncated": text[:len(text)-1], "padded": text + "=", "too many bytes": text + "AA", "too few bytes": "A",
			"invalid id":      list.Cursor(ports.TimelinePosition{At: want.At, ID: domain.ID(strings.Repeat("G", 32))}),
			"time after 9999": list.Cursor(ports.TimelinePosition{At: time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC), ID: someID}),
			"too long":        strings.Repeat("A", 1025),
		} {
			if p, ok := list.Parse(text); ok {
				t.Errorf("%s: %q is parsed as %+v", name, text, p)
			}
		}
	}
}

func FuzzTimeline(f *testing.F) {
	f.Add(ports.InboxTimeline.Cursor(ports.TimelinePosition{At: time.Unix(1, 0), ID: someID}))
	f.Add(ticket.Position{Order: ticket.ByCreated, CreatedAt: time.Unix(1, 0), ID: someID}.Cursor())
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		p, ok := ports.InboxTimeline.Parse(text)
		if ok && (ports.InboxTimeline.Cursor(p) != text || p.At.Year() > 9999 || len(p.ID) != len(someID)) {
			t.Fatalf("%q is parsed as %+v", text, p)
		}
	})
}

func TestReadReturnsThePositionOfItsOwnCursors(t *testing.T) {
	position := ports.TimelinePosition{At: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), ID: someID}
	for name, c := range map[string]struct {
		params  map[string]string
		want    *ports.TimelinePosition
		invalid bool
	}{
		"no cursor":              {nil, nil, false},
		"empty cursor":           {map[string]string{"cursor": ""}, nil, false},
		"own cursor":             {map[string]string{"cursor": ports.HistoryTimeline.Cursor(position)}, &position, false},
		"cursor of another list": {map[string]string{"cursor": ports.InboxTimeline.Cursor(position)}, &ports.TimelinePosition{}, true},
	} {
		q := query.New(maps.All(c.params))
		got := ports.HistoryTimeline.Read(q)
		if (got == nil) != (c.want == nil) || got != nil && *got != *c.want || (q.Err() != nil) != c.invalid {
			t.Errorf("%s: %v, %v", name, got, q.Err())
		}
	}
}
