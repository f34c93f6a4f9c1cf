package migrations

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// down takes the newest migration back.
func down(t *testing.T, m *Migrator) {
	t.Helper()
	plan, err := m.Reversals(t.Context(), -1)
	if err == nil && len(plan) != 1 {
		t.Fatalf("the plan has %d steps: %v", len(plan), plan)
	}
	if err == nil {
		err = m.Revert(t.Context(), plan)
	}
	if err != nil {
		t.Fatalf("down: %v", err)
	}
}

func TestReversalsCountWhatIsRemoved(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		if _, err := m.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		const now = `'2026-03-01 12:00:00+00:00'`
		execute(t, m, `INSERT INTO processes VALUES ('a', 'serve', '', '', 1, '', `+now+`, `+now+`)`,
			`INSERT INTO processes VALUES ('b', 'serve', '', '', 2, '', `+now+`, `+now+`)`)
		plan, err := m.Reversals(t.Context(), 17)
		if err != nil || len(plan) == 0 || fmt.Sprint(plan[len(plan)-1]) != "{18 00018_processes.sql [{processes  2}]}" {
			t.Errorf("%v, %v", plan, err)
		}
		// every migration is in the plan, the newest first, and what it adds is counted
		plan, err = m.Reversals(t.Context(), 0)
		if err != nil || len(plan) != number(m) || plan[len(plan)-1].Version != 1 {
			t.Fatalf("%v, %v", plan, err)
		}
		for _, want := range []string{"{river_job  0}", "{tickets  0}", "{sla_events cause 0}", "{accounts search 0}", "{calendar_editions  1}"} {
			if !slices.ContainsFunc(plan, func(r Reversal) bool { return strings.Contains(fmt.Sprint(r.Losses), want) }) {
				t.Errorf("the plan lacks %s: %v", want, plan)
			}
		}
		newest := plan[0].Version
		for _, to := range []int64{newest, newest + 1} {
			if plan, err := m.Reversals(t.Context(), to); err == nil {
				t.Errorf("down to %d: %v", to, plan)
			}
		}
		execute(t, m, fmt.Sprintf(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, TRUE)`, newest+1))
		if plan, err := m.Reversals(t.Context(), -1); err == nil || !strings.Contains(err.Error(), fmt.Sprint(newest)) {
			t.Errorf("of a newer schema: %v, %v", plan, err)
		}
	})
}
