package bootstrap

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// newConsole returns a function that runs commands on an embedded database of its own.
func newConsole(t *testing.T) func(args ...string) (code int, stdout, stderr string) {
	t.Helper()
	dir := t.TempDir()
	return func(args ...string) (int, string, string) {
		var out, stderr bytes.Buffer
		c := Console{In: os.Stdin, Out: &out, Err: &stderr, Dir: dir, Environ: []string{"DATA_DIR=" + dir}}
		code := c.Run(t.Context(), args)
		return code, out.String(), stderr.String()
	}
}

func TestDemoFillsADatabaseRepeatedly(t *testing.T) {
	run := newConsole(t)
	for _, args := range [][]string{
		{"migrate", "up"}, {"seed"}, {"demo", "--tickets", "300", "--accounts", "10"}, {"demo", "--tickets", "300", "--accounts", "10"},
	} {
		code, out, stderr := run(args...)
		if code != exitOK || stderr != "" || args[0] == "demo" && !strings.Contains(out, "10 accounts and 300 tickets created.") {
			t.Fatalf("%v: %d, %q, %q", args, code, out, stderr)
		}
	}
}

func TestSeedRolesListsWhatItAdds(t *testing.T) {
	run := newConsole(t)
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"migrate", "up"}, ""},
		{[]string{"seed", "--roles"}, "agent: view, create, update on Tickets"},
		{[]string{"seed", "--roles"}, "0 permissions added."},
	} {
		code, out, stderr := run(tc.args...)
		if code != exitOK || stderr != "" || !strings.Contains(out, tc.want) {
			t.Errorf("%v: %d, %q, %q", tc.args, code, out, stderr)
		}
	}
	if code, _, stderr := run("seed", "--roles=perhaps"); code != exitUsage || strings.Count(stderr, "\n") != 1 {
		t.Errorf("%d, %q", code, stderr)
	}
}

func TestDemoReportsErrors(t *testing.T) {
	run := newConsole(t)
	if code, _, stderr := run("demo", "--accounts", "1"); code != exitUsage || !strings.Contains(stderr, "at least 2 accounts") {
		t.Errorf("one account: %d, %q", code, stderr)
	}
	if code, _, stderr := run("demo"); code != exitFailed || !strings.Contains(stderr, "tickt migrate up") {
		t.Errorf("no schema: %d, %q", code, stderr)
	}
	if _, _, stderr := run("migrate", "up"); stderr != "" {
		t.Fatal(stderr)
	}
	if code, _, stderr := run("demo"); code != exitFailed || !strings.Contains(stderr, "seed first") {
		t.Errorf("no seeds: %d, %q", code, stderr)
	}
}

func TestDemoInProductionNeedsYes(t *testing.T) {
	dir := t.TempDir()
	run := func(args ...string) (int, string) {
		var errs bytes.Buffer
		c := Console{
			In: os.Stdin, Out: &bytes.Buffer{}, Err: &errs, Dir: dir,
			Environ: []string{"MODE=production", productionKey, "DATABASE_URL=sqlite:" + dir + "/tickt.db", "DATA_DIR=" + dir},
		}
		return c.Run(t.Context(), args), errs.String()
	}
	for _, args := range [][]string{{"migrate", "up"}, {"seed"}} {
		if code, stderr := run(args...); code != exitOK {
			t.Fatal(stderr)
		}
	}
	if code, stderr := run("demo", "--tickets", "1"); code != exitUsage || !strings.Contains(stderr, "--yes") {
		t.Errorf("without --yes: %d, %q", code, stderr)
	}
	if code, stderr := run("demo", "--tickets", "1", "--accounts", "2", "--yes"); code != exitOK {
		t.Errorf("with --yes: %d, %q", code, stderr)
	}
}
