package desk

import (
	"flag"
	"testing"

	"pgregory.net/rapid"

	"tickt/domain"
	"tickt/test/stores"
)

// CheckProperty checks a property whose every example opens desks of its own: on few examples if stores are expensive,
// unless the command line says how many.
func CheckProperty(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	if !stores.Cheap() && checks.Value.String() == checks.DefValue {
		Check(t, checks.Value.Set("5"))
		defer func() { Check(t, checks.Value.Set(checks.DefValue)) }()
	}
	rapid.Check(t, property)
}

// Example is a test whose desks are given back after an example of a property, and which fails with it.
func Example(t testing.TB, rt *rapid.T) testing.TB { return example{t, rt} }

type example struct {
	testing.TB
	rt *rapid.T
}

func (e example) Helper()                         { e.rt.Helper() }
func (e example) Cleanup(fn func())               { e.rt.Cleanup(fn) }
func (e example) Error(args ...any)               { e.rt.Error(args...) }
func (e example) Errorf(text string, args ...any) { e.rt.Errorf(text, args...) }
func (e example) Fatal(args ...any)               { e.rt.Fatal(args...) }
func (e example) Fatalf(text string, args ...any) { e.rt.Fatalf(text, args...) }

// Maybe draws a change to one of the values, to nothing if that is possible, or, mostly, none.
func Maybe[T any](rt *rapid.T, field string, clearable bool, values ...T) domain.Optional[T] {
	switch n := rapid.IntRange(0, 9).Draw(rt, field); {
	case n == 0 && clearable:
		return domain.Null[T]()
	case n <= 2:
		return domain.Some(rapid.SampledFrom(values).Draw(rt, field+" is"))
	}
	return domain.Optional[T]{}
}
