package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tickt/domain/text"
)

// MaxWords is the maximum number of words of a search.
const MaxWords = 16

// Query is a search. A document matches if it matches every term. A Query without terms matches nothing: it is the search for a
// text without words, such as "?!".
type Query struct {
	Typed string // what was typed
	Terms []Term
}

// Term is what was typed between spaces or in quotes. A document matches if it matches every word, or if it has the e-mail
// address.
type Term struct {
	Words   []Word
	Address string // the token of the address; "" if what was typed is none
}

// Word is a word or a phrase. A document matches if one of its texts holds the tokens one after the other; the last one may be
// the beginning of a longer token if Prefix is set.
type Word struct {
	Tokens []string
	Prefix bool
}

// Parse reads a search: words, and phrases in double quotes. It returns false if there are more than MaxWords words.
func Parse(typed string) (Query, bool) {
	q := Query{Typed: typed}
	words := 0
	for i, section := range splitQuotes(typed) {
		if i%2 == 1 { // in quotes
			if w, runs := phrase(section); runs > 0 {
				q.Terms = append(q.Terms, Term{Words: []Word{w}})
				words += runs
			}
			continue
		}
		for chunk := range strings.FieldsSeq(section) {
			terms := termsOf(chunk)
			for _, t := range terms {
				words += len(t.Words)
			}
			q.Terms = append(q.Terms, terms...)
		}
	}
	return q, words <= MaxWords
}

// splitQuotes splits a search at its double quotes, straight or curly: the sections with odd numbers are in quotes. A quote
// without a partner separates words.
func splitQuotes(typed string) []string {
	sections := strings.FieldsFunc(" "+strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, `"`, ` " `).Replace(typed)+" ", isQuote)
	if len(sections)%2 == 0 {
		last := len(sections) - 1
		sections = append(sections[:last-1], sections[last-1]+" "+sections[last])
	}
	return sections
}

func isQuote(r rune) bool { return r == '"' }

// termsOf returns the terms of what was typed between spaces: one for each of its words, or a single one if it may be an e-mail
// address, which may be found as such too.
func termsOf(chunk string) []Term {
	var words []Word
	for _, run := range text.Runs(chunk) {
		words = append(words, wordOf(run))
	}
	address := strings.TrimFunc(chunk, func(r rune) bool { return strings.ContainsRune(`<>()[]"',;:.`, r) })
	if local, host, found := strings.Cut(address, "@"); found && local != "" && host != "" && len(words) > 0 {
		return []Term{{Words: words, Address: addressToken(address)}}
	}
	terms := make([]Term, len(words))
	for i, w := range words {
		terms[i] = Term{Words: []Word{w}}
	}
	return terms
}

// wordOf returns the word for a run that was typed. It must begin a word; if it has one or two letters, or only digits, it must
// be one, since too many words begin so. A run of a script without spaces must be a part of one.
func wordOf(run text.Run) Word {
	if run.Unspaced {
		pairs := pairsOf(run.Text)
		return Word{Tokens: pairs, Prefix: isOneCharacter(run.Text)}
	}
	token := cut(run.Text, maxToken)
	return Word{Tokens: []string{token}, Prefix: utf8.RuneCountInString(token) > 2 && strings.ContainsFunc(token, isNoDigit)}
}

func isNoDigit(r rune) bool { return !unicode.IsDigit(r) }

func isOneCharacter(s string) bool { return utf8.RuneCountInString(s) == 1 }

// pairsOf returns the pairs of characters of a run, or the run if it is one character.
func pairsOf(run string) []string {
	var pairs []string
	for rest := run; ; {
		_, size := utf8.DecodeRuneInString(rest)
		if pairs != nil && size == len(rest) {
			return pairs
		}
		pairs = append(pairs, cut(rest, 2))
		if size == len(rest) {
			return pairs
		}
		rest = rest[size:]
	}
}

// phrase returns the word for what was typed in quotes, and its number of runs. Its words must be whole. A run of a script
// without spaces at the end of it may go on.
func phrase(typed string) (w Word, runs int) {
	all := text.Runs(typed)
	for i, run := range all {
		last := i == len(all)-1
		switch {
		case !run.Unspaced:
			w.Tokens = append(w.Tokens, cut(run.Text, maxToken))
		case last:
			w.Tokens = append(w.Tokens, pairsOf(run.Text)...)
			w.Prefix = isOneCharacter(run.Text)
		default: // the run ends here, and its last character is a token too
			for token := range tokens(run.Text) {
				w.Tokens = append(w.Tokens, token)
			}
		}
	}
	return w, len(all)
}

// Matches reports whether a document matches the search of somebody who may read internal notes, or may not. It defines what a
// search means: every store must find the same.
func (q Query) Matches(d Document, notes bool) bool {
	for _, t := range q.Terms {
		if !t.matches(d, notes) {
			return false
		}
	}
	return len(q.Terms) > 0
}

func (t Term) matches(d Document, notes bool) bool {
	if t.Address != "" && strings.Contains(d.Public, " "+t.Address+" ") {
		return true
	}
	for _, w := range t.Words {
		part := w.Part()
		if !strings.Contains(d.Public, part) && (!notes || !strings.Contains(d.Notes, part)) {
			return false
		}
	}
	return true
}

// Part returns the part of Document.Public, or of Document.Notes, that a document holds if, and only if, it matches the word.
func (w Word) Part() string {
	part := " " + strings.Join(w.Tokens, " ")
	if w.Prefix {
		return part
	}
	return part + " "
}

// NoteToken returns the lexeme that a token is in an internal note; see Document.Lexemes.
func NoteToken(token string) string { return noteMark + token }
