package text_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"tickt/domain/text"
)

func TestKey(t *testing.T) {
	for name, c := range map[string]struct{ a, b, key string }{
		"case":                       {"Anita", "ANITA", "anita"},
		"surrounding spaces":         {" anita ", "anita", "anita"},
		"accents in two forms":       {"Câble", "CA\u0302BLE", "câble"},
		"Hangul in two forms":        {"한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국"},
		"full-width letters":         {"ｒｏｏｔ", "root", "root"},
		"half-width Katakana":        {"ｶﾀｶﾅ", "カタカナ", "カタカナ"},
		"ligatures":                  {"ﬁle", "file", "file"},
		"a sharp s":                  {"Straße", "STRASSE", "strasse"},
		"both forms of sigma":        {"ΣΊΣΥΦΟΣ", "σίσυφος", "σίσυφοσ"},
		"an invisible character":     {"ro\u200bot\u00ad", "root", "root"},
		"a variation selector":       {"❤\ufe0f", "❤", "❤"},
		"a letter beyond the BMP":    {"𐐀", "𐐨", "𐐨"},
		"a mathematical letter":      {"𝐑oot", "root", "root"},
		"iota below":                 {"ᾳ", "ΑΙ", "αι"},
		"Cherokee letters":           {"ꭰ", "Ꭰ", "Ꭰ"},
		"Cherokee of Unicode 8":      {"ᏸ", "Ᏸ", "Ᏸ"},
		"a dotted capital I is kept": {"İ", "i\u0307", "i\u0307"},
	} {
		if a, b := text.Key(c.a), text.Key(c.b); a != c.key || b != c.key {
			t.Errorf("%s: %+q and %+q, want %+q", name, a, b, c.key)
		}
	}
	for _, differ := range [][2]string{{"e", "é"}, {"сор", "cop"}, {"ı", "i"}, {"कि", "की"}} {
		if text.Key(differ[0]) == text.Key(differ[1]) {
			t.Errorf("%q and %q have the same key", differ[0], differ[1])
		}
	}
}

func FuzzKey(f *testing.F) {
	for _, s := range []string{
		"Anita", "ᾳ\u0345", "\u0345\u0301", "ſ\u0307", "\xff", "ﬁ\u200d", "\u1e9e", " \u00ad ",
		"\u3000a", "\u13f8", "İ",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key := text.Key(s)
		if again := text.Key(key); again != key {
			t.Errorf("the key of %+q is %+q, its key is %+q", s, key, again)
		}
		if upper := text.Key(strings.ToLower(s)); isASCII(s) && upper != key {
			t.Errorf("%q: %q in lower case, %q otherwise", s, upper, key)
		}
		if utf8.ValidString(s) && text.Key(text.Stored(s)) != key {
			t.Errorf("%+q has another key when it is stored", s)
		}
	})
}

// TestKeysOfAllCharacters checks each character of Unicode.
func TestKeysOfAllCharacters(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		key := text.Key("a" + string(r) + "b")
		if again := text.Key(key); again != key {
			t.Errorf("%U: %+q, then %+q", r, key, again)
		}
	}
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7f })
}
