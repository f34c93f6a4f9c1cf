package postgres

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Copy gives a copy of a database, to which nobody may be connected meanwhile, for one test: nobody else uses it, and
// it goes when the test ends.
func Copy(t testing.TB, database string) string {
	t.Helper()
	template, err := nameOf(database)
	if err != nil {
		t.Fatal(err)
	}
	return temporary(t, template)
}

// Lasting gives a database for every test of this process: a copy of another one, or an empty one where copied is "".
// It goes with a server that this process started; on any other it goes when another process, after the end of this
// one, asks for a database that lasts.
func Lasting(ctx context.Context, copied string) (string, error) {
	server, err := shared()
	if err != nil {
		return "", fmt.Errorf("this test needs PostgreSQL: %w", err)
	}
	template := "template0"
	if copied != "" {
		if template, err = nameOf(copied); err != nil {
			return "", err
		}
	}
	owner, err := keeper()
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("%s%d_%s", lastingPrefix, owner.PgConn().PID(), strings.ToLower(rand.Text()))
	if err := create(ctx, server, name, template); err != nil {
		return "", err
	}
	return on(server, name)
}

// lastingPrefix begins the names of databases that last; the session of keeper follows.
const lastingPrefix = "tickt_lasting_"

// ended finds the databases whose process has ended, and its session with it.
const ended = `SELECT datname FROM pg_database WHERE datname ~ '^` + lastingPrefix + `[0-9]+_'
	AND split_part(datname, '_', 3)::int NOT IN (SELECT pid FROM pg_stat_activity)`

// keeper opens the session that shows others, as long as it is there, that this process is. It drops what processes
// that have ended left.
var keeper = sync.OnceValues(func() (*pgx.Conn, error) {
	server, err := shared()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		return nil, err
	}
	found, err := c.Query(ctx, ended)
	if err != nil {
		return nil, err
	}
	left, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	for _, name := range left {
		if _, err := c.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			return nil, err
		}
	}
	return c, nil
})

func create(ctx context.Context, server, name, template string) error {
	if err := execute(ctx, server, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		return fmt.Errorf("create a database: %w", err)
	}
	return nil
}

// on is the URL of a server's database.
func on(server, name string) (string, error) {
	database, err := url.Parse(server)
	if err != nil {
		return "", fmt.Errorf("%s is no URL", Variable)
	}
	database.Path, database.RawPath = "/"+name, ""
	return database.String(), nil
}

func nameOf(database string) (string, error) {
	config, err := pgx.ParseConfig(database)
	if err != nil {
		return "", err
	}
	return pgx.Identifier{config.Database}.Sanitize(), nil
}
