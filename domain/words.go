package domain

import (
	"strings"
	"unicode"
)

// maxWord is the maximum length of a word, in characters; the rest is cut off.
const maxWord = 64

// Words returns the distinct words of a text for searching, in the order of their first appearance. A word is a run of
// letters, marks and digits; it is folded and cut to 64 characters.
func Words(text string) []string {
	var out []string
	seen := map[string]bool{}
	for _, w := range strings.FieldsFunc(FoldCase(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}) {
		if r := []rune(w); len(r) > maxWord {
			w = string(r[:maxWord])
		}
		if !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// maxSearchWords is the maximum number of words of a search; the rest is ignored.
const maxSearchWords = 16

// SearchWords returns the words of a search, at most 16. A result must have, for each of them, a word that begins with it.
func SearchWords(text string) []string {
	words := Words(text)
	return words[:min(len(words), maxSearchWords)]
}
