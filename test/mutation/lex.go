package mutation

import (
	"slices"
	"strings"
)

// token is a word, a string, or one other character of a statement.
type token struct {
	text       string // without the quotes if it is a quoted name
	start, end int
	depth      int // the number of open parentheses around it
}

func (t token) is(word string) bool { return t.depth == 0 && strings.EqualFold(t.text, word) }

// lex splits a statement into tokens.
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
		case isWordByte(c):
			for t.end < len(query) && isWordByte(query[t.end]) {
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

func isWordByte(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// item is an expression in a comma-separated list.
type item struct {
	first      token
	start, end int
}

// itemsOf reads the items of a list at a depth, up to one of the words in ends or the end of the parentheses, and returns
// them and the remaining tokens.
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
