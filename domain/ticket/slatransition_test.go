package ticket

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
)

// promised is a ticket with the ledger of its clocks, which lives as the application lets it live.
type promised struct {
	View
	t      *testing.T
	events []sla.Event
	terms  func(View) sla.Terms
}

// byHours promises what the priority does.
func byHours(v View) sla.Terms {
	hours := map[domain.ID]int{medium.ID: medium.SLAHours, high.ID: high.SLAHours}
	return sla.TermsFor(nil, v.PriorityID, v.MenuID, hours[v.PriorityID])
}

// byPolicy promises an hour for each response and four for the resolution.
func byPolicy(View) sla.Terms {
	t := sla.Terms{PolicyID: "policy", PauseTypes: []StatusType{Pending}, OnReopen: sla.ReopenResumes}
	for m, minutes := range map[sla.Metric]int{sla.FirstResponse: 60, sla.NextResponse: 60, sla.Resolution: 240} {
		t.Targets = append(t.Targets, sla.Target{Metric: m, Minutes: minutes, CalendarID: sla.AlwaysOpenVersion, WarnPercent: 80})
	}
	return t
}

func promise(t *testing.T, terms func(View) sla.Terms) *promised {
	return promiseTo(t, terms, Open, Patch{})
}

func promiseTo(t *testing.T, terms func(View) sla.Terms, typ StatusType, c Patch) *promised {
	t.Helper()
	c.Title, c.Description = draft().Title, draft().Description
	p := &promised{t: t, terms: terms}
	p.course(SLATransition{Is: opened(t, c, Found{Status: status(typ), Priority: &medium}, person)}, noon)
	return p
}

func (p *promised) course(c SLATransition, now time.Time) {
	p.View = c.Is
	if !c.Touches() {
		return
	}
	var terms sla.Terms
	if c.NeedsTerms() {
		terms = p.terms(c.Is)
	}
	l := sla.NewLedger(p.events, func(domain.ID) *sla.Schedule { return sla.AlwaysOpenSchedule() })
	p.View = c.Apply(l, terms, now)
	p.events = append(p.events, l.Added()...)
}

func (p *promised) change(c Patch, found Found, now time.Time) {
	p.t.Helper()
	was, v := p.View, p.View
	apply(p.t, &v, c, found, now)
	p.course(SLATransition{Was: was, Is: v}, now)
}

func (p *promised) become(t StatusType, now time.Time) {
	p.t.Helper()
	p.change(Patch{StatusID: domain.Some("s")}, Found{Status: status(t)}, now)
}

func (p *promised) say(d CommentDraft, found Found, actor access.Actor, now time.Time) {
	p.t.Helper()
	was, v := p.View, p.View
	c := written(p.t, &v, d, found, actor, now)
	p.course(SLATransition{Was: was, Is: v, Effect: c.ClockEffect(was.Ticket, actor)}, now)
}

func (p *promised) pass(now time.Time) (remind bool) {
	l, was := sla.NewLedger(p.events, func(domain.ID) *sla.Schedule { return sla.AlwaysOpenSchedule() }), p.Ticket
	remind = p.Advance(l, now)
	was.CopyTimeDerived(p.Ticket)
	if diff := cmp.Diff(was, p.Ticket); diff != "" {
		p.t.Errorf("time changes what TakePassing leaves, -, to +:\n%s", diff)
	}
	p.events = append(p.events, l.Added()...)
	return remind
}

// clocks says where every clock stands, in minutes after noon.
func (p *promised) clocks() string {
	var out []string
	for _, c := range sla.Replay(p.events) {
		text := fmt.Sprintf("%s/%d %s", c.Metric, c.Cycle, c.State())
		if due := c.DueAt(sla.AlwaysOpenSchedule()); !due.IsZero() {
			text += fmt.Sprintf(" %d", int(due.Sub(noon).Minutes()))
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

func minute(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }

var requester = person

func TestWhatAChangeDoesToTheClocks(t *testing.T) {
	for name, tc := range map[string]struct {
		terms func(View) sla.Terms
		then  func(*promised)
		want  string
	}{
		"opening promises": {
			byPolicy, func(*promised) {}, "first_response/1 running 60, resolution/1 running 240",
		},
		"opening without a policy promises an answer": {
			byHours, func(*promised) {}, "first_response/1 running 1440",
		},
		"the desk answers": {
			byPolicy, func(p *promised) { p.say(saying("x"), Found{}, agent, minute(10)) }, "first_response/1 met, resolution/1 running 240",
		},
		"the desk notes something": {
			byPolicy, func(p *promised) { p.say(note("x"), Found{}, agent, minute(10)) }, "first_response/1 running 60, resolution/1 running 240",
		},
		"the requester insists": {
			byPolicy, func(p *promised) { p.say(saying("x"), Found{}, requester, minute(10)) },
			"first_response/1 running 60, resolution/1 running 240",
		},
		"the requester asks again": {byPolicy, func(p *promised) {
			p.say(saying("x"), Found{}, agent, minute(10))
			p.say(saying("y"), Found{}, requester, minute(20))
		}, "first_response/1 met, next_response/1 running 80, resolution/1 running 240"},
		"the desk answers late": {
			byPolicy, func(p *promised) { p.say(saying("x"), Found{}, agent, minute(70)) },
			"first_response/1 breached 60, resolution/1 running 240",
		},
		"the requester asks on what is resolved": {byPolicy, func(p *promised) {
			p.become(Resolved, minute(10))
			p.say(saying("y"), Found{}, requester, minute(20))
		}, "first_response/1 met, resolution/1 met"},
		"an answer that also resolves": {
			byPolicy, func(p *promised) { p.say(saying("x"), Found{Status: status(Resolved)}, agent, minute(10)) },
			"first_response/1 met, resolution/1 met",
		},
		"a late answer that also waits": {
			byPolicy, func(p *promised) { p.say(saying("x"), Found{Status: status(Pending)}, agent, minute(70)) },
			"first_response/1 breached 60, resolution/1 paused",
		},
		"waiting": {byPolicy, func(p *promised) { p.become(Pending, minute(10)) }, "first_response/1 paused, resolution/1 paused"},
		"going on": {
			byPolicy, func(p *promised) { p.become(Pending, minute(10)); p.become(InProgress, minute(40)) },
			"first_response/1 running 90, resolution/1 running 270",
		},
		"cancelling": {byPolicy, func(p *promised) { p.become(Cancelled, minute(10)) }, "first_response/1 cancelled, resolution/1 cancelled"},
		"closing": {
			byPolicy, func(p *promised) { p.become(Resolved, minute(10)); p.become(Closed, minute(20)) }, "first_response/1 met, resolution/1 met",
		},
		"reopening": {
			byPolicy, func(p *promised) { p.become(Closed, minute(10)); p.become(Open, minute(110)) },
			"first_response/1 met, resolution/1 running 340",
		},
		"reopening what was cancelled": {
			byPolicy, func(p *promised) { p.become(Cancelled, minute(10)); p.become(Open, minute(110)) },
			"first_response/1 cancelled, first_response/2 running 170, resolution/1 cancelled, resolution/2 running 350",
		},
		"reopening what was closed and then cancelled": {
			byPolicy, func(p *promised) {
				p.become(Resolved, minute(10))
				p.become(Cancelled, minute(20))
				p.become(Open, minute(110))
			},
			"first_response/1 met, resolution/1 running 340",
		},
		"another priority": {
			byHours, func(p *promised) { p.change(Patch{PriorityID: domain.Some("p")}, Found{Priority: &high}, minute(10)) },
			"first_response/1 running 480",
		},
		"another priority while it waits": {byHours, func(p *promised) {
			p.become(Pending, minute(10))
			p.change(Patch{PriorityID: domain.Some("p")}, Found{Priority: &high}, minute(20))
			p.become(Open, minute(30))
		}, "first_response/1 running 500"},
		"another priority that is past": {
			byHours, func(p *promised) { p.change(Patch{PriorityID: domain.Some("p")}, Found{Priority: &high}, minute(500)) },
			"first_response/1 breached 500",
		},
		"another priority that promises nothing": {
			byHours, func(p *promised) { p.change(Patch{PriorityID: domain.Some("p")}, Found{Priority: &free}, minute(10)) },
			"first_response/1 cancelled",
		},
		"another priority while it is resolved": {byHours, func(p *promised) {
			p.become(Cancelled, minute(10))
			p.change(Patch{StatusID: domain.Some("s")}, Found{Status: status(Open)}, minute(20))
			p.change(Patch{PriorityID: domain.Some("p")}, Found{Priority: &high}, minute(30))
		}, "first_response/1 cancelled, first_response/2 running 500"},
		"a due time by hand": {
			byPolicy, func(p *promised) { p.change(Patch{SLADueDate: domain.Some(minute(100))}, Found{}, minute(10)) },
			"first_response/1 running 100, resolution/1 running 240",
		},
		"a due time that is past": {
			byPolicy, func(p *promised) { p.change(Patch{SLADueDate: domain.Some(minute(-60))}, Found{}, minute(10)) },
			"first_response/1 breached 10, resolution/1 running 240",
		},
		"a due time given back": {byPolicy, func(p *promised) {
			p.change(Patch{SLADueDate: domain.Some(minute(100))}, Found{}, minute(10))
			p.change(Patch{SLADueDate: domain.Null[time.Time]()}, Found{}, minute(20))
		}, "first_response/1 running 60, resolution/1 running 240"},
		"a due time moved": {byPolicy, func(p *promised) {
			p.change(Patch{SLADueDate: domain.Some(minute(100))}, Found{}, minute(10))
			p.change(Patch{SLADueDate: domain.Some(minute(200))}, Found{}, minute(20))
		}, "first_response/1 running 200, resolution/1 running 240"},
		"another title": {
			byPolicy, func(p *promised) { p.change(Patch{Title: domain.Some("y")}, Found{}, minute(47)) },
			"first_response/1 running 60, resolution/1 running 240",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := promise(t, tc.terms)
			tc.then(p)
			if got := p.clocks(); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			if due := firstDue(p.events); !p.SLAByHand && !p.SLADueDate.Equal(due) {
				t.Errorf("the ticket is due at %v, its clocks at %v", p.SLADueDate, due)
			}
			if breached := slices.ContainsFunc(p.events, func(e sla.Event) bool { return e.Kind == sla.Breached }); p.SLABreached != breached {
				t.Errorf("the ticket is breached: %v, its clocks: %v", p.SLABreached, breached)
			}
		})
	}
}

func firstDue(events []sla.Event) (due time.Time) {
	for _, c := range sla.Replay(events) {
		if at := c.DueAt(sla.AlwaysOpenSchedule()); (c.State() == sla.StateRunning ||
			c.State() == sla.StateBreached && c.FulfilledAt.IsZero() && c.PausedAt.IsZero()) && (due.IsZero() || at.Before(due)) {
			due = at
		}
	}
	return due
}

func TestADueTimeThatWasSetByHandIsShownWhileItHolds(t *testing.T) {
	byHand := func(p *promised, at, now int) {
		p.change(Patch{SLADueDate: domain.Some(minute(at))}, Found{}, minute(now))
	}
	for name, tc := range map[string]struct {
		then   func(*promised)
		due    int // minutes after noon; 0: never
		byHand bool
	}{
		"while the first response is owed": {func(p *promised) { byHand(p, 100, 10) }, 100, true},
		"except what is due before":        {func(p *promised) { byHand(p, 500, 10) }, 240, true},
		"while the ticket waits":           {func(p *promised) { byHand(p, 100, 10); p.become(Pending, minute(20)) }, 100, true},
		"not after the first response": {
			func(p *promised) { byHand(p, 100, 10); p.say(saying("x"), Found{}, agent, minute(20)) }, 240, false,
		},
		"as before, when it is taken up again": {
			func(p *promised) { byHand(p, 300, 10); p.become(Cancelled, minute(20)); p.become(Open, minute(30)) }, 270, true,
		},
		"and is late, when it is taken up late": {
			func(p *promised) { byHand(p, 25, 10); p.become(Cancelled, minute(20)); p.become(Open, minute(30)) }, 25, true,
		},
		"where nothing else is promised any more": {func(p *promised) {
			p.say(saying("x"), Found{}, agent, minute(10))
			p.become(Resolved, minute(20))
			byHand(p, 100, 30)
		}, 100, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := promise(t, byPolicy)
			tc.then(p)
			if !p.SLADueDate.Equal(minute(tc.due)) || p.SLAByHand != tc.byHand {
				t.Errorf("due %v, by hand %v; clocks %s", p.SLADueDate, p.SLAByHand, p.clocks())
			}
		})
	}
	v := fresh(t)
	for _, far := range []time.Duration{60 * 365 * 24 * time.Hour, -60 * 365 * 24 * time.Hour} {
		err := try(&v, Patch{SLADueDate: domain.Some(noon.Add(far))}, Found{}, noon)
		if got := problems(t, err); got != "slaDueDate: SLA due date must be within fifty years." {
			t.Error(got)
		}
	}
}

func TestATicketMayBeOpenedInAnyStatusAndWithADueTime(t *testing.T) {
	for typ, want := range map[StatusType]string{
		Open:      "first_response/1 running 60, resolution/1 running 240",
		Pending:   "first_response/1 paused, resolution/1 paused",
		Resolved:  "first_response/1 met, resolution/1 met",
		Closed:    "first_response/1 met, resolution/1 met",
		Cancelled: "first_response/1 cancelled, resolution/1 cancelled",
	} {
		if got := promiseTo(t, byPolicy, typ, Patch{}).clocks(); got != want {
			t.Errorf("%s: %s, want %s", typ, got, want)
		}
	}
	p := promiseTo(t, byPolicy, Open, Patch{SLADueDate: domain.Some(minute(90))})
	if got := p.clocks(); got != "first_response/1 running 90, resolution/1 running 240" || !p.SLADueDate.Equal(minute(90)) {
		t.Errorf("%s, due %v", got, p.SLADueDate)
	}
}

func TestABreachIsRecordedOnceAndForEverAndEscalates(t *testing.T) {
	escalates := func(v View) sla.Terms {
		terms := byPolicy(v)
		terms.Escalate = true
		return terms
	}
	for name, terms := range map[string]func(View) sla.Terms{"escalates": escalates, "does not escalate": byPolicy} {
		p := promise(t, terms)
		if p.pass(minute(59)); p.SLABreached || p.Urgency != UrgencyDueSoon || !p.UrgencyUntil.Equal(minute(60)) {
			t.Fatalf("%s: before it is due: %+v", name, p.Ticket)
		}
		p.pass(minute(62))
		if !p.SLABreached || !p.SLABreachedAt.Equal(minute(62)) || !p.UpdatedAt.Equal(minute(62)) || p.Urgency != UrgencyBreached ||
			p.IsEscalated != (name == "escalates") {
			t.Errorf("%s: %+v", name, p.Ticket)
		}
		if at := p.UrgencyAt(minute(61)); at == UrgencyBreached {
			t.Errorf("%s: the breach counts before it was recorded", name)
		}
		p.change(Patch{IsEscalated: domain.Some(false)}, Found{}, minute(63))
		p.pass(minute(64))
		p.become(Resolved, minute(65))
		if !p.SLABreached || p.IsEscalated || p.UpdatedAt.After(minute(65)) {
			t.Errorf("%s: resolved: %+v", name, p.Ticket)
		}
	}
}

func TestTheSweepComesBackForEachWarningAndBreach(t *testing.T) {
	p := promise(t, byPolicy)
	for _, at := range []int{48, 60, 192, 240} { // four fifths of an hour, an hour, and so of four hours
		if !p.SLANextAt.Equal(minute(at)) || p.UrgencyUntil.After(minute(at)) {
			t.Fatalf("next at %v, swept at %v, want %v", p.SLANextAt, p.UrgencyUntil, minute(at))
		}
		was := p.UpdatedAt
		p.pass(minute(at))
		if breach := at == 60 || at == 240; !breach && !p.UpdatedAt.Equal(was) {
			t.Errorf("a warning at %d has changed the ticket", at)
		}
	}
	if !p.SLANextAt.IsZero() || !p.SLADueDate.Equal(minute(60)) {
		t.Errorf("after the last breach: next at %v, due %v", p.SLANextAt, p.SLADueDate)
	}
}

func TestPeopleAreRemindedOnceOfADueDateThatApproaches(t *testing.T) {
	due := noon.Add(48 * time.Hour)
	p := promiseTo(t, byHours, Open, Patch{DueDate: domain.Some(due)})
	if p.pass(due.Add(-25 * time.Hour)); !p.DueReminded.IsZero() || p.UrgencyUntil.After(due.Add(-24*time.Hour)) {
		t.Errorf("reminded of %v, swept at %v", p.DueReminded, p.UrgencyUntil)
	}
	if !p.pass(due.Add(-24*time.Hour)) || p.pass(due.Add(-23*time.Hour)) {
		t.Error("people are not reminded exactly once")
	}
	moved := due.Add(72 * time.Hour)
	p.change(Patch{DueDate: domain.Some(moved)}, Found{}, due)
	if p.pass(moved.Add(-25*time.Hour)) || !p.pass(moved.Add(-20*time.Hour)) {
		t.Error("people are not reminded of another due date")
	}
	for name, p := range map[string]*promised{
		"resolved":        promiseTo(t, byHours, Resolved, Patch{DueDate: domain.Some(due)}),
		"past, unnoticed": promiseTo(t, byHours, Open, Patch{DueDate: domain.Some(due)}),
		"without one":     promise(t, byHours),
	} {
		at := due.Add(-time.Hour)
		if name == "past, unnoticed" {
			at = due
		}
		if p.pass(at) {
			t.Errorf("%s: people are reminded", name)
		}
		if p.UrgencyUntil.Equal(at) {
			t.Errorf("%s: the sweep would come back for ever", name)
		}
	}
}

func TestWhatWasPromisedStaysWhenThePrioritysHoursChange(t *testing.T) {
	p := promise(t, byHours)
	p.terms = func(v View) sla.Terms { return sla.TermsFor(nil, v.PriorityID, v.MenuID, 1) }
	p.change(Patch{Title: domain.Some("New"), PriorityID: domain.Some("p")}, Found{Priority: &medium}, minute(120))
	p.become(InProgress, minute(130))
	if got := p.clocks(); got != "first_response/1 running 1440" {
		t.Error(got)
	}
}

func TestARecomputationAppliesWhatIsPromisedToday(t *testing.T) {
	p := promise(t, byHours)
	l := sla.NewLedger(p.events, func(domain.ID) *sla.Schedule { return sla.AlwaysOpenSchedule() })
	p.Recompute(l, byPolicy(p.View), nil, minute(10))
	p.events = append(p.events, l.Added()...)
	if got := p.clocks(); got != "first_response/1 running 60, resolution/1 running 240" || !p.SLADueDate.Equal(minute(60)) {
		t.Errorf("%s, due %v", got, p.SLADueDate)
	}
}

// What was late before it is promised otherwise escalates by what was promised then, whether or not that was noticed before.
func TestABreachEscalatesByWhatWasPromisedWhenItCame(t *testing.T) {
	for _, escalates := range []bool{true, false} {
		terms := func(v View) sla.Terms {
			x := byPolicy(v)
			x.Escalate = escalates
			return x
		}
		p := promise(t, terms)
		today := terms(p.View)
		today.Escalate = !escalates
		l := sla.NewLedger(p.events, func(domain.ID) *sla.Schedule { return sla.AlwaysOpenSchedule() })
		p.Recompute(l, today, nil, noon.Add(90*time.Minute))
		if !p.SLABreached || p.IsEscalated != escalates {
			t.Errorf("breached %t, escalated %t, want %t", p.SLABreached, p.IsEscalated, escalates)
		}
	}
}
