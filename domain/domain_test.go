package domain_test

import (
	"strings"
	"testing"

	"tickt/domain"
	"tickt/domain/sentence"
)

// TestVisibleLineAndProse checks which texts are visible, and which are allowed in a line and in prose.
func TestVisibleLineAndProse(t *testing.T) {
	for name, c := range map[string]struct {
		text                 string
		visible, line, prose bool
	}{
		"nothing":                        {"", false, true, true},
		"spaces":                         {" \u00a0\u3000", false, true, true},
		"words":                          {"Der Drucker brennt", true, true, true},
		"two lines":                      {"a\r\n\tb", true, false, true},
		"only a newline":                 {"\n", false, false, true},
		"NUL":                            {"a\x00", true, false, false},
		"invalid UTF-8":                  {"a\xff", true, false, false},
		"a zero-width space":             {"\u200b", false, false, true},
		"a word joiner":                  {"\u2060", false, false, true},
		"a byte order mark":              {"\ufeff", false, false, true},
		"a soft hyphen":                  {"\u00ad", false, false, true},
		"a soft hyphen in a word":        {"Dru\u00adcker", true, false, true},
		"only joiners":                   {"\u200c\u200d", false, true, true},
		"only a variation selector":      {"\ufe0f", false, true, true},
		"a filler":                       {"\u3164\u115f\uffa0", false, true, true},
		"a combining grapheme joiner":    {"\u034f", false, true, true},
		"empty Braille":                  {"\u2800", false, true, true},
		"a tag":                          {"a\U000e0041", true, false, true},
		"a right-to-left mark":           {"a\u200f", true, false, true},
		"a family emoji":                 {"👩\u200d👩\u200d👧", true, true, true},
		"a heart emoji":                  {"❤\ufe0f", true, true, true},
		"Persian, with a non-joiner":     {"می\u200cخواهم", true, true, true},
		"Hindi, with a joiner":           {"क्\u200dष", true, true, true},
		"an Arabic number sign":          {"\u0600١٢", true, true, true},
		"only a combining mark":          {"\u0301", true, true, true},
		"a character of a later Unicode": {"\U0001faff", true, true, true},
		"a private-use character":        {"\ue000", true, true, true},
		"the replacement character":      {"\ufffd", true, true, true},
		"a right-to-left override":       {"\u202etxt.exe", true, false, true},
		"an unclosed isolate":            {"\u2066a", true, false, true},
	} {
		if got := domain.Visible(c.text); got != c.visible {
			t.Errorf("%s: visible %v", name, got)
		}
		if got := domain.Line(c.text); got != c.line {
			t.Errorf("%s: line %v", name, got)
		}
		if got := domain.Prose(c.text); got != c.prose {
			t.Errorf("%s: prose %v", name, got)
		}
	}
	for _, bounds := range [][2]rune{{'\u202A', '\u202E'}, {'\u2066', '\u2069'}} {
		for r := bounds[0]; r <= bounds[1]; r++ {
			if domain.Line("a"+string(r)) || domain.Visible(string(r)) {
				t.Errorf("%U, a bidirectional control, is allowed in a line or visible", r)
			}
		}
	}
}

func TestRequiredTextNeedsVisibleCharacter(t *testing.T) {
	const blank, refused = "Title cannot be blank.", "Title contains characters that are not allowed."
	for text, want := range map[string][2]string{ // as a line, as prose
		"":             {blank, blank},
		"\u200b\u200b": {blank, blank},
		"\u00ad\u2060": {blank, blank},
		"\u200d":       {blank, blank},
		"\u202e":       {blank, blank},
		"a\u202eb":     {refused, ""},
		"a\u200bb":     {refused, ""},
		"a\u200db":     {"", ""},
		"a\x00":        {refused, refused},
		"\x00":         {refused, refused},
		"\xff":         {refused, refused},
	} {
		for i, rules := range [][]domain.TextRule{{domain.Required}, {domain.Required, domain.Multiline}} {
			var p domain.Problems
			p.Text("title", "Title", text, 10, rules...)
			if got := messages(p); got != want[i] {
				t.Errorf("%q, prose %v: %q", text, i == 1, got)
			}
		}
	}
	var p domain.Problems
	if p.Text("title", "Title", "\u200d", 10); len(p) != 0 {
		t.Errorf("an invisible text that is not required: %v", p)
	}
}

func messages(p domain.Problems) string {
	var all []string
	for _, x := range p {
		all = append(all, sentence.English.Of(x))
	}
	return strings.Join(all, " ")
}

func TestNotesCleanText(t *testing.T) {
	for text, want := range map[string][2]string{ // as a line, as prose
		"a\u202eb\u200bc":  {"abc", "a\u202eb\u200bc"},
		"a\nb\x00c":        {"a bc", "a\nbc"},
		"\ufeffa":          {"a", "\ufeffa"},
		"می\u200cخواهم":    {"می\u200cخواهم", "می\u200cخواهم"},
		"\u202e \u2066":    {"", "\u202e \u2066"},
		"\xffa":            {"\ufffda", "\ufffda"},
		" \u200b a \u200b": {"a", "\u200b a \u200b"},
	} {
		var n domain.Notes
		if got := n.Line("title", text, 20); got != want[0] || !domain.Line(got) {
			t.Errorf("%q as a line: %q", text, got)
		}
		if got := n.Prose("title", text, 20); got != want[1] || !domain.Prose(got) {
			t.Errorf("%q as prose: %q", text, got)
		}
	}
}

func TestNotesOrReplacesInvisibleText(t *testing.T) {
	for text, want := range map[string]string{"a": "a", "": "ours", "\u200d": "ours", "\u200b": "ours"} {
		var n domain.Notes
		if got := n.Or("title", text, "ours"); got != want || len(n) != map[bool]int{true: 1}[want == "ours"] {
			t.Errorf("%q became %q, %v", text, got, n)
		}
	}
}
