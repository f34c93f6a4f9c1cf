package migrations

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// DatabaseFile is the path of an SQLite database.
type DatabaseFile string

// File returns the file of a database given as sqlite:path; ok is false for every other URL.
func File(url string) (file DatabaseFile, ok bool) {
	path, ok := strings.CutPrefix(url, "sqlite:")
	return DatabaseFile(path), ok
}

// Postgres reports whether a URL is that of a PostgreSQL database.
func Postgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

// Errors of database URLs.
var (
	ErrURL  = errors.New("a database URL must be postgres://… or sqlite:path")
	ErrFile = errors.New("the database URL names no file: it must be sqlite:path")
)

// URI returns the URI of the file for the SQLite driver, with options in the form of a query.
func (f DatabaseFile) URI(options string) string {
	escaped := (&url.URL{Path: string(f)}).EscapedPath()
	return "file:" + escaped + "?" + options
}

func (f DatabaseFile) sibling(suffix string) DatabaseFile { return f + DatabaseFile(suffix) }

// Most changes of a table make SQLite rebuild it, which must not affect rows that refer to it: foreign keys are off.
const migrationOptions = "_txlock=immediate&_pragma=busy_timeout(60000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
	"&_time_format=sqlite&_timezone=UTC"

func openSQLite(file DatabaseFile) (*sql.DB, error) {
	if file == "" {
		return nil, ErrFile
	}
	if err := os.MkdirAll(filepath.Dir(string(file)), 0o700); err != nil {
		return nil, err
	}
	return sql.Open("sqlite", file.URI(migrationOptions))
}

// The file of a fileLock, and how it is opened.
const (
	lockSuffix      = ".migrating"
	fileLockOptions = "_txlock=exclusive&_pragma=busy_timeout(300000)"
)

// fileLock lets one migrator at a time work on an SQLite database, across processes. It is a transaction on an empty
// database beside the real one, so that it works wherever SQLite does and ends with the process.
type fileLock struct {
	uri  string
	held sync.Mutex // guards db and tx; held from SessionLock to SessionUnlock
	db   *sql.DB
	tx   *sql.Tx
}

// SessionLock waits for the lock. It does not use the migrator's own connection.
func (l *fileLock) SessionLock(ctx context.Context, _ *sql.Conn) error {
	db, err := sql.Open("sqlite", l.uri)
	if err != nil {
		return err
	}
	l.held.Lock()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		l.held.Unlock()
		return errors.Join(err, db.Close())
	}
	l.db, l.tx = db, tx
	return nil
}

// SessionUnlock releases the lock.
func (l *fileLock) SessionUnlock(context.Context, *sql.Conn) error {
	defer l.held.Unlock()
	if err := l.tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return errors.Join(err, l.db.Close())
	}
	return l.db.Close()
}
