package journey

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tickt/migrations"
)

// database returns the URL of the desk's database.
func (d desk) database() string {
	for _, s := range d.settings {
		if url, ok := strings.CutPrefix(s, "DATABASE_URL="); ok {
			return url
		}
	}
	return "sqlite:" + filepath.Join(d.dir, "var", "tickt.db")
}

// revert takes the newest migration back, whatever runs on the database.
func (d desk) revert(t *testing.T) {
	t.Helper()
	m, err := migrations.New(d.database())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.Close() }()
	plan, err := m.Reversals(t.Context(), -1)
	if err == nil {
		err = m.Revert(t.Context(), plan)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestMigrateDownSaysWhatGoesAndRefusesWhatIsNotMeant(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		newest := migrations.Newest()
		if o := d.run(t, "", "migrate", "down", "--yes"); o.code != 1 {
			t.Errorf("without a schema: exit code %d: %s", o.code, o.err)
		}
		d.setUp(t)
		status := d.do(t, "", "migrate", "status")
		refused := func(code int, message string, args ...string) outcome {
			t.Helper()
			o := d.run(t, "", append([]string{"migrate", "down"}, args...)...)
			if o.code != code || !strings.Contains(o.err, message) || strings.Count(o.err, "\n") != 1 {
				t.Errorf("down %v: exit code %d: %q", args, o.code, o.err)
			}
			if now := d.do(t, "", "migrate", "status"); now != status {
				t.Fatalf("down %v changed the schema:\n%s", args, now)
			}
			return o
		}
		s := d.serve(t)
		refused(1, "the database is in use: stop tickt serve on ", "--yes")
		s.stop(t)
		if o := refused(2, "--yes"); !strings.Contains(o.out, "is taken back:") {
			t.Errorf("before the question: %q", o.out)
		}
		if o := refused(2, "--yes", "--to", "0"); !strings.Contains(o.out, "table accounts, with 1 row\n") ||
			!strings.Contains(o.out, "table ticket_statuses, with ") || strings.Count(o.out, " is taken back:\n") < 10 {
			t.Errorf("before the question: %q", o.out)
		}
		refused(1, "nothing to take back", "--to", fmt.Sprint(newest), "--yes")
		refused(2, "--to", "--to=-1", "--yes")
		refused(2, "unexpected argument", "2", "--yes")

		// a process that was killed does not run
		s = d.serve(t)
		s.kill()
		if out := d.do(t, "", "migrate", "down", "--yes"); strings.Count(out, " is taken back:\n") != 1 {
			t.Errorf("down says %q", out)
		}
		if out := d.do(t, "", "migrate", "down", "--yes", "--to", "0"); !strings.HasSuffix(out, "The schema has version 0.\n") {
			t.Errorf("down says %q", out)
		}
		if o := d.run(t, "", "migrate", "down", "--yes"); o.code != 1 || !strings.Contains(o.err, "nothing to take back") {
			t.Errorf("with nothing left: exit code %d: %s", o.code, o.err)
		}
		d.do(t, "", "migrate", "up")
	})
}
