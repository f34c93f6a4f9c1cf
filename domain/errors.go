package domain

import (
	"errors"
	"fmt"
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
