package bootstrap

import (
	"net/url"
	"strings"
	"testing"

	"tickt/test/original"
)

func TestImportDjangoIntoSQLite(t *testing.T) {
	source := original.Database(t)
	run := newConsole(t)
	ready := func() {
		t.Helper()
		for _, args := range [][]string{{"migrate", "up"}, {"seed"}} {
			if code, _, stderr := run(args...); code != exitOK {
				t.Fatalf("%v: %d, %q", args, code, stderr)
			}
		}
	}
	if code, _, stderr := run("import", "django", "--from", source); code != exitFailed ||
		!strings.Contains(stderr, "tickt migrate up") {
		t.Errorf("no schema: %d, %q", code, stderr)
	}
	ready()
	for _, step := range []struct {
		args []string
		want []string
	}{
		{[]string{"--dry-run"}, []string{"Nothing was kept: this was a dry run."}},
		{nil, []string{
			"tickets_ticket                 1111       1108              0          3", "rows were written.", "another ticket has its number",
			"accounts: 5 without a password", "carla", "customer_satisfaction: not from 1 to 5",
		}},
		{nil, []string{"Nothing was written: there is nothing new.", "tickets_ticket                 1111          0           1108          3"}},
	} {
		code, out, stderr := run(append([]string{"import", "django", "--from", source}, step.args...)...)
		if code != exitOK || stderr != "" {
			t.Fatalf("%v: %d, %q", step.args, code, stderr)
		}
		for _, want := range step.want {
			if !strings.Contains(out, want) {
				t.Errorf("%v: %q is missing:\n%s", step.args, want, out)
			}
		}
		if strings.Contains(out, original.ClearText) || strings.Contains(out, "pbkdf2") {
			t.Errorf("%v: a password is shown:\n%s", step.args, out)
		}
	}
}

func TestImportReportsErrorsInOneLine(t *testing.T) {
	source, err := url.Parse(original.Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	gone := *source
	gone.Path = "/nowhere"
	run := newConsole(t)
	for _, args := range [][]string{{"migrate", "up"}, {"seed"}} {
		if code, _, stderr := run(args...); code != exitOK {
			t.Fatalf("%v: %d, %q", args, code, stderr)
		}
	}
	for _, c := range []struct {
		from, want string
		code       int
	}{
		{"postgres://user:hidden-word@127.0.0.1:1/x", "--from: ", exitFailed},
		{gone.String(), "nowhere", exitFailed},
		{"mysql://user:hidden-word@127.0.0.1:1/x", "--from: cannot be read as postgres://", exitUsage},
		{"postgres://user:hidden-word@127.0.0.1:port/x", "--from: cannot be read as postgres://", exitUsage},
	} {
		code, out, stderr := run("import", "django", "--from", c.from)
		if code != c.code || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.want) ||
			strings.Contains(stderr, "hidden-word") {
			t.Errorf("%s: %d, %q, %q", c.want, code, out, stderr)
		}
	}
	code, _, stderr := run("import", "django")
	if code != exitUsage || !strings.Contains(stderr, "--from") {
		t.Errorf("without --from: %d, %q", code, stderr)
	}
	if code, _, stderr := run("import", "django", "--from", source.String()); code != exitOK {
		t.Errorf("an empty original: %d, %q", code, stderr)
	}
}
