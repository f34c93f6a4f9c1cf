package text_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tickt/domain/text"
)

const (
	shy, zwsp, bom = "\u00ad", "\u200b", "\ufeff"
	england        = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
)

func TestClean(t *testing.T) {
	marks := strings.Repeat("\u0316", 40)
	type outcome struct{ text, refused string } // one of them
	same, both := outcome{text: "="}, outcome{text: "as a line"}
	refuse := func(name, what string, position int) outcome {
		return outcome{refused: text.Refused{Name: name, What: what, Position: position}.String()}
	}
	for name, c := range map[string]struct {
		sent        string
		line, lines outcome
	}{
		"nothing":                        {"", same, same},
		"surrounding white space":        {"\t\r\n\u3000\u2028 a b\u2029\u0085\v\u00a0", outcome{text: "a b"}, outcome{text: "a b"}},
		"an accent in two characters":    {"Cle\u0301", outcome{text: "Clé"}, outcome{text: "Clé"}},
		"Hangul in parts":                {"\u1112\u1161\u11ab", outcome{text: "한"}, outcome{text: "한"}},
		"a compatible form":              {"ﬁ ｒｏｏｔ ①", same, same},
		"what pasting brings":            {"a" + shy + zwsp + bom + "b", outcome{text: "ab"}, same},
		"spaces around what is dropped":  {bom + " a " + shy + " ", outcome{text: "a"}, outcome{text: bom + " a " + shy}},
		"an accent after a dropped one":  {"e" + zwsp + "\u0301", outcome{text: "é"}, same},
		"a line feed":                    {"a\nb", refuse("U+000A", "control character", 2), same},
		"a tab":                          {"a\tb", refuse("U+0009", "control character", 2), same},
		"CRLF and CR":                    {"a\r\nb\rc", refuse("U+000D", "control character", 2), same},
		"NUL":                            {"\x00", refuse("U+0000", "control character", 1), both},
		"a C1 control":                   {"é\u0085x", refuse("U+0085", "control character", 2), both},
		"a form feed":                    {"a\fb", refuse("U+000C", "control character", 2), both},
		"DEL":                            {"a\x7f", refuse("U+007F", "control character", 2), both},
		"a line separator":               {"a\u2028b", refuse("U+2028", "line separator", 2), same},
		"a paragraph separator":          {"a\u2029b", refuse("U+2029", "paragraph separator", 2), same},
		"overrides":                      {"a\u202db\u202e", refuse("U+202D", "left-to-right override", 2), both},
		"a position in what was sent":    {"  " + bom + "😀e\u0301\u202e", refuse("U+202E", "right-to-left override", 7), both},
		"a byte that is not UTF-8":       {" é\xff", refuse("0xFF", "not valid UTF-8", 3), both},
		"a surrogate in UTF-8":           {"a\xed\xa0\x80", refuse("0xED", "not valid UTF-8", 2), both},
		"an override behind a bad byte":  {"\xe9\u202e", refuse("0xE9", "not valid UTF-8", 1), both},
		"the replacement character":      {"\ufffd", same, same},
		"joiners":                        {"क्\u200dष می\u200cخواهم 👩\u200d👧", same, same},
		"directional marks":              {"a\u200eb\u200fc\u061cd", same, same},
		"embeddings and isolates":        {"\u202aa\u202b\u202c\u2066b\u2067\u2068\u2069", same, same},
		"variation selectors":            {"❤\ufe0f 葛\U000e0100 \u1820\u180b", same, same},
		"the flag of England":            {england, same, same},
		"private use and noncharacters":  {"\ue000\U0010fffd\ufffe\U0001ffff\ufdd0", same, same},
		"characters not assigned":        {"\u0378\U000e0000", same, same},
		"fillers and a word joiner":      {"\u115f\u3164\u2060\u034f", same, same},
		"signs around Arabic numbers":    {"\u0600١٢", same, same},
		"more marks than norm can order": {"a" + marks + "\u0301b", outcome{text: "á" + marks + "b"}, both},
	} {
		for form, want := range map[text.Form]outcome{text.Line: c.line, text.Lines: c.lines} {
			switch want {
			case same:
				want.text = c.sent
			case both:
				want = c.line
			}
			clean, refused := form.Clean(c.sent)
			got := outcome{text: clean}
			if refused != nil {
				got = outcome{refused: refused.String()}
			}
			if got != want {
				t.Errorf("%s, form %d: %+q, want %+q", name, form, got, want)
			}
		}
	}
}

func TestRepair(t *testing.T) {
	for sent, want := range map[string][2]string{ // as a line, as lines
		"a\u202eb\u200bc":        {"abc", "ab\u200bc"},
		"a\nb\x00c\u2028d\fe":    {"a bc d e", "a\nbc\u2028d e"},
		"\ufeffa":                {"a", "\ufeffa"},
		"می\u200cخواهم":          {"می\u200cخواهم", "می\u200cخواهم"},
		"\u202e \u202d":          {"", ""},
		"\xff\xfea":              {"\ufffda", "\ufffda"},
		" \u200b e\u0301\u200b ": {"é", "\u200b é\u200b"},
	} {
		for i, form := range []text.Form{text.Line, text.Lines} {
			if got := form.Repair(sent); got != want[i] {
				t.Errorf("%+q, form %d: %+q, want %+q", sent, form, got, want[i])
			}
		}
	}
}

func TestEscape(t *testing.T) {
	for sent, want := range map[string]string{
		"a b": "a b", "a\u202eb\x00\xff": "a<U+202E>b<U+0000><0xFF>", "e\u0301\u200d\ufffd": "e\u0301\u200d\ufffd",
	} {
		if got := text.Line.Escape(sent); got != want {
			t.Errorf("%+q: %+q, want %+q", sent, got, want)
		}
	}
}

// FuzzClean checks what follows from Clean for every text: text that is accepted is valid, composed, trimmed and accepted
// again unchanged, and a refusal names a character that the text holds at its position.
func FuzzClean(f *testing.F) {
	for _, s := range []string{
		" a ", "e" + zwsp + "\u0301", "a\u202eb", "\xff", "\xe2\x80", "\r\n\ta", "한\u11a8", england, "\u0344\u0301", "\u1100\u1161\u0301\u11a8",
		"a" + strings.Repeat("\u0316", 40) + "\u0301", strings.Repeat("\u0301", 31) + "\u09be", "\u034f", bom + "\n" + shy, "ı\u0307",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, form := range []text.Form{text.Line, text.Lines} {
			clean, refused := form.Clean(s)
			if refused != nil {
				if all := []rune(s); refused.Position < 1 || refused.Position > len(all) ||
					refused.Name != codePoint(all[refused.Position-1]) && !strings.HasPrefix(refused.Name, "0x") {
					t.Errorf("%+q has no %v", s, refused)
				}
				clean = form.Repair(s)
			}
			again, refusedNow := form.Clean(clean)
			switch {
			case refusedNow != nil || again != clean:
				t.Errorf("%+q became %+q, then %+q, %v", s, clean, again, refusedNow)
			case !utf8.ValidString(clean) || strings.TrimSpace(clean) != clean:
				t.Errorf("%+q became %+q", s, clean)
			case !hasManyMarks(clean) && !norm.NFC.IsNormalString(clean):
				t.Errorf("%+q became %+q, which is not in NFC", s, clean)
			case form == text.Line && strings.ContainsAny(clean, "\n\r\t\u2028\u2029\u00ad\u200b\ufeff"),
				strings.ContainsAny(clean, "\x00\u202d\u202e"):
				t.Errorf("%+q became %+q", s, clean)
			}
		}
	})
}

func codePoint(r rune) string {
	_, refused := text.Line.Clean("a" + string(r) + "a")
	if refused == nil {
		return ""
	}
	return refused.Name
}

// hasManyMarks reports whether a text has more combining marks in a row than norm.NFC accepts.
func hasManyMarks(s string) bool {
	marks := 0
	for _, r := range norm.NFD.String(s) {
		if marks++; !unicode.IsMark(r) {
			marks = 0
		}
		if marks >= 30 {
			return true
		}
	}
	return false
}

func TestCutKeepsCharactersTogether(t *testing.T) {
	const family = "👩\u200d👧"
	for _, c := range []struct {
		typed string
		limit int
		want  string
		more  bool
	}{
		{"", 0, "", false},
		{"abc", 3, "abc", false},
		{"abcd", 3, "abc", true},
		{"日本語", 2, "日本", true},
		{"ab cd", 3, "ab", true},
		{"abc\u0327\u0308", 4, "ab", true},
		{"abc" + family, 4, "abc", true},
		{"abc" + family, 5, "abc", true},
		{"abc" + family, 6, "abc" + family, false},
		{"a" + strings.Repeat("\u0308", 9), 4, "a\u0308", true}, // half of it stays
		{"abc", 0, "", true},
	} {
		if got, more := text.Cut(c.typed, c.limit); got != c.want || more != c.more {
			t.Errorf("%+q cut to %d: %+q, %v, want %+q", c.typed, c.limit, got, more, c.want)
		}
	}
}
