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

// ready are schedules that stay the same, by which a ledger counts the past of a clock once.
var ready = map[domain.ID]*sla.Schedule{"247": schedules("247"), "office": schedules("office")}

func readySchedule(id domain.ID) *sla.Schedule { return ready[id] }

// tellAll says all that can be known of clocks, at two moments and by either schedule.
func tellAll(clocks []sla.Clock, now time.Time) string {
	var out []string
	for _, c := range clocks {
		out = append(out, fmt.Sprintf("%s/%d %s: started %s, paused %s, fulfilled %s, cancelled %s, breached %s, warned %s, promised %+v",
			c.Metric, c.Cycle, c.State(), c.StartedAt, c.PausedAt, c.FulfilledAt, c.CancelledAt, c.BreachedAt, c.WarnedAt, c.Promise))
		for _, id := range []domain.ID{"247", "office"} {
			s, before := readySchedule(id), now.Add(-5*time.Hour)
			out = append(out, fmt.Sprintf("by %s due %s, warns %s, used %s, before %s, left %s: %v",
				id, c.DueAt(s), c.WarnAt(s), c.Elapsed(s, now), c.Elapsed(s, before), c.Remaining(s, now), c.Explain(s, now)))
		}
	}
	return strings.Join(out, "\n")
}

// What a ledger carries along from event to event is what follows from all of them at once.
func TestALedgerCarriesAlongWhatFollowsFromItsEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLife()
		kept := rapid.IntRange(0, len(l.Added())).Draw(t, "kept")
		l.Ledger = sla.NewLedger(l.Added()[:kept], readySchedule)
		given, was := l.Clocks(), l.now
		said := tellAll(given, was)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			l.step(t)
			events := l.Events()
			folded := sla.Replay(events)
			if got, want := tellAll(l.Clocks(), l.now), tellAll(folded, l.now); got != want {
				t.Fatalf("carried along:\n%s\nof all events:\n%s", got, want)
			}
			if got, want := tellAll(l.Broken(), l.now), tellAll(brokenBy(events, kept), l.now); got != want {
				t.Fatalf("broken, carried along:\n%s\nof all events:\n%s", got, want)
			}
			if got, want := l.NextDue(), firstDue(folded); !got.Equal(want) {
				t.Fatalf("the next due time is %s, not %s", got, want)
			}
			if got := tellAll(given, was); got != said {
				t.Fatalf("clocks that were given away before changed from\n%s\nto\n%s", said, got)
			}
			given, was = l.Clocks(), l.now
			said = tellAll(given, was)
		}
		if got, want := l.ClockStates("t"), standingsOf(l.Events(), kept); !cmp.Equal(got, want) {
			t.Fatalf("standings: %v, not %v", got, want)
		}
	})
}

// brokenBy returns the clocks that events after the first kept ones say are breached, as they were then.
func brokenBy(events []sla.Event, kept int) (out []sla.Clock) {
	for i, e := range events {
		if i >= kept && e.Kind == sla.Breached {
			out = append(out, clockOf(sla.Replay(events[:i+1]), e))
		}
	}
	return out
}

func clockOf(clocks []sla.Clock, e sla.Event) sla.Clock {
	return clocks[slices.IndexFunc(clocks, func(c sla.Clock) bool { return c.Metric == e.Metric && c.Cycle == e.Cycle })]
}

// firstDue returns the earliest due time of clocks that run.
func firstDue(clocks []sla.Clock) (first time.Time) {
	for _, c := range clocks {
		if !c.PausedAt.IsZero() || !c.FulfilledAt.IsZero() || !c.CancelledAt.IsZero() {
			continue
		}
		if due := c.DueAt(readySchedule(c.CalendarID)); first.IsZero() || due.Before(first) {
			first = due
		}
	}
	return first
}

// standingsOf returns where the clocks stand that have events after the first kept ones.
func standingsOf(events []sla.Event, kept int) (out []sla.ClockState) {
	for _, c := range sla.Replay(events) {
		if !slices.ContainsFunc(events[kept:], func(e sla.Event) bool { return e.Metric == c.Metric && e.Cycle == c.Cycle }) {
			continue
		}
		x := sla.ClockState{TicketID: "t", Metric: c.Metric, Cycle: c.Cycle, State: c.State()}
		switch x.State {
		case sla.StateRunning:
			x.DueAt = c.DueAt(readySchedule(c.CalendarID))
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
