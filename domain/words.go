package domain

import (
	"strings"
	"unicode"
)

// maxWord is how many characters of a word are compared.
const maxWord = 64

// Words gives the words of a text for searching: letters and digits, folded, each once, in the order of
// their first appearance, cut to 64 characters.
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

// maxSearchWords is how many words of a search are looked at.
const maxSearchWords = 16

// SearchWords gives the words that a search must find, at most 16: each must begin a word of what is searched.
func SearchWords(text string) []string {
	words := Words(text)
	return words[:min(len(words), maxSearchWords)]
}
