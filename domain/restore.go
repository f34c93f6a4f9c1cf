package domain

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Note says in a few words, which are the same for every record, what was changed in a record of another system so
// that it fits in here; Was is what stood there, "" where that is no matter.
type Note struct {
	Text string
	Was  string
}

// Notes are what was changed in one record. The zero value is ready to use.
type Notes []Note

// Add notes something.
func (n *Notes) Add(text, was string) { *n = append(*n, Note{text, was}) }

// Line gives a text as a one-line field may hold it, of at most limit characters.
func (n *Notes) Line(field, text string, limit int) string {
	return n.fit(field, text, notInLine, limit)
}

// Prose gives a text as a long field may hold it, of at most limit characters.
func (n *Notes) Prose(field, text string, limit int) string {
	return n.fit(field, text, notInProse, limit)
}

func (n *Notes) fit(field, text string, refused func(rune) bool, limit int) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case !refused(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		default:
			return -1
		}
	}, strings.ToValidUTF8(text, "\uFFFD"))
	if clean != text {
		n.Add(field+": control characters were taken out", "")
	}
	clean = strings.TrimSpace(clean)
	if Length(clean) > limit {
		n.Add(fmt.Sprintf("%s: cut to %d characters", field, limit), "")
		clean = strings.TrimSpace(string([]rune(clean)[:limit]))
	}
	return clean
}

// Within gives a number as a field that is bounded may hold it.
func (n *Notes) Within(field string, x, least, most int) int {
	fit := min(max(x, least), most)
	if fit != x {
		n.Add(fmt.Sprintf("%s: became %d, which is as far as it may go", field, fit), strconv.Itoa(x))
	}
	return fit
}

// Distinct makes a text differ from others by a mark at its end; the whole is of at most limit characters.
func Distinct(text, mark string, limit int) string {
	r := []rune(text)
	return string(r[:min(len(r), max(limit-Length(mark), 0))]) + mark
}

// FirstTime gives a time as every store keeps it: the first that is set, in UTC and cut to microseconds.
func FirstTime(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t.UTC().Truncate(time.Microsecond)
		}
	}
	return time.Time{}
}

// Or gives text, or where nothing of it can be seen the other one.
func (n *Notes) Or(field, text, other string) string {
	if Visible(text) {
		return text
	}
	n.Add(field+": was empty; a name of our own stands in its place", "")
	return other
}
