package bootstrap

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tickt/migrations"
)

// databaseCommands are the commands that need a database, with valid arguments. The first ones may create it.
var databaseCommands = [][]string{
	{"serve"},
	{"work"},
	{"migrate", "up"},
	{"migrate", "status"},
	{"migrate", "down", "--yes"},
	{"seed"},
	{"check"},
	{"backup", "-"},
	{"createsuperuser", "--username", "a", "--email", "a@example.org", "--generate-password"},
	{"account", "unlock", "a"},
	{"account", "sessions", "a"},
	{"jobs", "failed"},
	{"jobs", "retry", "--all"},
	{"mail", "held"},
	{"mail", "release"},
	{"mail", "drop"},
	{"secret", "accept"},
	{"demo"},
	{"import", "django", "--from", "postgres://127.0.0.1:1/none"},
}

const mayCreate = 3 // of databaseCommands

// failsIn runs a command in a directory, which must fail with one line that begins so and contains so, and returns the line.
func failsIn(t *testing.T, dir string, environ, command []string, begin, part string) {
	t.Helper()
	var out, errs bytes.Buffer
	c := Console{In: os.Stdin, Out: &out, Err: &errs, Dir: dir, Environ: append([]string{"HTTP_ADDR=127.0.0.1:0"}, environ...)}
	code := c.Run(t.Context(), command)
	line := errs.String()
	if code != exitFailed || strings.Count(line, "\n") != 1 || !strings.HasPrefix(line, "tickt: "+begin) || !strings.Contains(line, part) {
		t.Errorf("%v with %v: exit code %d, %q; want %q and %q", command, environ, code, line, begin, part)
	}
}

// within returns everything in a directory.
func within(t *testing.T, dir string) (all []string) {
	t.Helper()
	found, err := filepath.Glob(dir + "/*")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestMistypedPathMakesNoDesk(t *testing.T) {
	for _, command := range databaseCommands {
		dir := t.TempDir()
		environ := []string{"DATABASE_URL=sqlite:" + dir + "/mistyped/tickt.db", "DATA_DIR=" + dir + "/var"}
		failsIn(t, dir, environ, command, "DATABASE_URL: "+dir+"/mistyped/tickt.db ", "")
		if left := within(t, dir); len(left) != 0 {
			t.Errorf("%v left %v", command, left)
		}
	}
}

func TestOnlyServeWorkAndMigrateUpCreateADatabase(t *testing.T) {
	for i, command := range databaseCommands {
		if i < mayCreate {
			continue
		}
		dir := t.TempDir()
		data := "DATA_DIR=" + dir + "/var"
		failsIn(t, dir, []string{"DATABASE_URL=sqlite:" + dir + "/tickt.db", data}, command, "DATABASE_URL: ", "tickt migrate up")
		failsIn(t, dir, []string{data}, command, "DATA_DIR: "+dir+"/var/tickt.db does not exist", "tickt migrate up")
		failsIn(t, dir, []string{data, "AUTO_MIGRATE=off"}, databaseCommands[i%2], "DATA_DIR: ", "tickt migrate up")
		if err := os.RemoveAll(dir + "/var"); err != nil { // serve has made the secret key
			t.Fatal(err)
		}
		if left := within(t, dir); len(left) != 0 {
			t.Errorf("%v left %v", command, left)
		}
	}
}

func TestDataDirIsCreatedForANamedDatabaseInIt(t *testing.T) {
	dir := t.TempDir()
	var errs bytes.Buffer
	c := Console{
		In: os.Stdin, Out: &errs, Err: &errs, Dir: dir,
		Environ: []string{"DATABASE_URL=sqlite:" + dir + "/var/tickt.db", "DATA_DIR=" + dir + "/var/"},
	}
	if code := c.Run(t.Context(), []string{"migrate", "up"}); code != exitOK {
		t.Error(errs.String())
	}
}

func TestUnusableDatabaseFilesAreNamed(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "text.db"), strings.Repeat("This is no database. ", 100))
	write(t, filepath.Join(dir, "a file"), "")
	write(t, filepath.Join(dir, "closed.db"), "")
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "folder.db"), 0o700), os.Chmod(filepath.Join(dir, "closed.db"), 0)); err != nil {
		t.Fatal(err)
	}
	for path, part := range map[string]string{
		"text.db":         "is not an SQLite database",
		"folder.db":       "is a directory, and must be a file",
		"a file/tickt.db": "",
		"closed.db":       "permission denied",
	} {
		if path == "closed.db" && os.Geteuid() == 0 {
			continue // nothing is denied
		}
		for _, command := range databaseCommands[:6] {
			environ := []string{"DATABASE_URL=sqlite:" + filepath.Join(dir, path), "DATA_DIR=" + dir}
			failsIn(t, dir, environ, command, "DATABASE_URL: "+dir+"/"+path+" ", part)
		}
	}
	for _, command := range databaseCommands[:3] {
		failsIn(t, dir, []string{"DATA_DIR=" + dir + "/a file"}, command, "DATA_DIR: "+dir+"/a file is a file, and must be a directory", "")
	}
	if err := os.Mkdir(filepath.Join(dir, "shut"), 0o500); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() != 0 {
		failsIn(t, dir, []string{"DATA_DIR=" + dir + "/shut"}, databaseCommands[0], "DATA_DIR: ", "permission denied")
	}
}

// TestErrorsOfSQLiteNameTheFile covers errors that appear while a file is used.
func TestErrorsOfSQLiteNameTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tickt.db")
	open := func(options string) *sql.DB {
		db, err := sql.Open("sqlite", migrations.DatabaseFile(path).URI(options))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		db.SetMaxOpenConns(1)
		return db
	}
	db := open("_txlock=exclusive")
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE x (y)"); err != nil {
		t.Fatal(err)
	}
	s := load(t, "DATABASE_URL=sqlite:"+path)
	for pragma, part := range map[string]string{
		"query_only(1)":     "cannot be written",
		"max_page_count(1)": "no space is left",
	} {
		_, err := open("_pragma="+pragma).ExecContext(t.Context(), "INSERT INTO x VALUES (zeroblob(100000))")
		wantNamed(t, s, err, path, part)
	}
	held, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = open("").ExecContext(t.Context(), "INSERT INTO x VALUES (1)")
	wantNamed(t, s, err, path, "is locked by another process")
	if err := held.Rollback(); err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), "SELECT nothing")
	if got := s.fileError(err); !errors.Is(got, err) {
		t.Errorf("an error that is not about the file became %v", got)
	}
}

func wantNamed(t *testing.T, s Settings, err error, path, part string) {
	t.Helper()
	var failed *FailedSetting
	if !errors.As(s.fileError(err), &failed) || failed.Name != "DATABASE_URL" || !strings.HasPrefix(failed.Problem, path+" ") ||
		!strings.Contains(failed.Problem, part) {
		t.Errorf("%v became %v, want %q", err, failed, part)
	}
}
