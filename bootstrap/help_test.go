package bootstrap

import (
	"strings"
	"testing"
)

func TestVersionIsPrintedByCommandAndFlags(t *testing.T) {
	run := newConsole(t)
	_, want, _ := run("version")
	for _, args := range [][]string{{"--version"}, {"-v"}, {"serve", "--version"}, {"migrate", "-v"}} {
		if code, out, stderr := run(args...); code != exitOK || out != want || stderr != "" || !strings.HasPrefix(out, "tickt ") {
			t.Errorf("%v: %d, %q, %q; want %q", args, code, out, stderr, want)
		}
	}
}

func TestHelpIsThatOfTheFlag(t *testing.T) {
	run := newConsole(t)
	for _, command := range [][]string{nil, {"demo"}, {"migrate"}, {"migrate", "down"}, {"help"}, {"createsuperuser"}} {
		_, want, _ := run(append(command, "--help")...)
		if code, out, stderr := run(append([]string{"help"}, command...)...); code != exitOK || out != want || stderr != "" || out == "" {
			t.Errorf("%v: %d, %q, %q", command, code, out, stderr)
		}
	}
	_, all, _ := run("help")
	for _, command := range []string{"  demo ", "  seed ", "  help ", "--version"} {
		if !strings.Contains(all, command) {
			t.Errorf("%s is missing:\n%s", command, all)
		}
	}
}

func TestHelpOfWhatIsNoCommandIsWrongUse(t *testing.T) {
	run := newConsole(t)
	for _, args := range [][]string{{"help", "dance"}, {"help", "migrate", "dance"}, {"help", "--dance"}, {"dance", "--help"}} {
		code, out, stderr := run(args...)
		if code != exitUsage || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "dance") {
			t.Errorf("%v: %d, %q, %q", args, code, out, stderr)
		}
	}
}

func TestNumbersOfThings(t *testing.T) {
	for n, want := range map[int]string{0: "0 entries", 1: "1 entry", 2: "2 entries"} {
		if got := counted(n, "entry"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for thing, want := range map[string]string{"migration": "migrations", "status": "statuses", "priority": "priorities"} {
		if got := plural(thing); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for want, parts := range map[string][]string{"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"}} {
		if got := listed(parts); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestCommandsSayWhatTheyDid(t *testing.T) {
	run := newConsole(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"migrate", "up"}, " migrations applied.\n"},
		{[]string{"migrate", "up"}, "0 migrations applied.\n"},
		{[]string{"migrate", "down", "--yes"}, "The schema has version "},
		{[]string{"migrate", "up"}, "1 migration applied.\n"},
		{[]string{"seed"}, "4 roles, 15 menus, 6 statuses and 4 priorities added.\nThe role admin may now do everything on 15 more menus.\n"},
		{[]string{"seed"}, "Nothing was missing.\n"},
		{[]string{"seed", "--roles"}, "0 permissions added.\n"},
		{[]string{"demo", "--accounts", "2", "--tickets", "1"}, "2 accounts and 1 ticket created.\n"},
		{[]string{"jobs", "retry", "--all"}, "Retrying 0 jobs.\n"},
		{[]string{"check"}, "Nothing is wrong with 1 ticket, "},
	} {
		if code, out, stderr := run(c.args...); code != exitOK || !strings.Contains(out, c.want) || stderr != "" {
			t.Errorf("%v: %d, %q, %q; want %q", c.args, code, out, stderr, c.want)
		}
	}
}
