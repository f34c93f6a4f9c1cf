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

// Must returns the value that a call returned, or ends the test if the call failed. It is used as Must(call())(t).
func Must[T any](x T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		Check(t, err)
		return x
	}
}

// Err returns the error of a call that also returns a value. It is used as Err(call()).
func Err[T any](_ T, err error) error { return err }

// Kind ends the test unless err is an error of a kind.
func Kind(t testing.TB, err error, want domain.Kind) {
	t.Helper()
	if got := domain.KindOf(err); err == nil || got != want {
		t.Fatalf("got %v, want an error of kind %v", err, want)
	}
}

// Says ends the test unless err is an error of a kind with exactly this message.
func Says(t testing.TB, err error, kind domain.Kind, sentence string) {
	t.Helper()
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Message != sentence {
		t.Fatalf("got %v, want %v: %s", err, kind, sentence)
	}
}

// Fails fails the test unless err is an error of a kind whose message, or one of whose problems, written as
// "field: sentence", contains words. The test continues.
func Fails(t testing.TB, err error, kind domain.Kind, words string) {
	t.Helper()
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != kind {
		t.Errorf("got %v, want %v: %s", err, kind, words)
		return
	}
	text := e.Message
	for _, p := range e.Problems {
		text += "\n" + p.Field + ": " + sentence.English.Of(p)
	}
	if !strings.Contains(text, words) {
		t.Errorf("got %q, want %q", text, words)
	}
}

// Messages returns the sentences of the problems of err, in their order.
func Messages(err error) (all []string) {
	var e *domain.Error
	if errors.As(err, &e) {
		for _, p := range e.Problems {
			all = append(all, sentence.English.Of(p))
		}
	}
	return all
}

// Once returns the idempotency of a request with a key and a fingerprint. The stored response has the code 201, the
// location "/there/" and the body that body returns for what was created.
func Once[T any](key, fingerprint string, body func(made T) string) *usecase.Idempotency {
	return &usecase.Idempotency{Key: key, Fingerprint: fingerprint, Answer: func(made any) (ports.IdempotencyRecord, error) {
		return ports.IdempotencyRecord{Code: 201, Location: "/there/", Body: []byte(body(made.(T)))}, nil
	}}
}

// Replays checks that err is the replay of a response that Once stored, with this body.
func Replays(t testing.TB, err error, body string) {
	t.Helper()
	var replayed *usecase.Replayed
	if !errors.As(err, &replayed) {
		t.Fatalf("got %v, want a replay", err)
	}
	if r := replayed.Record; r.Code != 201 || r.Location != "/there/" || string(r.Body) != body {
		t.Errorf("stored is %+v", r)
	}
}
