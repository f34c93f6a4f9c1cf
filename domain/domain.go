// Package domain holds what every part of tickt shares: identifiers, kinds of errors, problems of an input, optional
// fields, times, and words for searching. This package and the packages below it hold the rules of tickt; they use no
// database, no transport and no clock.
package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ID is a reference id: 32 lower-case hexadecimal characters. The zero value means "none".
type ID string

// ParseID parses an ID. It accepts exactly 32 lower-case hexadecimal characters; it refuses upper case, dashes and
// prefixes, so that each resource has only one URL.
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

// FoldCase returns s trimmed and folded for comparisons that ignore case, in every alphabet. Two names that differ only
// in case fold to the same key, whichever store is used.
func FoldCase(s string) string {
	return strings.ToLower(strings.ToUpper(strings.TrimSpace(s)))
}

// Length returns the number of characters (code points) of s. All limits of the contract are in characters.
func Length(s string) int { return utf8.RuneCountInString(s) }

// Line reports whether s is allowed in a one-line field: valid UTF-8 without control characters, bidirectional controls
// and other invisible format characters. The zero-width joiner and non-joiner are allowed.
func Line(s string) bool { return utf8.ValidString(s) && !strings.ContainsFunc(s, notInLine) }

// Prose reports whether s is allowed in a long text: valid UTF-8 without control characters other than newline, carriage
// return and tab.
func Prose(s string) bool { return utf8.ValidString(s) && !strings.ContainsFunc(s, notInProse) }

func notInLine(r rune) bool { return unicode.IsControl(r) || isFormat(r) && !isJoiner(r) }

func notInProse(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) }

// isFormat reports whether r is an invisible format character. Unicode also puts the signs that some scripts write around
// numbers into the category Cf, but these are visible.
func isFormat(r rune) bool {
	return unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// isJoiner reports whether r is the zero-width joiner or non-joiner, which some scripts and emoji need.
func isJoiner(r rune) bool { return r == '\u200C' || r == '\u200D' }

// Visible reports whether s holds anything but white space and invisible characters. Other control characters and invalid
// UTF-8 count as visible: they are to be refused as not allowed, not as blank.
func Visible(s string) bool { return strings.ContainsFunc(s, isVisible) }

// emptyBraille is the Braille pattern blank.
const emptyBraille = '\u2800'

func isVisible(r rune) bool {
	return !unicode.IsSpace(r) && !isFormat(r) && r != emptyBraille &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
