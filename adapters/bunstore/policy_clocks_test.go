package bunstore

import (
	"fmt"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/ports"
)

// TestClocksOfAnEarlierReleaseCountForTheirPolicy stores clocks as a release before migration 23 does: it leaves the policy
// of a new clock out, and that of one that it ends or retargets as it was.
func TestClocksOfAnEarlierReleaseCountForTheirPolicy(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		v := addTicketRefs(t, s).Numbered("TKT-20260301-0001")
		gold, silver := bulkID(901), bulkID(902)
		promise := func(by domain.ID) sla.Promise {
			return sla.Promise{PolicyID: by, Target: time.Hour, CalendarID: sla.AlwaysOpenVersion, OnReopen: sla.ReopenResumes}
		}
		var seq int
		clock := func(cycle int, state sla.State, stored domain.ID, events ...sla.Event) {
			t.Helper()
			err := s.Update(t.Context(), func(tx ports.Tx) error {
				var all []sla.Entry
				for i, e := range events {
					e.Metric, e.Cycle, e.At = sla.Resolution, cycle, noon
					all = append(all, sla.Entry{TicketID: v.ID, Seq: seq + i + 1, RecordedAt: noon, Event: e})
				}
				if err := tx.Ledgers.Add(t.Context(), all); err != nil {
					return err
				}
				return tx.Ledgers.SaveClockStates(t.Context(), []sla.ClockState{
					{TicketID: v.ID, Metric: sla.Resolution, Cycle: cycle, State: state, PolicyID: stored},
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			seq += len(events)
		}
		err := s.Update(t.Context(), func(tx ports.Tx) error {
			for i, id := range []domain.ID{gold, silver} {
				name := fmt.Sprint("policy ", i)
				x := sla.Policy{
					ID: id, Name: name, NameKey: name, Position: i + 1, OnReopen: sla.ReopenResumes, CreatedAt: noon, UpdatedAt: noon,
					Targets: []sla.Target{{Metric: sla.Resolution, Minutes: 60, CalendarID: sla.AlwaysOpenID, WarnPercent: 80}},
				}
				if err := tx.Policies.Add(t.Context(), x); err != nil {
					return err
				}
			}
			return tx.Tickets.Add(t.Context(), v.Ticket)
		})
		if err != nil {
			t.Fatal(err)
		}
		activated := sla.Event{Kind: sla.Activated, Promise: promise(gold)}
		clock(1, sla.StateMet, gold, activated, sla.Event{Kind: sla.Fulfilled})
		clock(2, sla.StateBreached, gold, activated, sla.Event{Kind: sla.Breached}, sla.Event{Kind: sla.Fulfilled})
		clock(3, sla.StateRunning, gold, activated, sla.Event{Kind: sla.Retargeted, Promise: promise(silver)})
		clock(4, sla.StateBreached, "", sla.Event{Kind: sla.Activated, Promise: promise(silver)}, sla.Event{Kind: sla.Breached})
		err = s.Update(t.Context(), func(tx ports.Tx) error {
			for _, x := range []struct {
				policy domain.ID
				want   int
			}{{gold, 0}, {silver, 2}} {
				if n, err := tx.Policies.OpenClocks(t.Context(), x.policy); n != x.want || err != nil {
					t.Errorf("%d clocks are open by %s, want %d: %v", n, x.policy, x.want, err)
				}
			}
			return tx.Policies.Remove(t.Context(), gold)
		})
		if err != nil {
			t.Error(err)
		}
	})
}
