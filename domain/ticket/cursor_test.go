package ticket

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"tickt/domain"
)

const someID = domain.ID("0123456789abcdef0123456789abcdef")

// somePosition returns a position in an order with every field of the order set.
func somePosition(o Order) Position {
	at := time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)
	p := Position{Order: o, CreatedAt: at, ID: someID}
	switch o {
	case ByImportance:
		p.Now, p.Urgency, p.StatusWeight, p.SLADue = at.Add(time.Hour), 1000, 3, Never
	case BySLA:
		p.Breached, p.SLADue, p.PriorityWeight = true, at, MaxWeight
	case ByDeadline:
		p.Deadline, p.Due, p.PriorityWeight = at, Never, 40
	case ByPriority:
		p.PriorityWeight, p.StatusWeight = 30, 6
	case ByCreator:
		p.Creator = "żółw" + strings.Repeat("x", 46)
	case ByCreated:
	}
	return p
}

func TestCursorRoundTripInEveryOrder(t *testing.T) {
	for _, order := range Orders {
		want := somePosition(order)
		text := want.Cursor()
		if got, ok := ParseCursor(text, order); !ok || got != want {
			t.Errorf("%s: got %+v, want %+v", order, got, want)
		}
		if len(text) > 128 || strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Errorf("%s: cursor %q", order, text)
		}
		for _, other := range Orders {
			if _, ok := ParseCursor(text, other); ok && other != order {
				t.Errorf("a cursor of %s is parsed as one of %s", order, other)
			}
		}
	}
}

func TestParseCursorRejectsForeignTexts(t *testing.T) {
	good := somePosition(ByImportance).Cursor()
	raw, _ := base64.RawURLEncoding.DecodeString(good)
	with := func(change func(*Position)) string {
		p := somePosition(ByImportance)
		change(&p)
		return p.Cursor()
	}
	encoded := func(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
	for name, text := range map[string]string{
		"one character":            "A",
		"not base64":               "%%%",
		"padded":                   good + "==",
		"newline":                  good[:8] + "\n" + good[8:],
		"truncated":                good[:len(good)-2],
		"too many bytes":           encoded(append(raw, 0)),
		"other version":            encoded(append([]byte{9}, raw[1:]...)),
		"unknown order":            encoded(append([]byte{1, 200}, raw[2:]...)),
		"negative urgency":         with(func(p *Position) { p.Urgency = -1 }),
		"weight above the maximum": with(func(p *Position) { p.StatusWeight = 1 << 40 }),
		"time after 9999":          with(func(p *Position) { p.Now = time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC) }),
		"time before year 0":       with(func(p *Position) { p.SLADue = time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC) }),
		"invalid id":               with(func(p *Position) { p.ID = domain.ID(strings.Repeat("G", 32)) }),
		"too long":                 strings.Repeat("A", 1025),
		"JSON":                     encoded([]byte(`{"o":"importance"}`)),
	} {
		if p, ok := ParseCursor(text, ByImportance); ok {
			t.Errorf("%s: %q is parsed as %+v", name, text, p)
		}
	}
	p := somePosition(ByCreator)
	p.Creator = "a\x00b"
	if _, ok := ParseCursor(p.Cursor(), ByCreator); ok {
		t.Error("a control character is accepted")
	}
}

func FuzzParseCursor(f *testing.F) {
	for i, order := range Orders {
		f.Add(somePosition(order).Cursor(), i)
		f.Add("", i)
	}
	f.Fuzz(func(t *testing.T, text string, order int) {
		o := Orders[uint(order)%uint(len(Orders))]
		p, ok := ParseCursor(text, o)
		if ok && (p.Order != o || p.Cursor() != text || p.CreatedAt.Year() > 9999 || p.StatusWeight > MaxWeight) {
			t.Fatalf("%q is parsed as %+v", text, p)
		}
	})
}
