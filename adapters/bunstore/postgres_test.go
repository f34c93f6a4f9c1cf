package bunstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	programs "os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tickt/domain"
	"tickt/ports"
	"tickt/test/postgres"
)

// visit asks for something of both kinds of statements, hot and seldom, inside a transaction and outside, and leaves a job.
func visit(ctx context.Context, s *Store) error {
	work := func(tx ports.Tx) error {
		_, hot := tx.Sessions.Actor(ctx, "none", noon)
		_, _, seldom := tx.Statuses.List(ctx, ports.Page{Number: 1, Size: 10})
		if errors.Is(hot, domain.ErrNotFound) {
			hot = nil
		}
		return errors.Join(hot, seldom)
	}
	leave := func(tx ports.Tx) error {
		return errors.Join(work(tx), tx.Jobs.Add(ctx, ports.Job{Kind: ports.MailJob, ID: "x"}))
	}
	return errors.Join(s.View(ctx, work), s.Snapshot(ctx, work), s.Update(ctx, leave))
}

func TestOnlyHotStatementsArePreparedAndOnlyWhereThatIsWanted(t *testing.T) {
	database := migrated(t, postgres.URL(t))
	for prepared, want := range map[bool]int{true: 1, false: 0} {
		s := opened(t, Options{URL: database, Prepared: prepared, MaxConns: 1})
		for range 3 {
			if err := visit(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		var has []string
		if err := s.engine.reads.NewRaw(`SELECT statement FROM pg_prepared_statements`).Scan(t.Context(), &has); err != nil {
			t.Fatal(err)
		}
		if len(has) != want {
			t.Errorf("prepared: %v, the server holds %q", prepared, has)
		}
	}
}

func TestSettingsThatWouldChangeWhatIsWrittenOrReadAreRefused(t *testing.T) {
	database := migrated(t, postgres.URL(t))
	with := func(setting, value string) *Store { return opened(t, Options{URL: set(t, database, setting, value)}) }
	for setting, value := range map[string]string{"DateStyle": "German", "standard_conforming_strings": "off", "client_encoding": "LATIN1"} {
		if err := with(setting, value).Ready(t.Context()); domain.KindOf(err) != domain.Unavailable || !strings.Contains(err.Error(), setting) {
			t.Errorf("%s %s: %v", setting, value, err)
		}
	}
	abroad := with("TimeZone", "Asia/Kathmandu")
	err := abroad.Update(t.Context(), func(tx ports.Tx) error {
		if err := tx.Statuses.Add(t.Context(), status("s", false)); err != nil {
			return err
		}
		got, err := tx.Statuses.Get(t.Context(), "s")
		if got.CreatedAt != noon {
			t.Errorf("%v came back as %v", noon, got.CreatedAt)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func set(t *testing.T, database, setting, value string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set(setting, value)
	u.RawQuery = query.Encode()
	return u.String()
}

func TestStoreWorksBehindPgbouncerInTransactionMode(t *testing.T) {
	if _, err := programs.LookPath("pgbouncer"); err != nil {
		t.Log("pgbouncer is not installed: only the promise that it rests on is tested, that nothing is prepared")
		return
	}
	s := opened(t, Options{URL: pgbouncer(t, migrated(t, postgres.URL(t))), MaxConns: 8})
	var clients sync.WaitGroup
	for i := range 8 {
		clients.Go(func() {
			for j := range 20 {
				id := domain.ID(fmt.Sprintf("%d-%d", i, j))
				err := s.Update(t.Context(), func(tx ports.Tx) error { return tx.Statuses.Add(t.Context(), status(id, false)) })
				if err := errors.Join(err, visit(t.Context(), s), s.Ready(t.Context())); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	clients.Wait()
}

// pgbouncer starts one before a database, with fewer connections to it than the store has to pgbouncer; it gives
// the URL that leads through it.
func pgbouncer(t *testing.T, database string) string {
	t.Helper()
	config, err := pgx.ParseConfig(database)
	if err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := free.Addr().(*net.TCPAddr).Port
	_ = free.Close()
	dir, err := os.MkdirTemp("", "pgbouncer") //nolint:usetesting // another user must reach it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	server := fmt.Sprintf("host='%s' port=%d user='%s'", config.Host, config.Port, config.User)
	if config.Password != "" {
		server += fmt.Sprintf(" password='%s'", config.Password)
	}
	settings := fmt.Sprintf("[databases]\n%s = %s\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\n"+
		"unix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 2\n",
		config.Database, server, port)
	args := []string{filepath.Join(dir, "pgbouncer.ini")}
	if os.Geteuid() == 0 { // it does not run as root
		args = append([]string{"-u", someUser(t)}, args...)
	}
	if err := errors.Join(os.Chmod(dir, 0o755), os.WriteFile(filepath.Join(dir, "pgbouncer.ini"), []byte(settings), 0o644)); err != nil { //nolint:gosec // of a test
		t.Fatal(err)
	}
	var said lines
	command := programs.Command("pgbouncer", args...) //nolint:gosec // of a test
	command.Stderr = &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		if t.Failed() {
			t.Log(said.String())
		}
	})
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	reach(t, address)
	return (&url.URL{Scheme: "postgres", User: url.User(config.User), Host: address, Path: config.Database, RawQuery: "sslmode=disable"}).String()
}

// someUser gives a user that pgbouncer may run as where the tests run as root.
func someUser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"postgres", "nobody"} {
		if _, err := user.Lookup(name); err == nil {
			return name
		}
	}
	t.Fatal("neither postgres nor nobody is a user of this machine")
	return ""
}

// reach waits until something listens.
func reach(t *testing.T, address string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			_ = c.Close()
			return
		}
	}
	t.Fatalf("nothing listens on %s", address)
}

// lines keeps what a process says.
type lines struct {
	sync.Mutex
	text []byte
}

func (l *lines) Write(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	l.text = append(l.text, p...)
	return len(p), nil
}

func (l *lines) String() string {
	l.Lock()
	defer l.Unlock()
	return string(l.text)
}
