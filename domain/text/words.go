package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Run is a run of letters, marks and numbers of a text, in the form in which texts are searched.
type Run struct {
	Text string
	// Unspaced reports that the run is written in a script that puts no spaces between words, so that it may hold many.
	Unspaced bool
}

// unspaced are the scripts that put no spaces between words, and Hangul, which joins words with what belongs to them.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// accented are the scripts whose diacritics are ignored in searches: readers type them with and without.
var accented = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic}

// Runs returns the runs of a text in their order. They are compatible and case-folded as a Key is, without ignorable characters
// and without the diacritics of Latin, Greek and Cyrillic letters. Everything else separates runs: white space, punctuation,
// symbols, and characters without a meaning in Unicode. A script with spaces and one without are in separate runs.
func Runs(s string) []Run {
	var out []Run
	begin, inUnspaced, undecided := -1, false, false
	searched := searchForm(s)
	end := func(at int) {
		if begin >= 0 {
			out = append(out, Run{searched[begin:at], inUnspaced})
		}
		begin = -1
	}
	for i, r := range searched {
		switch kind := kindOf(r); {
		case kind == separator, kind == mark && begin < 0:
			end(i)
		case kind == mark, kind == follower && begin >= 0:
		default:
			isUnspaced := kind == unspacedLetter
			if begin < 0 || !undecided && isUnspaced != inUnspaced {
				end(i)
				begin = i
			}
			inUnspaced, undecided = isUnspaced, kind == follower // the letter after a follower tells what it belongs to
		}
	}
	end(len(searched))
	return out
}

type kind byte

const (
	separator      kind = iota
	spacedLetter        // or a number
	unspacedLetter      // of a script without spaces
	mark                // belongs to the letter before it
	follower            // a letter that several scripts use, such as the Japanese sound mark ー: belongs to the run before it
)

func kindOf(r rune) kind {
	switch {
	case r < 0x80:
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return spacedLetter
		}
		return separator
	case unicode.IsMark(r):
		return mark
	case unicode.IsNumber(r):
		return spacedLetter
	case !unicode.IsLetter(r):
		return separator
	case unicode.In(r, unspaced...):
		return unspacedLetter
	case unicode.Is(unicode.Common, r):
		return follower
	}
	return spacedLetter
}

// searchForm returns s as it is searched, with the characters that separate runs.
func searchForm(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	folded := foldCompatible(s)
	if isASCII(folded) {
		return folded
	}
	var b strings.Builder
	b.Grow(len(folded))
	isAccented := false
	for _, r := range norm.NFD.String(folded) {
		if unicode.IsMark(r) {
			if isAccented {
				continue
			}
		} else {
			isAccented = unicode.In(r, accented...)
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
