package bunstore

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/ports"
)

// saveClockStates saves clock states and returns the whole table.
func saveClockStates(t *testing.T, s *Store, all []sla.ClockState) []sla.ClockState {
	t.Helper()
	if err := s.Update(t.Context(), func(tx ports.Tx) error { return tx.Ledgers.SaveClockStates(t.Context(), all) }); err != nil {
		t.Fatal(err)
	}
	db := s.engine.reads
	c := conn{bun: db, raw: db.DB, engine: s.engine}
	rs, err := rows[clockRow](t.Context(), c, c.statement(`SELECT * FROM sla_clocks ORDER BY ticket_id, metric, cycle`))
	if err != nil {
		t.Fatal(err)
	}
	return converted(rs, func(r clockRow) sla.ClockState { return sla.ClockState(r) })
}

func TestClockStatesAreInsertedAndReplaced(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		v := addTicketRefs(t, s).Numbered("TKT-20260301-0001")
		if err := s.Update(t.Context(), func(tx ports.Tx) error { return tx.Tickets.Add(t.Context(), v.Ticket) }); err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{1, fewRows, 700} {
			all := make([]sla.ClockState, n)
			for i := range all {
				all[i] = sla.ClockState{
					TicketID: v.ID, Metric: sla.Resolution, Cycle: i + 1, State: sla.StateRunning,
					DueAt: noon.Add(time.Duration(i) * time.Minute),
				}
			}
			if diff := cmp.Diff(all, saveClockStates(t, s, all)); diff != "" {
				t.Errorf("%d clocks, want -, got +:\n%s", n, diff)
			}
			for i := range all {
				all[i].State, all[i].DueAt, all[i].DecidedAt = sla.StateMet, time.Time{}, noon
			}
			if diff := cmp.Diff(all, saveClockStates(t, s, all)); diff != "" {
				t.Errorf("%d clocks decided, want -, got +:\n%s", n, diff)
			}
		}
		if got := saveClockStates(t, s, nil); len(got) != 700 {
			t.Errorf("%d clocks after saving none, want 700", len(got))
		}
	})
}

func TestNumberOfIDsMakesFewStatementTexts(t *testing.T) {
	ids := make([]domain.ID, 500)
	for name, ask := range map[string]func(ports.Tx, []domain.ID) error{
		"ledgers": func(tx ports.Tx, ids []domain.ID) error { _, err := tx.Ledgers.Of(t.Context(), ids); return err },
		"readers": func(tx ports.Tx, ids []domain.ID) error { _, err := tx.Inbox.Readers(t.Context(), ids); return err },
	} {
		texts := map[string]bool{}
		for n := 1; n <= len(ids); n++ {
			s, err := Recorded(func(tx ports.Tx) error { return ask(tx, ids[:n]) })
			if err != nil {
				t.Fatal(err)
			}
			texts[s.Text] = true
		}
		if len(texts) != fewRows+1 {
			t.Errorf("%s: %d texts, want one for each small number and one for all others", name, len(texts))
		}
	}
}
