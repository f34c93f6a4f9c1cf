package backup

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"tickt/migrations"
)

// Target is a database that is replaced by a backup.
type Target struct {
	URL string
	Env []string // the environment of pg_restore and psql
	Say func(string)
	// Prepare is called with the URL of the restored data before they take the place of an SQLite database, or after they took
	// the place of a PostgreSQL one. It migrates and checks them.
	Prepare func(ctx context.Context, url string) error
}

// Held is what a target holds before it is replaced.
type Held struct {
	Tables, Accounts, Tickets int
	LastNumber                int   // of the day that was asked for; 0 if there is none
	Unreadable                error // of a database that is damaged
}

// Held reads what the target holds. today is the day (YYYYMMDD) of LastNumber.
func (t Target) Held(ctx context.Context, today string) (h Held, err error) {
	file, ok := migrations.File(t.URL)
	if !ok {
		return h, inPostgres(ctx, t.URL, func(c *sql.Conn) error { return h.read(ctx, c, tableNames, `$1`, today) })
	}
	if _, err := os.Stat(string(file)); errors.Is(err, fs.ErrNotExist) {
		return h, nil
	}
	err = inFile(ctx, file, func(c *sql.Conn) error {
		return h.read(ctx, c, `SELECT name FROM sqlite_master WHERE type = 'table'`, `?`, today)
	})
	if err != nil && ctx.Err() == nil {
		h.Tables, h.Unreadable = max(1, h.Tables), err
		return h, nil
	}
	return h, err
}

func (h *Held) read(ctx context.Context, c *sql.Conn, tables, mark, today string) error {
	names, err := texts(ctx, c, tables)
	if err != nil {
		return err
	}
	h.Tables = len(names)
	for table, n := range map[string]*int{"accounts": &h.Accounts, "tickets": &h.Tickets} {
		if !slices.Contains(names, table) {
			continue
		}
		if err := c.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+table).Scan(n); err != nil {
			return err
		}
	}
	if !slices.Contains(names, "ticket_numbers") {
		return nil
	}
	return c.QueryRowContext(ctx, `SELECT COALESCE(MAX(last), 0) FROM ticket_numbers WHERE day = `+mark, today).Scan(&h.LastNumber)
}

// Restore replaces what the target holds by a backup. If it fails before the data are replaced, or its process dies, the
// target is what it was.
func (t Target) Restore(ctx context.Context, a Archive, after After) error {
	file, ok := migrations.File(t.URL)
	switch {
	case ok && a.Postgres:
		return errors.New("the backup is one of PostgreSQL, the database of the settings is SQLite")
	case !ok && !a.Postgres:
		return errors.New("the backup is one of SQLite, the database of the settings is PostgreSQL")
	case ok:
		return t.restoreFile(ctx, a, file, after)
	}
	return t.restoreDump(ctx, a, after)
}

// restoreFile prepares a copy of the backup beside the database, and lets it take its place.
func (t Target) restoreFile(ctx context.Context, a Archive, file migrations.DatabaseFile, after After) error {
	folder, prefix := filepath.Dir(string(file)), "."+filepath.Base(string(file))+".restoring-"
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	removeLeft(filepath.Join(folder, prefix))
	t.Say("copying the backup to " + folder)
	copied, err := copyBeside(a.Path, folder, prefix+"*")
	defer removeLeft(copied)
	if err != nil {
		return err
	}
	into := migrations.DatabaseFile(copied)
	err = inFile(ctx, into, func(c *sql.Conn) error {
		if err := a.compareRows(ctx, c); err != nil {
			return err
		}
		return after.runInFile(ctx, c)
	})
	if err != nil {
		return err
	}
	if err := t.Prepare(ctx, "sqlite:"+copied); err != nil {
		return err
	}
	if err := inFile(ctx, into, func(c *sql.Conn) error { return oneFile(ctx, c) }); err != nil {
		return err
	}
	if err := syncPath(copied); err != nil {
		return err
	}
	return replaceFile(ctx, file, copied)
}

// removeLeft removes a file that an earlier attempt left behind, with those beside it. path is the beginning of their names.
func removeLeft(path string) {
	if path == "" {
		return
	}
	left, _ := filepath.Glob(escapeGlob(path) + "*") // fails only for a bad pattern
	for _, name := range left {
		_ = os.Remove(name)
	}
}

var escapeGlob = strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `\`, `\\`).Replace

func copyBeside(from, folder, pattern string) (to string, err error) {
	in, err := os.Open(from) //nolint:gosec // named by the operator
	if err != nil {
		return "", err
	}
	defer func() { _ = in.Close() }()
	out, err := os.CreateTemp(folder, pattern)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(out, in)
	return out.Name(), errors.Join(err, out.Close())
}

// replaceFile lets a complete database take the place of another one, of which no connection may be open. The files beside
// the replaced database are removed first: SQLite would apply them to the new one.
func replaceFile(ctx context.Context, file migrations.DatabaseFile, by string) error {
	if _, err := os.Stat(string(file)); err == nil {
		err := inFile(ctx, file, func(c *sql.Conn) error { return oneFile(ctx, c) })
		if errors.Is(err, errInUse) || ctx.Err() != nil {
			return errors.Join(ctx.Err(), err)
		} // otherwise it is damaged
	}
	for _, suffix := range []string{"-wal", "-shm", "-journal"} {
		if err := os.Remove(string(file) + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(by, string(file)); err != nil {
		return err
	}
	return syncPath(filepath.Dir(string(file)))
}

// clearSchema removes every table, view, sequence, type and function of the current schema, except those of extensions.
const clearSchema = `DO $tickt$
DECLARE
    x RECORD;
BEGIN
    FOR x IN SELECT c.relname, c.relkind FROM pg_class c WHERE c.relnamespace = CAST(current_schema() AS regnamespace)
        AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('DROP %s IF EXISTS %I CASCADE',
            CASE x.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, x.relname);
    END LOOP;
    FOR x IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'S'
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('DROP SEQUENCE IF EXISTS %I CASCADE', x.relname);
    END LOOP;
    FOR x IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = CAST(current_schema() AS regnamespace)
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', CAST(x.oid AS regprocedure));
    END LOOP;
    FOR x IN SELECT t.typname FROM pg_type t WHERE t.typnamespace = CAST(current_schema() AS regnamespace) AND t.typtype IN ('e', 'd')
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('DROP TYPE IF EXISTS %I CASCADE', x.typname);
    END LOOP;
END $tickt$;
`

// restoreDump replaces the schema of a PostgreSQL database in one transaction: pg_restore writes the statements, psql runs
// them. If either of them ends early, the transaction is not committed.
func (t Target) restoreDump(ctx context.Context, a Archive, after After) error {
	var at server
	err := inPostgres(ctx, t.URL, func(c *sql.Conn) (err error) {
		at, err = serverOf(ctx, c)
		return err
	})
	if err != nil {
		return err
	}
	reader, err := tool(ctx, t.Env, "pg_restore", at.major)
	if err != nil {
		return err
	}
	runner, err := tool(ctx, t.Env, "psql", at.major)
	if err != nil {
		return err
	}
	database, env, err := libpq(t.URL, t.Env)
	if err != nil {
		return err
	}
	read, readMessages := command(ctx, t.Env, reader, "--no-owner", "--no-privileges", "--schema="+at.schema, "--file=-", a.Path)
	run, runMessages := command(ctx, env, runner, "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--dbname="+database)
	t.Say("running " + strings.Join(read.Args, " ") + " | " + strings.Join(run.Args, " "))
	before := "BEGIN;\nSET LOCAL lock_timeout = '30s';\n" + clearSchema
	if err := pipe(read, run, before, a.rowsScript(at.schema)+after.script(at.schema)+"COMMIT;\n", readMessages, runMessages); err != nil {
		return err
	}
	return t.Prepare(ctx, t.URL)
}

// pipe runs read and run, and passes on to run the text before, what read writes, and only if read succeeds the text after.
func pipe(read, run *exec.Cmd, before, after string, readMessages, runMessages *lastLines) error {
	in, err := run.StdinPipe()
	if err != nil {
		return err
	}
	out, err := read.StdoutPipe()
	if err != nil {
		return err
	}
	if err := run.Start(); err != nil {
		return err
	}
	if err := read.Start(); err != nil {
		return errors.Join(err, in.Close(), runMessages.explain(run.Path, run.Wait()))
	}
	_, writeErr := io.WriteString(in, before)
	if writeErr == nil {
		writeErr = copyScript(in, out)
	}
	_, _ = io.Copy(io.Discard, out) // run has ended: read must end too
	readErr := readMessages.explain(read.Path, read.Wait())
	if readErr == nil && writeErr == nil {
		_, writeErr = io.WriteString(in, after)
	}
	_ = in.Close()
	runErr := runMessages.explain(run.Path, run.Wait())
	switch {
	case readErr != nil:
		return fmt.Errorf("%w: %w", ErrDamaged, readErr)
	case runErr != nil:
		return runErr
	}
	return writeErr
}

// scriptHead is the number of lines at the beginning of a script in which settings are made.
const scriptHead = 40

// copyScript copies a script of pg_restore, without a setting that servers before PostgreSQL 17 do not know.
func copyScript(to io.Writer, from io.Reader) error {
	lines := bufio.NewReader(from)
	for range scriptHead {
		line, err := lines.ReadString('\n')
		if !strings.HasPrefix(line, "SET transaction_timeout") {
			if _, err := io.WriteString(to, line); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	_, err := io.Copy(to, lines)
	return err
}
