package domain

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tickt/domain/text"
)

// Note is one change that was made to a record of another system so that tickt can store it. Text describes the change,
// with the same words for every record. Was is the original value, or "" if it does not matter.
type Note struct {
	Text string
	Was  string
}

// Notes are the changes made to one record. The zero value is ready to use.
type Notes []Note

// Add adds a note.
func (n *Notes) Add(text, was string) { *n = append(*n, Note{text, was}) }

// Line returns a text as a one-line field allows it (text.Form.Repair), cut to limit characters. It notes each change other
// than trimming and normalizing.
func (n *Notes) Line(field, value string, limit int) string {
	return n.fit(field, value, text.Line, limit)
}

// Prose is Line for a long text.
func (n *Notes) Prose(field, value string, limit int) string {
	return n.fit(field, value, text.Lines, limit)
}

func (n *Notes) fit(field, value string, form text.Form, limit int) string {
	clean := form.Repair(value)
	if clean != text.Stored(strings.TrimSpace(value)) {
		n.Add(field+": characters that are not allowed were removed", "")
	}
	clean, more := text.Cut(clean, limit)
	if more {
		n.Add(fmt.Sprintf("%s: cut to %d characters", field, limit), "")
	}
	return clean
}

// Within returns the number from least to most that is nearest to x. It notes a change.
func (n *Notes) Within(field string, x, least, most int) int {
	fit := min(max(x, least), most)
	if fit != x {
		n.Add(fmt.Sprintf("%s: became %d, the nearest value that is allowed", field, fit), strconv.Itoa(x))
	}
	return fit
}

// Distinct returns text with mark at its end, so that it differs from others. It cuts text so that the result has at most
// limit characters.
func Distinct(text, mark string, limit int) string {
	r := []rune(text)
	return string(r[:min(len(r), max(limit-Length(mark), 0))]) + mark
}

// FirstTime returns the first of the times that is not zero, in UTC and cut to microseconds, as every store keeps times.
// It returns the zero time if none is set.
func FirstTime(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t.UTC().Truncate(time.Microsecond)
		}
	}
	return time.Time{}
}

// Or returns text if it is Visible, and otherwise other, which it notes.
func (n *Notes) Or(field, text, other string) string {
	if Visible(text) {
		return text
	}
	n.Add(field+": was empty; replaced by a default", "")
	return other
}
