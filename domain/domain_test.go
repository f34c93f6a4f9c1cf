package domain_test

import (
	"strings"
	"testing"

	"tickt/domain"
	"tickt/domain/sentence"
)

func TestVisible(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		visible bool
	}{
		"nothing":                        {"", false},
		"spaces":                         {" \u00a0\u3000", false},
		"words":                          {"Der Drucker brennt", true},
		"two lines":                      {"a\r\n\tb", true},
		"only a newline":                 {"\n", false},
		"NUL":                            {"a\x00", true},
		"invalid UTF-8":                  {"a\xff", true},
		"a zero-width space":             {"\u200b", false},
		"a word joiner":                  {"\u2060", false},
		"a byte order mark":              {"\ufeff", false},
		"a soft hyphen":                  {"\u00ad", false},
		"a soft hyphen in a word":        {"Dru\u00adcker", true},
		"only joiners":                   {"\u200c\u200d", false},
		"only a variation selector":      {"\ufe0f", false},
		"a filler":                       {"\u3164\u115f\uffa0", false},
		"a combining grapheme joiner":    {"\u034f", false},
		"empty Braille":                  {"\u2800", false},
		"a tag":                          {"a\U000e0041", true},
		"a right-to-left mark":           {"a\u200f", true},
		"a family emoji":                 {"👩\u200d👩\u200d👧", true},
		"a heart emoji":                  {"❤\ufe0f", true},
		"Persian, with a non-joiner":     {"می\u200cخواهم", true},
		"Hindi, with a joiner":           {"क्\u200dष", true},
		"an Arabic number sign":          {"\u0600١٢", true},
		"only a combining mark":          {"\u0301", true},
		"a character of a later Unicode": {"\U0001faff", true},
		"a private-use character":        {"\ue000", true},
		"the replacement character":      {"\ufffd", true},
		"a right-to-left override":       {"\u202etxt.exe", true},
		"an unclosed isolate":            {"\u2066a", true},
	} {
		if got := domain.Visible(c.text); got != c.visible {
			t.Errorf("%s: visible %v", name, got)
		}
	}
}

func TestProblemsText(t *testing.T) {
	const blank = "Title cannot be blank."
	refused := func(character string) string {
		return "Title contains a character that is not allowed: " + character + "."
	}
	for sent, want := range map[string][2]string{ // as a line, as long text
		"":                 {blank, blank},
		" \n ":             {blank, blank},
		"\u200b\u200b":     {blank, blank},
		"\u00ad\u2060":     {blank, blank},
		"\u200d":           {blank, blank},
		"\u202e":           {refused("U+202E (right-to-left override) at position 1"), refused("U+202E (right-to-left override) at position 1")},
		"a\u202db":         {refused("U+202D (left-to-right override) at position 2"), refused("U+202D (left-to-right override) at position 2")},
		" a\u2028b":        {refused("U+2028 (line separator) at position 3"), ""},
		"a\u200bb\u200f":   {"", ""},
		"a\x00":            {refused("U+0000 (control character) at position 2"), refused("U+0000 (control character) at position 2")},
		"\xff":             {refused("0xFF (not valid UTF-8) at position 1"), refused("0xFF (not valid UTF-8) at position 1")},
		"0123456789":       {"", ""},
		"012345678e\u0301": {"", ""},
		" 0123456789a":     {"Title must be at most 10 characters.", "Title must be at most 10 characters."},
	} {
		for i, rules := range [][]domain.TextRule{{domain.Required}, {domain.Required, domain.Multiline}} {
			var p domain.Problems
			p.Text("title", "Title", sent, 10, rules...)
			if got := messages(p); got != want[i] {
				t.Errorf("%+q, long %v: %q", sent, i == 1, got)
			}
		}
	}
	var p domain.Problems
	if p.Text("title", "Title", "\u200d", 10); len(p) != 0 {
		t.Errorf("an invisible text that is not required: %v", p)
	}
}

// TestChangedTextKeepsWhatIsStored checks texts that an earlier release stored, and that are no longer allowed.
func TestChangedTextKeepsWhatIsStored(t *testing.T) {
	const stored = "Cle\u0301\u2028"
	for name, c := range map[string]struct {
		sent   domain.Optional[string]
		stored string
		want   string
		valid  bool
	}{
		"absent":             {domain.Optional[string]{}, stored, stored, true},
		"sent back":          {domain.Some(stored), stored, stored, true},
		"null":               {domain.Null[string](), stored, "", false},
		"another":            {domain.Some("Cable\u0301"), stored, "Cablé", true},
		"another, invalid":   {domain.Some("a\u2028b"), stored, "a\u2028b", false},
		"absent, none there": {domain.Optional[string]{}, "", "", false},
		"decomposed":         {domain.Some("Cle\u0301"), "Clé", "Clé", true},
	} {
		var p domain.Problems
		if got := p.ChangedText("title", "Title", c.sent, c.stored, 10, domain.Required); got != c.want || len(p) == 0 != c.valid {
			t.Errorf("%s: %+q, %v", name, got, messages(p))
		}
	}
}

func TestTruncateNamesCharactersThatMayNotBeQuoted(t *testing.T) {
	for sent, want := range map[string]string{
		"a\u202e\n": "a<U+202E><U+000A>", "\xff": "<0xFF>", strings.Repeat("é", 65): strings.Repeat("é", 64) + "…",
		"\x00" + strings.Repeat("a", 64): "<U+0000>" + strings.Repeat("a", 63) + "…",
	} {
		if got := domain.Truncate(sent); got != want {
			t.Errorf("%+q: %+q", sent, got)
		}
	}
}

func messages(p domain.Problems) string {
	var all []string
	for _, x := range p {
		all = append(all, sentence.English.Of(x))
	}
	return strings.Join(all, " ")
}

func TestNotesSayWhatWasRemoved(t *testing.T) {
	for sent, want := range map[string]struct {
		line, prose string
		notes       int // of both
	}{
		"\ta\r\nb\t":   {"a  b", "a\r\nb", 1},
		"a\u202eb":     {"ab", "ab", 2},
		"\ufeffa":      {"a", "\ufeffa", 1},
		"Cle\u0301":    {"Clé", "Clé", 0},
		"می\u200cخواه": {"می\u200cخواه", "می\u200cخواه", 0},
		"\xffa":        {"\ufffda", "\ufffda", 2},
		"0123456789a":  {"0123456789", "0123456789", 2},
	} {
		var n domain.Notes
		line, prose := n.Line("title", sent, 10), n.Prose("title", sent, 10)
		if line != want.line || prose != want.prose || len(n) != want.notes {
			t.Errorf("%+q: %+q, %+q, %v", sent, line, prose, n)
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
