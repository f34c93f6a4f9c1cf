// Package journey tests the built program from outside: processes that are set up by commands and settings, called over
// HTTP, stopped and killed, on SQLite and on PostgreSQL.
package journey

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	_ "tickt/bootstrap" // so that go test does not use cached results after a change of the program
	"tickt/test/postgres"
)

// program is the path of the built binary.
var program string

func TestMain(m *testing.M) {
	code, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func buildAndRun(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp("", "tickt-journey-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	program = filepath.Join(dir, "tickt")
	if out, err := exec.Command("go", "build", "-o", program, "tickt/bootstrap/cmd/tickt").CombinedOutput(); err != nil {
		return 1, fmt.Errorf("build: %w: %s", err, out)
	}
	return m.Run(), nil
}

const (
	username = "admin"
	password = "Correct-horse-9"
)

// desk is one installation: a directory, a database and the settings that its processes share.
type desk struct {
	dir      string
	settings []string
}

// onBoth runs a journey on a new desk with SQLite and on one with PostgreSQL.
func onBoth(t *testing.T, journey func(*testing.T, desk)) {
	t.Run("SQLite", func(t *testing.T) { journey(t, newDesk(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { journey(t, onPostgres(t)) })
}

func newDesk(t *testing.T, settings ...string) desk {
	return desk{dir: t.TempDir(), settings: append(settings, "HTTP_ADDR=127.0.0.1:0")}
}

func onPostgres(t *testing.T) desk { return newDesk(t, "DATABASE_URL="+postgres.URL(t)) }

// with returns the desk with further settings, which take precedence.
func (d desk) with(settings ...string) desk {
	return desk{d.dir, append(append([]string{}, d.settings...), settings...)}
}

// command returns a command of the program whose environment has only the desk's settings.
func (d desk) command(t *testing.T, args ...string) *exec.Cmd {
	c := exec.CommandContext(t.Context(), program, args...)
	c.Dir, c.Env = d.dir, append([]string{"PATH=" + os.Getenv("PATH")}, d.settings...)
	return c
}

// outcome is the result of a command.
type outcome struct {
	code     int
	out, err string
}

func (d desk) run(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	c := d.command(t, args...)
	var out, errs bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(stdin), &out, &errs
	var exit *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{c.ProcessState.ExitCode(), out.String(), errs.String()}
}

// do runs a command that must succeed and returns its output.
func (d desk) do(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	o := d.run(t, stdin, args...)
	if o.code != 0 {
		t.Fatalf("tickt %s: exit code %d: %s", strings.Join(args, " "), o.code, o.err)
	}
	return o.out
}

// setUp migrates and seeds the desk's database and creates a superuser.
func (d desk) setUp(t *testing.T) {
	t.Helper()
	d.do(t, "", "migrate", "up")
	d.do(t, "", "seed")
	d.do(t, password+"\n", superuser(username)...)
}

// superuser returns the command that creates a superuser with a password from standard input.
func superuser(name string) []string {
	return []string{
		"createsuperuser", "--username", name, "--email", name + "@example.com",
		"--phone-number", "+9779800000000", "--password-stdin",
	}
}
