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

// Copy returns the URL of a new copy of a database, which is dropped when the test ends. The original must have no
// connections while it is copied.
func Copy(t testing.TB, database string) string {
	t.Helper()
	template, err := nameOf(database)
	if err != nil {
		t.Fatal(err)
	}
	return temporary(t, template)
}

// Lasting returns the URL of a new database for all tests of this process: a copy of another database, or an empty one if
// copied is "". On a server that this process started, it disappears with the server. On any other server, a later process
// that calls Lasting or Shared drops it.
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
	return databaseURL(server, name)
}

// lastingPrefix is the prefix of the names of lasting databases. The PID of the keeper session follows.
const lastingPrefix = "tickt_lasting_"

// abandoned selects the lasting databases whose keeper session, and so their process, has ended.
const abandoned = `SELECT datname FROM pg_database WHERE datname ~ '^` + lastingPrefix + `[0-9]+_'
	AND split_part(datname, '_', 3)::int NOT IN (SELECT pid FROM pg_stat_activity)`

// keeper opens the session that shows other processes that this one is running. It drops the lasting databases of
// processes that have ended.
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
	found, err := c.Query(ctx, abandoned)
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

// databaseURL returns the URL of a database of a server.
func databaseURL(server, name string) (string, error) {
	database, err := url.Parse(server)
	if err != nil {
		return "", fmt.Errorf("%s is not a URL", Variable)
	}
	database.Path, database.RawPath = "/"+name, ""
	return database.String(), nil
}

// nameOf returns the name of the database of a URL, quoted for SQL.
func nameOf(database string) (string, error) {
	config, err := pgx.ParseConfig(database)
	if err != nil {
		return "", err
	}
	return pgx.Identifier{config.Database}.Sanitize(), nil
}
