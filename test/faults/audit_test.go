package faults

import (
	"path/filepath"
	"testing"
	"time"

	"tickt/test/audit"
	"tickt/test/postgres"
)

func TestAuditFindsManipulatedData(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func() string{
		"SQLite":     func() string { return "sqlite:" + filepath.Join(t.TempDir(), "tickt.db") },
		"PostgreSQL": func() string { return postgres.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			bed := newTestbed(t, database())
			ids := bed.addTickets(9, func(i int) time.Time { return now().Add(-alarmsAt[i%4] - time.Second) })
			if n, err := bed.app.ServiceLevels.Sweep(t.Context()); n != 9 || err != nil {
				t.Fatal(n, err)
			}
			audit.Check(t, bed.store, bed.supervisors...)
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
				where := " WHERE ticket_id = "
				if change[:14] == "UPDATE tickets" {
					where = " WHERE id = "
				}
				change += where + "'" + string(ids[i]) + "'"
				if change[:6] == "INSERT" {
					change += " GROUP BY ticket_id"
				}
				_, err := bed.store.Connections().Writes.ExecContext(t.Context(), change)
				check(t, err)
				_, wrong, err := audit.Audit(t.Context(), bed.store, bed.supervisors...)
				check(t, err)
				if len(wrong) <= known {
					t.Errorf("not found: %s", change)
				}
				known = len(wrong)
			}
		})
	}
}
