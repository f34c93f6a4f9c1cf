package postgres

import (
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
)

// sharedPrefix begins the names of databases that processes share.
const sharedPrefix = "tickt_shared_"

// one keeps this process from using the session of keeper twice at once.
var one sync.Mutex

// Shared returns a database that is there to be copied, the same one for every process that asks the server for a name:
// the first fills it, and nobody may connect to it afterwards. It goes with a server that this process started; on any
// other it goes when somebody asks for another name and no process uses it any more.
func Shared(ctx context.Context, name string, fill func(database string) error) (string, error) {
	server, err := shared()
	if err != nil {
		return "", fmt.Errorf("this test needs PostgreSQL: %w", err)
	}
	session, err := keeper()
	if err != nil {
		return "", err
	}
	one.Lock()
	defer one.Unlock()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	name = sharedPrefix + name
	if _, err := session.Exec(ctx, `SELECT pg_advisory_lock(hashtextextended($1, 0))`, sharedPrefix); err != nil {
		return "", err
	}
	defer func() {
		_, _ = session.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock(hashtextextended($1, 0))`, sharedPrefix)
	}()
	// This lock stays until the process ends: it says that the database is in use.
	if _, err := session.Exec(ctx, `SELECT pg_advisory_lock_shared(hashtextextended($1, 0))`, name); err != nil {
		return "", err
	}
	var there bool
	if err := session.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&there); err != nil {
		return "", err
	}
	if !there {
		if err := makeShared(ctx, session, server, name, fill); err != nil {
			return "", err
		}
	}
	return on(server, name)
}

// makeShared sets the name of a database only once it is filled, so that nobody finds half of one.
func makeShared(ctx context.Context, session *pgx.Conn, server, name string, fill func(database string) error) error {
	if err := dropUnused(ctx, session, server); err != nil {
		return err
	}
	made, err := Lasting(ctx, "")
	if err != nil {
		return err
	}
	if err := fill(made); err != nil {
		return err
	}
	before, err := nameOf(made)
	if err != nil {
		return err
	}
	return execute(ctx, server, "ALTER DATABASE "+before+" RENAME TO "+name)
}

// dropUnused drops the databases that no process shares any more.
func dropUnused(ctx context.Context, session *pgx.Conn, server string) error {
	found, err := session.Query(ctx, `SELECT datname FROM pg_database WHERE starts_with(datname, $1)`, sharedPrefix)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		var unused bool
		row := session.QueryRow(ctx, `SELECT pg_try_advisory_lock(hashtextextended($1, 0))`, name)
		if err := row.Scan(&unused); err != nil {
			return err
		}
		if !unused {
			continue
		}
		if err := execute(ctx, server, "DROP DATABASE "+name); err != nil {
			return err
		}
		if _, err := session.Exec(ctx, `SELECT pg_advisory_unlock(hashtextextended($1, 0))`, name); err != nil {
			return err
		}
	}
	return nil
}
