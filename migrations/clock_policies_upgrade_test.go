package migrations

import (
	"strconv"
	"testing"
)

// TestOpenClocksGetTheirPolicy migrates clocks that an earlier release wrote: those that are open get the policy of their
// last promise, if it exists.
func TestOpenClocksGetTheirPolicy(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		if _, err := m.provider.UpTo(t.Context(), 18); err != nil {
			t.Fatal(err)
		}
		insertEarlierAccounts(t, m)
		insertEarlierTicket(t, m)
		for id, position := range map[string]string{"gold": "1", "silver": "2"} {
			execute(t, m, `INSERT INTO sla_policies (id, name, name_key, position, pause_types, on_reopen, escalate_on_breach, is_active, created_at,
 updated_at) VALUES ('`+id+`', '`+id+`', '`+id+`', `+position+`, '', 'resume', TRUE, TRUE, `+earlier+`, `+earlier+`)`)
		}
		seq := 0
		for _, x := range []struct {
			metric, state string
			events        [][2]string // kind and policy
		}{
			{"running", "running", [][2]string{{"activate", "gold"}}},
			{"moved", "paused", [][2]string{{"activate", "gold"}, {"retarget", "silver"}, {"pause", ""}}},
			{"late", "breached", [][2]string{{"activate", "gold"}, {"warn", ""}, {"breach", ""}}},
			{"over", "breached", [][2]string{{"activate", "gold"}, {"breach", ""}, {"fulfil", ""}}},
			{"again", "breached", [][2]string{{"activate", "gold"}, {"breach", ""}, {"fulfil", ""}, {"resume", ""}}},
			{"met", "met", [][2]string{{"activate", "gold"}, {"fulfil", ""}}},
			{"removed", "running", [][2]string{{"activate", "bronze"}}},
			{"hours", "running", [][2]string{{"activate", ""}}},
		} {
			for _, e := range x.events {
				seq++
				target, policy := "NULL", "NULL"
				if e[0] == "activate" || e[0] == "retarget" {
					target = "60"
				}
				if e[1] != "" {
					policy = "'" + e[1] + "'"
				}
				execute(t, m, `INSERT INTO sla_events (ticket_id, seq, metric, cycle, kind, at, recorded_at, reason, policy_id, target_seconds)
 VALUES ('t', `+strconv.Itoa(seq)+`, '`+x.metric+`', 1, '`+e[0]+`', `+earlier+`, `+earlier+`, '', `+policy+`, `+target+`)`)
			}
			execute(t, m, `INSERT INTO sla_clocks (ticket_id, metric, cycle, state) VALUES ('t', '`+x.metric+`', 1, '`+x.state+`')`)
		}
		for range 2 { // up, down and up again
			if _, err := m.provider.UpTo(t.Context(), 24); err != nil {
				t.Fatal(err)
			}
			for clock, want := range map[string]string{
				"running": "gold", "moved": "silver", "late": "gold", "over": "", "again": "gold", "met": "", "removed": "", "hours": "",
			} {
				if got := scalar(t, m, `SELECT COALESCE(policy_id, '') FROM sla_clocks WHERE metric = '`+clock+`'`); got != want {
					t.Errorf("%s has policy %q, want %q", clock, got, want)
				}
			}
			if _, err := m.provider.DownTo(t.Context(), 18); err != nil {
				t.Fatal(err)
			}
		}
	})
}
