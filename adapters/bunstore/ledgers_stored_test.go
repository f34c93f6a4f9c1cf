package bunstore

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tickt/domain"
	"tickt/domain/lifecycle"
	"tickt/domain/sla"
	"tickt/ports"
)

// storedEvents inserts rows as earlier versions wrote them: every form that the pauses of a promise and the reason of
// a pause have had.
const storedEvents = `INSERT INTO sla_events (ticket_id, seq, metric, cycle, kind, at, recorded_at, reason, priority_id, target_seconds,
	 due_at,
 edition_id, warn_percent, pause_types, on_reopen, escalate) VALUES
 (?0, 1, 'first_response', 1, 'activate', ?1, ?1, '', ?2, 3600, NULL, '9e41d06c7a2b4f58831f5ac4d70be692', 80, 'pending', 'resume', FALSE),
 (?0, 2, 'first_response', 1, 'pause', ?1, ?1, 'pending', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
 (?0, 3, 'first_response', 1, 'resume', ?1, ?1, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
 (?0, 4, 'first_response', 1, 'retarget', ?1, ?1, '', NULL, 60, ?1, '9e41d06c7a2b4f58831f5ac4d70be692', 80,
	 'open,in_progress,closed', 'restart', TRUE),
 (?0, 5, 'first_response', 1, 'retarget', ?1, ?1, '', NULL, 60, NULL, '9e41d06c7a2b4f58831f5ac4d70be692', 0, '', 'resume', FALSE)`

func TestLedgersOfEarlierVersionsAreRead(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		v := addTicketRefs(t, s).Numbered("TKT-20260301-0001")
		if err := s.Update(ctx, func(tx ports.Tx) error { return tx.Tickets.Add(ctx, v.Ticket) }); err != nil {
			t.Fatal(err)
		}
		if _, err := s.engine.writes.NewRaw(storedEvents, v.ID, noon, v.PriorityID).Exec(ctx); err != nil {
			t.Fatal(err)
		}
		promise := func(p sla.Promise) sla.Promise {
			p.CalendarID = sla.AlwaysOpenVersion
			return p
		}
		event := func(kind sla.EventKind, reason string, p sla.Promise) sla.Event {
			return sla.Event{Metric: sla.FirstResponse, Cycle: 1, Kind: kind, At: noon, Reason: reason, Promise: p}
		}
		want := []sla.Event{
			event(sla.Activated, "", promise(sla.Promise{
				PriorityID: v.PriorityID, Target: time.Hour, WarnPercent: 80, PauseTypes: []lifecycle.StatusType{lifecycle.Pending},
				OnReopen: sla.ReopenResumes,
			})),
			event(sla.Paused, "pending", sla.Promise{}),
			event(sla.Resumed, "", sla.Promise{}),
			event(sla.Retargeted, "", promise(sla.Promise{
				Target: time.Minute, DueAt: noon, WarnPercent: 80, OnReopen: sla.ReopenRestarts, Escalate: true,
				PauseTypes: []lifecycle.StatusType{lifecycle.Open, lifecycle.InProgress, lifecycle.Closed},
			})),
			event(sla.Retargeted, "", promise(sla.Promise{Target: time.Minute, OnReopen: sla.ReopenResumes})),
		}
		if diff := cmp.Diff(want, sla.EventsOf(ledgerOf(ctx, t, s, v.ID))); diff != "" {
			t.Errorf("want -, got +:\n%s", diff)
		}
	})
}

// promisingEvent inserts an event that makes a promise; ?2 to ?6 are parts of the promise.
const promisingEvent = `INSERT INTO sla_events (ticket_id, seq, metric, cycle, kind, at, recorded_at, reason, warn_percent,
 pause_types, escalate, target_seconds, edition_id) VALUES (?0, 7, 'resolution', 1, 'activate', ?1, ?1, '', ?2, ?3, ?4, ?5, ?6)`

func TestIncompletePromiseNamesTicketAndEvent(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx, v := t.Context(), addTicketRefs(t, s)
		ledger := func(tickets ...domain.ID) (kept map[domain.ID][]sla.Entry, err error) {
			err = s.View(ctx, func(tx ports.Tx) (err error) {
				kept, err = tx.Ledgers.Of(ctx, tickets)
				return err
			})
			return kept, err
		}
		var ids []domain.ID
		for i, parts := range [][]any{
			{80, "", false, 60, sla.AlwaysOpenVersion},
			{nil, "", false, 60, sla.AlwaysOpenVersion},
			{80, nil, false, 60, sla.AlwaysOpenVersion},
			{80, "", nil, 60, sla.AlwaysOpenVersion},
			{80, "", false, nil, sla.AlwaysOpenVersion},
			{80, "", false, 60, nil},
			{nil, nil, nil, nil, nil},
		} {
			x := v.Numbered(fmt.Sprintf("TKT-20260301-%04d", i+1)).Ticket
			x.ID = bulkID(100 + i)
			if err := s.Update(ctx, func(tx ports.Tx) error { return tx.Tickets.Add(ctx, x) }); err != nil {
				t.Fatal(err)
			}
			if _, err := s.engine.writes.NewRaw(promisingEvent, append([]any{x.ID, noon}, parts...)...).Exec(ctx); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, x.ID)
		}
		if kept, err := ledger(ids[0]); err != nil || len(kept[ids[0]]) != 1 {
			t.Errorf("the complete promise: %v, %v", kept, err)
		}
		for _, id := range ids[1:] {
			want := "Ledgers.Of: SELECT FROM sla_events: the promise of event 7 of ticket " + string(id) + " is incomplete"
			if kept, err := ledger(ids[0], id); err == nil || err.Error() != want {
				t.Errorf("%v, %v, want the error %q", kept, err, want)
			}
		}
	})
}

func ledgerOf(ctx context.Context, t *testing.T, s *Store, id domain.ID) []sla.Entry {
	t.Helper()
	var kept map[domain.ID][]sla.Entry
	err := s.View(ctx, func(tx ports.Tx) (err error) {
		kept, err = tx.Ledgers.Of(ctx, []domain.ID{id})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return kept[id]
}
