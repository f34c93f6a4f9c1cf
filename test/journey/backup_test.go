package journey

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tickt/migrations"

	"github.com/jackc/pgx/v5"
)

// elsewhere returns a new desk on the same engine.
func (d desk) elsewhere(t *testing.T) desk {
	t.Helper()
	if strings.HasPrefix(d.database(), "sqlite:") {
		return newDesk(t)
	}
	return onPostgres(t)
}

// giveKey copies the secret key to another desk.
func (d desk) giveKey(t *testing.T, to desk) {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(d.dir, "var", "secret_key"))
	if err == nil {
		err = os.MkdirAll(filepath.Join(to.dir, "var"), 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(to.dir, "var", "secret_key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// writers open tickets until the returned function is called, which returns what was acknowledged. They begin at once.
func writers(t *testing.T, s *service, token string, log *ticketLog) (stop func()) {
	t.Helper()
	ended := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-ended:
					return
				default:
				}
				r, err := s.call(t, http.MethodPost, "/api/tickets/", token, aTicket)
				switch {
				case err != nil:
					t.Error(err)
					return
				case busy(r):
				case r.status != http.StatusCreated:
					t.Errorf("status %d: %s", r.status, r.Response)
					return
				default:
					log.add(t, r)
				}
			}
		})
	}
	return sync.OnceFunc(func() { close(ended); wg.Wait() })
}

// known returns a copy of what was acknowledged so far.
func (l *ticketLog) known() (all []ticketRef) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range l.tickets {
		all = append(all, m)
	}
	return all
}

func TestBackupUnderLoadIsRestoredElsewhere(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		s := d.serve(t)
		token := s.login(t).AccessToken
		var log ticketLog
		for range 20 {
			log.add(t, s.want(t, http.StatusCreated, http.MethodPost, "/api/tickets/", token, aTicket))
		}
		stop := writers(t, s, token, &log)
		defer stop()
		before := log.known()
		file := filepath.Join(t.TempDir(), "desk.backup")
		o := d.run(t, "", "backup", file)
		if o.code != 0 || !strings.Contains(o.err, "tickets and 1 account of ") {
			t.Fatalf("exit code %d: %s", o.code, o.err)
		}
		if !strings.HasPrefix(d.database(), "sqlite:") && !strings.Contains(o.err, "running ") {
			t.Errorf("pg_dump is not said: %s", o.err)
		}
		streamed := d.run(t, "", "backup", "-")
		if streamed.code != 0 {
			t.Fatalf("exit code %d: %s", streamed.code, streamed.err)
		}
		stop()
		s.stop(t)
		if info, err := os.Stat(file); err != nil || info.Mode() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}

		for name, restore := range map[string]func(desk) outcome{
			"file":   func(e desk) outcome { return e.run(t, "", "restore", "--skip-numbers", "100000", file) },
			"stream": func(e desk) outcome { return e.run(t, streamed.out, "restore", "--skip-numbers", "100000", "-") },
		} {
			e := d.elsewhere(t)
			if o := restore(e); o.code != 0 {
				t.Fatalf("%s: exit code %d: %s%s", name, o.code, o.out, o.err)
			}
			d.giveKey(t, e)
			if out := e.do(t, "", "check"); !strings.Contains(out, "Nothing is wrong with ") {
				t.Errorf("%s: %s", name, out)
			}
			s := e.serve(t)
			token := s.login(t).AccessToken
			for _, m := range before {
				read := dataOf[ticketRef](t, s.want(t, http.StatusOK, http.MethodGet, "/api/ticket/"+m.ReferenceID+"/", token, ""))
				if read != m {
					t.Errorf("%s: got %+v, want %+v", name, read, m)
				}
			}
			next := dataOf[ticketRef](t, s.want(t, http.StatusCreated, http.MethodPost, "/api/tickets/", token, aTicket))
			if slices.ContainsFunc(log.known(), func(m ticketRef) bool { return m.TicketNumber == next.TicketNumber }) {
				t.Errorf("%s: the number %s was assigned before, after the backup", name, next.TicketNumber)
			}
			s.stop(t)
		}
	})
}

// Why the operation page forbids to copy the file of a running service: what was written last is beside it.
func TestCopyOfTheFileAloneLacksTickets(t *testing.T) {
	d := newDesk(t)
	d.setUp(t)
	s := d.serve(t)
	token := s.login(t).AccessToken
	for range 5 {
		s.want(t, http.StatusCreated, http.MethodPost, "/api/tickets/", token, aTicket)
	}
	content, err := os.ReadFile(filepath.Join(d.dir, "var", "tickt.db"))
	if err != nil {
		t.Fatal(err)
	}
	copied, backedUp := filepath.Join(t.TempDir(), "copy"), filepath.Join(t.TempDir(), "backup")
	if err := os.WriteFile(copied, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if o := d.run(t, "", "backup", backedUp); o.code != 0 || !strings.Contains(o.err, "holds 5 tickets") {
		t.Errorf("backup: exit code %d: %s", o.code, o.err)
	}
	e := newDesk(t, "DATABASE_URL=sqlite:"+copied)
	if o := e.run(t, "", "check"); strings.Contains(o.out, "Nothing is wrong with 5 tickets") {
		t.Error("the copy is whole")
	}
}

func TestRestoreEndsSessionsAndGoesOnWithNumbers(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		s := d.serve(t)
		in := s.login(t)
		first := dataOf[ticketRef](t, s.want(t, http.StatusCreated, http.MethodPost, "/api/tickets/", in.AccessToken, aTicket))
		file := filepath.Join(t.TempDir(), "desk.backup")
		d.do(t, "", "backup", file)
		lost := dataOf[ticketRef](t, s.want(t, http.StatusCreated, http.MethodPost, "/api/tickets/", in.AccessToken, aTicket))

		if o := d.run(t, "", "restore", "--yes", file); o.code != 1 || !strings.Contains(o.err, "the database is in use: stop tickt serve on ") {
			t.Errorf("beside a process: exit code %d: %s", o.code, o.err)
		}
		s.stop(t)
		if o := d.run(t, "", "restore", file); o.code != 2 || !strings.Contains(o.err, "2 tickets and 1 account: to replace it, add --yes") {
			t.Errorf("without --yes: exit code %d: %s", o.code, o.err)
		}
		d.do(t, "", "restore", "--yes", "--skip-numbers", "7", file)
		s = d.serve(t)
		s.want(t, http.StatusUnauthorized, http.MethodGet, "/api/tickets/", in.AccessToken, "")
		s.want(t, http.StatusUnauthorized, http.MethodPost, "/api/auth/refresh/", "", `{"refreshToken":"`+in.RefreshToken+`"}`)
		token := s.login(t).AccessToken
		s.want(t, http.StatusOK, http.MethodGet, "/api/ticket/"+first.ReferenceID+"/", token, "")
		s.want(t, http.StatusNotFound, http.MethodGet, "/api/ticket/"+lost.ReferenceID+"/", token, "")
		next := dataOf[ticketRef](t, s.want(t, http.StatusCreated, http.MethodPost, "/api/tickets/", token, aTicket))
		if !strings.HasSuffix(next.TicketNumber, "-0010") { // 2 were known, 7 are left out
			t.Errorf("%s follows %s", next.TicketNumber, lost.TicketNumber)
		}
		s.stop(t)
	})
}

func TestBackupAndRestoreRefuseWhatIsNotMeant(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		refused := func(d desk, code int, message string, args ...string) {
			t.Helper()
			o := d.run(t, "", args...)
			if o.code != code || !strings.Contains(o.err, message) || strings.Contains(o.err, "hidden") {
				t.Errorf("%v: exit code %d: %q", args, o.code, o.err)
			}
		}
		dir := t.TempDir()
		file := filepath.Join(dir, "desk.backup")
		if strings.HasPrefix(d.database(), "sqlite:") {
			refused(d, 1, "there is no database ", "backup", file)
			refused(d, 1, "there is no database ", "check")
			if left, _ := filepath.Glob(filepath.Join(d.dir, "*")); len(left) > 0 {
				t.Errorf("a refused command made %v", left)
			}
		}
		d.setUp(t)
		d.do(t, "", "backup", file)
		refused(d, 1, "exists already", "backup", file)
		d.do(t, "", "backup", "--replace", file)
		refused(d, 1, "no such file", "backup", filepath.Join(dir, "none", "x"))

		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		damaged := func(name string, change func([]byte) []byte) string {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, change(slices.Clone(content)), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		want := d.do(t, "", "check")
		cut := damaged("cut", func(b []byte) []byte { return b[:len(b)*2/3] })
		refused(d, 1, "damaged", "restore", "--yes", cut)
		refused(d, 1, "damaged", "restore", "--yes", damaged("zeroed", func(b []byte) []byte { clear(b[len(b)/2 : len(b)/2+5000]); return b }))
		refused(d, 1, "neither an SQLite database nor", "restore", "--yes", damaged("other", func(b []byte) []byte { return b[100:] }))
		refused(d, 1, "neither an SQLite database nor", "restore", "--yes", damaged("empty", func([]byte) []byte { return nil }))
		refused(d, 1, "neither an SQLite database nor", "restore", "--yes", "-")
		refused(d, 1, "no such file", "restore", "--yes", filepath.Join(dir, "none"))
		refused(d, 2, "--skip-numbers", "restore", "--yes", "--skip-numbers=-1", file)
		if got := d.do(t, "", "check"); got != want {
			t.Errorf("a refused restore changed the database: %s", got)
		}
		d.do(t, "", "restore", "--yes", file)
		d.do(t, "", "backup", filepath.Join(dir, "again"))
	})
}

func TestBackupOfAnotherEngineOrANewerReleaseIsRefused(t *testing.T) {
	sqlite, server := newDesk(t), onPostgres(t)
	dir := t.TempDir()
	files := map[string]string{}
	for name, d := range map[string]desk{"sqlite": sqlite, "postgres": server} {
		d.do(t, "", "migrate", "up")
		files[name] = filepath.Join(dir, name)
		d.do(t, "", "backup", files[name])
	}
	o := sqlite.run(t, "", "restore", "--yes", files["postgres"])
	if o.code != 1 || !strings.Contains(o.err, "the backup is one of PostgreSQL") {
		t.Errorf("exit code %d: %s", o.code, o.err)
	}
	if o := server.run(t, "", "restore", "--yes", files["sqlite"]); o.code != 1 || !strings.Contains(o.err, "the backup is one of SQLite") {
		t.Errorf("exit code %d: %s", o.code, o.err)
	}
	for _, d := range []desk{sqlite, server} {
		newer := filepath.Join(dir, "newer")
		d.execute(t, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, TRUE)`)
		d.do(t, "", "backup", "--replace", "--no-check", newer)
		d.execute(t, `DELETE FROM goose_db_version WHERE version_id = 999`)
		if o := d.run(t, "", "restore", "--yes", newer); o.code != 1 || !strings.Contains(o.err, "the backup has version 999 of the schema") {
			t.Errorf("exit code %d: %s", o.code, o.err)
		}
	}
}

// execute runs a statement on the database of the desk.
func (d desk) execute(t *testing.T, statement string) {
	t.Helper()
	m, err := migrations.New(d.database())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.Close() }()
	if _, err := m.DB().ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// An older backup, and one that the tools of the database wrote, are migrated and checked.
func TestBackupOfAnOlderSchemaIsMigrated(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		file := filepath.Join(t.TempDir(), "old")
		d.revert(t)
		o := d.run(t, "", "backup", file)
		if o.code != 0 || !strings.Contains(o.err, "The data are not checked") {
			t.Errorf("exit code %d: %s", o.code, o.err)
		}
		e := d.elsewhere(t)
		if out := e.do(t, "", "restore", file); !strings.Contains(out, "1 migration applied.") {
			t.Errorf("restored: %s", out)
		}
		e.do(t, "", "check")
		e.do(t, "", "secret", "accept") // the key of the backup's desk is lost
		s := e.serve(t)
		next := dataOf[ticketRef](t, s.want(t, http.StatusCreated, http.MethodPost, "/api/tickets/", s.login(t).AccessToken, aTicket))
		if !strings.HasSuffix(next.TicketNumber, "-1001") { // none was known, 1000 are left out
			t.Errorf("the first number is %s", next.TicketNumber)
		}
		s.stop(t)
	})
}

func TestBackupWithoutPgDumpSaysWhatToInstall(t *testing.T) {
	d := onPostgres(t)
	d.do(t, "", "migrate", "up")
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump"); len(found) > 0 {
		t.Skip("the system has pg_dump in a folder that is always searched")
	}
	o := d.with("PATH="+t.TempDir()).run(t, "", "backup", filepath.Join(t.TempDir(), "x"))
	if o.code != 1 || !strings.Contains(o.err, "pg_dump is missing: install") || strings.Count(o.err, "\n") != 1 {
		t.Errorf("exit code %d: %s", o.code, o.err)
	}
}

// The standard tools read a backup.
func TestStandardToolsReadABackup(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		file := filepath.Join(t.TempDir(), "desk.backup")
		d.do(t, "", "backup", file)
		program, args := "sqlite3", []string{file, "SELECT username FROM accounts; PRAGMA integrity_check"}
		if !strings.HasPrefix(d.database(), "sqlite:") {
			program, args = "pg_restore", []string{"--data-only", "--table=accounts", "--file=-", file}
		}
		path, err := exec.LookPath(program)
		if err != nil {
			t.Skip(err)
		}
		out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
		if err != nil || !strings.Contains(string(out), username) {
			t.Errorf("%v: %s", err, out)
		}
	})
}

// untilAlone waits until PostgreSQL has noticed that the clients of the desk's database are gone.
func (d desk) untilAlone(t *testing.T) {
	t.Helper()
	if strings.HasPrefix(d.database(), "sqlite:") {
		return
	}
	c, err := pgx.Connect(t.Context(), d.database())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(context.Background()) }()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		var others int
		err := c.QueryRow(t.Context(), `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
 AND backend_type = 'client backend'`).Scan(&others)
		if err != nil || others > 0 && time.Now().After(deadline) {
			t.Fatalf("%d other clients, %v", others, err)
		}
		if others == 0 {
			return
		}
	}
}

// A restore that is killed leaves the database as it was, or restored; and the next one succeeds.
func TestKilledRestoreLeavesAWholeDatabase(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		d.do(t, "", "demo", "--tickets", "3000", "--accounts", "30")
		file := filepath.Join(t.TempDir(), "desk.backup")
		d.do(t, "", "backup", file)
		for _, wait := range []time.Duration{50 * time.Millisecond, 150 * time.Millisecond, 400 * time.Millisecond, 900 * time.Millisecond} {
			c := d.command(t, "restore", "--yes", file)
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			timer := time.AfterFunc(wait, func() { _ = c.Process.Kill() })
			_ = c.Wait() // killed, or done before
			timer.Stop()
			d.untilAlone(t)
			if out := d.do(t, "", "check"); !strings.Contains(out, "Nothing is wrong with 3000 tickets") {
				t.Errorf("killed after %v: %s", wait, out)
			}
		}
		d.do(t, "", "restore", "--yes", file)
		if out := d.do(t, "", "check"); !strings.Contains(out, "Nothing is wrong with 3000 tickets") {
			t.Errorf("restored again: %s", out)
		}
		if left, _ := filepath.Glob(filepath.Join(d.dir, "var", "*restoring*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		if left, _ := filepath.Glob(filepath.Join(d.dir, "var", ".*restoring*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}
