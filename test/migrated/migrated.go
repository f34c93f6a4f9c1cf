// Package migrated gives tests a database of their own that has the schema of this program. It is migrated once in a
// process and copied for every test, which takes a fraction of the time. It knows nothing of what the tables mean.
package migrated

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"modernc.org/sqlite"

	"tickt/migrations"
	"tickt/test/postgres"
)

// File gives an SQLite database that nobody else uses and that goes when the test ends, as its URL.
func File(t testing.TB) string {
	t.Helper()
	image, err := image()
	if err != nil {
		t.Fatal(err)
	}
	return Image(t, image)
}

// Image is File for a database with the given content.
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

// fileName tells the files of tests, which need not outlive the machine, from others, benchmarks' among them.
const fileName = "migrated.db"

// Waiting for the disk would be most of what tests on a file do.
var hastened = sync.OnceFunc(func() {
	sqlite.RegisterConnectionHook(func(c sqlite.ExecQuerierContext, dsn string) error {
		if !strings.Contains(dsn, "/"+fileName+"?") {
			return nil
		}
		_, err := c.ExecContext(context.Background(), "PRAGMA synchronous = OFF", nil)
		return err
	})
})

var image = sync.OnceValues(func() (content []byte, err error) {
	hastened()
	dir, err := os.MkdirTemp("", "tickt-migrated-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, fileName)
	if err := up("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// Postgres gives a PostgreSQL database that nobody else uses and that goes when the test ends, as its URL.
func Postgres(t testing.TB) string {
	t.Helper()
	database, err := template()
	if err != nil {
		t.Fatal(err)
	}
	return postgres.Copy(t, database)
}

// LastingPostgres gives a PostgreSQL database for every test of this process, as postgres.Lasting does.
func LastingPostgres(ctx context.Context) (string, error) {
	database, err := template()
	if err != nil {
		return "", err
	}
	return postgres.Lasting(ctx, database)
}

var template = sync.OnceValues(func() (string, error) {
	database, err := postgres.Lasting(context.Background(), "")
	if err != nil {
		return "", err
	}
	return database, up(database)
})

func up(url string) error {
	m, err := migrations.New(url)
	if err != nil {
		return err
	}
	_, err = m.Up(context.Background())
	return errors.Join(err, m.Close())
}
