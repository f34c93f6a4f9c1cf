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

// DatabaseFile is the path of an embedded database.
type DatabaseFile string

// File gives the file of a database that is given as sqlite:path; ok is false for every other URL.
func File(url string) (file DatabaseFile, ok bool) {
	path, ok := strings.CutPrefix(url, "sqlite:")
	return DatabaseFile(path), ok
}

// Postgres says whether a URL is that of a PostgreSQL database.
func Postgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

// What is wrong with the URL of a database.
var (
	ErrURL  = errors.New("a database URL begins with postgres:// or with sqlite: and a path")
	ErrFile = errors.New("the database has no file: give it as sqlite:path")
)

// URI names the file to the SQLite driver, with options in the form of a query.
func (f DatabaseFile) URI(options string) string {
	escaped := (&url.URL{Path: string(f)}).EscapedPath()
	return "file:" + escaped + "?" + options
}

func (f DatabaseFile) sibling(suffix string) DatabaseFile { return f + DatabaseFile(suffix) }

// Rebuilding a table, which SQLite needs for most changes, must not touch what refers to it: foreign keys are off.
const migrationOptions = "_txlock=immediate&_pragma=busy_timeout(60000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
	"&_time_format=sqlite&_timezone=UTC"

func openFile(file DatabaseFile) (*sql.DB, error) {
	if file == "" {
		return nil, ErrFile
	}
	if err := os.MkdirAll(filepath.Dir(string(file)), 0o700); err != nil {
		return nil, err
	}
	return sql.Open("sqlite", file.URI(migrationOptions))
}

// The lock stands beside the database, in a file of no content.
const (
	lockSuffix      = ".migrating"
	fileLockOptions = "_txlock=exclusive&_pragma=busy_timeout(300000)"
)

// fileLock keeps migrators of one embedded database apart, whatever processes they run in. It is a transaction on
// an empty database beside the real one, so that it works wherever SQLite does and ends with its process.
type fileLock struct {
	uri  string
	held sync.Mutex // of the two below, from SessionLock to SessionUnlock
	db   *sql.DB
	tx   *sql.Tx
}

// SessionLock waits for the lock. The migrator's own connection plays no part in it.
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

// SessionUnlock gives the lock back.
func (l *fileLock) SessionUnlock(context.Context, *sql.Conn) error {
	defer l.held.Unlock()
	if err := l.tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return errors.Join(err, l.db.Close())
	}
	return l.db.Close()
}
