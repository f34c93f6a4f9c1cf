package lookalike_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"tickt/adapters/lookalike"
)

var of = lookalike.Names{}.Skeletons

func TestSkeletonsOfLookAlikes(t *testing.T) {
	for _, alike := range [][2]string{
		{"сосо", "coco"},
		{"СОСО", "coco"},
		{"ΑΒΕ", "ABE"},
		{"раураl", "paypal"},
		{"ü", "u\u0308"},
		{"օ", "o"},
		{"max", "rnax"},
		{"ϲοϲο", "сосо"},
		{"сосо", "ϲοϲο"},
		{"оо", "00"},
	} {
		if !slices.Contains(of(alike[0]), of(alike[1])[0]) {
			t.Errorf("%q and %q: %q and %q", alike[0], alike[1], of(alike[0]), of(alike[1]))
		}
	}
	for _, other := range [][2]string{{"сосо", "cocoa"}, {"सीता", "गीता"}, {"한국", "한글"}, {"müller", "muller"}} {
		if slices.ContainsFunc(of(other[0]), func(s string) bool { return slices.Contains(of(other[1]), s) }) {
			t.Errorf("%q and %q have the same, %q", other[0], other[1], of(other[0]))
		}
	}
}

// A skeleton of a skeleton is the same, so that it does not matter from which of two names one starts.
func TestSkeletonsAreStable(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) || !unicode.In(r, unicode.L, unicode.M, unicode.N) {
			continue
		}
		if s := of(string(r))[0]; of(s)[0] != s {
			t.Errorf("U+%04X: %q, then %q", r, s, of(s))
		}
	}
	if s := of(strings.Repeat("\ufdfa", 50))[0]; len(s) > 1000 || !utf8.ValidString(s) {
		t.Errorf("%d bytes: %q", len(s), s)
	}
}
