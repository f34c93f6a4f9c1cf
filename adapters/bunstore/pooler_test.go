package bunstore

import (
	"context"
	"fmt"
	"net"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/migrated"
)

// pooled returns the URL of a new database behind a pgbouncer in transaction mode that does not track prepared statements.
func pooled(t *testing.T) string {
	t.Helper()
	program, err := osexec.LookPath("pgbouncer")
	if err != nil {
		program, err = osexec.LookPath("/usr/sbin/pgbouncer") // not in the PATH of most users
	}
	if err != nil {
		t.Skip("pgbouncer is not installed")
	}
	direct, err := pgconn.ParseConfig(migrated.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := free.Addr().(*net.TCPAddr).Port
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	server := fmt.Sprintf("host=%s port=%d dbname=%s user=%s", direct.Host, direct.Port, direct.Database, direct.User)
	if direct.Password != "" {
		server += " password=" + direct.Password
	}
	config := fmt.Sprintf(`[databases]
%s = %s
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
`, direct.Database, server, port)
	file := filepath.Join(dir, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil { //nolint:gosec // another user reads it
		t.Fatal(err)
	}
	args := []string{file}
	if os.Geteuid() == 0 { // pgbouncer does not run as root
		for at := dir; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
			_ = os.Chmod(at, 0o755) //nolint:gosec // as above
		}
		args = append([]string{"-u", "nobody"}, args...)
	}
	bouncer := osexec.CommandContext(t.Context(), program, args...) //nolint:gosec // found in PATH
	bouncer.Stderr = os.Stderr
	bouncer.Args = append(bouncer.Args[:1:1], append([]string{"-q"}, bouncer.Args[1:]...)...)
	if err := bouncer.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bouncer.Process.Kill(); _ = bouncer.Wait() })
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if c, err := new(net.Dialer).DialContext(t.Context(), "tcp", address); err == nil {
			_ = c.Close()
			break
		}
		if time.Now().After(end) {
			t.Fatal("pgbouncer does not listen")
		}
	}
	return fmt.Sprintf("postgres://%s@%s/%s?sslmode=disable", direct.User, address, direct.Database)
}

// openPooled opens a store on a database with its schema behind a pooler. givenUp receives the causes of giving up.
func openPooled(t *testing.T) (s *Store, givenUp chan error) {
	t.Helper()
	return openStore(t, Options{URL: pooled(t), Prepared: true, MaxConns: 8}), make(chan error, 10)
}

func TestPoolerIsNoticedAtStart(t *testing.T) {
	s, givenUp := openPooled(t)
	if err := s.CheckPooler(t.Context(), func(cause error) { givenUp <- cause }); err != nil {
		t.Fatal(err)
	}
	if len(givenUp) != 1 || s.engine.prepared.on.Load() {
		t.Errorf("given up %d times, still prepared: %t", len(givenUp), s.engine.prepared.on.Load())
	}
}

func TestDirectConnectionKeepsPreparedStatements(t *testing.T) {
	s := openStore(t, Options{URL: migrated.Postgres(t), Prepared: true, MaxConns: 4})
	for range 3 { // as if the service started again
		err := s.CheckPooler(t.Context(), func(cause error) { t.Errorf("given up: %v", cause) })
		if err != nil || !s.engine.prepared.on.Load() {
			t.Errorf("%v, prepared: %t", err, s.engine.prepared.on.Load())
		}
	}
}

// TestPoolerIsNoticedAtWork covers a pooler that the check at the start did not notice: no View and no Update may fail.
func TestPoolerIsNoticedAtWork(t *testing.T) {
	s, givenUp := openPooled(t)
	notify := func(cause error) { givenUp <- cause }
	s.engine.prepared.givenUp.Store(&notify)
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			for i := range 40 {
				key := fmt.Sprintf("%d-%d", n, i)
				if err := s.Update(t.Context(), func(tx ports.Tx) error {
					_, err := tx.Throttle.Hit(t.Context(), []account.Limit{{Key: key, Max: 1000}}, noon, noon.Add(-time.Hour))
					return err
				}); err != nil {
					t.Errorf("Update: %v", err)
				}
				var found []account.Count
				err := s.View(t.Context(), func(tx ports.Tx) (err error) {
					found, _, err = tx.Throttle.Counts(t.Context(), []string{key}, noon.Add(-time.Hour), "", "")
					return err
				})
				if err != nil || len(found) != 1 || found[0].N != 1 {
					t.Errorf("View: %v, %v", found, err)
				}
			}
		})
	}
	group.Wait()
	if len(givenUp) != 1 || s.engine.prepared.on.Load() {
		t.Errorf("given up %d times, still prepared: %t", len(givenUp), s.engine.prepared.on.Load())
	}
}

// TestTransactionsEndWithTheirContext checks the limits on the server, which hold although nothing of the process is left.
func TestTransactionsEndWithTheirContext(t *testing.T) {
	s := openStore(t, Options{URL: migrated.Postgres(t), MaxConns: 1})
	type limits struct{ Statement, Lock, Idle int }
	read := func(c conn) (x limits) {
		t.Helper()
		found, err := c.raw.QueryContext(t.Context(), `SELECT max(setting::int) FILTER (WHERE name = 'statement_timeout'),
 max(setting::int) FILTER (WHERE name = 'lock_timeout'), max(setting::int) FILTER (WHERE name = 'idle_in_transaction_session_timeout')
 FROM pg_settings`)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = found.Close() }()
		if found.Next(); found.Scan(&x.Statement, &x.Lock, &x.Idle) != nil || found.Err() != nil {
			t.Error(found.Err())
		}
		return x
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var within, without limits
	_ = s.transact(ctx, func(c conn) error { within = read(c); return nil })
	_ = s.transact(context.WithoutCancel(ctx), func(c conn) error { without = read(c); return nil })
	for _, ms := range []int{within.Statement, within.Lock, within.Idle} {
		if ms < 20_000 || ms > 31_000 {
			t.Errorf("with a deadline in 30 s the limits are %+v", within)
		}
	}
	if want := (limits{0, int(lockLimit.Milliseconds()), int(idleLimit.Milliseconds())}); without != want {
		t.Errorf("without a deadline the limits are %+v, want %+v", without, want)
	}
	if after := read(conn{raw: s.engine.reads.DB}); after != (limits{}) {
		t.Errorf("after the transaction the limits are %+v", after)
	}
}
