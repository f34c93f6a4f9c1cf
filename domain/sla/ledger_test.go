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
	"tickt/domain/lifecycle"
	"tickt/domain/sla"
)

var monday = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)

// at is a moment of that Monday.
func at(clock string) time.Time {
	m, ok := sla.ParseMinute(clock)
	if !ok {
		panic(clock)
	}
	return monday.Truncate(24 * time.Hour).Add(time.Duration(m) * time.Minute)
}

// schedules knows the calendars "247" and "office".
func schedules(id domain.ID) *sla.Schedule {
	if id == "office" {
		return sla.NewSchedule(time.UTC, office(), nil)
	}
	return sla.NewSchedule(time.UTC, sla.AlwaysOpen(), nil)
}

// promise is an hour for the first response, two for the next and four for the resolution, around the clock.
func promise() sla.Terms {
	return sla.Terms{
		PauseTypes: []lifecycle.StatusType{lifecycle.Pending}, OnReopen: sla.ReopenResumes,
		Targets: []sla.Target{
			{Metric: sla.FirstResponse, Minutes: 60, CalendarID: "247", WarnPercent: 80},
			{Metric: sla.NextResponse, Minutes: 120, CalendarID: "247"},
			{Metric: sla.Resolution, Minutes: 240, CalendarID: "247"},
		},
	}
}

// is is a ticket that was opened at nine, and had no answer yet.
func is(t lifecycle.StatusType) sla.TicketState {
	return sla.TicketState{Status: t, Opened: at("09:00")}
}

// responded is the same with an answer.
func responded(t lifecycle.StatusType) sla.TicketState {
	return sla.TicketState{Status: t, Opened: at("09:00"), Responded: true}
}

// stayed is the same with the statuses that it had, each with when it began; it is what the last one says.
func stayed(all ...string) sla.TicketState {
	s := responded("")
	for _, text := range all {
		name, since, _ := strings.Cut(text, " ")
		s.Status = lifecycle.StatusType(name)
		s.Periods = append(s.Periods, sla.StatusPeriod{Status: s.Status, Since: at(since)})
	}
	return s
}

// opened is the ledger of a ticket that was opened at nine.
func opened(terms sla.Terms) *sla.Ledger {
	l := sla.NewLedger(nil, schedules)
	l.Begin(terms, is(lifecycle.Open), at("09:00"))
	return l
}

// tell says of every clock where it stands and, where it runs, when it is due.
func tell(l *sla.Ledger) string {
	var out []string
	for _, c := range l.Clocks() {
		text := fmt.Sprintf("%s/%d %s", c.Metric, c.Cycle, c.State())
		if due := c.DueAt(schedules(c.CalendarID)); !due.IsZero() {
			text += " " + due.Format("15:04")
		}
		if !c.FulfilledAt.IsZero() {
			text += " fulfilled " + c.FulfilledAt.Format("15:04")
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

func TestClocksOfATicket(t *testing.T) {
	restart := promise()
	restart.OnReopen = sla.ReopenRestarts
	shorter := promise()
	shorter.Targets = []sla.Target{
		{Metric: sla.FirstResponse, Minutes: 30, CalendarID: "247"}, {Metric: sla.Resolution, Minutes: 480, CalendarID: "247"},
	}
	inHours := promise()
	inHours.Targets = []sla.Target{{Metric: sla.Resolution, Minutes: 8 * 60, CalendarID: "office"}}
	responseOnly := sla.Terms{Targets: []sla.Target{{Metric: sla.FirstResponse, Minutes: 60, CalendarID: "247"}}}

	for name, c := range map[string]struct {
		terms sla.Terms
		then  func(*sla.Ledger)
		want  string
	}{
		"start with the ticket": {
			promise(), func(*sla.Ledger) {},
			"first_response/1 running 10:00, resolution/1 running 13:00",
		},
		"meet the first response with the first reply": {
			promise(), func(l *sla.Ledger) { l.Replied(at("09:30")) },
			"first_response/1 met fulfilled 09:30, resolution/1 running 13:00",
		},
		"meet the first response by resolving": {
			promise(), func(l *sla.Ledger) { l.Resolved(at("09:30")) },
			"first_response/1 met fulfilled 09:30, resolution/1 met fulfilled 09:30",
		},
		"keep a breach that is fulfilled late": {
			promise(), func(l *sla.Ledger) { l.Replied(at("10:30")) },
			"first_response/1 breached 10:00 fulfilled 10:30, resolution/1 running 13:00",
		},
		"breach at the due time, however late it is noticed": {
			promise(), func(l *sla.Ledger) { l.RecordDue(at("12:00")) },
			"first_response/1 breached 10:00, resolution/1 running 13:00",
		},
		"breach in the very moment that is due": {
			promise(), func(l *sla.Ledger) { l.RecordDue(at("10:00")) },
			"first_response/1 breached 10:00, resolution/1 running 13:00",
		},
		"owe no next response before the first": {
			promise(), func(l *sla.Ledger) { l.Asked(promise(), responded(lifecycle.Open), at("09:10")) },
			"first_response/1 running 10:00, resolution/1 running 13:00",
		},
		"owe a next response from the requester's next word": {promise(), func(l *sla.Ledger) {
			l.Replied(at("09:30"))
			l.Asked(promise(), responded(lifecycle.Open), at("09:40"))
			l.Asked(promise(), responded(lifecycle.Open), at("09:50"))
		}, "first_response/1 met fulfilled 09:30, next_response/1 running 11:40, resolution/1 running 13:00"},
		"meet the next response, and owe another later": {promise(), func(l *sla.Ledger) {
			l.Replied(at("09:30"))
			l.Asked(promise(), responded(lifecycle.Open), at("09:40"))
			l.Replied(at("10:00"))
			l.Asked(promise(), responded(lifecycle.Open), at("10:30"))
		}, "first_response/1 met fulfilled 09:30, next_response/1 met fulfilled 10:00, next_response/2 running 12:30, " +
			"resolution/1 running 13:00"},
		"owe no next response any more once it is resolved": {promise(), func(l *sla.Ledger) {
			l.Replied(at("09:30"))
			l.Asked(promise(), responded(lifecycle.Open), at("09:40"))
			l.Resolved(at("10:00"))
		}, "first_response/1 met fulfilled 09:30, next_response/1 cancelled, resolution/1 met fulfilled 10:00"},
		"stop with the ticket that is cancelled": {
			promise(), func(l *sla.Ledger) { l.Cancelled(at("09:30")) },
			"first_response/1 cancelled, resolution/1 cancelled",
		},
		"stand while it is pending": {
			promise(), func(l *sla.Ledger) { l.Moved(lifecycle.Pending, at("09:30")) },
			"first_response/1 paused, resolution/1 paused",
		},
		"go on with what was left": {promise(), func(l *sla.Ledger) {
			l.Moved(lifecycle.Pending, at("09:30"))
			l.Moved(lifecycle.InProgress, at("11:00"))
		}, "first_response/1 running 11:30, resolution/1 running 14:30"},
		"are met while they stand": {promise(), func(l *sla.Ledger) {
			l.Moved(lifecycle.Pending, at("09:30"))
			l.Replied(at("12:00"))
		}, "first_response/1 met fulfilled 12:00, resolution/1 paused"},
		"stand from the start in a pending ticket": {promise(), func(l *sla.Ledger) {
			*l = *sla.NewLedger(nil, schedules)
			l.Begin(promise(), is(lifecycle.Pending), at("09:00"))
			l.Moved(lifecycle.Open, at("10:00"))
		}, "first_response/1 running 11:00, resolution/1 running 14:00"},
		"resume on reopening with the time used so far": {promise(), func(l *sla.Ledger) {
			l.Resolved(at("10:00"))
			l.Reopened(promise(), responded(lifecycle.Open), at("15:00"))
		}, "first_response/1 breached 10:00 fulfilled 10:00, resolution/1 running 18:00"},
		"begin anew on reopening where the policy says so": {restart, func(l *sla.Ledger) {
			l.Resolved(at("09:30"))
			l.Reopened(restart, responded(lifecycle.Open), at("15:00"))
		}, "first_response/1 met fulfilled 09:30, resolution/1 met fulfilled 09:30, resolution/2 running 19:00"},
		"keep their breach on reopening": {promise(), func(l *sla.Ledger) {
			l.Replied(at("09:30"))
			l.Resolved(at("14:00"))
			l.Reopened(promise(), responded(lifecycle.Open), at("15:00"))
		}, "first_response/1 met fulfilled 09:30, resolution/1 breached 13:00"},
		"begin anew after a cancellation": {promise(), func(l *sla.Ledger) {
			l.Cancelled(at("09:30"))
			l.Reopened(promise(), is(lifecycle.Open), at("15:00"))
		}, "first_response/1 cancelled, first_response/2 running 16:00, resolution/1 cancelled, resolution/2 running 19:00"},
		"owe no second first response after a cancellation": {promise(), func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.Cancelled(at("09:30"))
			l.Reopened(promise(), responded(lifecycle.Open), at("15:00"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 cancelled, resolution/2 running 19:00"},
		"stay as they are while the same policy promises, whatever it promises by now": {
			promise(), func(l *sla.Ledger) { l.Retarget(shorter, is(lifecycle.Open), at("09:10")) },
			"first_response/1 running 10:00, resolution/1 running 13:00",
		},
		"follow another policy": {
			promise(), func(l *sla.Ledger) {
				other := shorter
				other.PolicyID = "other"
				l.Retarget(other, is(lifecycle.Open), at("09:10"))
			},
			"first_response/1 running 09:30, resolution/1 running 17:00",
		},
		"go by the terms that they began with when they stop": {promise(), func(l *sla.Ledger) {
			waiting := promise()
			waiting.PauseTypes = []lifecycle.StatusType{lifecycle.InProgress}
			l.Replied(at("09:10"))
			l.Asked(waiting, responded(lifecycle.Open), at("09:20"))
			l.Moved(lifecycle.InProgress, at("09:30"))
		}, "first_response/1 met fulfilled 09:10, next_response/1 paused, resolution/1 running 13:00"},
		"are due when somebody says so": {
			promise(), func(l *sla.Ledger) { l.SetDue(promise(), is(lifecycle.Open), at("17:00"), at("09:30")) },
			"first_response/1 running 17:00, resolution/1 running 13:00",
		},
		"keep what was set by hand under another policy": {promise(), func(l *sla.Ledger) {
			l.SetDue(promise(), is(lifecycle.Open), at("17:00"), at("09:30"))
			l.Recompute(shorter, is(lifecycle.Open), at("09:40"))
		}, "first_response/1 running 17:00, resolution/1 running 17:00"},
		"keep what was set by hand without any promise": {promise(), func(l *sla.Ledger) {
			l.SetDue(promise(), is(lifecycle.Open), at("17:00"), at("09:30"))
			l.Recompute(sla.Terms{}, is(lifecycle.Open), at("09:40"))
		}, "first_response/1 running 17:00, resolution/1 cancelled"},
		"go on to the moment that was set by hand after a pause": {promise(), func(l *sla.Ledger) {
			l.SetDue(promise(), is(lifecycle.Open), at("17:00"), at("09:30"))
			l.Moved(lifecycle.Pending, at("10:00"))
			l.Moved(lifecycle.Open, at("12:00"))
		}, "first_response/1 running 17:00, resolution/1 running 15:00"},
		"are late at once where somebody says that they were due": {
			promise(), func(l *sla.Ledger) { l.SetDue(promise(), is(lifecycle.Open), at("09:15"), at("09:30")) },
			"first_response/1 breached 09:30, resolution/1 running 13:00",
		},
		"return to what was promised": {promise(), func(l *sla.Ledger) {
			l.SetDue(promise(), is(lifecycle.Open), at("17:00"), at("09:30"))
			l.UnsetDue(promise(), at("09:40"))
		}, "first_response/1 running 10:00, resolution/1 running 13:00"},
		"begin where somebody sets what nobody promised": {sla.Terms{PauseTypes: []lifecycle.StatusType{lifecycle.Pending}}, func(l *sla.Ledger) {
			l.SetDue(sla.Terms{}, is(lifecycle.Open), at("17:00"), at("09:30"))
		}, "first_response/1 running 17:00"},
		"end where what nobody promised is unset": {sla.Terms{}, func(l *sla.Ledger) {
			l.SetDue(sla.Terms{}, is(lifecycle.Open), at("17:00"), at("09:30"))
			l.UnsetDue(sla.Terms{}, at("09:40"))
		}, "first_response/1 cancelled"},
		"are not set by hand after the first response": {promise(), func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.SetDue(promise(), responded(lifecycle.Open), at("17:00"), at("09:30"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 running 13:00"},
		"never go back in time where the clock of another machine is behind": {promise(), func(l *sla.Ledger) {
			l.Moved(lifecycle.Pending, at("09:30"))
			l.Moved(lifecycle.Open, at("09:28"))
		}, "first_response/1 running 10:00, resolution/1 running 13:00"},
		"stand where it is reopened as pending": {promise(), func(l *sla.Ledger) {
			l.Resolved(at("09:30"))
			l.Reopened(promise(), responded(lifecycle.Pending), at("15:00"))
			l.Moved(lifecycle.Open, at("16:00"))
		}, "first_response/1 met fulfilled 09:30, resolution/1 running 19:30"},
		"keep start and pauses when the target changes": {promise(), func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.Moved(lifecycle.Pending, at("09:30"))
			l.Moved(lifecycle.Open, at("10:30"))
			l.Recompute(shorter, responded(lifecycle.Open), at("10:40"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 running 18:00"},
		"breach at the change where the new target is past": {
			promise(), func(l *sla.Ledger) { l.Recompute(shorter, is(lifecycle.Open), at("09:45")) },
			"first_response/1 breached 09:45, resolution/1 running 17:00",
		},
		"count the past in the new calendar": {promise(), func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.Recompute(inHours, responded(lifecycle.Open), at("12:59"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 running 10:00"},
		"go on as they were when what was promised no more is promised again": {promise(), func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.Moved(lifecycle.Pending, at("09:30"))
			l.Moved(lifecycle.Open, at("10:00"))
			l.Recompute(responseOnly, responded(lifecycle.Open), at("10:10"))
			l.Moved(lifecycle.Pending, at("10:20"))
			l.Moved(lifecycle.Open, at("10:40"))
			l.Recompute(promise(), stayed("open 09:00", "pending 09:30", "open 10:00", "pending 10:20", "open 10:40"), at("11:00"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 cancelled, resolution/2 running 13:50"},
		"begin in the past with the pauses of the ticket": {responseOnly, func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.Recompute(promise(), stayed("open 09:00", "pending 09:30", "open 10:00"), at("11:00"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 running 13:30"},
		"begin in the past and stand where the ticket still waits": {responseOnly, func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.Recompute(promise(), stayed("open 09:00", "pending 09:30"), at("15:00"))
			l.Moved(lifecycle.Open, at("15:00"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 running 18:30"},
		"begin when another policy promises, though all that was promised is met": {responseOnly, func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			other := promise()
			other.PolicyID = "other"
			l.Retarget(other, responded(lifecycle.Open), at("09:20"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 running 13:00"},
		"are due by hand, and warned of, after a pause": {promise(), func(l *sla.Ledger) {
			l.Moved(lifecycle.Pending, at("09:30"))
			l.SetDue(promise(), is(lifecycle.Pending), at("19:00"), at("10:00"))
			l.Moved(lifecycle.Open, at("10:00"))
			l.RecordDue(at("10:01"))
			if c := l.Clocks()[0]; !c.WarnedAt.IsZero() || c.Target != 9*time.Hour+30*time.Minute {
				panic(fmt.Sprintf("warned at %s of %s", c.WarnedAt, c.Target))
			}
		}, "first_response/1 running 19:00, resolution/1 running 13:30"},
		"go on without the time in which they were met, when they are promised again": {promise(), func(l *sla.Ledger) {
			l.Resolved(at("09:30"))
			l.Reopened(promise(), responded(lifecycle.Open), at("10:00"))
			l.Recompute(responseOnly, responded(lifecycle.Open), at("10:10"))
			l.Recompute(promise(), stayed("open 09:00", "resolved 09:30", "open 10:00"), at("11:00"))
		}, "first_response/1 met fulfilled 09:30, resolution/1 cancelled, resolution/2 running 13:30"},
		"cancel what is promised no more, and begin what is new": {
			responseOnly, func(l *sla.Ledger) { l.Recompute(inHours, is(lifecycle.Open), at("09:30")) },
			"first_response/1 cancelled, resolution/1 running 10:00",
		},
		"are not begun twice by the same terms": {
			promise(), func(l *sla.Ledger) { l.Recompute(promise(), is(lifecycle.Open), at("09:30")) },
			"first_response/1 running 10:00, resolution/1 running 13:00",
		},
		"promise nothing without terms": {sla.Terms{}, func(l *sla.Ledger) {
			l.Replied(at("09:30"))
			l.Asked(sla.Terms{}, responded(lifecycle.Open), at("09:40"))
			l.Resolved(at("10:00"))
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := opened(c.terms)
			c.then(l)
			if got := tell(l); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestTheNextDueTimeIsTheEarliestOfTheClocksThatRun(t *testing.T) {
	l := opened(promise())
	if due := l.NextDue(); !due.Equal(at("10:00")) {
		t.Errorf("got %s", due)
	}
	l.Replied(at("09:30"))
	if due := l.NextDue(); !due.Equal(at("13:00")) {
		t.Errorf("after the reply: %s", due)
	}
	l.Moved(lifecycle.Pending, at("09:40"))
	if due := l.NextDue(); !due.IsZero() {
		t.Errorf("while pending: %s", due)
	}
}

func TestAWarningComesWhenItsPartOfTheTimeIsUsed(t *testing.T) {
	l := opened(promise())
	l.Moved(lifecycle.Pending, at("09:30"))
	l.Moved(lifecycle.Open, at("10:30"))
	c := l.Clocks()[0]
	if got := c.WarnAt(schedules(c.CalendarID)); !got.Equal(at("10:48")) {
		t.Errorf("got %s", got)
	}
	if next := l.NextAt(); !next.Equal(at("10:48")) {
		t.Errorf("next %s", next)
	}
	for range 2 { // it comes once
		l.RecordDue(at("10:50"))
		if c := l.Clocks()[0]; !c.WarnedAt.Equal(at("10:48")) || c.State() != sla.StateRunning || !l.NextAt().Equal(at("11:00")) {
			t.Errorf("warned at %s, %s, next at %s", c.WarnedAt, c.State(), l.NextAt())
		}
	}
	l.Moved(lifecycle.Pending, at("10:55"))
	l.Moved(lifecycle.Open, at("13:55"))
	l.RecordDue(at("14:10"))
	var warnings, breaches int
	for _, e := range l.Events() {
		switch {
		case e.Metric == sla.FirstResponse && e.Kind == sla.Warned:
			warnings++
		case e.Metric == sla.FirstResponse && e.Kind == sla.Breached:
			breaches++
		}
	}
	if warnings != 1 || breaches != 1 {
		t.Errorf("%d warnings and %d breaches", warnings, breaches)
	}
}

func TestWhatIsNoticedLateIsWarnedOfAndBreachedInItsOrder(t *testing.T) {
	terms := promise()
	terms.Targets[2].Minutes, terms.Targets[2].WarnPercent = 55, 60
	l := opened(terms)
	l.RecordDue(at("12:00"))
	var got []string
	for _, e := range l.Events()[2:] {
		got = append(got, fmt.Sprintf("%s %s %s", e.Metric, e.Kind, e.At.Format("15:04")))
	}
	if want := []string{
		"resolution warn 09:33", "first_response warn 09:48", "resolution breach 09:55", "first_response breach 10:00",
	}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestNobodyIsWarnedOfWhatIsLateAlready(t *testing.T) {
	terms := promise()
	terms.Targets[0].CalendarID = "office"
	l := opened(terms)
	l.SetDue(terms, is(lifecycle.Open), at("17:30"), at("09:10")) // after hours: eight of them have been counted by then
	terms.Targets[0].CalendarID = "247"
	l.Recompute(terms, is(lifecycle.Open), at("09:20"))
	l.Moved(lifecycle.Pending, at("09:30"))
	l.Moved(lifecycle.Open, at("17:00"))
	if c := l.Clocks()[0]; !c.WarnAt(schedules(c.CalendarID)).IsZero() {
		t.Errorf("warned at %s of what is due at %s", c.WarnAt(schedules(c.CalendarID)), c.DueAt(schedules(c.CalendarID)))
	}
	l.RecordDue(at("23:00"))
	if c := l.Clocks()[0]; !c.WarnedAt.IsZero() || !c.BreachedAt.Equal(at("17:30")) {
		t.Errorf("warned at %s, breached at %s", c.WarnedAt, c.BreachedAt)
	}
}

func TestAnExplanationTellsEveryMinuteOfAClock(t *testing.T) {
	terms := promise()
	terms.Targets = []sla.Target{{Metric: sla.Resolution, Minutes: 480, CalendarID: "office"}}
	l := opened(terms)
	l.Moved(lifecycle.Pending, at("11:00"))
	l.Moved(lifecycle.Open, at("12:00"))
	c := l.Clocks()[0]
	var got []string
	for _, x := range c.Explain(schedules(c.CalendarID), at("18:00")) {
		got = append(got, fmt.Sprintf("%s-%s %v %s", x.From.Format("15:04"), x.To.Format("15:04"), x.Counts, x.Reason))
	}
	want := []string{
		"09:00-11:00 true business hours",
		"11:00-12:00 false paused: pending",
		"12:00-12:30 true business hours",
		"12:30-13:30 false outside hours",
		"13:30-17:00 true business hours",
		"17:00-18:00 false outside hours",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if used := c.Elapsed(schedules(c.CalendarID), at("18:00")); used != 6*time.Hour ||
		c.Remaining(schedules(c.CalendarID), at("18:00")) != 2*time.Hour {
		t.Errorf("used %v", used)
	}
}

func TestAnExplanationTellsOfTheTimeInWhichAPromiseWasMetUntilThatWasTakenBack(t *testing.T) {
	l := opened(promise())
	l.Resolved(at("10:00"))
	l.Reopened(promise(), responded(lifecycle.Open), at("12:00"))
	c := l.Clocks()[1]
	var got []string
	for _, x := range c.Explain(schedules(c.CalendarID), at("13:00")) {
		got = append(got, fmt.Sprintf("%s-%s %v %s", x.From.Format("15:04"), x.To.Format("15:04"), x.Counts, x.Reason))
	}
	want := []string{"09:00-10:00 true business hours", "10:00-12:00 false paused: resolved", "12:00-13:00 true business hours"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// life is that of a ticket, drawn at random.
type life struct {
	*sla.Ledger
	terms   sla.Terms
	now     time.Time
	pending bool
}

func newLife() *life { return &life{opened(promise()), promise(), at("09:00"), false} }

// step lets some time pass and something happen.
func (x *life) step(t *rapid.T) {
	x.now = x.now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "minutes")) * time.Minute)
	switch rapid.IntRange(0, 10).Draw(t, "step") {
	case 0:
		x.Replied(x.now)
	case 1:
		x.Asked(x.terms, responded(lifecycle.Open), x.now)
	case 2:
		x.Resolved(x.now)
	case 3:
		x.Reopened(x.terms, responded(lifecycle.Open), x.now)
	case 4:
		x.pending = !x.pending
		x.Moved(map[bool]lifecycle.StatusType{true: lifecycle.Pending, false: lifecycle.Open}[x.pending], x.now)
	case 5:
		resolution := &x.terms.Targets[2]
		resolution.Minutes = rapid.IntRange(1, 600).Draw(t, "target")
		resolution.CalendarID = rapid.SampledFrom([]domain.ID{"247", "office"}).Draw(t, "calendar")
		x.Recompute(x.terms, responded(lifecycle.Open), x.now)
	case 6:
		x.Cancelled(x.now)
	case 7:
		x.RecordDue(x.now)
	case 8:
		x.SetDue(x.terms, is(lifecycle.Open), x.now.Add(time.Duration(rapid.IntRange(-300, 300).Draw(t, "due"))*time.Minute), x.now)
	case 9:
		x.UnsetDue(x.terms, x.now)
	case 10:
		x.terms.PolicyID = domain.ID(rapid.SampledFrom([]string{"", "gold"}).Draw(t, "policy"))
		x.Retarget(x.terms, responded(lifecycle.Open), x.now)
	}
}

// However the life of a ticket goes, its ledger is never edited, and the same clocks follow from it when it is read again.
func TestALedgerIsNeverEditedAndFollowsFromItsEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLife()
		breached := map[string]time.Time{}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			before := l.Added()
			l.step(t)
			after := l.Added()
			if len(after) < len(before) || !cmp.Equal(after[:len(before)], before) {
				t.Fatalf("the ledger was edited:\n%v\n%v", before, after)
			}
			for _, c := range l.Clocks() {
				key := fmt.Sprint(c.Metric, c.Cycle)
				if was, ok := breached[key]; ok && !c.BreachedAt.Equal(was) {
					t.Fatalf("the breach of %s moved from %s to %s", key, was, c.BreachedAt)
				}
				if !c.BreachedAt.IsZero() {
					breached[key] = c.BreachedAt
				}
				if used := c.Elapsed(schedules(c.CalendarID), l.now); used < 0 || used > l.now.Sub(c.StartedAt) {
					t.Fatalf("%s has used %v of %v", key, used, l.now.Sub(c.StartedAt))
				}
			}
		}
		again := sla.NewLedger(l.Added(), schedules)
		if tell(again) != tell(l.Ledger) || len(again.Added()) != 0 {
			t.Fatalf("read again: %s\nwas: %s", tell(again), tell(l.Ledger))
		}
	})
}

// A status that nobody knows is a mistake of the program, which a clock that runs on would hide.
func TestAnUnknownStatusTypeIsNotPassedOver(t *testing.T) {
	for name, do := range map[string]func(*sla.Ledger){
		"a move":          func(l *sla.Ledger) { l.Moved("pendng", at("09:30")) },
		"a reopening":     func(l *sla.Ledger) { l.Resolved(at("09:20")); l.Reopened(promise(), responded("pendng"), at("09:30")) },
		"a recomputation": func(l *sla.Ledger) { l.Recompute(promise(), responded("pendng"), at("09:30")) },
		"a stay": func(l *sla.Ledger) {
			l.Cancelled(at("09:20"))
			l.Recompute(promise(), stayed("pendng 09:00"), at("09:30"))
		},
		"another spelling": func(l *sla.Ledger) { *l = *sla.NewLedger(nil, schedules); l.Begin(promise(), is("Open"), at("09:00")) },
	} {
		t.Run(name, func(t *testing.T) {
			l := opened(promise())
			defer func() {
				if recover() == nil {
					t.Errorf("it passed: %s", tell(l))
				}
			}()
			do(l)
		})
	}
}

func TestAStatusThatIsGoneStopsNoClock(t *testing.T) {
	l := opened(sla.Terms{})
	gone := stayed("open 09:00", "resolved 09:30", "open 10:00")
	gone.Periods[1].Status = ""
	l.Recompute(promise(), gone, at("11:00"))
	if got, want := tell(l), "resolution/1 running 13:00"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
