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

// Fold gives the form under which names are compared when case must not matter, in every
// alphabet: two names that differ only in case fold to the same key on every store.
func Fold(s string) string {
	return strings.ToLower(strings.ToUpper(strings.TrimSpace(s)))
}

// Length counts characters (code points), as every limit of the contract does.
func Length(s string) int { return utf8.RuneCountInString(s) }

// Line says whether s may stand in a one-line field: valid UTF-8 without control characters.
func Line(s string) bool { return printable(s, "") }

// Prose says whether s may stand in a long text: newline, carriage return and tab are welcome too.
func Prose(s string) bool { return printable(s, "\n\r\t") }

func printable(s, also string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if unicode.IsControl(r) && !strings.ContainsRune(also, r) {
			return false
		}
	}
	return true
}
