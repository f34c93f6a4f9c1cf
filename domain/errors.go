package domain

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind is what a caller may know of a failure. Everything without a kind is internal.
type Kind uint8

const (
	Internal        Kind = iota // the fault is ours; nothing of it is shown
	Invalid                     // the input is wrong; Problems say where
	Unauthenticated             // no, bad, expired or revoked credentials
	Forbidden                   // known, but not allowed
	NotFound                    // no such thing, or none that the actor may see
	Conflict                    // the change contradicts what is stored
	Stale                       // the caller's version is no longer the current one
	Reused                      // a key that stands for one request came with another
	Throttled                   // too many attempts; RetryAfter says when to come back
	Unavailable                 // a part that is needed cannot be reached for now
)

func (k Kind) String() string {
	return [...]string{
		"internal", "invalid", "unauthenticated", "forbidden", "not found", "conflict", "stale", "reused", "throttled", "unavailable",
	}[k]
}

// Error is a failure that a caller may know of: a kind and one sentence for people.
type Error struct {
	Kind       Kind
	Message    string
	Problems   []Problem     // of an Invalid input, in the order of its fields
	RetryAfter time.Duration // of Throttled and Unavailable, and of a Conflict that passes by itself
	Cause      error         // for the log only
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Kind, e.Message, e.Cause)
	}
	return fmt.Sprintf("%s: %s", e.Kind, e.Message)
}

func (e *Error) Unwrap() error { return e.Cause }

// Fail makes an Error of a kind with its sentence.
func Fail(kind Kind, message string) *Error { return &Error{Kind: kind, Message: message} }

// KindOf finds the kind in a chain of wrapped errors; Internal where there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// The failures that every area shares.
var (
	ErrNotFound  = Fail(NotFound, "Data not found.")
	ErrForbidden = Fail(Forbidden, "You do not have the required permission to access this resource.")
)

// Codes of problems, for programs; the messages are for people.
const (
	CodeRequired  = "required"
	CodeType      = "type"
	CodeTooLong   = "too_long"
	CodeTooShort  = "too_short"
	CodeRange     = "range"
	CodeInvalid   = "invalid"
	CodeTaken     = "taken"
	CodeUnknown   = "unknown"
	CodeDuplicate = "duplicate"
)

// Problem is one thing that is wrong with an input.
type Problem struct {
	Field   string
	Code    string
	Message string
}

// Problems collects all that is wrong with an input, so that it is reported at once.
// The zero value is ready to use.
type Problems []Problem

// Add notes a problem of a field.
func (p *Problems) Add(field, code, message string) {
	*p = append(*p, Problem{Field: field, Code: code, Message: message})
}

// Has says whether a field has a problem already.
func (p Problems) Has(field string) bool {
	for _, x := range p {
		if x.Field == field {
			return true
		}
	}
	return false
}

// MaxStrays is how many names that do not belong in an input are reported at once.
const MaxStrays = 50

// Shortened cuts what a client made up to a length that can be repeated to it: 64 characters.
func Shortened(text string) string {
	const limit = 64
	count := 0
	for i := range text {
		if count++; count > limit {
			return text[:i] + "…"
		}
	}
	return text
}

// Err is nil where nothing is wrong, else an Invalid Error that holds every problem.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: "Invalid", Problems: p}
}

// Text checks a trimmed text of a field: required, with something to be seen in it, or not; at most limit characters, one line or prose.
// label names the field to people, as in "Title cannot be blank."; it gives the trimmed text back. A field that has
// a problem already gets no second one.
func (p *Problems) Text(field, label, value string, limit int, rules ...TextRule) string {
	value = strings.TrimSpace(value)
	if p.Has(field) {
		return value
	}
	valid, required := Line, ""
	for _, r := range rules {
		if r.prose {
			valid = Prose
		}
		if r.blank != "" {
			required = strings.ReplaceAll(r.blank, "{label}", label)
		}
	}
	switch {
	case required != "" && !Visible(value):
		p.Add(field, CodeRequired, required)
	case !valid(value):
		p.Add(field, CodeInvalid, label+" contains characters that are not allowed.")
	case Length(value) > limit:
		p.Add(field, CodeTooLong, fmt.Sprintf("%s must be at most %d characters.", label, limit))
	}
	return value
}

// TextRule refines what Problems.Text accepts.
type TextRule struct {
	prose bool
	blank string
}

// Multiline lets a text hold newlines and tabs.
var Multiline = TextRule{prose: true}

// Required refuses a blank text with "<Label> cannot be blank.".
var Required = TextRule{blank: "{label} cannot be blank."}

// RequiredSaying refuses a blank text with a sentence of its own.
func RequiredSaying(sentence string) TextRule { return TextRule{blank: sentence} }
