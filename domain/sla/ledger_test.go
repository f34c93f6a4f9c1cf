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

// at returns a time (HH:MM) of that Monday.
func at(clock string) time.Time {
	m, ok := sla.ParseMinute(clock)
	if !ok {
		panic(clock)
	}
	return monday.Truncate(24 * time.Hour).Add(time.Duration(m) * time.Minute)
}

// schedules returns the schedule of the calendar version "office"; of any other, one that is always open.
func schedules(id domain.ID) *sla.Schedule {
	if id == "office" {
		return sla.NewSchedule(time.UTC, office(), nil)
	}
	return sla.NewSchedule(time.UTC, sla.AlwaysOpen(), nil)
}

// allTargets returns terms of one hour for the first response, two for the next and four for the resolution, around the
// clock.
func allTargets() sla.Terms {
	return sla.Terms{
		PauseTypes: []lifecycle.StatusType{lifecycle.Pending}, OnReopen: sla.ReopenResumes,
		Targets: []sla.Target{
			{Metric: sla.FirstResponse, Minutes: 60, CalendarID: "247", WarnPercent: 80},
			{Metric: sla.NextResponse, Minutes: 120, CalendarID: "247"},
			{Metric: sla.Resolution, Minutes: 240, CalendarID: "247"},
		},
	}
}

// unanswered returns the state of a ticket that was opened at nine and has had no first response.
func unanswered(t lifecycle.StatusType) sla.TicketState {
	return sla.TicketState{Status: t, Opened: at("09:00")}
}

// responded is unanswered with a first response.
func responded(t lifecycle.StatusType) sla.TicketState {
	return sla.TicketState{Status: t, Opened: at("09:00"), Responded: true}
}

// answeredAt is responded with an answer of the desk at a time.
func answeredAt(t lifecycle.StatusType, clock string) sla.TicketState {
	s := responded(t)
	s.Answered = at(clock)
	return s
}

// withPeriods is responded with status periods, each given as "type HH:MM"; the last type is the current one.
func withPeriods(all ...string) sla.TicketState {
	s := responded("")
	for _, text := range all {
		name, since, _ := strings.Cut(text, " ")
		s.Status = lifecycle.StatusType(name)
		s.Periods = append(s.Periods, sla.StatusPeriod{Status: s.Status, Since: at(since)})
	}
	return s
}

// opened returns the ledger of a ticket that was opened at nine.
func opened(terms sla.Terms) *sla.Ledger {
	l := sla.NewLedger(nil, schedules)
	l.Begin(terms, unanswered(lifecycle.Open), at("09:00"))
	return l
}

// describe returns the state, due time and fulfilment of every clock.
func describe(l *sla.Ledger) string {
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

func TestLedgerClocks(t *testing.T) {
	restart := allTargets()
	restart.OnReopen = sla.ReopenRestarts
	other := allTargets()
	other.Targets = []sla.Target{
		{Metric: sla.FirstResponse, Minutes: 30, CalendarID: "247"}, {Metric: sla.Resolution, Minutes: 480, CalendarID: "247"},
	}
	inHours := allTargets()
	inHours.Targets = []sla.Target{{Metric: sla.Resolution, Minutes: 8 * 60, CalendarID: "office"}}
	responseOnly := sla.Terms{Targets: []sla.Target{{Metric: sla.FirstResponse, Minutes: 60, CalendarID: "247"}}}

	for name, c := range map[string]struct {
		terms sla.Terms
		do    func(*sla.Ledger)
		want  string
	}{
		"opening starts the clocks": {
			allTargets(), func(*sla.Ledger) {},
			"first_response/1 running 10:00, resolution/1 running 13:00",
		},
		"first reply meets the first response": {
			allTargets(), func(l *sla.Ledger) { l.Replied(at("09:30")) },
			"first_response/1 met fulfilled 09:30, resolution/1 running 13:00",
		},
		"resolving meets the first response": {
			allTargets(), func(l *sla.Ledger) { l.Resolved(at("09:30")) },
			"first_response/1 met fulfilled 09:30, resolution/1 met fulfilled 09:30",
		},
		"late reply does not undo the breach": {
			allTargets(), func(l *sla.Ledger) { l.Replied(at("10:30")) },
			"first_response/1 breached 10:00 fulfilled 10:30, resolution/1 running 13:00",
		},
		"breach noticed late has its due time": {
			allTargets(), func(l *sla.Ledger) { l.RecordDue(at("12:00")) },
			"first_response/1 breached 10:00, resolution/1 running 13:00",
		},
		"breach exactly at the due time": {
			allTargets(), func(l *sla.Ledger) { l.RecordDue(at("10:00")) },
			"first_response/1 breached 10:00, resolution/1 running 13:00",
		},
		"question before the first response starts no clock": {
			allTargets(), func(l *sla.Ledger) { l.Asked(allTargets(), responded(lifecycle.Open), at("09:10")) },
			"first_response/1 running 10:00, resolution/1 running 13:00",
		},
		"question starts the next response, once": {allTargets(), func(l *sla.Ledger) {
			l.Replied(at("09:30"))
			l.Asked(allTargets(), responded(lifecycle.Open), at("09:40"))
			l.Asked(allTargets(), responded(lifecycle.Open), at("09:50"))
		}, "first_response/1 met fulfilled 09:30, next_response/1 running 11:40, resolution/1 running 13:00"},
		"each question after an answer starts a new next response": {allTargets(), func(l *sla.Ledger) {
			l.Replied(at("09:30"))
			l.Asked(allTargets(), responded(lifecycle.Open), at("09:40"))
			l.Replied(at("10:00"))
			l.Asked(allTargets(), responded(lifecycle.Open), at("10:30"))
		}, "first_response/1 met fulfilled 09:30, next_response/1 met fulfilled 10:00, next_response/2 running 12:30, " +
			"resolution/1 running 13:00"},
		"resolving cancels the next response": {allTargets(), func(l *sla.Ledger) {
			l.Replied(at("09:30"))
			l.Asked(allTargets(), responded(lifecycle.Open), at("09:40"))
			l.Resolved(at("10:00"))
		}, "first_response/1 met fulfilled 09:30, next_response/1 cancelled, resolution/1 met fulfilled 10:00"},
		"cancelling the ticket cancels the clocks": {
			allTargets(), func(l *sla.Ledger) { l.Cancelled(at("09:30")) },
			"first_response/1 cancelled, resolution/1 cancelled",
		},
		"pending pauses": {
			allTargets(), func(l *sla.Ledger) { l.Moved(lifecycle.Pending, at("09:30")) },
			"first_response/1 paused, resolution/1 paused",
		},
		"resume with the remaining time": {allTargets(), func(l *sla.Ledger) {
			l.Moved(lifecycle.Pending, at("09:30"))
			l.Moved(lifecycle.InProgress, at("11:00"))
		}, "first_response/1 running 11:30, resolution/1 running 14:30"},
		"reply meets a paused clock": {allTargets(), func(l *sla.Ledger) {
			l.Moved(lifecycle.Pending, at("09:30"))
			l.Replied(at("12:00"))
		}, "first_response/1 met fulfilled 12:00, resolution/1 paused"},
		"opened as pending: paused from the start": {allTargets(), func(l *sla.Ledger) {
			*l = *sla.NewLedger(nil, schedules)
			l.Begin(allTargets(), unanswered(lifecycle.Pending), at("09:00"))
			l.Moved(lifecycle.Open, at("10:00"))
		}, "first_response/1 running 11:00, resolution/1 running 14:00"},
		"reopening resumes with the time used so far": {allTargets(), func(l *sla.Ledger) {
			l.Resolved(at("10:00"))
			l.Reopened(allTargets(), responded(lifecycle.Open), at("15:00"))
		}, "first_response/1 breached 10:00 fulfilled 10:00, resolution/1 running 18:00"},
		"reopening restarts if the policy says so": {restart, func(l *sla.Ledger) {
			l.Resolved(at("09:30"))
			l.Reopened(restart, responded(lifecycle.Open), at("15:00"))
		}, "first_response/1 met fulfilled 09:30, resolution/1 met fulfilled 09:30, resolution/2 running 19:00"},
		"reopening keeps a breach": {allTargets(), func(l *sla.Ledger) {
			l.Replied(at("09:30"))
			l.Resolved(at("14:00"))
			l.Reopened(allTargets(), responded(lifecycle.Open), at("15:00"))
		}, "first_response/1 met fulfilled 09:30, resolution/1 breached 13:00"},
		"reopening after cancelling goes on with the time used so far": {allTargets(), func(l *sla.Ledger) {
			l.Cancelled(at("09:30"))
			l.Reopened(allTargets(), unanswered(lifecycle.Open), at("15:00"))
		}, "first_response/1 running 15:30, resolution/1 running 18:30"},
		"reopening after cancelling starts new clocks if the policy says so": {restart, func(l *sla.Ledger) {
			l.Cancelled(at("09:30"))
			l.Reopened(restart, unanswered(lifecycle.Open), at("15:00"))
		}, "first_response/1 cancelled, first_response/2 running 16:00, resolution/1 cancelled, resolution/2 running 19:00"},
		"cancelling and reopening again and again earns no time": {allTargets(), func(l *sla.Ledger) {
			for _, x := range []string{"09:50", "10:40", "11:30"} {
				l.Cancelled(at(x))
				l.Reopened(allTargets(), unanswered(lifecycle.Open), at(x))
			}
		}, "first_response/1 breached 10:00, resolution/1 running 13:00"},
		"reopening after cancelling a pending ticket": {allTargets(), func(l *sla.Ledger) {
			l.Moved(lifecycle.Pending, at("09:30"))
			l.Cancelled(at("10:00"))
			l.Reopened(allTargets(), unanswered(lifecycle.Open), at("15:00"))
		}, "first_response/1 running 15:30, resolution/1 running 18:30"},
		"reopening after cancelling to pending": {allTargets(), func(l *sla.Ledger) {
			l.Cancelled(at("09:30"))
			l.Reopened(allTargets(), unanswered(lifecycle.Pending), at("15:00"))
			l.Moved(lifecycle.Open, at("16:00"))
		}, "first_response/1 running 16:30, resolution/1 running 19:30"},
		"reopening after cancelling keeps a breach": {allTargets(), func(l *sla.Ledger) {
			l.Cancelled(at("10:30"))
			l.Reopened(allTargets(), unanswered(lifecycle.Open), at("15:00"))
		}, "first_response/1 breached 10:00, resolution/1 running 17:30"},
		"reopening owes a first response that was met by resolving": {allTargets(), func(l *sla.Ledger) {
			l.Resolved(at("09:30"))
			l.Reopened(allTargets(), unanswered(lifecycle.Open), at("15:00"))
		}, "first_response/1 running 15:30, resolution/1 running 18:30"},
		"reopening owes a first response that was met by resolving in a new cycle if the policy says so": {restart, func(l *sla.Ledger) {
			l.Resolved(at("09:30"))
			l.Reopened(restart, unanswered(lifecycle.Open), at("15:00"))
		}, "first_response/1 met fulfilled 09:30, first_response/2 running 16:00, resolution/1 met fulfilled 09:30, resolution/2 running 19:00"},
		"reopening owes the answer to a question": {allTargets(), func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.Asked(allTargets(), responded(lifecycle.Open), at("09:20"))
			l.Resolved(at("09:30"))
			l.Reopened(allTargets(), answeredAt(lifecycle.Open, "09:10"), at("15:00"))
		}, "first_response/1 met fulfilled 09:10, next_response/1 running 16:50, resolution/1 running 18:30"},
		"reopening owes no answer that was given meanwhile": {allTargets(), func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.Asked(allTargets(), responded(lifecycle.Open), at("09:20"))
			l.Resolved(at("09:30"))
			l.Replied(at("09:40"))
			l.Reopened(allTargets(), answeredAt(lifecycle.Open, "09:40"), at("15:00"))
		}, "first_response/1 met fulfilled 09:10, next_response/1 cancelled, resolution/1 running 18:30"},
		"reopening leaves alone what the terms had dropped": {allTargets(), func(l *sla.Ledger) {
			l.Recompute(responseOnly, unanswered(lifecycle.Open), at("09:20"))
			l.Cancelled(at("09:30"))
			l.Reopened(responseOnly, unanswered(lifecycle.Open), at("15:00"))
		}, "first_response/1 running 15:30, resolution/1 cancelled"},
		"reopening starts what the terms promise again from its first start": {allTargets(), func(l *sla.Ledger) {
			l.Recompute(responseOnly, unanswered(lifecycle.Open), at("09:20"))
			l.Cancelled(at("09:30"))
			is := withPeriods("open 09:00", "cancelled 09:30", "open 15:00")
			l.Reopened(allTargets(), is, at("15:00"))
			l.Retarget(allTargets(), is, at("15:00"))
		}, "first_response/1 cancelled, resolution/1 cancelled, resolution/2 running 18:30"},
		"reopening after cancelling owes no second first response": {allTargets(), func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.Cancelled(at("09:30"))
			l.Reopened(allTargets(), responded(lifecycle.Open), at("15:00"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 running 18:30"},
		"retarget to the same policy with other targets changes nothing": {
			allTargets(), func(l *sla.Ledger) { l.Retarget(other, unanswered(lifecycle.Open), at("09:10")) },
			"first_response/1 running 10:00, resolution/1 running 13:00",
		},
		"retarget to another policy": {
			allTargets(), func(l *sla.Ledger) {
				terms := other
				terms.PolicyID = "other"
				l.Retarget(terms, unanswered(lifecycle.Open), at("09:10"))
			},
			"first_response/1 running 09:30, resolution/1 running 17:00",
		},
		"each clock pauses by its own promise": {allTargets(), func(l *sla.Ledger) {
			waiting := allTargets()
			waiting.PauseTypes = []lifecycle.StatusType{lifecycle.InProgress}
			l.Replied(at("09:10"))
			l.Asked(waiting, responded(lifecycle.Open), at("09:20"))
			l.Moved(lifecycle.InProgress, at("09:30"))
		}, "first_response/1 met fulfilled 09:10, next_response/1 paused, resolution/1 running 13:00"},
		"due by hand": {
			allTargets(), func(l *sla.Ledger) { l.SetDue(allTargets(), unanswered(lifecycle.Open), at("17:00"), at("09:30")) },
			"first_response/1 running 17:00, resolution/1 running 13:00",
		},
		"recompute keeps due by hand": {allTargets(), func(l *sla.Ledger) {
			l.SetDue(allTargets(), unanswered(lifecycle.Open), at("17:00"), at("09:30"))
			l.Recompute(other, unanswered(lifecycle.Open), at("09:40"))
		}, "first_response/1 running 17:00, resolution/1 running 17:00"},
		"recompute without targets keeps due by hand": {allTargets(), func(l *sla.Ledger) {
			l.SetDue(allTargets(), unanswered(lifecycle.Open), at("17:00"), at("09:30"))
			l.Recompute(sla.Terms{}, unanswered(lifecycle.Open), at("09:40"))
		}, "first_response/1 running 17:00, resolution/1 cancelled"},
		"pause does not move due by hand": {allTargets(), func(l *sla.Ledger) {
			l.SetDue(allTargets(), unanswered(lifecycle.Open), at("17:00"), at("09:30"))
			l.Moved(lifecycle.Pending, at("10:00"))
			l.Moved(lifecycle.Open, at("12:00"))
		}, "first_response/1 running 17:00, resolution/1 running 15:00"},
		"due by hand in the past breaches at once": {
			allTargets(), func(l *sla.Ledger) { l.SetDue(allTargets(), unanswered(lifecycle.Open), at("09:15"), at("09:30")) },
			"first_response/1 breached 09:30, resolution/1 running 13:00",
		},
		"unset due by hand": {allTargets(), func(l *sla.Ledger) {
			l.SetDue(allTargets(), unanswered(lifecycle.Open), at("17:00"), at("09:30"))
			l.UnsetDue(allTargets(), at("09:40"))
		}, "first_response/1 running 10:00, resolution/1 running 13:00"},
		"due by hand without a target starts a clock": {sla.Terms{PauseTypes: []lifecycle.StatusType{lifecycle.Pending}}, func(l *sla.Ledger) {
			l.SetDue(sla.Terms{}, unanswered(lifecycle.Open), at("17:00"), at("09:30"))
		}, "first_response/1 running 17:00"},
		"unset due by hand without a target cancels the clock": {sla.Terms{}, func(l *sla.Ledger) {
			l.SetDue(sla.Terms{}, unanswered(lifecycle.Open), at("17:00"), at("09:30"))
			l.UnsetDue(sla.Terms{}, at("09:40"))
		}, "first_response/1 cancelled"},
		"due by hand after the first response is ignored": {allTargets(), func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.SetDue(allTargets(), responded(lifecycle.Open), at("17:00"), at("09:30"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 running 13:00"},
		"event of a machine whose clock is behind does not go back in time": {allTargets(), func(l *sla.Ledger) {
			l.Moved(lifecycle.Pending, at("09:30"))
			l.Moved(lifecycle.Open, at("09:28"))
		}, "first_response/1 running 10:00, resolution/1 running 13:00"},
		"reopened as pending: paused": {allTargets(), func(l *sla.Ledger) {
			l.Resolved(at("09:30"))
			l.Reopened(allTargets(), responded(lifecycle.Pending), at("15:00"))
			l.Moved(lifecycle.Open, at("16:00"))
		}, "first_response/1 met fulfilled 09:30, resolution/1 running 19:30"},
		"recompute keeps start and pauses": {allTargets(), func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.Moved(lifecycle.Pending, at("09:30"))
			l.Moved(lifecycle.Open, at("10:30"))
			l.Recompute(other, responded(lifecycle.Open), at("10:40"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 running 18:00"},
		"recompute breaches now if the new target is past": {
			allTargets(), func(l *sla.Ledger) { l.Recompute(other, unanswered(lifecycle.Open), at("09:45")) },
			"first_response/1 breached 09:45, resolution/1 running 17:00",
		},
		"recompute counts the past by the new calendar": {allTargets(), func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.Recompute(inHours, responded(lifecycle.Open), at("12:59"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 running 10:00"},
		"target dropped and promised again: new clock with old start and pauses": {allTargets(), func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.Moved(lifecycle.Pending, at("09:30"))
			l.Moved(lifecycle.Open, at("10:00"))
			l.Recompute(responseOnly, responded(lifecycle.Open), at("10:10"))
			l.Moved(lifecycle.Pending, at("10:20"))
			l.Moved(lifecycle.Open, at("10:40"))
			l.Recompute(allTargets(), withPeriods("open 09:00", "pending 09:30", "open 10:00", "pending 10:20", "open 10:40"), at("11:00"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 cancelled, resolution/2 running 13:50"},
		"new target starts in the past with the pauses of the ticket": {responseOnly, func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.Recompute(allTargets(), withPeriods("open 09:00", "pending 09:30", "open 10:00"), at("11:00"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 running 13:30"},
		"new target starts in the past, paused while the ticket is pending": {responseOnly, func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			l.Recompute(allTargets(), withPeriods("open 09:00", "pending 09:30"), at("15:00"))
			l.Moved(lifecycle.Open, at("15:00"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 running 18:30"},
		"retarget starts a new target even if all clocks are met": {responseOnly, func(l *sla.Ledger) {
			l.Replied(at("09:10"))
			terms := allTargets()
			terms.PolicyID = "other"
			l.Retarget(terms, responded(lifecycle.Open), at("09:20"))
		}, "first_response/1 met fulfilled 09:10, resolution/1 running 13:00"},
		"due by hand set during a pause moves the warning": {allTargets(), func(l *sla.Ledger) {
			l.Moved(lifecycle.Pending, at("09:30"))
			l.SetDue(allTargets(), unanswered(lifecycle.Pending), at("19:00"), at("10:00"))
			l.Moved(lifecycle.Open, at("10:00"))
			l.RecordDue(at("10:01"))
			if c := l.Clocks()[0]; !c.WarnedAt.IsZero() || c.Target != 9*time.Hour+30*time.Minute {
				panic(fmt.Sprintf("warned at %s of %s", c.WarnedAt, c.Target))
			}
		}, "first_response/1 running 19:00, resolution/1 running 13:30"},
		"target promised again does not count the time in which it was met": {allTargets(), func(l *sla.Ledger) {
			l.Resolved(at("09:30"))
			l.Reopened(allTargets(), responded(lifecycle.Open), at("10:00"))
			l.Recompute(responseOnly, responded(lifecycle.Open), at("10:10"))
			l.Recompute(allTargets(), withPeriods("open 09:00", "resolved 09:30", "open 10:00"), at("11:00"))
		}, "first_response/1 met fulfilled 09:30, resolution/1 cancelled, resolution/2 running 13:30"},
		"recompute cancels dropped targets and starts new ones": {
			responseOnly, func(l *sla.Ledger) { l.Recompute(inHours, unanswered(lifecycle.Open), at("09:30")) },
			"first_response/1 cancelled, resolution/1 running 10:00",
		},
		"recompute by the same terms changes nothing": {
			allTargets(), func(l *sla.Ledger) { l.Recompute(allTargets(), unanswered(lifecycle.Open), at("09:30")) },
			"first_response/1 running 10:00, resolution/1 running 13:00",
		},
		"no targets: no clocks": {sla.Terms{}, func(l *sla.Ledger) {
			l.Replied(at("09:30"))
			l.Asked(sla.Terms{}, responded(lifecycle.Open), at("09:40"))
			l.Resolved(at("10:00"))
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := opened(c.terms)
			c.do(l)
			if got := describe(l); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestNextDueIsTheEarliestOfTheRunningClocks(t *testing.T) {
	l := opened(allTargets())
	if due := l.NextDue(); !due.Equal(at("10:00")) {
		t.Errorf("after opening: %s", due)
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

func TestWarningAfterItsPercentageOfTheTime(t *testing.T) {
	l := opened(allTargets())
	l.Moved(lifecycle.Pending, at("09:30"))
	l.Moved(lifecycle.Open, at("10:30"))
	c := l.Clocks()[0]
	if got := c.WarnAt(schedules(c.CalendarID)); !got.Equal(at("10:48")) {
		t.Errorf("warning at %s", got)
	}
	if next := l.NextAt(); !next.Equal(at("10:48")) {
		t.Errorf("next %s", next)
	}
	for range 2 { // the second time must not warn again
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

func TestLateAlarmsAreRecordedInTheOrderOfTheirTimes(t *testing.T) {
	terms := allTargets()
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

func TestNoWarningAfterTheDueTime(t *testing.T) {
	terms := allTargets()
	terms.Targets[0].CalendarID = "office"
	l := opened(terms)
	l.SetDue(terms, unanswered(lifecycle.Open), at("17:30"), at("09:10")) // after office hours
	terms.Targets[0].CalendarID = "247"
	l.Recompute(terms, unanswered(lifecycle.Open), at("09:20"))
	l.Moved(lifecycle.Pending, at("09:30"))
	l.Moved(lifecycle.Open, at("17:00"))
	if c := l.Clocks()[0]; !c.WarnAt(schedules(c.CalendarID)).IsZero() {
		t.Errorf("warning at %s, due at %s", c.WarnAt(schedules(c.CalendarID)), c.DueAt(schedules(c.CalendarID)))
	}
	l.RecordDue(at("23:00"))
	if c := l.Clocks()[0]; !c.WarnedAt.IsZero() || !c.BreachedAt.Equal(at("17:30")) {
		t.Errorf("warned at %s, breached at %s", c.WarnedAt, c.BreachedAt)
	}
}

func TestExplainCoversTheWholeTimeOfAClock(t *testing.T) {
	terms := allTargets()
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
		t.Errorf("elapsed %v", used)
	}
}

func TestExplainShowsTheTimeUntilReopening(t *testing.T) {
	for reason, end := range map[string]func(*sla.Ledger){
		"resolved":  func(l *sla.Ledger) { l.Resolved(at("10:00")) },
		"cancelled": func(l *sla.Ledger) { l.Cancelled(at("10:00")) },
	} {
		l := opened(allTargets())
		end(l)
		l.Reopened(allTargets(), responded(lifecycle.Open), at("12:00"))
		c := l.Clocks()[1]
		var got []string
		for _, x := range c.Explain(schedules(c.CalendarID), at("13:00")) {
			got = append(got, fmt.Sprintf("%s-%s %v %s", x.From.Format("15:04"), x.To.Format("15:04"), x.Counts, x.Reason))
		}
		want := []string{"09:00-10:00 true business hours", "10:00-12:00 false paused: " + reason, "12:00-13:00 true business hours"}
		if !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	}
}

// Ledgers of earlier releases do not tell why a clock was cancelled; the status periods do.
func TestReopeningByALedgerOfAnEarlierRelease(t *testing.T) {
	l := opened(allTargets())
	l.Recompute(sla.Terms{Targets: allTargets().Targets[:1]}, unanswered(lifecycle.Open), at("09:20"))
	l.Cancelled(at("09:30"))
	events := l.Events()
	for i := range events {
		if events[i].Kind == sla.Cancelled {
			events[i].Reason = ""
		}
	}
	old := sla.NewLedger(events, schedules)
	is := withPeriods("open 09:00", "cancelled 09:30", "open 15:00")
	is.Responded = false
	old.Reopened(allTargets(), is, at("15:00"))
	old.Retarget(allTargets(), is, at("15:00"))
	want := "first_response/1 running 15:30, resolution/1 cancelled, resolution/2 running 18:30"
	if got := describe(old); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// randomTicket is the ledger of a ticket to which random things happen.
type randomTicket struct {
	*sla.Ledger
	terms   sla.Terms
	now     time.Time
	pending bool
}

func newRandomTicket() *randomTicket {
	return &randomTicket{opened(allTargets()), allTargets(), at("09:00"), false}
}

// step lets a random time pass and does a random thing.
func (x *randomTicket) step(t *rapid.T) {
	x.now = x.now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "minutes")) * time.Minute)
	switch rapid.IntRange(0, 12).Draw(t, "step") {
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
		x.SetDue(x.terms, unanswered(lifecycle.Open), x.now.Add(time.Duration(rapid.IntRange(-300, 300).Draw(t, "due"))*time.Minute), x.now)
	case 9:
		x.UnsetDue(x.terms, x.now)
	case 10:
		x.terms.PolicyID = domain.ID(rapid.SampledFrom([]string{"", "gold"}).Draw(t, "policy"))
		x.Retarget(x.terms, responded(lifecycle.Open), x.now)
	case 11, 12:
		if all := x.Clocks(); len(all) > 0 {
			c := rapid.SampledFrom(all).Draw(t, "clock") // if it is not breached, nothing happens
			_ = x.Void(sla.Void{Metric: c.Metric, Cycle: c.Cycle, Reason: "a mistake", Cause: sla.VoidRequested}, x.now)
		}
	}
}

// Whatever happens to a ticket, its ledger is append-only, and reading it again returns the same clocks.
func TestLedgerIsAppendOnlyAndRestoredFromItsEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newRandomTicket()
		breached := map[string]time.Time{}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			before := l.Added()
			l.step(t)
			after := l.Added()
			if len(after) < len(before) || !cmp.Equal(after[:len(before)], before) {
				t.Fatalf("the ledger was changed from\n%v\nto\n%v", before, after)
			}
			for _, c := range l.Clocks() {
				key := fmt.Sprint(c.Metric, c.Cycle)
				if was, ok := breached[key]; ok && !c.BreachedAt.Equal(was) && c.VoidedAt.IsZero() {
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
		if describe(again) != describe(l.Ledger) || len(again.Added()) != 0 {
			t.Fatalf("restored: %s\nwas: %s", describe(again), describe(l.Ledger))
		}
	})
}

// An unknown status type is a bug, which a clock that runs on would hide.
func TestUnknownStatusTypePanics(t *testing.T) {
	for name, do := range map[string]func(*sla.Ledger){
		"move": func(l *sla.Ledger) { l.Moved("pendng", at("09:30")) },
		"reopening": func(l *sla.Ledger) {
			l.Resolved(at("09:20"))
			l.Reopened(allTargets(), responded("pendng"), at("09:30"))
		},
		"recompute": func(l *sla.Ledger) { l.Recompute(allTargets(), responded("pendng"), at("09:30")) },
		"status period": func(l *sla.Ledger) {
			l.Cancelled(at("09:20"))
			l.Recompute(allTargets(), withPeriods("pendng 09:00"), at("09:30"))
		},
		"opening, other spelling": func(l *sla.Ledger) {
			*l = *sla.NewLedger(nil, schedules)
			l.Begin(allTargets(), unanswered("Open"), at("09:00"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := opened(allTargets())
			defer func() {
				if recover() == nil {
					t.Errorf("no panic: %s", describe(l))
				}
			}()
			do(l)
		})
	}
}

func TestRemovedStatusPausesNoClock(t *testing.T) {
	l := opened(sla.Terms{})
	gone := withPeriods("open 09:00", "resolved 09:30", "open 10:00")
	gone.Periods[1].Status = ""
	l.Recompute(allTargets(), gone, at("11:00"))
	if got, want := describe(l), "resolution/1 running 13:00"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
