package text

import (
	"strings"
	"unicode"
)

// ASCIIDigits returns s with the decimal digits of every script, such as those of Devanagari, as ASCII digits.
func ASCIIDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if value, _, ok := digit(r); ok {
			return '0' + value
		}
		return r
	}, s)
}

// digit returns the value of a decimal digit (general category Nd), and the zero of its system of digits. Unicode encodes each
// system as ten consecutive characters in order (the Unicode Standard, §4.6), so every range of the table begins with a zero.
func digit(r rune) (value, zero rune, ok bool) {
	const systemSize = 10
	if r <= unicode.MaxASCII {
		return r - '0', '0', r >= '0' && r <= '9'
	}
	for _, one := range unicode.Nd.R16 {
		if lowest := rune(one.Lo); r >= lowest && r <= rune(one.Hi) {
			value = (r - lowest) % systemSize
			return value, r - value, true
		}
	}
	for _, one := range unicode.Nd.R32 {
		if lowest := rune(one.Lo); r >= lowest && r <= rune(one.Hi) { //nolint:gosec // both are characters
			value = (r - lowest) % systemSize
			return value, r - value, true
		}
	}
	return 0, 0, false
}
