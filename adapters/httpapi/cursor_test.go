package httpapi

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// somePosition is a place in an order with every value of it set.
func somePosition(o ticket.Order) ticket.Position {
	at := time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)
	p := ticket.Position{Order: o, CreatedAt: at, ID: aliceID}
	switch o {
	case ticket.ByImportance:
		p.Now, p.Urgency, p.StatusWeight, p.SLADue = at.Add(time.Hour), 1000, 3, ticket.Never
	case ticket.BySLA:
		p.Breached, p.SLADue, p.PriorityWeight = true, at, ticket.MaxWeight
	case ticket.ByDeadline:
		p.Deadline, p.Due, p.PriorityWeight = at, ticket.Never, 40
	case ticket.ByPriority:
		p.PriorityWeight, p.StatusWeight = 30, 6
	case ticket.ByCreator:
		p.Creator = "żółw" + strings.Repeat("x", 46)
	case ticket.ByCreated:
	}
	return p
}

func TestCursorKeepsThePositionOfEveryOrder(t *testing.T) {
	for _, order := range ticket.Orders {
		want := somePosition(order)
		text := cursorOf(want)
		if got, ok := parseCursor(text, order); !ok || got != want {
			t.Errorf("%s: got %+v, want %+v", order, got, want)
		}
		if len(text) > 128 || strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Errorf("%s: cursor %q", order, text)
		}
		for _, other := range ticket.Orders {
			if _, ok := parseCursor(text, other); ok && other != order {
				t.Errorf("a cursor of %s is taken for one of %s", order, other)
			}
		}
	}
}

func TestCursorThatWeDidNotMakeIsRefused(t *testing.T) {
	good := cursorOf(somePosition(ticket.ByImportance))
	raw, _ := base64.RawURLEncoding.DecodeString(good)
	with := func(change func(*ticket.Position)) string {
		p := somePosition(ticket.ByImportance)
		change(&p)
		return cursorOf(p)
	}
	encoded := func(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
	for name, text := range map[string]string{
		"one character":     "A",
		"no base64":         "%%%",
		"padded":            good + "==",
		"a newline in it":   good[:8] + "\n" + good[8:],
		"cut":               good[:len(good)-2],
		"longer":            encoded(append(raw, 0)),
		"another version":   encoded(append([]byte{9}, raw[1:]...)),
		"another order":     encoded(append([]byte{cursorVersion, 200}, raw[2:]...)),
		"a negative weight": with(func(p *ticket.Position) { p.Urgency = -1 }),
		"an endless weight": with(func(p *ticket.Position) { p.StatusWeight = 1 << 40 }),
		"a far future":      with(func(p *ticket.Position) { p.Now = time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC) }),
		"a far past":        with(func(p *ticket.Position) { p.SLADue = time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC) }),
		"no id":             with(func(p *ticket.Position) { p.ID = domain.ID(strings.Repeat("G", 32)) }),
		"too long":          strings.Repeat("A", maxCursor+1),
		"JSON":              encoded([]byte(`{"o":"importance"}`)),
	} {
		if p, ok := parseCursor(text, ticket.ByImportance); ok {
			t.Errorf("%s: %q is taken for %+v", name, text, p)
		}
	}
	p := somePosition(ticket.ByCreator)
	p.Creator = "a\x00b"
	if _, ok := parseCursor(cursorOf(p), ticket.ByCreator); ok {
		t.Error("a control character passes")
	}
}

func TestCursorOfATimelineIsOneOfThatListOnly(t *testing.T) {
	want := ports.Moment{At: time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC), ID: aliceID}
	all := []timeline{timelineOfComments, timelineOfHistory, timelineOfInbox}
	for _, list := range all {
		text := list.cursor(want)
		if got, ok := list.moment(text); !ok || got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		for _, other := range all {
			if _, ok := other.moment(text); ok != (other == list) {
				t.Errorf("a cursor of the list %d is taken for one of %d: %v", list, other, ok)
			}
		}
		for _, order := range ticket.Orders {
			if _, ok := parseCursor(text, order); ok {
				t.Errorf("a cursor of the list %d is taken for one of tickets by %s", list, order)
			}
			if _, ok := list.moment(cursorOf(somePosition(order))); ok {
				t.Errorf("a cursor of tickets by %s is taken for one of the list %d", order, list)
			}
		}
		for name, text := range map[string]string{
			"cut": text[:len(text)-1], "padded": text + "=", "longer": text + "AA", "nothing": "A",
			"no id":        list.cursor(ports.Moment{At: want.At, ID: domain.ID(strings.Repeat("G", 32))}),
			"a far future": list.cursor(ports.Moment{At: time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC), ID: aliceID}),
			"too long":     strings.Repeat("A", maxCursor+1),
		} {
			if m, ok := list.moment(text); ok {
				t.Errorf("%s: %q is taken for %+v", name, text, m)
			}
		}
	}
}

func TestCursorPagesAreNotCounted(t *testing.T) {
	s := atDesk(t)
	for range 3 {
		s.Open(desk.Agent, ticket.Change{})
	}
	r := s.ask(desk.Agent, "GET", "/api/tickets/?status=open&cursor=&pageSize=2", "").must(http.StatusOK, "Ok")
	if got := keys(t, r.Data); got != "results pageSize links" {
		t.Errorf("keys are %s", got)
	}
	next := r.object()["links"].(map[string]any)["next"].(string)
	if !strings.HasPrefix(next, "/api/tickets/?status=open&cursor=") || !strings.HasSuffix(next, "&pageSize=2") {
		t.Errorf("next is %s", next)
	}
	s.Open(desk.Agent, ticket.Change{}) // beside the walk
	if r := s.ask(desk.Agent, "GET", next, ""); r.list("ticketNumber") != "TKT-20260301-0003 TKT-20260301-0004" || !strings.HasSuffix(r.body, `"pageSize":2,"links":{"next":null}}}`) {
		t.Errorf("answered %s", r.body)
	}
	s.ask(desk.Agent, "GET", strings.Replace(next, "?", "?order_by=sla&", 1), "").refuses("cursor: cursor is not one of this list in this order.")
	if r := s.ask(desk.Nobody, "GET", next, ""); r.status != http.StatusForbidden {
		t.Errorf("a cursor lets in: %d", r.status)
	}
	if r := s.ask(desk.Visitor, "GET", next, ""); r.list("title") != "" {
		t.Errorf("a cursor widens the scope: %s", r.body)
	}
}

func FuzzCursor(f *testing.F) {
	for i, order := range ticket.Orders {
		f.Add(cursorOf(somePosition(order)), i)
		f.Add("", i)
		f.Add(timelineOfInbox.cursor(ports.Moment{At: desk.Noon, ID: aliceID}), i)
	}
	f.Fuzz(func(t *testing.T, text string, order int) {
		o := ticket.Orders[uint(order)%uint(len(ticket.Orders))]
		if p, ok := parseCursor(text, o); ok && (p.Order != o || cursorOf(p) != text || len(text) > maxCursor || p.CreatedAt.Year() > 9999) {
			t.Fatalf("%q is taken for %+v", text, p)
		}
		if m, ok := timelineOfInbox.moment(text); ok && (timelineOfInbox.cursor(m) != text || m.At.Year() > 9999 || len(m.ID) != len(aliceID)) {
			t.Fatalf("%q is taken for %+v", text, m)
		}
	})
}
