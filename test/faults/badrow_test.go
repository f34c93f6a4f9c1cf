package faults

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"tickt/ports"
	"tickt/test/postgres"
)

func TestSweepSetsAsideATicketWhoseLedgerHasAGap(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		database     func() string
		dropTriggers []string
	}{
		"SQLite": {
			func() string { return "sqlite:" + filepath.Join(t.TempDir(), "tickt.db") },
			[]string{`DROP TRIGGER sla_events_update`, `DROP TRIGGER sla_events_delete`, `DROP TRIGGER sla_events_replace`},
		},
		"PostgreSQL": {
			func() string { return postgres.URL(t) },
			[]string{`ALTER TABLE sla_events DISABLE TRIGGER USER`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			bed := newTestbed(t, c.database())
			ids := bed.addTickets(9, func(i int) time.Time { return now().Add(-alarmsAt[i%4] - time.Second) })
			exec := func(text string) {
				t.Helper()
				_, err := bed.store.Connections().Writes.ExecContext(t.Context(), text)
				check(t, err)
			}
			for _, text := range c.dropTriggers {
				exec(text)
			}
			exec(`UPDATE sla_events SET seq = seq + 1 WHERE ticket_id = '` + string(ids[4]) +
				`' AND seq = (SELECT MAX(e.seq) FROM sla_events e WHERE e.ticket_id = sla_events.ticket_id)`)
			n, err := bed.app.ServiceLevels.Sweep(t.Context())
			var failures ports.SweepFailures
			if n != 9 || !errors.As(err, &failures) || len(failures) != 1 || failures[0].TicketID != ids[4] {
				t.Fatal(n, err)
			}
			t.Log(err)
			late, err := bed.app.ServiceLevels.Lag(t.Context())
			check(t, err)
			aside, err := bed.app.ServiceLevels.SetAside(t.Context())
			check(t, err)
			if late != 0 || aside != 1 {
				t.Errorf("the lag is %s and %d tickets are set aside, want 0s and 1", late, aside)
			}
			if n, err := bed.app.ServiceLevels.Sweep(t.Context()); n != 0 || err != nil {
				t.Errorf("the next sweep took %d tickets, %v; want none", n, err)
			}
		})
	}
}
