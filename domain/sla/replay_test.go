package sla_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tickt/domain"
	"tickt/domain/sla"
)

// sharedSchedules are always the same values, unlike those of schedules, so that a ledger can cache elapsed totals.
var sharedSchedules = map[domain.ID]*sla.Schedule{"247": schedules("247"), "office": schedules("office")}

func sharedSchedule(id domain.ID) *sla.Schedule { return sharedSchedules[id] }

// describeAll returns everything that can be read from clocks, at two times and by each schedule.
func describeAll(clocks []sla.Clock, now time.Time) string {
	var out []string
	for _, c := range clocks {
		out = append(out, fmt.Sprintf("%s/%d %s: start %s, paused %s, fulfilled %s, cancelled %s, breached %s, void %s, warned %s, promise %+v",
			c.Metric, c.Cycle, c.State(), c.StartedAt, c.PausedAt, c.FulfilledAt, c.CancelledAt, c.BreachedAt, c.VoidedAt, c.WarnedAt, c.Promise))
		for _, id := range []domain.ID{"247", "office"} {
			s, before := sharedSchedule(id), now.Add(-5*time.Hour)
			out = append(out, fmt.Sprintf("by %s due %s, warns %s, used %s, before %s, left %s: %v",
				id, c.DueAt(s), c.WarnAt(s), c.Elapsed(s, now), c.Elapsed(s, before), c.Remaining(s, now), c.Explain(s, now)))
		}
	}
	return strings.Join(out, "\n")
}

// A ledger updates its clocks event by event; a replay of all events must return the same clocks.
func TestLedgerClocksAreThoseOfAReplay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newRandomTicket()
		stored := rapid.IntRange(0, len(l.Added())).Draw(t, "stored")
		l.Ledger = sla.NewLedger(l.Added()[:stored], sharedSchedule)
		copies, copiedAt := l.Clocks(), l.now
		described := describeAll(copies, copiedAt)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			l.step(t)
			events := l.Events()
			replayed := sla.Replay(events)
			if got, want := describeAll(l.Clocks(), l.now), describeAll(replayed, l.now); got != want {
				t.Fatalf("ledger:\n%s\nreplay:\n%s", got, want)
			}
			if got, want := describeAll(l.Broken(), l.now), describeAll(breachedBy(events, stored), l.now); got != want {
				t.Fatalf("newly breached, ledger:\n%s\nreplay:\n%s", got, want)
			}
			if got, want := l.NextDue(), firstDue(replayed); !got.Equal(want) {
				t.Fatalf("the next due time is %s, want %s", got, want)
			}
			if got := describeAll(copies, copiedAt); got != described {
				t.Fatalf("copies of clocks changed from\n%s\nto\n%s", described, got)
			}
			copies, copiedAt = l.Clocks(), l.now
			described = describeAll(copies, copiedAt)
		}
		if got, want := l.ClockStates("t"), clockStatesOf(l.Events(), stored); !cmp.Equal(got, want) {
			t.Fatalf("clock states: %v, want %v", got, want)
		}
	})
}

// breachedBy returns the clocks that the events after the stored ones breached, as they were at the breach.
func breachedBy(events []sla.Event, stored int) (out []sla.Clock) {
	for i, e := range events {
		if i >= stored && e.Kind == sla.Breached {
			out = append(out, clockOf(sla.Replay(events[:i+1]), e))
		}
	}
	return out
}

func clockOf(clocks []sla.Clock, e sla.Event) sla.Clock {
	return clocks[slices.IndexFunc(clocks, func(c sla.Clock) bool { return c.Metric == e.Metric && c.Cycle == e.Cycle })]
}

// firstDue returns the earliest due time of the running clocks.
func firstDue(clocks []sla.Clock) (first time.Time) {
	for _, c := range clocks {
		if !c.PausedAt.IsZero() || !c.FulfilledAt.IsZero() || !c.CancelledAt.IsZero() {
			continue
		}
		if due := c.DueAt(sharedSchedule(c.CalendarID)); first.IsZero() || due.Before(first) {
			first = due
		}
	}
	return first
}

// clockStatesOf returns the states of the clocks that have events after the stored ones.
func clockStatesOf(events []sla.Event, stored int) (out []sla.ClockState) {
	for _, c := range sla.Replay(events) {
		if !slices.ContainsFunc(events[stored:], func(e sla.Event) bool { return e.Metric == c.Metric && e.Cycle == c.Cycle }) {
			continue
		}
		x := sla.ClockState{TicketID: "t", Metric: c.Metric, Cycle: c.Cycle, State: c.State()}
		if c.FulfilledAt.IsZero() && c.CancelledAt.IsZero() {
			x.PolicyID = c.PolicyID
		}
		switch x.State {
		case sla.StateRunning:
			x.DueAt = c.DueAt(sharedSchedule(c.CalendarID))
		case sla.StateMet:
			x.DecidedAt = c.FulfilledAt
		case sla.StateBreached:
			x.DecidedAt = c.BreachedAt
		default:
		}
		out = append(out, x)
	}
	return out
}
