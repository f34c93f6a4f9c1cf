package backup

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"tickt/migrations"
)

// infoTable holds the Info of a backup of an SQLite database. A database that is in use has no such table.
const infoTable = "tickt_backup"

// fileOptions are those of connections that copy and change whole files.
const fileOptions = "_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)&_time_format=sqlite&_timezone=UTC"

// inFile calls do with a connection to an SQLite database.
func inFile(ctx context.Context, file migrations.DatabaseFile, do func(*sql.Conn) error) (err error) {
	db, err := sql.Open("sqlite", file.URI(fileOptions))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	return do(c)
}

// copyFile copies a database that may be in use to an empty file, and adds the Info. VACUUM INTO reads one snapshot, and does
// not wait for writers or keep them waiting: https://www.sqlite.org/lang_vacuum.html.
func (s Source) copyFile(ctx context.Context, from migrations.DatabaseFile, to string) (info Info, err error) {
	s.Say("copying " + string(from))
	info = Info{Version: s.Version, TakenAt: s.Now().UTC().Truncate(time.Second)}
	err = inFile(ctx, from, func(c *sql.Conn) error {
		_, err := c.ExecContext(ctx, `VACUUM INTO ?`, to)
		return err
	})
	if err != nil {
		return info, fmt.Errorf("copy the database: %w", err)
	}
	copied := migrations.DatabaseFile(to)
	if s.Check != nil {
		if err := s.Check(ctx, "sqlite:"+to); err != nil {
			return info, err
		}
	}
	return info, inFile(ctx, copied, func(c *sql.Conn) error {
		if info.Rows, err = countRows(ctx, c); err != nil {
			return err
		}
		if err := c.QueryRowContext(ctx, migrations.AppliedVersion).Scan(&info.Schema); err != nil {
			return err
		}
		text, err := json.Marshal(info)
		if err != nil {
			return err
		}
		for _, statement := range []string{`CREATE TABLE ` + infoTable + ` (info TEXT NOT NULL)`, `INSERT INTO ` + infoTable + ` VALUES (?)`} {
			var args []any
			if strings.HasSuffix(statement, "(?)") {
				args = append(args, string(text))
			}
			if _, err := c.ExecContext(ctx, statement, args...); err != nil {
				return err
			}
		}
		return oneFile(ctx, c)
	})
}

// errInUse is the error of making a database one file while another process has it open.
var errInUse = errors.New("another process has the database open")

// oneFile writes everything into the main file of a database and removes the files beside it. It fails with errInUse if
// another connection is open.
func oneFile(ctx context.Context, c *sql.Conn) error {
	var mode string
	err := c.QueryRowContext(ctx, `PRAGMA journal_mode = DELETE`).Scan(&mode)
	if isBusy(err) || err == nil && mode != "delete" {
		return errInUse
	}
	return err
}

// countRows counts the rows of the tables, without those of the search indexes and of SQLite itself.
func countRows(ctx context.Context, c *sql.Conn) (map[string]int, error) {
	names, err := texts(ctx, c, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
 AND name NOT LIKE '%!_search%' ESCAPE '!' AND name <> '`+infoTable+`'`)
	if err != nil {
		return nil, err
	}
	return countEach(ctx, c, names)
}

func countEach(ctx context.Context, c *sql.Conn, names []string) (map[string]int, error) {
	rows := make(map[string]int, len(names))
	for _, name := range names {
		var n int
		if err := c.QueryRowContext(ctx, `SELECT COUNT(*) FROM "`+strings.ReplaceAll(name, `"`, `""`)+`"`).Scan(&n); err != nil {
			return nil, err
		}
		rows[name] = n
	}
	return rows, nil
}

// texts returns the first column of a query.
func texts(ctx context.Context, c *sql.Conn, query string, args ...any) (all []string, err error) {
	found, err := c.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	for found.Next() {
		var text string
		if err := found.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, found.Err()
}

// isBusy reports whether SQLite refused because another connection holds a lock.
func isBusy(err error) bool {
	var known *sqlite.Error
	return errors.As(err, &known) && known.Code()&0xff == sqlite3.SQLITE_BUSY
}
