package postgres_test

import (
	"bufio"
	"context"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tickt/test/postgres"
)

func TestEachURLIsANewEmptyDatabase(t *testing.T) {
	first, second := connect(t, postgres.URL(t)), connect(t, postgres.URL(t))
	for _, c := range []*pgx.Conn{first, second} {
		if _, err := c.Exec(t.Context(), "CREATE TABLE thing (id int)"); err != nil {
			t.Fatal(err)
		}
	}
	var encoding string
	if err := first.QueryRow(t.Context(), "SHOW server_encoding").Scan(&encoding); err != nil || encoding != "UTF8" {
		t.Errorf("encoding %q, %v", encoding, err)
	}
}

func TestDatabaseIsDroppedAfterItsTestDespiteOpenConnections(t *testing.T) {
	var dropped string
	t.Run("a test that leaves a connection open", func(t *testing.T) {
		dropped = postgres.URL(t)
		if _, err := pgx.Connect(t.Context(), dropped); err != nil {
			t.Fatal(err)
		}
	})
	if c, err := pgx.Connect(t.Context(), dropped); err == nil {
		_ = c.Close(t.Context())
		t.Error("the database still exists")
	}
}

func TestServerFromTheEnvironmentIsUsed(t *testing.T) {
	given := os.Getenv(postgres.Variable)
	if given == "" {
		given = started(t).URL
	}
	out := withPostgres(t, []string{postgres.Variable + "=" + given}, "sh", "-c", "echo $"+postgres.Variable)
	if got := strings.TrimSpace(out); got != given {
		t.Errorf("got %q, want %q", got, given)
	}
}

func TestCommandRunsWithAServerAndItsExitCodeIsReturned(t *testing.T) {
	c := exec.CommandContext(t.Context(), build(t), "sh", "-c", "echo $"+postgres.Variable+"; exit 7")
	c.Env = without(postgres.Variable)
	out, err := c.Output()
	if c.ProcessState.ExitCode() != 7 {
		t.Fatalf("exit code %d, want 7: %v", c.ProcessState.ExitCode(), err)
	}
	if listens(t, strings.TrimSpace(string(out))) {
		t.Error("the server is still running")
	}
}

func TestServerEndsWithAKilledProcess(t *testing.T) {
	c := exec.CommandContext(t.Context(), build(t), "sh", "-c", "echo $"+postgres.Variable+"; exec cat")
	c.Env = without(postgres.Variable)
	stdin, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	server := strings.TrimSpace(line)
	if !listens(t, server) {
		t.Fatal("the server is not running")
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_, _ = stdin.Close(), c.Wait()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for listens(t, server) {
		select {
		case <-ctx.Done():
			t.Fatal("the server is still running")
		case <-tick.C:
		}
	}
}

func connect(t *testing.T, database string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	return c
}

func TestOnlyADurableServerSyncs(t *testing.T) {
	for want, start := range map[string]func(context.Context) (*postgres.Server, error){
		"off": postgres.Start, "on": postgres.StartDurable,
	} {
		c := connect(t, startedBy(t, start).URL)
		for _, setting := range []string{"fsync", "full_page_writes"} {
			var got string
			if err := c.QueryRow(t.Context(), "SHOW "+setting).Scan(&got); err != nil || got != want {
				t.Errorf("%s is %s, want %s: %v", setting, got, want, err)
			}
		}
	}
}

func started(t *testing.T) *postgres.Server { return startedBy(t, postgres.Start) }

func startedBy(t *testing.T, start func(context.Context) (*postgres.Server, error)) *postgres.Server {
	t.Helper()
	s, err := start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// build builds the command withpostgres, since go run would not return its exit code.
func build(t *testing.T) string {
	t.Helper()
	path := t.TempDir() + "/withpostgres"
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "./cmd/withpostgres").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

func withPostgres(t *testing.T, env []string, args ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), build(t), args...)
	c.Env = append(without(postgres.Variable), env...)
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func without(name string) (env []string) {
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, name+"=") {
			env = append(env, v)
		}
	}
	return env
}

func listens(t *testing.T, server string) bool {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil || u.Host == "" {
		t.Fatalf("%q is not the URL of a server", server)
	}
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", u.Host)
	if err == nil {
		_ = c.Close()
	}
	return err == nil
}
