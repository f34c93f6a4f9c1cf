package ticket

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tickt/domain/sla"
)

// row is a clock as a client sees it, in minutes; the oracle and the ledger must agree about every one.
type row struct {
	clockStart
	state                               sla.State
	used, due, breached, met, cancelled int
	void                                bool
}

// listRows returns a text of the ticket and its clocks.
func listRows(status StatusType, responded int, breached bool, due int, rows []row) string {
	slices.SortFunc(rows, func(a, b row) int { return cmp.Or(cmp.Compare(a.metric, b.metric), cmp.Compare(a.minute, b.minute)) })
	out := fmt.Sprintf("%s, response %d, breached %t, due %d", status, responded, breached, due)
	for _, r := range rows {
		out += fmt.Sprintf("\n%+v", r)
	}
	return out
}

// recorded returns what the ticket and its ledger say.
func (x *course) recorded() string {
	var rows []row
	for _, c := range sla.Replay(sla.EventsOf(x.entries)) {
		if c.CancelledAt.Equal(c.StartedAt) { // it would not have begun
			continue
		}
		s := x.schedules(c.CalendarID)
		rows = append(rows, row{
			clockStart{c.Metric, x.minute(c.StartedAt)},
			c.State(), int(c.Elapsed(s, x.at()) / time.Minute), x.minute(c.DueAt(s)),
			x.minute(c.BreachedAt), x.minute(c.FulfilledAt), x.minute(c.CancelledAt), !c.VoidedAt.IsZero(),
		})
	}
	return listRows(x.StatusType, x.minute(x.FirstResponseAt), x.SLABreached, x.minute(x.SLADueDate), rows)
}

// told returns what the oracle says.
func (x *course) told() string {
	var rows []row
	of, broken, next := live(x.terms, x.hours, x.acts, x.now), false, never
	for _, c := range of.clocks {
		name := clockStart{c.metric, c.start}
		r := row{name, "", c.elapsed, of.dueAt(c), never, c.met, c.cancelled, x.voids[name]}
		switch _, found := x.kept[name]; {
		case c.late == never || r.void:
			delete(x.kept, name)
		case !found:
			x.kept[name] = c.late
		}
		if at, found := x.kept[name]; found {
			r.breached, r.due, broken = at, at, true
		}
		if of.runs(c) && (next == never || r.due < next) {
			next = r.due
		}
		r.state = of.state(c, r.breached != never)
		rows = append(rows, r)
	}
	return listRows(of.status, of.responded, broken, next, rows)
}

// Whatever happens to a ticket, its ledger says what an oracle says that steps through its life minute by minute.
func TestLedgerEqualsSteppingThroughEveryMinute(t *testing.T) {
	seen := map[string]int{}
	for range 20 {
		rapid.Check(t, func(rt *rapid.T) {
			x := opening(rt, seen)
			for n := range rapid.IntRange(8, 25).Draw(rt, "steps") {
				x.step(n)
				if got, want := x.recorded(), x.told(); got != want {
					rt.Fatalf("got\n%s\nwant\n%s\nledger:\n%s\nacts: %+v", got, want, listed(x.entries), x.acts)
				}
				checkNumbers(rt, x.entries)
			}
		})
	}
	for _, what := range []string{"half day", "retracted", "undone", "voided", "cancelled to open", "resolved to open", "closed to open"} {
		if t.Logf("%s: %d", what, seen[what]); seen[what] < 20 {
			t.Error("too few to show anything")
		}
	}
}
