package desk

import (
	"errors"
	"strings"
	"testing"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/sentence"
	"tickt/ports"
)

// Check ends the test if err is not nil.
func Check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Must returns what a call returned, or ends the test if it failed: Must(call())(t).
func Must[T any](x T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		Check(t, err)
		return x
	}
}

// Err returns what a call failed with: Err(call()).
func Err[T any](_ T, err error) error { return err }

// Kind ends the test unless err is a failure of a kind.
func Kind(t testing.TB, err error, want domain.Kind) {
	t.Helper()
	if got := domain.KindOf(err); err == nil || got != want {
		t.Fatalf("got %v, want a failure of kind %v", err, want)
	}
}

// Says ends the test unless err is a failure of a kind with a sentence.
func Says(t testing.TB, err error, kind domain.Kind, sentence string) {
	t.Helper()
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Message != sentence {
		t.Fatalf("got %v, want %v: %s", err, kind, sentence)
	}
}

// Fails fails the test unless err is a failure of a kind with some words in its sentence or, as "field: words", in one
// of its problems. The test goes on.
func Fails(t testing.TB, err error, kind domain.Kind, words string) {
	t.Helper()
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != kind {
		t.Errorf("answered %v, want %v: %s", err, kind, words)
		return
	}
	said := e.Message
	for _, p := range e.Problems {
		said += "\n" + p.Field + ": " + sentence.English.Of(p)
	}
	if !strings.Contains(said, words) {
		t.Errorf("said %q, want %q", said, words)
	}
}

// Messages returns the messages of the problems that err lists, in their order.
func Messages(err error) (all []string) {
	var e *domain.Error
	if errors.As(err, &e) {
		for _, p := range e.Problems {
			all = append(all, sentence.English.Of(p))
		}
	}
	return all
}

// Once is a request under a key. Its kept reply has the code 201, the location "/there/" and what body returns of what
// was made.
func Once[T any](key, fingerprint string, body func(made T) string) *usecase.Idempotency {
	return &usecase.Idempotency{Key: key, Fingerprint: fingerprint, Answer: func(made any) (ports.IdempotencyRecord, error) {
		return ports.IdempotencyRecord{Code: 201, Location: "/there/", Body: []byte(body(made.(T)))}, nil
	}}
}

// Replays checks that a request was answered with the reply that Once has kept, which has a body.
func Replays(t testing.TB, err error, body string) {
	t.Helper()
	var before *usecase.Replayed
	if !errors.As(err, &before) {
		t.Fatalf("answered %v, want what was kept", err)
	}
	if r := before.Record; r.Code != 201 || r.Location != "/there/" || string(r.Body) != body {
		t.Errorf("kept %+v", r)
	}
}
