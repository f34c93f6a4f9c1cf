package postgres

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Bouncer starts a pgbouncer in transaction mode with two connections to a database, and returns the URL of the database
// through it. It ends with the test. If pgbouncer is not installed, installed is false.
func Bouncer(t testing.TB, database string) (through string, installed bool) {
	t.Helper()
	if _, err := exec.LookPath("pgbouncer"); err != nil {
		return "", false
	}
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
	dir, err := os.MkdirTemp("", "pgbouncer") //nolint:usetesting // another user must be able to read it
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
	if os.Geteuid() == 0 { // pgbouncer refuses to run as root
		args = append([]string{"-u", unprivilegedUser(t)}, args...)
	}
	//nolint:gosec // of a test
	if err := errors.Join(os.Chmod(dir, 0o755), os.WriteFile(filepath.Join(dir, "pgbouncer.ini"), []byte(settings), 0o644)); err != nil {
		t.Fatal(err)
	}
	var stderr output
	command := exec.Command("pgbouncer", args...) //nolint:gosec // of a test
	command.Stderr = &stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		if t.Failed() {
			t.Log(stderr.String())
		}
	})
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	reach(t, address)
	return (&url.URL{
		Scheme: "postgres", User: url.User(config.User), Host: address, Path: config.Database, RawQuery: "sslmode=disable",
	}).String(), true
}

// unprivilegedUser returns a user for pgbouncer when the tests run as root.
func unprivilegedUser(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"postgres", "nobody"} {
		if _, err := user.Lookup(name); err == nil {
			return name
		}
	}
	t.Fatal("neither of the users postgres and nobody exists")
	return ""
}

// reach waits until a server listens on an address.
func reach(t testing.TB, address string) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			_ = c.Close()
			return
		}
	}
	t.Fatalf("nothing listens on %s", address)
}

// output collects the output of a process. It may be used by several goroutines at once.
type output struct {
	sync.Mutex
	text []byte
}

func (w *output) Write(p []byte) (int, error) {
	w.Lock()
	defer w.Unlock()
	w.text = append(w.text, p...)
	return len(p), nil
}

func (w *output) String() string {
	w.Lock()
	defer w.Unlock()
	return string(w.text)
}
