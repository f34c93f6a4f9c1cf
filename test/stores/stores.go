// Package stores provides tests with stores on the engine that Variable names, so that the same tests run on each engine.
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

// Variable is the environment variable with the engine: memory, sqlite or postgres. The default is memory.
const Variable = "TEST_STORE"

// Cheap reports whether creating a store takes almost no time.
func Cheap() bool { return engine() == inMemory }

const inMemory = "memory"

// engine returns the first engine of Variable: packages without Main run on that one only.
func engine() string {
	first, _, _ := strings.Cut(os.Getenv(Variable), ",")
	return cmp.Or(first, inMemory)
}

// New returns an empty store for one test.
func New(t testing.TB) ports.Store {
	t.Helper()
	return Prepared(t, "", func(ports.Store) {})
}

// Prepared returns a store for one test with the data that prepare puts into an empty store, which must be the same for the
// same name. On a database engine, prepare is not called for every test.
func Prepared(t testing.TB, name string, prepare func(ports.Store)) ports.Store {
	t.Helper()
	switch engine := engine(); engine {
	case inMemory:
		s := memory.New()
		prepare(s)
		return s
	case "sqlite":
		return openImage(t, name, prepare)
	case "postgres":
		return borrow(t, databaseKey{name, bunstore.Options{Prepared: true, MaxConns: 4}}, prepare)
	default:
		t.Fatalf("%s must be memory, sqlite or postgres, not %q", Variable, engine)
		return nil
	}
}

// SQLite returns an empty store in an SQLite file for one test.
func SQLite(t testing.TB) ports.Store {
	t.Helper()
	return openFile(t, migrated.File(t))
}

// Postgres returns an empty store on PostgreSQL for one test. The URL in the options is ignored.
func Postgres(t testing.TB, o bunstore.Options) ports.Store {
	t.Helper()
	return borrow(t, databaseKey{"", o}, func(ports.Store) {})
}
