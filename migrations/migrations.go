// Package migrations holds the schema of both databases as numbered migrations, each with its reversal, and applies
// them. They are SQL files, and one in Go that creates the tables of the job queue. It does not know what the tables
// mean.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed postgres/*.sql sqlite/*.sql
var files embed.FS

// AppliedVersion is the query that returns the version of a database's schema, comparable with Newest.
const AppliedVersion = `SELECT COALESCE(MAX(version_id), 0) AS version FROM goose_db_version`

const (
	connectTimeout = 5 * time.Second
	lockPeriod     = 1   // seconds between attempts to get the lock
	lockAttempts   = 300 // enough for a migration of a large table
)

// State is the state of one migration. AppliedAt is zero if it is pending.
type State struct {
	Name      string // begins with its number, as in 00001_foundation.sql
	Applied   bool
	AppliedAt time.Time
}

// Migrator changes the schema of one database. Any number of them may run concurrently, also in other processes: one
// migrates, the others wait for it.
type Migrator struct {
	db       *sql.DB
	provider *goose.Provider
	folder   string // of the SQL files, in files
}

// New returns a Migrator for a database given as postgres://… or sqlite:path. It connects when a method is first
// called. On PostgreSQL it needs a direct connection, not one through a pooler in transaction mode, because it locks
// by session.
func New(url string) (*Migrator, error) {
	if file, ok := File(url); ok {
		db, err := openSQLite(file)
		if err != nil {
			return nil, err
		}
		locker := &fileLock{file: file.sibling(lockSuffix)}
		return newMigrator(db, goose.DialectSQLite3, "sqlite", locker, queueMigration(moveSQLiteQueue))
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(lockPeriod, lockAttempts))
	if err != nil {
		return nil, err
	}
	config, err := postgresConfig(url)
	if err != nil {
		return nil, err
	}
	return newMigrator(stdlib.OpenDB(*config.ConnConfig), goose.DialectPostgres, "postgres", locker, queueMigration(movePostgresQueue(config)))
}

func newMigrator(db *sql.DB, dialect goose.Dialect, folder string, locker lock.SessionLocker, queue *goose.Migration) (*Migrator, error) {
	tree, err := fs.Sub(files, folder)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	provider, err := goose.NewProvider(dialect, db, requiring{tree}, goose.WithSessionLocker(locker),
		goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(queue))
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Migrator{db, provider, folder}, nil
}

func postgresConfig(url string) (*pgxpool.Config, error) {
	if !Postgres(url) {
		return nil, ErrURL
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 1
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	return config, nil
}

// Up applies every pending migration and returns how many. An SQL migration that fails is rolled back; the
// migration of the queue is not, and the next Up completes it. It fails if a migration is applied that this program does
// not have.
func (m *Migrator) Up(ctx context.Context) (int, error) {
	unknown, err := m.Unknown(ctx)
	if err != nil {
		return 0, err
	}
	if n := len(unknown); n > 0 {
		return 0, fmt.Errorf("the schema has version %d, this program knows only %d: migrate with the program that applied it",
			unknown[n-1].Version, Newest())
	}
	done, err := m.provider.Up(ctx)
	return len(done), err
}

// Status returns the state of every migration, ordered by version.
func (m *Migrator) Status(ctx context.Context) ([]State, error) {
	if err := m.connect(ctx); err != nil {
		return nil, err
	}
	all, err := m.provider.Status(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]State, len(all))
	for i, s := range all {
		out[i] = State{path.Base(s.Source.Path), s.State == goose.StateApplied, s.AppliedAt.UTC()}
		if !out[i].Applied {
			out[i].AppliedAt = time.Time{}
		}
	}
	return out, nil
}

// Pending reports whether any migration is pending.
func (m *Migrator) Pending(ctx context.Context) (bool, error) {
	if err := m.connect(ctx); err != nil {
		return false, err
	}
	return m.provider.HasPending(ctx)
}

// Version returns the version of the schema: the number of the newest applied migration, 0 if there is none.
func (m *Migrator) Version(ctx context.Context) (int64, error) {
	if err := m.connect(ctx); err != nil {
		return 0, err
	}
	return m.provider.GetDBVersion(ctx)
}

// connect opens the connection that goose will use. Opening a new SQLite database sets its journal mode; if several
// processes do so at once, SQLite refuses all but one of them immediately, ignoring the busy timeout.
func (m *Migrator) connect(ctx context.Context) error {
	const patience, pause = 60 * time.Second, 50 * time.Millisecond
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := m.db.PingContext(ctx)
		var busy *sqlite.Error
		if !errors.As(err, &busy) || busy.Code()&0xff != sqlite3.SQLITE_BUSY {
			return err
		}
		select {
		case <-waiting.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(pause):
		}
	}
}

// DB returns the connections. They are closed with the Migrator.
func (m *Migrator) DB() *sql.DB { return m.db }

// Close closes the connections.
func (m *Migrator) Close() error { return m.db.Close() }

// Newest returns the version of the schema that this program was built for.
func Newest() int64 {
	names, err := fs.Glob(files, "postgres/*.sql")
	if err != nil || len(names) == 0 {
		panic(fmt.Sprintf("migrations: no embedded files: %v", err)) // the build is broken
	}
	number, _, _ := strings.Cut(path.Base(names[len(names)-1]), "_")
	version, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("migrations: a file without a number: %v", err)) // the build is broken
	}
	return max(version, queueVersion)
}
