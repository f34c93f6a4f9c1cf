package migrations

import "testing"

// TestExistingPromisesBecomeLedgers migrates tickets that are pending, breached, have a due time set by hand, have no
// promise, or were answered.
func TestExistingPromisesBecomeLedgers(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		if _, err := m.provider.UpTo(t.Context(), 5); err != nil {
			t.Fatal(err)
		}
		insertEarlierAccounts(t, m)
		insertEarlierTicket(t, m) // without a promise
		execute(t, m, `INSERT INTO ticket_statuses (id, name, name_key, code, description, weight, status_type, is_default, created_at,
 updated_at)
 VALUES ('w', 'w', 'w', 'W', '', 3, 'pending', FALSE, `+earlier+`, `+earlier+`)`)
		for i, x := range []struct{ id, more, values string }{
			{"runs", "", ""},
			{"waits", "", ""},
			{"late", "", ""},
			{"hand", "", ""},
			{"told", ", first_response_at", `, '2026-03-01 13:00:00+00:00'`},
		} {
			status, weight, breached, byHand := "s", "1", "FALSE", "FALSE"
			switch x.id {
			case "waits":
				status, weight = "w", "3"
			case "late":
				breached = "TRUE"
			case "hand":
				byHand = "TRUE"
			}
			execute(t, m, `INSERT INTO tickets (id, number, title, description, status_id, status_weight, priority_id, priority_weight, created_by,
 creator, sla_due_date, sla_by_hand, sla_breached, is_escalated, urgency, urgency_from, urgency_until,
 created_at, updated_at, search`+x.more+`)
 VALUES ('`+x.id+`', 'T-2`+string(rune('0'+i))+`', '', '', '`+status+`', `+weight+`, 'p', 1, 'a0', 'ärzte.büro-7',
 '2026-03-02 12:00:00+00:00', `+byHand+`, `+breached+`, FALSE, 0, `+earlier+`,
 '9999-12-31 00:00:00+00:00', `+earlier+`, `+earlier+`, ''`+x.values+`)`)
		}
		for range 2 { // up, down and up again
			if _, err := m.provider.UpTo(t.Context(), 6); err != nil {
				t.Fatal(err)
			}
			for id, want := range map[string]string{
				"t": "", "told": "", "runs": "activate 86400", "hand": "activate 86400",
				"waits": "activate 86400 pause", "late": "activate 86400 breach",
			} {
				if got := ledgerOf(t, m, id); got != want {
					t.Errorf("the ledger of %s is %q, want %q", id, got, want)
				}
			}
			for query, want := range map[string]string{
				`SELECT state FROM sla_clocks WHERE ticket_id = 'runs'`:                                                         "running",
				`SELECT state FROM sla_clocks WHERE ticket_id = 'waits'`:                                                        "paused",
				`SELECT state FROM sla_clocks WHERE ticket_id = 'late'`:                                                         "breached",
				`SELECT CAST(COUNT(*) AS TEXT) FROM sla_clocks`:                                                                 "4",
				`SELECT CAST(COUNT(*) AS TEXT) FROM sla_events WHERE due_at IS NOT NULL AND ticket_id = 'hand'`:                 "1",
				`SELECT CAST(COUNT(*) AS TEXT) FROM tickets WHERE sla_next_at = created_at AND id IN ('runs', 'hand')`:          "2",
				`SELECT CAST(COUNT(*) AS TEXT) FROM tickets WHERE sla_next_at IS NULL AND id IN ('waits', 'late', 't', 'told')`: "4",
			} {
				if got := scalar(t, m, query); got != want {
					t.Errorf("%s returns %q, want %q", query, got, want)
				}
			}
			if _, err := m.provider.DownTo(t.Context(), 5); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// ledgerOf returns the kinds of the events of a ticket, each with the target in seconds if it has one, separated by
// spaces.
func ledgerOf(t *testing.T, m *Migrator, id string) (events string) {
	t.Helper()
	found, err := m.db.QueryContext(t.Context(), `SELECT kind || COALESCE(' ' || CAST(target_seconds AS TEXT), '') FROM sla_events
 WHERE ticket_id = '`+id+`' ORDER BY seq`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		var e string
		if err := found.Scan(&e); err != nil {
			t.Fatal(err)
		}
		if events != "" {
			events += " "
		}
		events += e
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return events
}
