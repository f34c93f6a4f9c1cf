package postgres

import (
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
)

// sharedPrefix is the prefix of the names of databases that processes share.
const sharedPrefix = "tickt_shared_"

// keeperMutex guards the session of keeper.
var keeperMutex sync.Mutex

// Shared returns the URL of a database to be copied, which is the same for all processes that use the server and the same
// name. The first process fills it. After that, connecting to it is not allowed. On a server that this process started, it
// disappears with the server. On any other server it is dropped when a process calls Shared with a new name and no running
// process has asked for this one.
func Shared(ctx context.Context, name string, fill func(database string) error) (string, error) {
	server, err := shared()
	if err != nil {
		return "", fmt.Errorf("this test needs PostgreSQL: %w", err)
	}
	session, err := keeper()
	if err != nil {
		return "", err
	}
	keeperMutex.Lock()
	defer keeperMutex.Unlock()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	name = sharedPrefix + name
	if _, err := session.Exec(ctx, `SELECT pg_advisory_lock(hashtextextended($1, 0))`, sharedPrefix); err != nil {
		return "", err
	}
	defer func() {
		_, _ = session.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock(hashtextextended($1, 0))`, sharedPrefix)
	}()
	// This lock is held until the process ends. It marks the database as in use.
	if _, err := session.Exec(ctx, `SELECT pg_advisory_lock_shared(hashtextextended($1, 0))`, name); err != nil {
		return "", err
	}
	var exists bool
	if err := session.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&exists); err != nil {
		return "", err
	}
	if !exists {
		if err := makeShared(ctx, session, server, name, fill); err != nil {
			return "", err
		}
	}
	return databaseURL(server, name)
}

// makeShared creates and fills a database. It sets the final name last, so that no process finds a partly filled one.
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
	temporaryName, err := nameOf(made)
	if err != nil {
		return err
	}
	return execute(ctx, server, "ALTER DATABASE "+temporaryName+" RENAME TO "+name)
}

// dropUnused drops the shared databases that no running process uses.
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
