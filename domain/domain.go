// Package domain holds what every part of tickt shares: identifiers, kinds of errors, problems of an input, optional
// fields, times, and words for searching. This package and the packages below it hold the rules of tickt; they use no
// database, no transport and no clock.
package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tickt/domain/text"
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

// Visible reports whether s holds anything but white space and invisible characters. Other control characters and invalid
// UTF-8 count as visible: they are to be refused as not allowed, not as blank.
func Visible(s string) bool { return strings.ContainsFunc(s, isVisible) }

// emptyBraille is the Braille pattern blank.
const emptyBraille = '\u2800'

func isVisible(r rune) bool {
	return !unicode.IsSpace(r) && !text.IsIgnorable(r) && r != emptyBraille
}
