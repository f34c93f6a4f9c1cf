// Package text holds the rules for text in every script: the form in which text is stored, the keys by which names are
// compared, and the words by which text is searched. It is the only package of the domain that imports a third-party
// package, golang.org/x/text: the tables of Unicode and the algorithms on them, without state and without I/O.
package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Stored returns s in the form in which text is stored: Normalization Form C (UAX #15), in which an é that was typed as e
// and a combining accent is the same as one that was typed as one character. Invalid UTF-8 is kept as it is.
func Stored(s string) string { return normal(norm.NFC, s) }

// Upper returns s in upper case, in the form in which text is stored: codes are stored and compared in upper case.
func Upper(s string) string { return Stored(strings.ToUpper(s)) }

// Lower returns s in lower case, in the form in which text is stored: the names of roles are stored in lower case.
func Lower(s string) string { return Stored(strings.ToLower(s)) }

// Key returns the key by which a name is compared with others that must differ from it. Two names have the same key if they
// differ only in case, in the surrounding white space, in ignorable characters, or in compatible forms of characters, such
// as full-width letters: it is toNFKC_Casefold(X) of the Unicode Standard, §3.13. Key(Key(s)) equals Key(s).
func Key(s string) string {
	if isLowerASCII(s) {
		return strings.TrimSpace(s)
	}
	return strings.TrimSpace(foldCompatible(s))
}

// foldCompatible returns s in NFKC, case-folded and without ignorable characters. Folding can leave NFKC, and normalization
// can make a letter that folds, so the steps are repeated until nothing changes: once or twice in every known text.
func foldCompatible(s string) string {
	const enough = 8
	for range enough {
		folded := normal(norm.NFKC, strings.Map(foldOrDrop, fold.String(normal(norm.NFKC, s))))
		if folded == s {
			break
		}
		s = folded
	}
	return s
}

var fold = cases.Fold()

// foldOrDrop completes fold: it drops ignorable characters, and folds Cherokee letters to upper case, as CaseFolding.txt does.
// Fold of golang.org/x/text swaps their cases instead.
func foldOrDrop(r rune) rune {
	switch {
	case IsIgnorable(r):
		return -1
	case unicode.Is(unicode.Cherokee, r):
		return unicode.ToUpper(r)
	}
	return r
}

func isLowerASCII(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || c >= 'A' && c <= 'Z' {
			return false
		}
	}
	return true
}

// IsIgnorable reports whether r is not shown and has no width, whatever surrounds it: it has the Unicode property
// Default_Ignorable_Code_Point (DerivedCoreProperties.txt).
func IsIgnorable(r rune) bool {
	return isFormat(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// isFormat reports whether r is an invisible format character. The property leaves out the signs that some scripts write
// around numbers, the interlinear annotations and the controls of Egyptian hieroglyphs, which Unicode has in the category Cf.
func isFormat(r rune) bool {
	return unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r) &&
		(r < 0xFFF9 || r > 0xFFFB) && (r < 0x13430 || r > 0x1343F)
}
