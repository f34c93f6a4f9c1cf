// Package stores gives tests a store of the engine that Variable names, so that the same tests can show the same
// behaviour on each. It knows nothing of what they keep in it.
package stores

import (
	"cmp"
	"os"
	"strings"
	"testing"

	"tickt/adapters/bunstore"
	"tickt/adapters/memory"
	"tickt/ports"
	"tickt/test/migrated"
)

// Variable names the engine: memory, which is meant where it is unset, sqlite or postgres.
const Variable = "TEST_STORE"

// Cheap says whether a new store costs next to nothing.
func Cheap() bool { return engine() == inMemory }

const inMemory = "memory"

// engine returns the first engine of Variable: packages without Main run on that one only.
func engine() string {
	first, _, _ := strings.Cut(os.Getenv(Variable), ",")
	return cmp.Or(first, inMemory)
}

// New gives an empty store that nobody else uses until the test ends.
func New(t testing.TB) ports.Store {
	t.Helper()
	return Prepared(t, "", func(ports.Store) {})
}

// Prepared is New for a store that is not empty: it has what prepare puts into an empty one, which must be the same for
// the same name. On a database prepare is called once rather than for every test.
func Prepared(t testing.TB, name string, prepare func(ports.Store)) ports.Store {
	t.Helper()
	switch engine := engine(); engine {
	case inMemory:
		s := memory.New()
		prepare(s)
		return s
	case "sqlite":
		return prepared(t, name, prepare)
	case "postgres":
		return borrowed(t, loan{name, bunstore.Options{Prepared: true, MaxConns: 4}}, prepare)
	default:
		t.Fatalf("%s must be memory, sqlite or postgres, not %q", Variable, engine)
		return nil
	}
}

// SQLite gives an empty store in a file that nobody else uses until the test ends.
func SQLite(t testing.TB) ports.Store {
	t.Helper()
	return opened(t, migrated.File(t))
}

// Postgres gives an empty store on a PostgreSQL, opened with options whose URL is left out, that nobody else uses until
// the test ends.
func Postgres(t testing.TB, o bunstore.Options) ports.Store {
	t.Helper()
	return borrowed(t, loan{"", o}, func(ports.Store) {})
}
