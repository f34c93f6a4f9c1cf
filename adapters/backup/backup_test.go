package backup_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/adapters/backup"
	"tickt/test/migrated"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func onEachDatabase(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	for name, url := range map[string]func(testing.TB) string{"SQLite": migrated.File, "PostgreSQL": migrated.Postgres} {
		t.Run(name, func(t *testing.T) { test(t, url(t)) })
	}
}

// said records what a Source or a Target says.
type said struct{ bytes.Buffer }

func (s *said) say(text string) { fmt.Fprintln(s, text) }

func source(url string, s *said) backup.Source {
	return backup.Source{URL: url, Version: "1.2.3", Now: time.Now, Env: os.Environ(), Say: s.say}
}

func target(url string, prepare func(context.Context, string) error) backup.Target {
	return backup.Target{URL: url, Env: os.Environ(), Say: func(string) {}, Prepare: prepare}
}

func ready(context.Context, string) error { return nil }

func TestBackupSaysWhatItHolds(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		var s said
		path := filepath.Join(t.TempDir(), "backup")
		info, err := source(url, &s).File(t.Context(), path, false)
		check(t, err)
		a, err := backup.Open(t.Context(), path, os.Environ())
		check(t, err)
		if a.Info == nil || a.Info.Version != "1.2.3" || !a.Info.TakenAt.Equal(info.TakenAt) || a.Info.Schema != a.Schema || a.Schema < 18 {
			t.Errorf("%+v", a)
		}
		if n, ok := a.Info.Rows["calendar_editions"]; n != 1 || !ok || len(a.Info.Rows) < 30 {
			t.Errorf("rows %v", a.Info.Rows)
		}
		if mode := modeOf(t, path); mode != 0o600 {
			t.Errorf("mode %v", mode)
		}
	})
}

func modeOf(t *testing.T, path string) os.FileMode {
	t.Helper()
	f, err := os.Stat(path)
	check(t, err)
	return f.Mode()
}

// A password on a command line can be read by every user of the machine.
func TestNoPasswordIsOnACommandLine(t *testing.T) {
	url := migrated.Postgres(t)
	at := strings.Index(url, "@")
	secret := url[:at] + ":hidden" + url[at:]
	if strings.Contains(url[:at], "//") && strings.Count(url[:at], ":") > 1 {
		t.Skip("the server of the tests has a password")
	}
	var s said
	_, err := source(secret+"&pool_max_conns=3", &s).File(t.Context(), filepath.Join(t.TempDir(), "backup"), false)
	check(t, err)
	if text := s.String(); !strings.Contains(text, "running /") || !strings.Contains(text, "pg_dump --format=custom") ||
		strings.Contains(text, "hidden") || strings.Contains(text, "pool_max_conns") {
		t.Errorf("said %q", text)
	}
}

// failing is a writer that fails after n bytes, as a full disk does.
type failing struct{ n int }

var errFull = errors.New("no space left on device")

func (f *failing) Write(p []byte) (int, error) {
	if f.n -= len(p); f.n < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestFullDiskFailsTheBackup(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		var s said
		if _, err := source(url, &s).Stream(t.Context(), &failing{10_000}); !errors.Is(err, errFull) {
			t.Errorf("got %v", err)
		}
		if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
			if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		}
	})
}

// A backup that fails leaves no file, and what was there before.
func TestFailedBackupLeavesNothing(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		dir := t.TempDir()
		path := filepath.Join(dir, "backup")
		check(t, os.WriteFile(path, []byte("before"), 0o600))
		ctx, cancel := context.WithCancel(t.Context())
		var s said
		from := source(url, &s)
		from.Say = func(string) { cancel() } // after that, the work is interrupted
		if _, err := from.File(ctx, path, true); err == nil {
			t.Error("no error")
		}
		if content, err := os.ReadFile(path); err != nil || string(content) != "before" {
			t.Errorf("%q, %v", content, err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Errorf("left behind: %v, %v", left, err)
		}
		if _, err := source(url, &s).File(t.Context(), path, false); !errors.Is(err, backup.ErrExists) {
			t.Errorf("over an existing file: %v", err)
		}
	})
}

// open returns a connection to a database.
func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	driver, name := "pgx", url
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, name = "sqlite", "file:"+path+"?_pragma=journal_mode(WAL)"
	}
	db, err := sql.Open(driver, name)
	check(t, err)
	return db
}

func execute(t *testing.T, url string, statements ...string) {
	t.Helper()
	db := open(t, url)
	for _, text := range statements {
		_, err := db.ExecContext(t.Context(), text)
		check(t, err)
	}
	check(t, db.Close())
}

func number(t *testing.T, url, query string) (n int) {
	t.Helper()
	db := open(t, url)
	check(t, db.QueryRowContext(t.Context(), query).Scan(&n))
	check(t, db.Close())
	return n
}

func archive(t *testing.T, url string) backup.Archive {
	t.Helper()
	var s said
	path := filepath.Join(t.TempDir(), "backup")
	_, err := source(url, &s).File(t.Context(), path, false)
	check(t, err)
	a, err := backup.Open(t.Context(), path, os.Environ())
	check(t, err)
	return a
}

const mark = `INSERT INTO meta (key, value) VALUES ('mark', 1)`

func marks(t *testing.T, url string) int {
	t.Helper()
	return number(t, url, `SELECT COUNT(*) FROM meta WHERE key = 'mark'`)
}

// Whatever ends a restore, the target is what it was, or what the backup holds; and a second one succeeds.
func TestInterruptedRestoreLeavesTheTarget(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		a := archive(t, url)
		execute(t, url, mark)
		before := number(t, url, `SELECT COUNT(*) FROM calendar_editions`)
		ctx, cancel := context.WithCancel(t.Context())
		interrupted := target(url, ready)
		interrupted.Say = func(string) { cancel() }
		if err := interrupted.Restore(ctx, a, backup.After{}); err == nil {
			t.Error("no error")
		}
		if marks(t, url) != 1 || number(t, url, `SELECT COUNT(*) FROM calendar_editions`) != before {
			t.Error("the target changed")
		}
		damaged := a
		info := *a.Info
		info.Rows = map[string]int{"calendar_editions": 2}
		damaged.Info = &info
		err := target(url, ready).Restore(t.Context(), damaged, backup.After{})
		if err == nil || !strings.Contains(err.Error(), "is 1, but was 2 when it was taken") {
			t.Errorf("with other numbers of rows: %v", err)
		}
		if marks(t, url) != 1 {
			t.Error("the target changed")
		}
		check(t, target(url, ready).Restore(t.Context(), a, backup.After{}))
		if marks(t, url) != 0 {
			t.Error("the second restore did nothing")
		}
		if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
			left, err := os.ReadDir(filepath.Dir(path))
			if err != nil || slices.ContainsFunc(left, func(f os.DirEntry) bool { return strings.Contains(f.Name(), "restoring") }) {
				t.Errorf("left behind: %v, %v", left, err)
			}
		}
	})
}

func TestFailingMigrationOrCheckLeavesAnSQLiteTarget(t *testing.T) {
	url := migrated.File(t)
	a := archive(t, url)
	execute(t, url, mark)
	refused := errors.New("refused")
	err := target(url, func(context.Context, string) error { return refused }).Restore(t.Context(), a, backup.After{})
	if !errors.Is(err, refused) || marks(t, url) != 1 {
		t.Errorf("got %v; %d marks", err, marks(t, url))
	}
}

// A process that heartbeats do not show, such as a shell, would go on with the replaced file.
func TestRestoreRefusesAnOpenSQLiteTarget(t *testing.T) {
	url := migrated.File(t)
	a := archive(t, url)
	db := open(t, url)
	var n int
	check(t, db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM meta`).Scan(&n))
	err := target(url, ready).Restore(t.Context(), a, backup.After{})
	if err == nil || !strings.Contains(err.Error(), "another process has the database open") {
		t.Errorf("got %v", err)
	}
	check(t, db.Close())
	check(t, target(url, ready).Restore(t.Context(), a, backup.After{}))
}

// A write-ahead log of the replaced database must not be applied to the new one, even if that database is damaged.
func TestDamagedSQLiteTargetIsReplacedWithItsLog(t *testing.T) {
	url := migrated.File(t)
	a := archive(t, url)
	path := strings.TrimPrefix(url, "sqlite:")
	check(t, os.WriteFile(path, []byte(strings.Repeat("no database any more ", 50)), 0o600))
	check(t, os.WriteFile(path+"-wal", []byte("what was not written back"), 0o600))
	held, err := target(url, ready).Held(t.Context(), "20260301")
	check(t, err)
	if held.Unreadable == nil || held.Tables == 0 {
		t.Errorf("%+v", held)
	}
	check(t, target(url, ready).Restore(t.Context(), a, backup.After{}))
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the log is still there: %v", err)
	}
	if marks(t, url) != 0 {
		t.Error("the database cannot be used")
	}
}

func TestAfterARestoreNothingIsSentAndNoSessionLives(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		const now = `'2026-03-01 12:00:00+00:00'`
		execute(t, url,
			`INSERT INTO accounts (id, username, username_key, email, email_key, phone, password_hash, address, is_active, is_staff,
 is_superuser, created_at, updated_at)
 VALUES ('a', 'a', 'a', 'a', 'a', 'a', '', '', TRUE, FALSE, FALSE, `+now+`, `+now+`)`,
			`INSERT INTO sessions (id, account_id, refresh_id, rotated_at, created_at, expires_at)
 VALUES ('s', 'a', 'r', `+now+`, `+now+`, `+now+`)`,
			`INSERT INTO ticket_numbers VALUES ('20260301', 5), ('20260228', 9)`,
			`INSERT INTO processes VALUES ('p', 'serve', '', '', 1, '', `+now+`, `+now+`)`)
		for _, job := range []string{
			"'mail', 'mail', 'available'", "'mail', 'mail', 'retryable'", "'mail', 'default', 'available'", "'recompute', 'default', 'available'",
		} {
			execute(t, url, `INSERT INTO river_job (kind, queue, state, args, max_attempts, priority) VALUES (`+job+`, '{}', 10, 1)`)
		}
		a := archive(t, url)
		execute(t, url, `UPDATE ticket_numbers SET last = 20 WHERE day = '20260301'`)
		held, err := target(url, ready).Held(t.Context(), "20260301")
		check(t, err)
		if held.LastNumber != 20 || held.Accounts != 1 || held.Tickets != 0 || held.Tables < 30 {
			t.Errorf("held %+v", held)
		}
		check(t, target(url, ready).Restore(t.Context(), a, backup.After{Today: "20260301", LastNumber: held.LastNumber, Skip: 100}))
		for query, want := range map[string]int{
			`SELECT COUNT(*) FROM accounts`:                                      1,
			`SELECT COUNT(*) FROM sessions`:                                      0,
			`SELECT COUNT(*) FROM processes`:                                     0,
			`SELECT last FROM ticket_numbers WHERE day = '20260301'`:             120,
			`SELECT last FROM ticket_numbers WHERE day = '20260228'`:             9,
			`SELECT COUNT(*) FROM river_job WHERE state = 'pending'`:             3,
			`SELECT COUNT(*) FROM river_job WHERE state = 'available'`:           1,
			`SELECT COUNT(*) FROM river_job WHERE kind = 'mail' AND attempt = 0`: 3,
		} {
			if n := number(t, url, query); n != want {
				t.Errorf("%s: %d, want %d", query, n, want)
			}
		}
		// a new day, and mail that is sent
		check(t, target(url, ready).Restore(t.Context(), a, backup.After{Today: "20260302", Skip: 100, SendMail: true}))
		if n := number(t, url, `SELECT last FROM ticket_numbers WHERE day = '20260302'`); n != 100 {
			t.Errorf("the last number of a new day is %d", n)
		}
		if n := number(t, url, `SELECT COUNT(*) FROM river_job WHERE state = 'pending'`); n != 0 {
			t.Errorf("%d jobs are held", n)
		}
	})
}

func TestDamagedArchivesAreRefused(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		a := archive(t, url)
		content, err := os.ReadFile(a.Path)
		check(t, err)
		for name, damage := range map[string]func([]byte) []byte{
			"a bit":              func(b []byte) []byte { b[len(b)/2] ^= 0xff; clear(b[len(b)/2 : len(b)/2+4096]); return b },
			"the end is lost":    func(b []byte) []byte { return b[:len(b)-2000] },
			"the half is lost":   func(b []byte) []byte { return b[:len(b)/2] },
			"no magic":           func(b []byte) []byte { return b[1:] },
			"an empty file":      func([]byte) []byte { return nil },
			"only the beginning": func(b []byte) []byte { return b[:20] },
		} {
			path := filepath.Join(t.TempDir(), "damaged")
			check(t, os.WriteFile(path, damage(slices.Clone(content)), 0o600))
			got, err := backup.Open(t.Context(), path, os.Environ())
			if err == nil { // pg_restore finds out later
				execute(t, url, mark)
				err = target(url, ready).Restore(t.Context(), got, backup.After{})
				if marks(t, url) != 1 {
					t.Errorf("%s: the target changed", name)
				}
				execute(t, url, `DELETE FROM meta WHERE key = 'mark'`)
			}
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		}
	})
}
