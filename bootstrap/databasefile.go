package bootstrap

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// databaseFile returns the path of the embedded database.
func (s *Settings) databaseFile() string {
	return strings.TrimPrefix(string(s.DatabaseURL), fileScheme)
}

// fileFailure returns the error of an embedded database that cannot be used, with its setting and path.
func (s *Settings) fileFailure(format string, args ...any) error {
	setting := "DATABASE_URL"
	if s.unnamed {
		setting = "DATA_DIR"
	}
	return &FailedSetting{setting, s.databaseFile() + " " + fmt.Sprintf(format, args...)}
}

// prepareFolder makes sure that the directory of an embedded database exists. Only DATA_DIR is created: a path that is mistyped
// must not become a new desk.
func (s *Settings) prepareFolder() error {
	if !s.embedded() {
		return nil
	}
	if err := s.checkEmbedded(); err != nil {
		return err
	}
	folder := filepath.Dir(s.databaseFile())
	if samePath(folder, s.DataDir) {
		return s.makeDataDir()
	}
	info, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s.fileFailure("cannot be created: there is no directory %s; create it, or correct the path", folder)
	case err != nil:
		return s.fileFailure("cannot be reached: %s", withoutPath(err))
	case !info.IsDir():
		return s.fileFailure("cannot be created: %s is a file, and must be a directory", folder)
	}
	return nil
}

// samePath reports whether two paths are the same, without regard to links.
func samePath(a, b string) bool {
	first, err := filepath.Abs(a)
	second, err2 := filepath.Abs(b)
	return err == nil && err2 == nil && first == second
}

// requireDatabase fails if the database is a file that does not exist: most commands must not create it.
func (s *Settings) requireDatabase() error {
	if !s.embedded() {
		return nil
	}
	if err := s.checkEmbedded(); err != nil {
		return err
	}
	_, err := os.Stat(s.databaseFile())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s.fileFailure("does not exist: there is no database there; correct the path, or create one with tickt migrate up")
	case err != nil:
		return s.fileFailure("cannot be reached: %s", withoutPath(err))
	}
	return nil
}

// prepareFile creates the file of a new embedded database for its owner only; SQLite creates the files beside it with the same
// mode. It fails if the path leads to something else, or cannot be written.
func (s *Settings) prepareFile() error {
	if err := s.prepareFolder(); err != nil {
		return err
	}
	path := s.databaseFile()
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return s.fileFailure("is a directory, and must be a file")
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the path is a setting
	if err != nil {
		return s.fileFailure("cannot be opened: %s; the user of this process must be allowed to read and write it", withoutPath(err))
	}
	return file.Close()
}

// sqliteProblems say what is wrong with a file, by the primary code of SQLite's error (https://www.sqlite.org/rescode.html).
var sqliteProblems = map[int]string{
	sqlite3.SQLITE_NOTADB:   "is not an SQLite database",
	sqlite3.SQLITE_CORRUPT:  "is damaged; restore a backup",
	sqlite3.SQLITE_FULL:     "cannot grow: no space is left on its disk",
	sqlite3.SQLITE_BUSY:     "is locked by another process; stop that process, or try again",
	sqlite3.SQLITE_LOCKED:   "is locked by another process; stop that process, or try again",
	sqlite3.SQLITE_READONLY: "cannot be written: the user of this process must be allowed to write it and its directory",
	sqlite3.SQLITE_PERM:     "cannot be opened: the user of this process must be allowed to read and write it and its directory",
	sqlite3.SQLITE_CANTOPEN: "cannot be opened: the user of this process must be allowed to read and write it and its directory",
	sqlite3.SQLITE_IOERR:    "cannot be read or written: its disk has failed",
}

// fileError turns an error of SQLite about the file of the database into one that names the setting and the file.
func (s *Settings) fileError(err error) error {
	var failed *sqlite.Error
	if !s.embedded() || !errors.As(err, &failed) {
		return err
	}
	const primary = 0xff
	if problem, ok := sqliteProblems[failed.Code()&primary]; ok {
		return s.fileFailure("%s (SQLite error %d)", problem, failed.Code())
	}
	return err
}

// withoutPath returns the reason of a failure of the file system.
func withoutPath(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
