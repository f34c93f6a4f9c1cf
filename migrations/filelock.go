package migrations

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// The file of a fileLock, and how it is opened.
const (
	lockSuffix      = ".migrating"
	fileLockOptions = "_txlock=exclusive&_pragma=busy_timeout(300000)"
)

// fileLock lets one migrator at a time work on an SQLite database, across processes. It is a transaction on an empty
// database beside the real one, so that it works wherever SQLite does and ends with the process. The file exists while
// the lock is held; a process that was killed leaves it behind, and the next one to hold the lock removes it.
type fileLock struct {
	file DatabaseFile
	held sync.Mutex // guards db and tx; held from SessionLock to SessionUnlock
	db   *sql.DB
	tx   *sql.Tx
}

// SessionLock waits for the lock. It does not use the migrator's own connection.
func (l *fileLock) SessionLock(ctx context.Context, _ *sql.Conn) error {
	for {
		got, err := l.try(ctx)
		if got || err != nil {
			return err
		}
	}
}

// try gets the lock on the file, and keeps it unless the file was removed or replaced meanwhile: whoever held the lock
// before has removed the file, and the next migrator may hold a lock on a new one.
func (l *fileLock) try(ctx context.Context) (got bool, err error) {
	before, _ := os.Stat(string(l.file)) // nil if there is none: SQLite creates it, and the next try finds it
	db, err := sql.Open("sqlite", l.file.URI(fileLockOptions))
	if err != nil {
		return false, err
	}
	if err := db.PingContext(ctx); err != nil { // opens the file
		return false, errors.Join(err, db.Close())
	}
	if !l.is(before) {
		return false, db.Close()
	}
	l.held.Lock()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		l.held.Unlock()
		err = errors.Join(err, db.Close())
		if moved := new(sqlite.Error); errors.As(err, &moved) && moved.Code() == sqlite3.SQLITE_IOERR_FSTAT {
			return false, ctx.Err() // the file was removed
		}
		return false, err
	}
	l.db, l.tx = db, tx
	if !l.is(before) {
		return false, l.release()
	}
	return true, nil
}

// is reports whether the path still leads to a file, which is nil if there was none.
func (l *fileLock) is(file os.FileInfo) bool {
	now, err := os.Stat(string(l.file))
	return err == nil && file != nil && os.SameFile(file, now)
}

// SessionUnlock removes the file and releases the lock.
func (l *fileLock) SessionUnlock(context.Context, *sql.Conn) error {
	_ = os.Remove(string(l.file)) // some systems do not remove open files; the file may then stay
	return l.release()
}

func (l *fileLock) release() error {
	defer l.held.Unlock()
	if err := l.tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return errors.Join(err, l.db.Close())
	}
	return l.db.Close()
}
