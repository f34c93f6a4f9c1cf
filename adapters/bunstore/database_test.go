package bunstore

import (
	"path/filepath"
	"testing"
	"time"

	"tickt/migrations"
	"tickt/test/postgres"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// migrated brings a database to the schema of this program and gives its URL back.
func migrated(t testing.TB, url string) string {
	t.Helper()
	m, err := migrations.New(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.Close() }()
	if _, err := m.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	return url
}

func opened(t testing.TB, o Options) *Store {
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

func fileURL(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "tickt.db") }

// databases makes an empty store of each kind.
var databases = []struct {
	name string
	open func(testing.TB) *Store
}{
	{"sqlite", func(t testing.TB) *Store { return opened(t, Options{URL: migrated(t, fileURL(t))}) }},
	{"postgres", func(t testing.TB) *Store {
		return opened(t, Options{URL: migrated(t, postgres.URL(t)), Prepared: true})
	}},
	{"postgres, nothing prepared", func(t testing.TB) *Store { return opened(t, Options{URL: migrated(t, postgres.URL(t))}) }},
}

// everywhere runs a test on each.
func everywhere(t *testing.T, test func(*testing.T, *Store)) {
	t.Helper()
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) { test(t, d.open(t)) })
	}
}
