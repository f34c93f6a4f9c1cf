package desk

import (
	"flag"
	"testing"

	"pgregory.net/rapid"

	"tickt/domain"
	"tickt/test/stores"
)

// CheckProperty checks a property whose examples each open their own desks. If stores are expensive, it checks five
// examples, unless the flag -rapid.checks is set.
func CheckProperty(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	if !stores.Cheap() && checks.Value.String() == checks.DefValue {
		Check(t, checks.Value.Set("5"))
		defer func() { Check(t, checks.Value.Set(checks.DefValue)) }()
	}
	rapid.Check(t, property)
}

// Example returns a testing.TB for one example of a property. Its cleanups run after the example, and its failures are
// failures of the example.
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

// Maybe draws an optional field: absent in most cases, else one of the values, or null if the field is clearable.
func Maybe[T any](rt *rapid.T, field string, clearable bool, values ...T) domain.Optional[T] {
	switch n := rapid.IntRange(0, 9).Draw(rt, field); {
	case n == 0 && clearable:
		return domain.Null[T]()
	case n <= 2:
		return domain.Some(rapid.SampledFrom(values).Draw(rt, field+" is"))
	}
	return domain.Optional[T]{}
}
