package bootstrap

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// newConsole runs commands on an embedded database of its own.
func newConsole(t *testing.T) func(args ...string) (code int, out, complaints string) {
	t.Helper()
	dir := t.TempDir()
	return func(args ...string) (int, string, string) {
		var out, complaints bytes.Buffer
		c := Console{In: os.Stdin, Out: &out, Err: &complaints, Dir: dir, Environ: []string{"DATA_DIR=" + dir}}
		code := c.Run(t.Context(), args)
		return code, out.String(), complaints.String()
	}
}

func TestDemoFillsASeededDatabaseTwice(t *testing.T) {
	run := newConsole(t)
	for _, args := range [][]string{
		{"migrate", "up"}, {"seed"}, {"demo", "--tickets", "300", "--accounts", "10"}, {"demo", "--tickets", "300", "--accounts", "10"},
	} {
		code, out, complaints := run(args...)
		if code != exitOK || complaints != "" || args[0] == "demo" && !strings.Contains(out, "10 accounts and 300 tickets are made.") {
			t.Fatalf("%v: %d, %q, %q", args, code, out, complaints)
		}
	}
}

func TestDemoIsRefusedWhereItCannotBe(t *testing.T) {
	run := newConsole(t)
	if code, _, complaints := run("demo", "--accounts", "1"); code != exitUsage || !strings.Contains(complaints, "at least 2 accounts") {
		t.Errorf("one account: %d, %q", code, complaints)
	}
	if code, _, complaints := run("demo"); code != exitFailed || !strings.Contains(complaints, "pending migrations") {
		t.Errorf("no schema: %d, %q", code, complaints)
	}
	if _, _, complaints := run("migrate", "up"); complaints != "" {
		t.Fatal(complaints)
	}
	if code, _, complaints := run("demo"); code != exitFailed || !strings.Contains(complaints, "seed first") {
		t.Errorf("no seeds: %d, %q", code, complaints)
	}
}

func TestHelpDoesNotTellOfDemo(t *testing.T) {
	code, out, _ := newConsole(t)("--help")
	if code != exitOK || strings.Contains(out, "demo") || !strings.Contains(out, "seed") {
		t.Errorf("%d, %s", code, out)
	}
}
