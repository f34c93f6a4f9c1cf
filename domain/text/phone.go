package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Phone returns a phone number as somebody typed or pasted it in the characters of a keyboard: the digits of every script in ASCII,
// full-width signs in their usual form, every dash as "-" and every space as " ", without the invisible characters that
// contact cards put around a number. Other characters stay, so that whoever reads the number can refuse them.
func Phone(typed string) string {
	return strings.TrimSpace(ASCIIDigits(strings.Map(phoneSign, norm.NFKC.String(typed))))
}

func phoneSign(r rune) rune {
	const minus = '\u2212'
	switch {
	case IsIgnorable(r):
		return -1
	case unicode.Is(unicode.Pd, r), r == minus:
		return '-'
	case unicode.Is(unicode.Zs, r):
		return ' '
	}
	return r
}
