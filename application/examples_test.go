package application_test

import (
	"flag"
	"testing"

	"pgregory.net/rapid"

	"tickt/test/stores"
)

// tryEach tries a property whose every example takes stores of its own: on few examples where stores are dear, unless
// the command line says how many.
func tryEach(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	if !stores.Cheap() && checks.Value.String() == checks.DefValue {
		check(t, checks.Value.Set("5"))
		defer func() { check(t, checks.Value.Set(checks.DefValue)) }()
	}
	rapid.Check(t, property)
}

// example is a test whose stores are given back after every example of a property.
type example struct {
	testing.TB
	rt *rapid.T
}

func (e example) Cleanup(fn func()) { e.rt.Cleanup(fn) }
