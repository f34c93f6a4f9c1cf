package bunstore

import (
	"testing"
	"time"

	"tickt/test/migrated"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func openStore(t testing.TB, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// databases open an empty store on each database.
var databases = []struct {
	name string
	open func(testing.TB) *Store
}{
	{"sqlite", func(t testing.TB) *Store { return openStore(t, Options{URL: migrated.File(t)}) }},
	{"postgres", func(t testing.TB) *Store {
		return openStore(t, Options{URL: migrated.Postgres(t), Prepared: true})
	}},
	{"postgres, nothing prepared", func(t testing.TB) *Store { return openStore(t, Options{URL: migrated.Postgres(t)}) }},
}

// onEachDatabase runs a test on an empty store of each database.
func onEachDatabase(t *testing.T, test func(*testing.T, *Store)) {
	t.Helper()
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) { test(t, d.open(t)) })
	}
}
