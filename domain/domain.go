// Package domain is the kernel that every part of tickt shares: identifiers, the few kinds of
// failure that a caller may know, problems of an input, and values that may be left out.
// It and the packages below it decide; they know no database, no transport and no clock.
package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ID is a reference id: 32 lower-case hexadecimal characters. The zero value means "none".
type ID string

// ParseID accepts exactly 32 lower-case hexadecimal characters; upper case, dashes and prefixes
// are refused, so that one resource has one name.
func ParseID(s string) (ID, bool) {
	if len(s) != 32 {
		return "", false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return "", false
		}
	}
	return ID(s), true
}

// FoldCase gives the form under which names are compared when case must not matter, in every
// alphabet: two names that differ only in case fold to the same key on every store.
func FoldCase(s string) string {
	return strings.ToLower(strings.ToUpper(strings.TrimSpace(s)))
}

// Length counts characters (code points), as every limit of the contract does.
func Length(s string) int { return utf8.RuneCountInString(s) }

// Line says whether s may stand in a one-line field: valid UTF-8 without control characters, and without what turns the
// direction of a line or is not seen in it.
func Line(s string) bool { return utf8.ValidString(s) && !strings.ContainsFunc(s, notInLine) }

// Prose says whether s may stand in a long text: valid UTF-8 without control characters but newline, carriage return
// and tab.
func Prose(s string) bool { return utf8.ValidString(s) && !strings.ContainsFunc(s, notInProse) }

func notInLine(r rune) bool { return unicode.IsControl(r) || formats(r) && !joins(r) }

func notInProse(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) }

// formats says whether a character tells how others are shown, and is not seen itself. The signs that are written around
// numbers in some scripts are seen, though Unicode counts them as such.
func formats(r rune) bool {
	return unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// joins says whether a character joins its neighbours or keeps them apart, which some scripts and emoji need.
func joins(r rune) bool { return r == '\u200C' || r == '\u200D' }

// Visible says whether there is anything in s that is seen, or that may not be there and is refused as such.
func Visible(s string) bool { return strings.ContainsFunc(s, seen) }

// emptyBraille is the Braille pattern of no dots.
const emptyBraille = '\u2800'

func seen(r rune) bool {
	return !unicode.IsSpace(r) && !formats(r) && r != emptyBraille &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
