package faults

import (
	"path/filepath"
	"testing"
	"time"

	"tickt/test/audit"
	"tickt/test/postgres"
)

func TestBooksThatWereTamperedWithAreFoundOut(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func() string{
		"SQLite":     func() string { return "sqlite:" + filepath.Join(t.TempDir(), "tickt.db") },
		"PostgreSQL": func() string { return postgres.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			g := newGround(t, database())
			ids := g.gather(9, func(i int) time.Time { return now().Add(-alarmsAt[i%4] - time.Second) })
			if n, err := g.app.ServiceLevels.Sweep(t.Context()); n != 9 || err != nil {
				t.Fatal(n, err)
			}
			audit.Check(t, g.store, g.supervisors...)
			known := 0
			for i, change := range []string{
				`UPDATE sla_clocks SET state = 'met'`,
				`DELETE FROM sla_clocks`,
				`UPDATE tickets SET sla_next_at = NULL`,
				`UPDATE tickets SET sla_breached = NOT sla_breached`,
				`UPDATE tickets SET sla_due_date = created_at`,
				`DELETE FROM notification_logs`,
				`UPDATE notification_logs SET created_at = updated_at, recipient_id = (SELECT MIN(id) FROM accounts)`,
				`INSERT INTO sla_events (ticket_id, seq, metric, cycle, kind, at, recorded_at, reason)
 SELECT ticket_id, MAX(seq) + 2, 'resolution', 1, 'pause', MIN(at), MIN(recorded_at), 'pending' FROM sla_events`,
			} {
				of := " WHERE ticket_id = "
				if change[:14] == "UPDATE tickets" {
					of = " WHERE id = "
				}
				change += of + "'" + string(ids[i]) + "'"
				if change[:6] == "INSERT" {
					change += " GROUP BY ticket_id"
				}
				_, err := g.store.Connections().Writes.ExecContext(t.Context(), change)
				check(t, err)
				_, wrong, err := audit.Audit(t.Context(), g.store, g.supervisors...)
				check(t, err)
				if len(wrong) <= known {
					t.Errorf("%s is not found", change)
				}
				known = len(wrong)
			}
		})
	}
}
