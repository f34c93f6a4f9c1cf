package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Form is a form of text: it decides what a text may hold.
type Form uint8

// The forms. Both refuse invalid UTF-8, control characters and bidirectional overrides. All other characters stay, such as
// joiners, directional marks, variation selectors, tags, and characters that are not assigned.
const (
	// Line is text in one line. It also refuses line and paragraph separators, and drops the soft hyphens, zero-width spaces and
	// byte order marks that pasted text brings along.
	Line Form = iota
	// Lines is long text. It may hold line feeds, carriage returns and tabs.
	Lines
)

// Refused is a character that a text may not hold.
type Refused struct {
	Name     string // such as U+202E, or 0xFF for a byte that is not UTF-8
	What     string // in words
	Position int    // in the text as it was sent, in characters from 1; a byte that is not UTF-8 is one character
}

// String returns the character with its position, for a sentence.
func (c Refused) String() string {
	return fmt.Sprintf("%s (%s) at position %d", c.Name, c.What, c.Position)
}

// Clean returns s as it is stored: trimmed, without the characters that the form drops, and in Normalization Form C. refused
// is the first character that the form does not allow; nil if there is none. What is trimmed is never refused.
func (f Form) Clean(s string) (clean string, refused *Refused) {
	left := strings.TrimLeftFunc(s, f.trims)
	inner := strings.TrimRightFunc(left, f.trims)
	refused = f.judge(inner)
	if refused != nil {
		refused.Position += utf8.RuneCountInString(s[:len(s)-len(left)])
	}
	return Stored(f.drop(inner)), refused
}

// Holds reports whether s is a text of the form: Clean refuses nothing, and returns s.
func (f Form) Holds(s string) bool {
	clean, refused := f.Clean(s)
	return refused == nil && clean == s
}

// Repair is Clean for text that must not be refused: white space that the form does not allow becomes a space, invalid UTF-8
// becomes U+FFFD, and other characters that the form does not allow are removed.
func (f Form) Repair(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case f.refuses(r) == "":
			return r
		case unicode.IsSpace(r):
			return ' '
		default:
			return -1
		}
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
	s, _ = f.Clean(s)
	return s
}

// Cut returns the beginning of a text that has at most limit characters, and reports whether there are more. It takes no mark or
// joiner from the character before it, unless half of the beginning would be lost. Of a text in Normalization Form C, the beginning is
// in that form, too.
func Cut(s string, limit int) (beginning string, more bool) {
	all := []rune(s)
	if len(all) <= limit {
		return s, false
	}
	end := limit
	for end > limit/2 && (unicode.Is(unicode.M, all[end]) || unicode.Is(unicode.Cf, all[end]) || unicode.Is(unicode.Cf, all[end-1])) {
		end--
	}
	return strings.TrimSpace(string(all[:end])), true
}

// Escape returns s with the name of each character that the form refuses in place of it, such as <U+202E>, for errors that
// quote s.
func (f Form) Escape(s string) string {
	var b strings.Builder
	for c := range characters(s) {
		if refused := f.judge(c); refused != nil {
			c = "<" + refused.Name + ">"
		}
		b.WriteString(c)
	}
	return b.String()
}

// judge returns the first character that the form refuses; nil if there is none.
func (f Form) judge(s string) *Refused {
	position := 0
	for i, r := range s {
		position++
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return &Refused{fmt.Sprintf("0x%02X", s[i]), "not valid UTF-8", position}
			}
		}
		if what := f.refuses(r); what != "" {
			return &Refused{fmt.Sprintf("%U", r), what, position}
		}
	}
	return nil
}

// refuses returns what r is if the form refuses it, and "" otherwise.
func (f Form) refuses(r rune) string {
	switch {
	case r == '\u202d':
		return "left-to-right override"
	case r == '\u202e':
		return "right-to-left override"
	case f == Line && r == '\u2028':
		return "line separator"
	case f == Line && r == '\u2029':
		return "paragraph separator"
	case f == Lines && (r == '\n' || r == '\r' || r == '\t'):
		return ""
	case unicode.IsControl(r):
		return "control character"
	}
	return ""
}

func (f Form) trims(r rune) bool { return unicode.IsSpace(r) || f.drops(r) }

func (f Form) drops(r rune) bool {
	return f == Line && (r == '\u00ad' || r == '\u200b' || r == '\ufeff')
}

func (f Form) drop(s string) string {
	return strings.Map(func(r rune) rune {
		if f.drops(r) {
			return -1
		}
		return r
	}, s)
}
