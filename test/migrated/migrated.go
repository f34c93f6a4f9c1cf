// Package migrated gives tests a database of their own that has the schema of this program. It is migrated once in a
// process, on PostgreSQL once for all processes, and copied for every test, which takes a fraction of the time. It
// knows nothing of what the tables mean.
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

// template is migrated by one process and copied by all: that is most of what a test program waits for.
var template = sync.OnceValues(func() (string, error) {
	schema, err := fingerprint()
	if err != nil { // this program was built elsewhere
		schema = strings.ToLower(rand.Text())
	}
	return postgres.Shared(context.Background(), schema, up)
})

// fingerprint stands for the schema that up makes: for the migrations and for the libraries that they call.
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

func up(url string) error {
	m, err := migrations.New(url)
	if err != nil {
		return err
	}
	_, err = m.Up(context.Background())
	return errors.Join(err, m.Close())
}
