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

// tracked is a ticket with its ledger, to which changes are applied as the application applies them.
type tracked struct {
	View
	t      *testing.T
	events []sla.Event
	terms  func(View) sla.Terms
}

// byHours returns the terms of the priority's hours.
func byHours(v View) sla.Terms {
	hours := map[domain.ID]int{medium.ID: medium.SLAHours, high.ID: high.SLAHours}
	return sla.TermsFor(nil, v.PriorityID, v.MenuID, hours[v.PriorityID])
}

// byPolicy returns terms of one hour for each response and four for the resolution.
func byPolicy(View) sla.Terms {
	t := sla.Terms{PolicyID: "policy", PauseTypes: []StatusType{Pending}, OnReopen: sla.ReopenResumes}
	for m, minutes := range map[sla.Metric]int{sla.FirstResponse: 60, sla.NextResponse: 60, sla.Resolution: 240} {
		t.Targets = append(t.Targets, sla.Target{Metric: m, Minutes: minutes, CalendarID: sla.AlwaysOpenVersion, WarnPercent: 80})
	}
	return t
}

// track opens a ticket at noon.
func track(t *testing.T, terms func(View) sla.Terms) *tracked {
	return trackNew(t, terms, Open, Patch{})
}

// trackNew opens a ticket at noon in a status of a type.
func trackNew(t *testing.T, terms func(View) sla.Terms, typ StatusType, c Patch) *tracked {
	t.Helper()
	c.Title, c.Description = draft().Title, draft().Description
	p := &tracked{t: t, terms: terms}
	p.transition(SLATransition{Is: opened(t, c, Found{Status: status(typ), Priority: &medium}, requester)}, noon)
	return p
}

func (p *tracked) transition(c SLATransition, now time.Time) {
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

func (p *tracked) change(c Patch, found Found, now time.Time) {
	p.t.Helper()
	was, v := p.View, p.View
	apply(p.t, &v, c, found, now)
	p.transition(SLATransition{Was: was, Is: v}, now)
}

func (p *tracked) setStatus(t StatusType, now time.Time) {
	p.t.Helper()
	p.change(Patch{StatusID: domain.Some("s")}, Found{Status: status(t)}, now)
}

func (p *tracked) comment(d CommentDraft, found Found, actor access.Actor, now time.Time) {
	p.t.Helper()
	was, v := p.View, p.View
	c := addComment(p.t, &v, d, found, actor, now)
	p.transition(SLATransition{Was: was, Is: v, Effect: c.ClockEffect(was.Ticket, actor)}, now)
}

// advance lets time pass until now.
func (p *tracked) advance(now time.Time) (told Reminders) {
	l, was := sla.NewLedger(p.events, func(domain.ID) *sla.Schedule { return sla.AlwaysOpenSchedule() }), p.Ticket
	told = p.Advance(l, now)
	was.CopyTimeDerived(p.Ticket)
	if diff := cmp.Diff(was, p.Ticket); diff != "" {
		p.t.Errorf("Advance changes a field that CopyTimeDerived does not copy (copied -, advanced +):\n%s", diff)
	}
	p.events = append(p.events, l.Added()...)
	return told
}

// clocks returns the state of every clock, with its due time in minutes after noon.
func (p *tracked) clocks() string {
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

func TestChangesOfATicketAndItsClocks(t *testing.T) {
	for name, tc := range map[string]struct {
		terms func(View) sla.Terms
		do    func(*tracked)
		want  string
	}{
		"opening": {
			byPolicy, func(*tracked) {}, "first_response/1 running 60, resolution/1 running 240",
		},
		"opening, no policy": {
			byHours, func(*tracked) {}, "first_response/1 running 1440",
		},
		"answer": {
			byPolicy, func(p *tracked) { p.comment(publicDraft("x"), Found{}, agent, minute(10)) }, "first_response/1 met, resolution/1 running 240",
		},
		"internal note": {
			byPolicy, func(p *tracked) { p.comment(noteDraft("x"), Found{}, agent, minute(10)) },
			"first_response/1 running 60, resolution/1 running 240",
		},
		"question before the first response": {
			byPolicy, func(p *tracked) { p.comment(publicDraft("x"), Found{}, requester, minute(10)) },
			"first_response/1 running 60, resolution/1 running 240",
		},
		"question after the first response": {byPolicy, func(p *tracked) {
			p.comment(publicDraft("x"), Found{}, agent, minute(10))
			p.comment(publicDraft("y"), Found{}, requester, minute(20))
		}, "first_response/1 met, next_response/1 running 80, resolution/1 running 240"},
		"late answer": {
			byPolicy, func(p *tracked) { p.comment(publicDraft("x"), Found{}, agent, minute(70)) },
			"first_response/1 breached 60, resolution/1 running 240",
		},
		"question on a resolved ticket": {byPolicy, func(p *tracked) {
			p.setStatus(Resolved, minute(10))
			p.comment(publicDraft("y"), Found{}, requester, minute(20))
		}, "first_response/1 met, resolution/1 met"},
		"answer that resolves": {
			byPolicy, func(p *tracked) { p.comment(publicDraft("x"), Found{Status: status(Resolved)}, agent, minute(10)) },
			"first_response/1 met, resolution/1 met",
		},
		"late answer that pauses": {
			byPolicy, func(p *tracked) { p.comment(publicDraft("x"), Found{Status: status(Pending)}, agent, minute(70)) },
			"first_response/1 breached 60, resolution/1 paused",
		},
		"pending": {byPolicy, func(p *tracked) { p.setStatus(Pending, minute(10)) }, "first_response/1 paused, resolution/1 paused"},
		"resumed": {
			byPolicy, func(p *tracked) { p.setStatus(Pending, minute(10)); p.setStatus(InProgress, minute(40)) },
			"first_response/1 running 90, resolution/1 running 270",
		},
		"cancelled": {byPolicy, func(p *tracked) { p.setStatus(Cancelled, minute(10)) }, "first_response/1 cancelled, resolution/1 cancelled"},
		"resolved, closed": {
			byPolicy, func(p *tracked) { p.setStatus(Resolved, minute(10)); p.setStatus(Closed, minute(20)) },
			"first_response/1 met, resolution/1 met",
		},
		"closed, reopened": {
			byPolicy, func(p *tracked) { p.setStatus(Closed, minute(10)); p.setStatus(Open, minute(110)) },
			"first_response/1 met, resolution/1 running 340",
		},
		"cancelled, reopened": {
			byPolicy, func(p *tracked) { p.setStatus(Cancelled, minute(10)); p.setStatus(Open, minute(110)) },
			"first_response/1 running 160, resolution/1 running 340",
		},
		"resolved, cancelled, reopened": {
			byPolicy, func(p *tracked) {
				p.setStatus(Resolved, minute(10))
				p.setStatus(Cancelled, minute(20))
				p.setStatus(Open, minute(110))
			},
			"first_response/1 met, resolution/1 running 340",
		},
		"other priority": {
			byHours, func(p *tracked) { p.change(Patch{PriorityID: domain.Some("p")}, Found{Priority: &high}, minute(10)) },
			"first_response/1 running 480",
		},
		"other priority while pending": {byHours, func(p *tracked) {
			p.setStatus(Pending, minute(10))
			p.change(Patch{PriorityID: domain.Some("p")}, Found{Priority: &high}, minute(20))
			p.setStatus(Open, minute(30))
		}, "first_response/1 running 500"},
		"other priority whose hours are past": {
			byHours, func(p *tracked) { p.change(Patch{PriorityID: domain.Some("p")}, Found{Priority: &high}, minute(500)) },
			"first_response/1 breached 500",
		},
		"other priority without hours": {
			byHours, func(p *tracked) { p.change(Patch{PriorityID: domain.Some("p")}, Found{Priority: &free}, minute(10)) },
			"first_response/1 cancelled",
		},
		"other priority after reopening": {byHours, func(p *tracked) {
			p.setStatus(Cancelled, minute(10))
			p.change(Patch{StatusID: domain.Some("s")}, Found{Status: status(Open)}, minute(20))
			p.change(Patch{PriorityID: domain.Some("p")}, Found{Priority: &high}, minute(30))
		}, "first_response/1 running 490"},
		"due by hand": {
			byPolicy, func(p *tracked) { p.change(Patch{SLADueDate: domain.Some(minute(100))}, Found{}, minute(10)) },
			"first_response/1 running 100, resolution/1 running 240",
		},
		"due by hand in the past": {
			byPolicy, func(p *tracked) { p.change(Patch{SLADueDate: domain.Some(minute(-60))}, Found{}, minute(10)) },
			"first_response/1 breached 10, resolution/1 running 240",
		},
		"due by hand, cleared": {byPolicy, func(p *tracked) {
			p.change(Patch{SLADueDate: domain.Some(minute(100))}, Found{}, minute(10))
			p.change(Patch{SLADueDate: domain.Null[time.Time]()}, Found{}, minute(20))
		}, "first_response/1 running 60, resolution/1 running 240"},
		"due by hand, changed": {byPolicy, func(p *tracked) {
			p.change(Patch{SLADueDate: domain.Some(minute(100))}, Found{}, minute(10))
			p.change(Patch{SLADueDate: domain.Some(minute(200))}, Found{}, minute(20))
		}, "first_response/1 running 200, resolution/1 running 240"},
		"other title": {
			byPolicy, func(p *tracked) { p.change(Patch{Title: domain.Some("y")}, Found{}, minute(47)) },
			"first_response/1 running 60, resolution/1 running 240",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := track(t, tc.terms)
			tc.do(p)
			if got := p.clocks(); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			if due := firstDue(p.events); !p.SLAByHand && !p.SLADueDate.Equal(due) {
				t.Errorf("SLADueDate is %v, but the clocks are due at %v", p.SLADueDate, due)
			}
			if breached := slices.ContainsFunc(p.events, func(e sla.Event) bool { return e.Kind == sla.Breached }); p.SLABreached != breached {
				t.Errorf("SLABreached is %v, but of the clocks: %v", p.SLABreached, breached)
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

func TestDueDateOfATicketWithADueTimeByHand(t *testing.T) {
	byHand := func(p *tracked, at, now int) {
		p.change(Patch{SLADueDate: domain.Some(minute(at))}, Found{}, minute(now))
	}
	for name, tc := range map[string]struct {
		do     func(*tracked)
		due    int // minutes after noon; 0: never
		byHand bool
	}{
		"first response owed":       {func(p *tracked) { byHand(p, 100, 10) }, 100, true},
		"other clock is due before": {func(p *tracked) { byHand(p, 500, 10) }, 240, true},
		"pending":                   {func(p *tracked) { byHand(p, 100, 10); p.setStatus(Pending, minute(20)) }, 100, true},
		"first response given": {
			func(p *tracked) { byHand(p, 100, 10); p.comment(publicDraft("x"), Found{}, agent, minute(20)) }, 240, false,
		},
		"cancelled, reopened": {
			func(p *tracked) {
				byHand(p, 300, 10)
				p.setStatus(Cancelled, minute(20))
				p.setStatus(Open, minute(30))
			}, 250, true,
		},
		"cancelled, reopened after it": {
			func(p *tracked) { byHand(p, 25, 10); p.setStatus(Cancelled, minute(20)); p.setStatus(Open, minute(30)) }, 25, true,
		},
		"set on a resolved ticket": {func(p *tracked) {
			p.comment(publicDraft("x"), Found{}, agent, minute(10))
			p.setStatus(Resolved, minute(20))
			byHand(p, 100, 30)
		}, 100, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := track(t, byPolicy)
			tc.do(p)
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

func TestClocksOfATicketOpenedInAnyStatus(t *testing.T) {
	for typ, want := range map[StatusType]string{
		Open:      "first_response/1 running 60, resolution/1 running 240",
		Pending:   "first_response/1 paused, resolution/1 paused",
		Resolved:  "first_response/1 met, resolution/1 met",
		Closed:    "first_response/1 met, resolution/1 met",
		Cancelled: "first_response/1 cancelled, resolution/1 cancelled",
	} {
		if got := trackNew(t, byPolicy, typ, Patch{}).clocks(); got != want {
			t.Errorf("%s: %s, want %s", typ, got, want)
		}
	}
	p := trackNew(t, byPolicy, Open, Patch{SLADueDate: domain.Some(minute(90))})
	if got := p.clocks(); got != "first_response/1 running 90, resolution/1 running 240" || !p.SLADueDate.Equal(minute(90)) {
		t.Errorf("%s, due %v", got, p.SLADueDate)
	}
}

func TestBreachIsPermanentAndEscalates(t *testing.T) {
	escalates := func(v View) sla.Terms {
		terms := byPolicy(v)
		terms.Escalate = true
		return terms
	}
	for name, terms := range map[string]func(View) sla.Terms{"escalates": escalates, "does not escalate": byPolicy} {
		p := track(t, terms)
		if p.advance(minute(59)); p.SLABreached || p.Urgency != UrgencyDueSoon || !p.UrgencyUntil.Equal(minute(60)) {
			t.Fatalf("%s: before it is due: %+v", name, p.Ticket)
		}
		p.advance(minute(62))
		if !p.SLABreached || !p.SLABreachedAt.Equal(minute(62)) || !p.UpdatedAt.Equal(minute(62)) || p.Urgency != UrgencyBreached ||
			p.IsEscalated != (name == "escalates") {
			t.Errorf("%s: %+v", name, p.Ticket)
		}
		if at := p.UrgencyAt(minute(61)); at == UrgencyBreached {
			t.Errorf("%s: the breach counts before it was recorded", name)
		}
		p.change(Patch{IsEscalated: domain.Some(false)}, Found{}, minute(63))
		p.advance(minute(64))
		p.setStatus(Resolved, minute(65))
		if !p.SLABreached || p.IsEscalated || p.UpdatedAt.After(minute(65)) {
			t.Errorf("%s: resolved: %+v", name, p.Ticket)
		}
	}
}

func TestNextSweepIsAtTheNextWarningOrBreach(t *testing.T) {
	p := track(t, byPolicy)
	for _, at := range []int{48, 60, 192, 240} { // 80 % of one hour, one hour, 80 % of four hours, four hours
		if !p.SLANextAt.Equal(minute(at)) || p.UrgencyUntil.After(minute(at)) {
			t.Fatalf("next alarm at %v, next sweep at %v, want %v", p.SLANextAt, p.UrgencyUntil, minute(at))
		}
		was := p.UpdatedAt
		p.advance(minute(at))
		if breach := at == 60 || at == 240; !breach && !p.UpdatedAt.Equal(was) {
			t.Errorf("the warning at %d changed UpdatedAt", at)
		}
	}
	if !p.SLANextAt.IsZero() || !p.SLADueDate.Equal(minute(60)) {
		t.Errorf("after the last breach: next alarm at %v, due %v", p.SLANextAt, p.SLADueDate)
	}
}

func TestDueDateReminderIsSentOnce(t *testing.T) {
	due := noon.Add(48 * time.Hour)
	p := trackNew(t, byHours, Open, Patch{DueDate: domain.Some(due)})
	if p.advance(due.Add(-25 * time.Hour)); !p.DueReminded.IsZero() || p.UrgencyUntil.After(due.Add(-24*time.Hour)) {
		t.Errorf("reminded of %v, next sweep at %v", p.DueReminded, p.UrgencyUntil)
	}
	if !p.advance(due.Add(-24*time.Hour)).DueSoon || p.advance(due.Add(-23*time.Hour)).DueSoon {
		t.Error("not reminded exactly once")
	}
	moved := due.Add(72 * time.Hour)
	p.change(Patch{DueDate: domain.Some(moved)}, Found{}, due)
	if p.advance(moved.Add(-25*time.Hour)).DueSoon || !p.advance(moved.Add(-20*time.Hour)).DueSoon {
		t.Error("not reminded of the new due date")
	}
	for name, p := range map[string]*tracked{
		"resolved":      trackNew(t, byHours, Resolved, Patch{DueDate: domain.Some(due)}),
		"due date past": trackNew(t, byHours, Open, Patch{DueDate: domain.Some(due)}),
		"no due date":   track(t, byHours),
	} {
		at := due.Add(-time.Hour)
		if name == "due date past" {
			at = due
		}
		if p.advance(at).DueSoon {
			t.Errorf("%s: reminded", name)
		}
		if p.UrgencyUntil.Equal(at) {
			t.Errorf("%s: every sweep would take the ticket", name)
		}
	}
}

func TestPromiseStaysWhenTheHoursOfThePriorityChange(t *testing.T) {
	p := track(t, byHours)
	p.terms = func(v View) sla.Terms { return sla.TermsFor(nil, v.PriorityID, v.MenuID, 1) }
	p.change(Patch{Title: domain.Some("New"), PriorityID: domain.Some("p")}, Found{Priority: &medium}, minute(120))
	p.setStatus(InProgress, minute(130))
	if got := p.clocks(); got != "first_response/1 running 1440" {
		t.Error(got)
	}
}

func TestRecomputeAppliesTheCurrentTerms(t *testing.T) {
	p := track(t, byHours)
	l := sla.NewLedger(p.events, func(domain.ID) *sla.Schedule { return sla.AlwaysOpenSchedule() })
	p.Recompute(l, byPolicy(p.View), nil, minute(10))
	p.events = append(p.events, l.Added()...)
	if got := p.clocks(); got != "first_response/1 running 60, resolution/1 running 240" || !p.SLADueDate.Equal(minute(60)) {
		t.Errorf("%s, due %v", got, p.SLADueDate)
	}
}

// A clock that was late before a recomputation escalates by its old promise, even if the breach was not recorded before.
func TestBreachEscalatesByThePromiseAtTheBreach(t *testing.T) {
	for _, escalates := range []bool{true, false} {
		terms := func(v View) sla.Terms {
			x := byPolicy(v)
			x.Escalate = escalates
			return x
		}
		p := track(t, terms)
		today := terms(p.View)
		today.Escalate = !escalates
		l := sla.NewLedger(p.events, func(domain.ID) *sla.Schedule { return sla.AlwaysOpenSchedule() })
		p.Recompute(l, today, nil, noon.Add(90*time.Minute))
		if !p.SLABreached || p.IsEscalated != escalates {
			t.Errorf("breached %t, escalated %t, want %t", p.SLABreached, p.IsEscalated, escalates)
		}
	}
}
