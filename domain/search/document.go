// Package search defines what a search finds: the words of a ticket or an account, the words of a search, and when these match.
// Stores keep the words and look them up. All splitting and folding happens here, so that every store finds the same.
package search

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"tickt/domain/text"
)

// MaxDocument is the maximum length of a document, in bytes. The distinct tokens of one are shorter than 1 MiB, the limit of a
// tsvector of PostgreSQL.
const MaxDocument = 700_000

// maxToken is the maximum length of a token, in characters. The rest of a longer word is cut off.
const maxToken = 64

// Private-use characters that begin tokens which are not words. No word holds one: they separate words.
const (
	addressMark = "\uE000"
	noteMark    = "\uE001"
)

// Document is what is searched of one ticket or account: prepared texts (see Prepare), one after the other. The zero value is
// found by nothing.
type Document struct {
	Public string // what everyone who sees the ticket may find
	Notes  string // internal notes, found only by those who may read them
}

// Part is a text of a document.
type Part struct {
	Text     string
	Internal bool // an internal note
}

// NewDocument returns the document of texts, the most important ones first: if all do not fit, the last ones are left out. The
// address is an e-mail address by which the document is found as a whole; "" if there is none.
func NewDocument(address string, parts ...Part) Document {
	b := NewBuilder(address, parts...)
	return b.Document()
}

// Builder makes a Document of texts that come one after the other.
type Builder struct{ public, notes strings.Builder }

// NewBuilder returns a Builder that has the address and the texts, as in NewDocument.
func NewBuilder(address string, parts ...Part) *Builder {
	b := &Builder{}
	if address != "" {
		b.public.WriteString(" " + addressToken(address) + " \n")
	}
	for _, p := range parts {
		b.Add(p)
	}
	return b
}

// Add adds a text, or the beginning of it that fits.
func (b *Builder) Add(p Part) {
	prepared := Prepare(p.Text, b.room())
	if p.Internal {
		b.notes.WriteString(prepared)
	} else {
		b.public.WriteString(prepared)
	}
}

func (b *Builder) room() int { return MaxDocument - b.public.Len() - b.notes.Len() }

// IsFull reports whether no other text fits.
func (b *Builder) IsFull() bool { return b.room() < len(" x \n") }

// Document returns the document.
func (b *Builder) Document() Document { return Document{b.public.String(), b.notes.String()} }

// Len returns the length of the document in bytes.
func (d Document) Len() int { return len(d.Public) + len(d.Notes) }

// Prepare returns a text as it is searched: its tokens in their order, each between spaces, then a newline, which keeps phrases
// from crossing from one text into the next. Tokens that would make it longer than limit bytes are left out. It is "" for a text
// without tokens. Appending a prepared text to a document adds it to the document.
func Prepare(s string, limit int) string {
	var b strings.Builder
	for token := range tokens(s) {
		if b.Len()+len(token)+len("  \n") > limit {
			break
		}
		b.WriteString(" " + token)
	}
	if b.Len() == 0 {
		return ""
	}
	b.WriteString(" \n")
	return b.String()
}

// tokens returns the tokens of a text. A run of a script with spaces is one token. A run of a script without spaces becomes its
// pairs of characters and its last character, so that every part of the run is a sequence of tokens, or begins one.
func tokens(s string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, run := range text.Runs(s) {
			if !run.Unspaced {
				if !yield(cut(run.Text, maxToken)) {
					return
				}
				continue
			}
			for rest := run.Text; rest != ""; {
				if !yield(cut(rest, 2)) {
					return
				}
				_, size := utf8.DecodeRuneInString(rest)
				rest = rest[size:]
			}
		}
	}
}

// cut returns the first n characters of s, or s if it has fewer.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// addressToken returns the token of an e-mail address. An address is found as a whole only, so a hash will do.
func addressToken(address string) string {
	sum := sha256.Sum256([]byte(text.Key(address)))
	return addressMark + hex.EncodeToString(sum[:16])
}

// End follows each text among the tokens of a document; see Sequence. No search holds it.
const End = "\uE002"

// Sequence returns the tokens of Public in their order, with End after each text: for an index that finds phrases by the positions of
// their tokens. It has at least one token.
func (d Document) Sequence() []string {
	if d.Public == "" {
		return []string{End}
	}
	return strings.Fields(strings.ReplaceAll(d.Public, "\n", End))
}

// Lexemes returns the distinct tokens of the document in byte order. Those of notes begin with a mark of their own; see
// Word.Lexemes.
func (d Document) Lexemes() []string {
	all := strings.Fields(d.Public)
	for _, token := range strings.Fields(d.Notes) {
		all = append(all, noteMark+token)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
