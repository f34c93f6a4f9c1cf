package mutation

import (
	"slices"
	"strings"
)

// token is a word, a text, or one other character of a statement.
type token struct {
	text       string // without the quotes of a name
	start, end int
	depth      int // how many brackets are open around it
}

func (t token) is(word string) bool { return t.depth == 0 && strings.EqualFold(t.text, word) }

func lex(query string) (tokens []token) {
	depth := 0
	for i := 0; i < len(query); {
		t := token{start: i, end: i + 1, depth: depth}
		switch c := query[i]; {
		case c == ' ' || c == '\n' || c == '\t':
			i++
			continue
		case c == '\'' || c == '"':
			for t.end < len(query) && (query[t.end] != c || t.end+1 < len(query) && query[t.end+1] == c) {
				if query[t.end] == c {
					t.end++
				}
				t.end++
			}
			t.end++
		case wordy(c):
			for t.end < len(query) && wordy(query[t.end]) {
				t.end++
			}
		case c == '(':
			depth++
		case c == ')':
			depth--
			t.depth--
		}
		if t.text = query[t.start:t.end]; t.text[0] == '"' {
			t.text = t.text[1 : len(t.text)-1]
		}
		tokens, i = append(tokens, t), t.end
	}
	return tokens
}

func wordy(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// item is one of several expressions with commas between them.
type item struct {
	first      token
	start, end int
}

// itemsOf returns the items at a depth, and the tokens after them.
func itemsOf(tokens []token, depth int, ends ...string) (items []item, rest []token) {
	begun := false
	for i, t := range tokens {
		switch {
		case t.depth < depth || t.depth == depth && slices.ContainsFunc(ends, func(end string) bool { return strings.EqualFold(t.text, end) }):
			return items, tokens[i:]
		case t.depth == depth && t.text == ",":
			begun = false
			continue
		case !begun:
			items = append(items, item{first: t, start: t.start})
			begun = true
		}
		items[len(items)-1].end = t.end
	}
	return items, nil
}
