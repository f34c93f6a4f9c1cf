package postgres_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tickt/test/postgres"
)

const askedToShare = "TEST_SHARES_A_DATABASE"

func TestSharedDatabaseIsFilledOnce(t *testing.T) {
	if name := os.Getenv(askedToShare); name != "" {
		t.Logf("%s was filled: %v", name, filled(t, name))
		return
	}
	server := started(t).URL
	ask := func(name string, want bool) {
		t.Helper()
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run", "^"+t.Name()+"$")
		c.Env = append(without(postgres.Variable), postgres.Variable+"="+server, askedToShare+"="+name)
		out, err := c.CombinedOutput()
		_, answer, found := strings.Cut(string(out), name+" was filled: ")
		if err != nil || !found || strings.HasPrefix(answer, "true") != want {
			t.Fatalf("want %v; %v: %s", want, err, out)
		}
	}
	ask("a", true)
	ask("a", false)
	user := connect(t, server)
	use(t, user, "a")
	ask("b", true) // unused after its process ends
	ask("c", true)
	ask("a", false)
	ask("b", true)
	if _, err := user.Exec(t.Context(), "SELECT pg_advisory_unlock_all()"); err != nil {
		t.Fatal(err)
	}
	ask("c", true) // was dropped when b was filled
	ask("a", true)
}

// use holds the lock of a process that uses a shared database.
func use(t *testing.T, c *pgx.Conn, name string) {
	t.Helper()
	if _, err := c.Exec(t.Context(), `SELECT pg_advisory_lock_shared(hashtextextended($1, 0))`, "tickt_shared_"+name); err != nil {
		t.Fatal(err)
	}
}

// filled asks for a shared database, checks a copy of it, and reports whether it had to be filled.
func filled(t *testing.T, name string) (was bool) {
	t.Helper()
	database, err := postgres.Shared(t.Context(), name, func(database string) error {
		was = true
		c, err := pgx.Connect(t.Context(), database)
		if err != nil {
			return err
		}
		_, err = c.Exec(t.Context(), "CREATE TABLE thing AS SELECT '"+name+"' AS name")
		return errors.Join(err, c.Close(context.Background()))
	})
	if err != nil {
		t.Fatal(err)
	}
	var got string
	err = connect(t, postgres.Copy(t, database)).QueryRow(t.Context(), "SELECT name FROM thing").Scan(&got)
	if err != nil || got != name {
		t.Errorf("%q, %v", got, err)
	}
	return was
}

func TestDatabaseThatFailedToFillIsNotShared(t *testing.T) {
	name, broken := strings.ToLower(rand.Text()), errors.New("broken")
	if _, err := postgres.Shared(t.Context(), name, func(string) error { return broken }); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if !filled(t, name) || filled(t, name) {
		t.Error("want it filled by the next call only")
	}
}
