package text

import (
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// normal returns s in a composed normalization form, norm.NFC or norm.NFKC. Package norm puts a combining grapheme joiner
// into runs of more than 30 combining marks (UAX #15, Stream-Safe Text Format), and so changes the text; normal does not.
func normal(form norm.Form, s string) string {
	const joiner = "\u034f"
	out := form.String(s)
	if strings.Count(out, joiner) == strings.Count(s, joiner) {
		return out
	}
	return compose(order(decompose(form, s)))
}

// part is a character of decomposed text, or a byte that is not UTF-8.
type part struct {
	text  string
	class uint8 // its canonical combining class
}

// decompose returns the full decomposition of s, not ordered yet.
func decompose(form norm.Form, s string) []part {
	decomposed := norm.NFD
	if form == norm.NFKC {
		decomposed = norm.NFKD
	}
	parts := make([]part, 0, len(s))
	for each := range characters(s) {
		for c := range characters(decomposed.String(each)) {
			parts = append(parts, part{c, norm.NFD.PropertiesString(c).CCC()})
		}
	}
	return parts
}

// characters yields the characters of s, and its bytes that are not UTF-8.
func characters(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for s != "" {
			_, size := utf8.DecodeRuneInString(s)
			if !yield(s[:size]) {
				return
			}
			s = s[size:]
		}
	}
}

// order sorts the marks between starters by their classes (the Canonical Ordering Algorithm, Unicode Standard, §3.11).
func order(parts []part) []part {
	for i := 0; i < len(parts); i++ {
		start := i
		for i < len(parts) && parts[i].class > 0 {
			i++
		}
		slices.SortStableFunc(parts[start:i], func(a, b part) int { return int(a.class) - int(b.class) })
	}
	return parts
}

// compose joins each starter with what follows it (the Canonical Composition Algorithm, Unicode Standard, §3.11).
func compose(parts []part) string {
	out := parts[:0]
	starter := -1 // the last one, in out
	for _, p := range parts {
		last := len(out) - 1
		if starter >= 0 && (starter == last || out[last].class > 0 && out[last].class < p.class) {
			if joined, ok := pair(out[starter].text, p.text); ok {
				out[starter].text = joined
				continue
			}
		}
		if p.class == 0 {
			starter = len(out)
		}
		out = append(out, p)
	}
	var b strings.Builder
	for _, p := range out {
		b.WriteString(p.text)
	}
	return b.String()
}

// pair returns the character that two characters are composed to.
func pair(first, second string) (joined string, ok bool) {
	joined = norm.NFC.String(first + second)
	return joined, utf8.RuneCountInString(joined) == 1
}
