package domain

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// Kind is the kind of an error. An error without a kind is Internal.
type Kind uint8

const (
	Internal        Kind = iota // a fault of the service; clients see no details
	Invalid                     // the input is wrong; Error.Problems lists what
	Unauthenticated             // credentials are missing, wrong, expired or revoked
	Forbidden                   // the account is known, but not allowed to do this
	NotFound                    // it does not exist, or the actor may not see it
	Conflict                    // the change contradicts what is stored
	Gone                        // it existed, or may have, but no longer does
	Stale                       // the caller's version is no longer the current one
	Reused                      // an idempotency key was used with a different request
	Throttled                   // too many attempts; see Error.RetryAfter
	Unavailable                 // something that is needed cannot be reached now
)

func (k Kind) String() string {
	return [...]string{
		"internal", "invalid", "unauthenticated", "forbidden", "not found", "conflict", "gone", "stale", "reused", "throttled", "unavailable",
	}[k]
}

// Error is an error with a kind, a reason and a sentence for clients.
type Error struct {
	Kind       Kind
	Reason     Reason // "" is the usual one of the kind; see Code
	Message    string
	Problems   []Problem     // of an Invalid input, in the order of the fields
	RetryAfter time.Duration // of Throttled and Unavailable, and of a Conflict that resolves by itself
	Cause      error         // for the log only
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Kind, e.Message, e.Cause)
	}
	return fmt.Sprintf("%s: %s", e.Kind, e.Message)
}

func (e *Error) Unwrap() error { return e.Cause }

// Fail returns an Error of a kind with its sentence.
func Fail(kind Kind, message string) *Error { return &Error{Kind: kind, Message: message} }

// FailFor returns an Error with a reason, of the reason's kind.
func FailFor(reason Reason, message string) *Error {
	return &Error{Kind: reason.Kind(), Reason: reason, Message: message}
}

// Code returns the reason of the error, or the usual one of its kind.
func (e *Error) Code() Reason { return cmp.Or(e.Reason, defaultReasons[e.Kind]) }

// KindOf returns the kind of the first Error in the chain of err, or Internal if there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// The errors that all areas share.
var (
	ErrNotFound  = Fail(NotFound, "Data not found.")
	ErrForbidden = Fail(Forbidden, "You do not have the required permission to access this resource.")
)
