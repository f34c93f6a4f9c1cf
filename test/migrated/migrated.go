// Package migrated provides tests with databases that have the schema of the program. A database is migrated once per
// process, or on PostgreSQL once for all processes, and copied for each test, which is much faster.
package migrated

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"modernc.org/sqlite"

	"tickt/migrations"
	"tickt/test/postgres"
)

// File returns the URL of a new SQLite database, which is removed when the test ends.
func File(t testing.TB) string {
	t.Helper()
	image, err := image()
	if err != nil {
		t.Fatal(err)
	}
	return Image(t, image)
}

// Image returns the URL of a new SQLite database file with a content, which is removed when the test ends. Benchmarks get
// a file on which SQLite syncs as in production.
func Image(t testing.TB, content []byte) string {
	t.Helper()
	name := fileName
	if _, measured := t.(*testing.B); measured {
		name = "tickt.db"
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// fileName is the name of the files for which disableSync turns syncing off. Benchmarks use another name.
const fileName = "migrated.db"

// disableSync turns syncing off for the databases of tests, which would otherwise spend most of their time on it.
var disableSync = sync.OnceFunc(func() {
	sqlite.RegisterConnectionHook(func(c sqlite.ExecQuerierContext, dsn string) error {
		if !strings.Contains(dsn, "/"+fileName+"?") {
			return nil
		}
		_, err := c.ExecContext(context.Background(), "PRAGMA synchronous = OFF", nil)
		return err
	})
})

// image returns the content of a migrated SQLite database.
var image = sync.OnceValues(func() (content []byte, err error) {
	disableSync()
	dir, err := os.MkdirTemp("", "tickt-migrated-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, fileName)
	if err := migrateUp("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// Postgres returns the URL of a new PostgreSQL database, which is dropped when the test ends.
func Postgres(t testing.TB) string {
	t.Helper()
	database, err := template()
	if err != nil {
		t.Fatal(err)
	}
	return postgres.Copy(t, database)
}

// LastingPostgres returns the URL of a new PostgreSQL database that outlives the test, as postgres.Lasting does.
func LastingPostgres(ctx context.Context) (string, error) {
	database, err := template()
	if err != nil {
		return "", err
	}
	return postgres.Lasting(ctx, database)
}

// template returns the URL of a migrated PostgreSQL database that all processes share and copy, since migrating takes most
// of the time.
var template = sync.OnceValues(func() (string, error) {
	schema, err := fingerprint()
	if err != nil { // the source is missing: the binary was built elsewhere
		schema = strings.ToLower(rand.Text())
	}
	return postgres.Shared(context.Background(), schema, migrateUp)
})

// fingerprint returns a hash of everything that the PostgreSQL schema depends on: the SQL migrations, the migration of the
// job queue, and the versions of the libraries.
func fingerprint() (string, error) {
	_, here, _, _ := runtime.Caller(0)
	root := filepath.Join(filepath.Dir(here), "..", "..")
	files, err := filepath.Glob(filepath.Join(root, "migrations", "postgres", "*.sql"))
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, name := range append(files, filepath.Join(root, "migrations", "queue.go"), filepath.Join(root, "go.sum")) {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %d\n%s", filepath.Base(name), len(text), text)
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:8]), nil
}

func migrateUp(url string) error {
	m, err := migrations.New(url)
	if err != nil {
		return err
	}
	_, err = m.Up(context.Background())
	return errors.Join(err, m.Close())
}
