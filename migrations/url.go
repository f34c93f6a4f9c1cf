package migrations

import (
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
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
