// Package postgres gives tests a PostgreSQL database of their own, on a server that is given, found or installed,
// in this order. It knows nothing of what the tests keep in it.
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

// Variable names the server that tests use, as postgres://…; its user must be allowed to create databases.
const Variable = "TEST_DATABASE_URL"

// patience is how long making or dropping one database may take.
const patience = time.Minute

// URL gives an empty database that nobody else uses and that goes when the test ends. The server is the one of
// Variable, else one that runs as long as this process. Where none can be had, the test fails and says why.
func URL(t testing.TB) string {
	t.Helper()
	return temporary(t, "template0")
}

// temporary copies a database for one test.
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
	database, err := on(server, name)
	if err != nil {
		t.Fatal(err)
	}
	return database
}

// shared gives the server's URL. The server that it starts is never stopped here: its supervisor does that when
// this process ends.
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

// execute runs one statement on a connection of its own.
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
