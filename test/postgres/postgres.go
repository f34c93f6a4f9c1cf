// Package postgres provides tests with PostgreSQL databases, on the server in TEST_DATABASE_URL, or else on one that it
// starts from installed binaries, which it installs if they are missing.
package postgres

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Variable is the environment variable with the URL of the server that tests use, as postgres://…. Its user must be allowed
// to create databases.
const Variable = "TEST_DATABASE_URL"

// patience is the time limit for creating or dropping a database.
const patience = time.Minute

// URL returns the URL of a new, empty database, which is dropped when the test ends. The server is the one in Variable, or
// else one that ends with this process. If there is none, the test fails.
func URL(t testing.TB) string {
	t.Helper()
	return temporary(t, "template0")
}

// temporary copies a template database for one test.
func temporary(t testing.TB, template string) string {
	t.Helper()
	server, err := shared()
	if err != nil {
		t.Fatalf("this test needs PostgreSQL: %v", err)
	}
	name := "tickt_test_" + strings.ToLower(rand.Text())
	if err := create(t.Context(), server, name, template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := execute(context.Background(), server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the database: %v", err)
		}
	})
	database, err := databaseURL(server, name)
	if err != nil {
		t.Fatal(err)
	}
	return database
}

// shared returns the URL of the server. If it starts one, the server's supervisor stops it when this process ends.
var shared = sync.OnceValues(func() (string, error) {
	if given := os.Getenv(Variable); given != "" {
		if !strings.HasPrefix(given, "postgres://") && !strings.HasPrefix(given, "postgresql://") {
			return "", fmt.Errorf("%s must be a URL that begins with postgres://", Variable)
		}
		return given, nil
	}
	server, err := Start(context.Background())
	if err != nil {
		return "", err
	}
	return server.URL, nil
})

// execute runs one statement on a new connection.
func execute(ctx context.Context, server, statement string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	_, err = c.Exec(ctx, statement)
	return err
}
