package sla_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tickt/domain"
	"tickt/domain/lifecycle"
	"tickt/domain/sla"
)

// voided makes the breach of a clock void.
func voided(l *sla.Ledger, m sla.Metric, cycle int, at time.Time) error {
	return l.Void(sla.Void{Metric: m, Cycle: cycle, Reason: "a mistake", Cause: sla.VoidRequested, ActorID: "boss"}, at)
}

// overdue returns a ledger whose clock of the first response was breached at ten.
func overdue() *sla.Ledger {
	l := opened(allTargets())
	l.RecordDue(at("10:30"))
	return l
}

func TestClockAfterItsBreachIsVoid(t *testing.T) {
	restart := allTargets()
	restart.OnReopen = sla.ReopenRestarts
	longer := allTargets()
	longer.Targets[0].Minutes = 180
	for name, c := range map[string]struct {
		terms         sla.Terms
		before, after func(*sla.Ledger)
		want          string
	}{
		"runs, and stays due": {want: "first_response/1 running 10:00, resolution/1 running 13:00"},
		"is not breached again": {
			after: func(l *sla.Ledger) { l.RecordDue(at("12:00")) },
			want:  "first_response/1 running 10:00, resolution/1 running 13:00",
		},
		"was paused": {
			before: func(l *sla.Ledger) { l.Moved(lifecycle.Pending, at("10:40")) },
			want:   "first_response/1 paused, resolution/1 paused",
		},
		"was answered late": {
			before: func(l *sla.Ledger) { l.Replied(at("10:40")) },
			want:   "first_response/1 met fulfilled 10:40, resolution/1 running 13:00",
		},
		"is answered later": {
			after: func(l *sla.Ledger) { l.Replied(at("12:40")) },
			want:  "first_response/1 met fulfilled 12:40, resolution/1 running 13:00",
		},
		"was cancelled": {
			before: func(l *sla.Ledger) { l.Cancelled(at("10:40")) },
			want:   "first_response/1 cancelled, resolution/1 cancelled",
		},
		"gets a longer time": {
			after: func(l *sla.Ledger) { l.Recompute(longer, unanswered(lifecycle.Open), at("11:30")) },
			want:  "first_response/1 running 12:00, resolution/1 running 13:00",
		},
		"gets a longer time, which is over too": {
			after: func(l *sla.Ledger) {
				l.Recompute(longer, unanswered(lifecycle.Open), at("11:30"))
				l.RecordDue(at("12:30"))
			},
			want: "first_response/1 running 12:00, resolution/1 running 13:00",
		},
		"gets a due time by hand that is past": {
			after: func(l *sla.Ledger) { l.SetDue(allTargets(), unanswered(lifecycle.Open), at("10:10"), at("11:30")) },
			want:  "first_response/1 running 10:10, resolution/1 running 13:00",
		},
		"restarts in a new cycle, which can be breached": {
			terms:  restart,
			before: func(l *sla.Ledger) { l.Resolved(at("10:40")) },
			after: func(l *sla.Ledger) {
				l.Reopened(restart, responded(lifecycle.Open), at("15:00"))
				l.RecordDue(at("23:00"))
			},
			want: "first_response/1 met fulfilled 10:40, resolution/1 met fulfilled 10:40, resolution/2 breached 19:00",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if c.terms.Targets == nil {
				c.terms = allTargets()
			}
			l := opened(c.terms)
			l.RecordDue(at("10:30"))
			if c.before != nil {
				c.before(l)
			}
			if err := voided(l, sla.FirstResponse, 1, at("11:00")); err != nil {
				t.Fatal(err)
			}
			if c.after != nil {
				c.after(l)
			}
			if got := describe(l); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestVoidIsInTheLedger(t *testing.T) {
	l := overdue()
	if !l.Breached() {
		t.Error("not breached")
	}
	if err := voided(l, sla.FirstResponse, 1, at("11:00")); err != nil {
		t.Fatal(err)
	}
	all := l.Added()
	e := all[len(all)-1]
	if e.Kind != sla.Voided || e.Metric != sla.FirstResponse || e.Cycle != 1 || !e.At.Equal(at("11:00")) || e.Reason != "a mistake" ||
		e.Cause != sla.VoidRequested || e.ActorID != "boss" {
		t.Errorf("the event is %+v", e)
	}
	if !slices.ContainsFunc(all, func(e sla.Event) bool { return e.Kind == sla.Breached }) || l.Breached() {
		t.Errorf("the ledger has %v", all)
	}
	if c := l.Voided(); len(c) != 1 || !c[0].BreachedAt.Equal(at("10:00")) {
		t.Errorf("voided: %v", c)
	}
	if c := l.Clocks()[0]; !c.BreachedAt.IsZero() || !c.VoidedAt.Equal(at("11:00")) {
		t.Errorf("the clock is %+v", c)
	}
	if next, due := l.NextAt(), l.NextDue(); !next.Equal(at("13:00")) || !due.Equal(at("10:00")) {
		t.Errorf("next alarm at %s, due at %s", next, due) // the clock of the first response is due, but has no more alarms
	}
}

func TestVoidRecordsWhatIsDueFirst(t *testing.T) {
	l := opened(allTargets())
	if err := voided(l, sla.FirstResponse, 1, at("11:00")); err != nil {
		t.Fatal(err)
	}
	if got, want := describe(l), "first_response/1 running 10:00, resolution/1 running 13:00"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestVoidRefused(t *testing.T) {
	l := overdue()
	refused := func(m sla.Metric, cycle int, want string) {
		t.Helper()
		before := len(l.Added())
		if err := voided(l, m, cycle, at("11:00")); fmt.Sprint(err) != want || len(l.Added()) != before {
			t.Errorf("%s/%d: %v, events %v", m, cycle, err, l.Added()[before:])
		}
	}
	refused(sla.Resolution, 1, "conflict: The clock is not breached.")
	refused(sla.NextResponse, 1, "invalid: Invalid")
	refused(sla.FirstResponse, 2, "invalid: Invalid")
	if err := voided(l, sla.FirstResponse, 1, at("11:00")); err != nil {
		t.Fatal(err)
	}
	refused(sla.FirstResponse, 1, "conflict: The breach is void already.")
}

func TestVoidDraft(t *testing.T) {
	valid := sla.VoidDraft{Metric: domain.Some("resolution"), Cycle: domain.Some(2), Reason: domain.Some(" Wrong\npolicy. ")}
	x, err := valid.Void("boss")
	if err != nil || x != (sla.Void{sla.Resolution, 2, "Wrong\npolicy.", sla.VoidRequested, "boss"}) {
		t.Errorf("got %+v, %v", x, err)
	}
	for want, change := range map[string]func(*sla.VoidDraft){
		"[]":                          func(d *sla.VoidDraft) { d.Reason.Value = strings.Repeat("é", 500) },
		"[reason too_long.text]":      func(d *sla.VoidDraft) { d.Reason.Value = strings.Repeat("é", 501) },
		"[reason required.text]":      func(d *sla.VoidDraft) { d.Reason.Value = " \u200b" },
		"[reason invalid.characters]": func(d *sla.VoidDraft) { d.Reason.Value = "a\x00" },
		"[metric invalid.choice]":     func(d *sla.VoidDraft) { d.Metric.Value = "Resolution" },
		"[cycle invalid.count]":       func(d *sla.VoidDraft) { d.Cycle.Value = 0 },
		"[metric required.value cycle required.value reason required.text]": func(d *sla.VoidDraft) { *d = sla.VoidDraft{} },
		"[cycle type.value]": func(d *sla.VoidDraft) {
			d.Cycle = domain.Optional[int]{}
			d.Unread.Add("cycle", domain.CodeType)
		},
	} {
		d := valid
		change(&d)
		_, err := d.Void("boss")
		got := []string{}
		var e *domain.Error
		if errors.As(err, &e) {
			for _, p := range e.Problems {
				got = append(got, p.Field+" "+string(p.Code))
			}
		}
		if fmt.Sprint(got) != want {
			t.Errorf("got %v, want %s", got, want)
		}
	}
}

// Whatever happens after a void, the clock has no more alarms, is not breached, and stays void. A ledger is breached if
// and only if it has a breach without a void.
func TestVoidIsForEver(t *testing.T) {
	voids := 0
	rapid.Check(t, func(t *rapid.T) {
		l := newRandomTicket()
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			l.step(t)
			breached, void := map[string]bool{}, map[string]bool{}
			for _, e := range l.Events() {
				clock := fmt.Sprint(e.Metric, e.Cycle)
				switch e.Kind {
				case sla.Breached, sla.Warned:
					if void[clock] {
						t.Fatalf("%s of %s after its void: %v", e.Kind, clock, l.Events())
					}
					breached[clock] = breached[clock] || e.Kind == sla.Breached
				case sla.Voided:
					if !breached[clock] || void[clock] {
						t.Fatalf("void of %s, breached %t, void %t", clock, breached[clock], void[clock])
					}
					void[clock] = true
					voids++
				default:
				}
			}
			for _, c := range l.Clocks() {
				clock := fmt.Sprint(c.Metric, c.Cycle)
				if want := breached[clock] && !void[clock]; !c.BreachedAt.IsZero() != want || (c.State() == sla.StateBreached) != want ||
					c.VoidedAt.IsZero() == void[clock] {
					t.Fatalf("%s is %s, breached at %s, void at %s: %v", clock, c.State(), c.BreachedAt, c.VoidedAt, l.Events())
				}
			}
			maps.DeleteFunc(breached, func(clock string, is bool) bool { return !is || void[clock] })
			if l.Breached() != (len(breached) > 0) {
				t.Fatalf("breached is %t: %v", l.Breached(), l.Events())
			}
			if next := l.NextAt(); sla.IsPast(next, l.now) {
				l.RecordDue(l.now)
				if again := l.NextAt(); again.Equal(next) {
					t.Fatalf("an alarm at %s is never recorded: %v", next, l.Events())
				}
			}
		}
	})
	if voids == 0 {
		t.Error("no breach became void")
	}
}

// An older program reads the ledgers of a newer one.
func TestEventsOfUnknownKindsAreIgnored(t *testing.T) {
	l := overdue()
	unknown := sla.Event{Metric: sla.FirstResponse, Cycle: 1, Kind: "later", At: at("10:20"), Reason: "x"}
	if got, want := describe(sla.NewLedger(append(l.Added(), unknown), schedules)), describe(l); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestResumedClockStaysVoid(t *testing.T) {
	l := overdue()
	l.Resolved(at("14:00"))
	if err := voided(l, sla.Resolution, 1, at("14:30")); err != nil {
		t.Fatal(err)
	}
	l.Reopened(allTargets(), responded(lifecycle.Open), at("15:00"))
	l.RecordDue(at("23:00"))
	if got, want := describe(l), "first_response/1 breached 10:00 fulfilled 14:00, resolution/1 running 13:00"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
