package cursor_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tickt/domain"
	"tickt/domain/cursor"
)

// place is a position with a value of every type.
type place struct {
	at    time.Time
	n     int
	yes   bool
	text  string
	id    domain.ID
	total int
}

func (p *place) values() []any { return []any{&p.at, &p.n, &p.yes, &p.text, &p.id, &p.total} }

func samplePlace() place {
	return place{time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC), 3, true, "żółw", domain.ID(strings.Repeat("a", 32)), 1 << 30}
}

const list = 7

func TestDecodeReversesEncode(t *testing.T) {
	for name, change := range map[string]func(*place){
		"all set":      func(*place) {},
		"all zero":     func(p *place) { *p = place{at: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), id: p.id} },
		"the last day": func(p *place) { p.at = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC) },
		"a long text":  func(p *place) { p.text = strings.Repeat("x", 512) },
	} {
		want := samplePlace()
		change(&want)
		var got place
		text := cursor.Encode(list, want.values()...)
		if !cursor.Decode(text, list, got.values()...) || got != want {
			t.Errorf("%s: %+v is encoded as %q and decoded as %+v", name, want, text, got)
		}
	}
}

func TestDecodeRefusesInvalidCursors(t *testing.T) {
	p := samplePlace()
	good := cursor.Encode(list, p.values()...)
	raw, err := base64.RawURLEncoding.DecodeString(good)
	if err != nil {
		t.Fatal(err)
	}
	encoded := func(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
	with := func(change func(*place)) string {
		p := samplePlace()
		change(&p)
		return cursor.Encode(list, p.values()...)
	}
	for name, text := range map[string]string{
		"nothing":           "",
		"one byte":          "AQ",
		"not base64":        "%%%",
		"padded":            good + "==",
		"with a newline":    good[:8] + "\n" + good[8:],
		"cut":               good[:len(good)-2],
		"longer":            encoded(append(raw, 0)),
		"another version":   encoded(append([]byte{9}, raw[1:]...)),
		"another list":      cursor.Encode(list+1, p.values()...),
		"too long":          strings.Repeat("A", 1025),
		"a negative number": with(func(p *place) { p.n = -1 }),
		"a large number":    with(func(p *place) { p.n = 1 << 40 }),
		"year 20000":        with(func(p *place) { p.at = time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC) }),
		"year -5":           with(func(p *place) { p.at = time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC) }),
		"an invalid id":     with(func(p *place) { p.id = domain.ID(strings.Repeat("G", 32)) }),
		"two lines":         with(func(p *place) { p.text = "a\nb" }),
		"a long text":       with(func(p *place) { p.text = strings.Repeat("x", 513) }),
	} {
		if cursor.Decode(text, list, p.values()...) {
			t.Errorf("%s: %q is decoded as %+v", name, text, p)
		}
	}
}

func FuzzDecode(f *testing.F) {
	p := samplePlace()
	f.Add(cursor.Encode(list, p.values()...))
	f.Add("")
	f.Add("AQc")
	f.Fuzz(func(t *testing.T, text string) {
		var p place
		if cursor.Decode(text, list, p.values()...) &&
			(cursor.Encode(list, p.values()...) != text || p.at.Year() > 9999 || p.n < 0 || p.total < 0 ||
				!utf8.ValidString(p.text) || len(p.id) != 32) {
			t.Fatalf("%q is decoded as %+v", text, p)
		}
	})
}
