package journey

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tickt/migrations"
)

// executeOn runs statements on the desk's database.
func (d desk) executeOn(t *testing.T, statements ...string) {
	t.Helper()
	m, err := migrations.New(d.database())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.Close() }()
	for _, s := range statements {
		if _, err := m.DB().ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// newerSchema makes the schema one that a newer program has migrated.
func (d desk) newerSchema(t *testing.T, oldest string) {
	t.Helper()
	d.executeOn(t, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (990, TRUE)`)
	d.setOldest(t, oldest)
}

// setOldest stores the oldest release that may run on the newer schema; "" stores none.
func (d desk) setOldest(t *testing.T, oldest string) {
	t.Helper()
	d.executeOn(t, `DELETE FROM schema_requirements WHERE version_id = 990`)
	if oldest != "" {
		d.executeOn(t, `INSERT INTO schema_requirements (version_id, oldest) VALUES (990, '`+oldest+`')`)
	}
}

// onNewer runs a journey on desks whose schema is newer, with and without automatic migration.
func onNewer(t *testing.T, oldest string, journey func(*testing.T, desk)) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		d.newerSchema(t, oldest)
		for _, migrate := range []string{"on", "off"} {
			t.Run("AUTO_MIGRATE="+migrate, func(t *testing.T) { journey(t, d.with("AUTO_MIGRATE="+migrate)) })
		}
	})
}

func TestServeWarnsOfANewerSchemaForWhichItIsNewEnough(t *testing.T) {
	onNewer(t, "0.2.0", func(t *testing.T, d desk) {
		s := d.serve(t)
		s.want(t, http.StatusOK, http.MethodGet, "/readyz", "", "")
		s.want(t, http.StatusCreated, http.MethodPost, "/api/tickets/", s.login(t).AccessToken, aTicket)
		s.stop(t)
		var warnings []string
		for line := range strings.Lines(s.logged()) {
			var l struct {
				Level, Msg, Version string
				Schema, Known       int64
			}
			if json.Unmarshal([]byte(line), &l) == nil && l.Level == "warn" && l.Schema == 990 && l.Known == migrations.Newest() && l.Version != "" {
				warnings = append(warnings, l.Msg)
			}
		}
		if len(warnings) != 1 || firstLine(t, s).Schema != 990 {
			t.Errorf("warnings %v in %s", warnings, s.logged())
		}
		if o := d.run(t, "", "seed"); o.code != 0 || !strings.Contains(o.err, "newer") {
			t.Errorf("seed: exit code %d: %s", o.code, o.err)
		}
	})
}

func TestANewerSchemaIsRefusedByAProgramThatIsTooOld(t *testing.T) {
	onNewer(t, "0.2.1", func(t *testing.T, d desk) {
		for oldest, words := range map[string]string{"0.2.1": "needs version 0.2.1 or later", "": "does not say", "soon": "does not say"} {
			d.setOldest(t, oldest)
			for _, command := range [][]string{{"serve"}, {"work"}, {"seed"}, {"jobs", "failed"}, {"secret", "accept"}} {
				o := d.run(t, "", command...)
				if o.code != 1 || strings.Count(o.err, "\n") != 1 || !strings.Contains(o.err, "version 990") || !strings.Contains(o.err, words) ||
					!strings.Contains(o.err, "version 0.2.0") || !strings.Contains(o.err, fmt.Sprint(migrations.Newest())) {
					t.Errorf("%v on %q: exit code %d: %s", command, oldest, o.code, o.err)
				}
			}
		}
	})
}

func TestANewerSchemaIsShownAndNotChanged(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		known := d.do(t, "", "migrate", "status")
		d.newerSchema(t, "0.3.0")
		status := d.do(t, "", "migrate", "status")
		if more, ok := strings.CutPrefix(status, known); !ok || strings.Count(more, "\n") != 1 ||
			!strings.Contains(more, "00990 is not known to this program; needs version 0.3.0 or later") {
			t.Errorf("the status is %s", status)
		}
		for _, command := range [][]string{{"migrate", "up"}, {"migrate", "down", "--yes"}, {"migrate", "down", "--to", "0", "--yes"}} {
			o := d.run(t, "", command...)
			if o.code != 1 || strings.Count(o.err, "\n") != 1 || !strings.Contains(o.err, "990") {
				t.Errorf("%v: exit code %d: %s", command, o.code, o.err)
			}
		}
		if after := d.do(t, "", "migrate", "status"); after != status {
			t.Errorf("the status became %s", after)
		}
	})
}
