package backup

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"tickt/migrations"
)

// Archive is a backup that was read so far that it can be restored.
type Archive struct {
	Path     string
	Postgres bool  // an archive of pg_dump, otherwise an SQLite database
	Schema   int64 // the newest migration
	Info     *Info // nil if the backup was written by the tools of the database alone
}

// The first bytes of the two kinds: https://www.sqlite.org/fileformat2.html#magic_header_string, and pg_dump's custom format.
const (
	sqliteMagic   = "SQLite format 3\x00"
	postgresMagic = "PGDMP"
)

// ErrNoBackup is the error of a file that is no backup.
var ErrNoBackup = errors.New("the file is neither an SQLite database nor an archive of pg_dump in custom format")

// Open reads what a backup holds, and fails with ErrDamaged if it is not what was written. env is the environment of
// pg_restore.
func Open(ctx context.Context, path string, env []string) (a Archive, err error) {
	f, err := os.Open(path) //nolint:gosec // named by the operator
	if err != nil {
		return a, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	magic := make([]byte, len(sqliteMagic))
	if _, err := io.ReadFull(f, magic); err != nil {
		return a, ErrNoBackup
	}
	a.Path = path
	switch {
	case string(magic) == sqliteMagic:
		return a, a.readFile(ctx)
	case bytes.HasPrefix(magic, []byte(postgresMagic)):
		a.Postgres = true
		t, err := readTrailer(f)
		if err != nil {
			return a, err
		}
		if t == nil {
			a.Schema, err = schemaOfDump(ctx, path, env)
			return a, err
		}
		a.Info, a.Schema = &t.Info, t.Schema
		return a, nil
	}
	return a, ErrNoBackup
}

// readFile reads what an SQLite database holds.
func (a *Archive) readFile(ctx context.Context) error {
	// immutable: the file is not changed, and nothing is written beside it
	db, err := sql.Open("sqlite", migrations.DatabaseFile(a.Path).URI("mode=ro&immutable=1"))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	c, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer func() { _ = c.Close() }()
	problems, err := texts(ctx, c, `PRAGMA integrity_check(1)`)
	if err != nil || !slices.Equal(problems, []string{"ok"}) {
		return fmt.Errorf("%w: %s", ErrDamaged, strings.Join(append(problems, errorText(err)...), ", "))
	}
	if err := c.QueryRowContext(ctx, migrations.AppliedVersion).Scan(&a.Schema); err != nil {
		return fmt.Errorf("the file is no database of tickt: %w", err)
	}
	infos, err := texts(ctx, c, `SELECT name FROM sqlite_master WHERE name = '`+infoTable+`'`)
	if err != nil || len(infos) == 0 {
		return err
	}
	if infos, err = texts(ctx, c, `SELECT info FROM `+infoTable); err != nil || len(infos) != 1 {
		return errors.Join(err, ErrDamaged)
	}
	a.Info = &Info{}
	return json.Unmarshal([]byte(infos[0]), a.Info)
}

func errorText(err error) []string {
	if err == nil {
		return nil
	}
	return []string{err.Error()}
}

// schemaOfDump reads the newest migration from an archive of pg_dump.
func schemaOfDump(ctx context.Context, path string, env []string) (version int64, err error) {
	program, err := tool(ctx, env, "pg_restore", 0)
	if err != nil {
		return 0, err
	}
	c, messages := command(ctx, env, program, "--data-only", "--table=goose_db_version", "--file=-", path)
	out, err := c.Output()
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrDamaged, messages.explain(program, err))
	}
	found := false
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		columns := strings.Split(lines.Text(), "\t") // id, version_id, is_applied, tstamp
		if len(columns) < 3 || columns[2] != "t" {
			continue
		}
		if n, err := strconv.ParseInt(columns[1], 10, 64); err == nil {
			version, found = max(version, n), true
		}
	}
	if !found {
		return 0, errors.New("the file is no backup of tickt: it has no migrations")
	}
	return version, nil
}
