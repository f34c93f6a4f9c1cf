package application_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tickt/application/servicelevel"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/books"
	fixture "tickt/test/desk"
	"tickt/test/stores"
)

// life is that of a ticket on a desk whose calendars and policies change.
type life struct {
	ofDesk
	calendars []sla.Calendar
	policies  []sla.Policy
}

// newLife opens a ticket on a new desk; what is opened at first is the same in every life that is drawn alike.
func newLife(t testing.TB, opening ticket.Change) *life {
	l := &life{ofDesk: drawable(&lobby{Desk: fixture.New(t), t: t})}
	root := l.Actor(fixture.Root)
	for name, hours := range map[string]map[string][][]string{
		"Office": {"sun": {{"10:00", "13:00"}, {"14:00", "17:00"}}, "mon": {{"10:00", "17:00"}}, "tue": {{"10:00", "17:00"}}},
	} {
		l.calendars = append(l.calendars, must[sla.Calendar](t)(l.Calendars.Create(t.Context(), root, sla.CalendarChange{
			Name: domain.To(name), TimeZone: domain.To("Asia/Kathmandu"), Hours: domain.To(hours),
		}, nil)))
	}
	high := sla.PolicyChange{Name: domain.To("Pressing"), PriorityIDs: domain.To(l.priorities[:2]), Targets: domain.To(l.targets(90, 30, 240))}
	rest := sla.PolicyChange{Name: domain.To("Rest"), Targets: domain.To(l.targets(240, 600, 2880)[:2])}
	for _, c := range []sla.PolicyChange{high, rest} {
		l.policies = append(l.policies, must[sla.Policy](t)(l.Policies.Create(t.Context(), root, c, nil)))
	}
	l.id = l.Open(fixture.Customer, opening).ID
	return l
}

// targets promise so many minutes: a first response by the office's calendar, the rest around the clock.
func (l *life) targets(first, resolution, next int) []sla.TargetDraft {
	return []sla.TargetDraft{
		{Metric: string(sla.FirstResponse), Minutes: first, CalendarID: string(l.calendars[0].ID)},
		{Metric: string(sla.Resolution), Minutes: resolution, WarnPercent: domain.To(50)},
		{Metric: string(sla.NextResponse), Minutes: next},
	}
}

// deed is something that happens; it may be refused.
type deed func(*life) error

// drawDeed draws what happens next.
func (l *life) drawDeed(rt *rapid.T) deed {
	as := rapid.SampledFrom([]string{fixture.Agent, fixture.Customer}).Draw(rt, "as")
	switch rapid.SampledFrom([]string{"comment", "comment", "status", "status", "priority", "due", "policy", "calendar", "recompute", "nothing"}).Draw(rt, "do") {
	case "comment":
		draft := ticket.CommentDraft{Body: domain.To("x")}
		if as == fixture.Agent {
			draft.Visibility = domain.To(rapid.SampledFrom([]string{"public", "internal"}).Draw(rt, "visibility"))
			draft.StatusID = maybe(rt, "status", false, l.statuses...)
		}
		return func(l *life) error { _, err := l.write(as, draft); return err }
	case "status":
		return l.altering(ticket.Change{StatusID: domain.To(rapid.SampledFrom(l.statuses).Draw(rt, "status"))})
	case "priority":
		return l.altering(ticket.Change{PriorityID: domain.To(rapid.SampledFrom(l.priorities).Draw(rt, "priority"))})
	case "due":
		c := ticket.Change{SLADueDate: domain.Cleared[time.Time]()}
		if rapid.Bool().Draw(rt, "by hand") {
			c.SLADueDate = domain.To(l.Now().Add(time.Duration(rapid.IntRange(-5, 50).Draw(rt, "due in")) * time.Hour))
		}
		return l.altering(c)
	case "policy":
		return l.drawPolicy(rt)
	case "calendar":
		day := rapid.SampledFrom([]string{"mon", "tue", "wed"}).Draw(rt, "open on")
		return func(l *life) error {
			c := sla.CalendarChange{Hours: domain.To(map[string][][]string{day: {{"08:00", "20:00"}}})}
			_, err := l.Calendars.Change(l.t.Context(), l.Actor(fixture.Root), l.calendars[0].ID, c, nil)
			return err
		}
	case "recompute":
		n := rapid.IntRange(0, 1).Draw(rt, "policy")
		return func(l *life) error { return l.Policies.Apply(l.t.Context(), l.policies[n].ID) }
	}
	return func(*life) error { return nil }
}

func (l *life) altering(c ticket.Change) deed {
	return func(l *life) error {
		_, err := l.Tickets.Change(l.t.Context(), l.Actor(fixture.Agent), l.id, c, nil)
		return err
	}
}

// drawPolicy draws a change of a policy.
func (l *life) drawPolicy(rt *rapid.T) deed {
	n := rapid.IntRange(0, 1).Draw(rt, "policy")
	c := sla.PolicyChange{IsActive: domain.To(rapid.IntRange(0, 3).Draw(rt, "active") > 0), EscalateOnBreach: domain.To(rapid.Bool().Draw(rt, "escalates"))}
	minutes := rapid.SliceOfN(rapid.IntRange(1, 3000), 3, 3).Draw(rt, "minutes")
	some := rapid.IntRange(1, 3).Draw(rt, "targets")
	c.Targets = domain.To(l.targets(minutes[0], minutes[1], minutes[2])[:some])
	c.OnReopen = domain.To(rapid.SampledFrom([]string{"resume", "restart"}).Draw(rt, "on reopening"))
	c.PauseTypes = domain.To(rapid.SampledFrom([][]string{{"pending"}, {}, {"open", "pending"}}).Draw(rt, "pauses"))
	return func(l *life) error {
		_, err := l.Policies.Change(l.t.Context(), l.Actor(fixture.Root), l.policies[n].ID, c, nil)
		return err
	}
}

// sweep sees to all that is due.
func (l *life) sweep() {
	l.t.Helper()
	for n := 1; n > 0; {
		n = must[int](l.t)(l.ServiceLevels.Sweep(l.t.Context()))
	}
}

func (l *life) report() servicelevel.Report {
	l.t.Helper()
	return must[servicelevel.Report](l.t)(l.ServiceLevels.Report(l.t.Context(), l.Actor(fixture.Root), l.id))
}

// audit says what does not add up of the ticket at this moment.
func (l *life) audit(rt *rapid.T) {
	r, v := l.report(), l.ticket()
	schedules := l.schedules(r.Events)
	for _, wrong := range books.Ticket(v, r.Events, schedules) {
		rt.Error(wrong)
	}
	for _, c := range r.Clocks {
		l.auditClock(rt, c, r.Explain)
	}
	l.auditLevels(rt, r, schedules)
	once := map[string]bool{}
	for _, e := range r.Events {
		name := fmt.Sprint(e.Metric, e.Cycle, e.Kind)
		if e.Once() && once[name] {
			rt.Errorf("%s %d: %s twice", e.Metric, e.Cycle, e.Kind)
		}
		once[name] = true
	}
}

// auditClock goes over the explanation of a clock: it leads from the start to the end, and what counted is what has elapsed.
func (l *life) auditClock(rt *rapid.T, c servicelevel.ClockReport, all []sla.ExplainedStretch) {
	at, end, counted := c.StartedAt, l.Now(), time.Duration(0)
	for _, stopped := range []time.Time{c.FulfilledAt, c.CancelledAt} {
		if !stopped.IsZero() {
			end = stopped
		}
	}
	for _, x := range all {
		if x.Metric != c.Metric || x.Cycle != c.Cycle {
			continue
		}
		if !x.From.Equal(at) || !x.To.After(x.From) || x.Reason == "" {
			rt.Errorf("%s %d is explained from %s to %s (%s), after %s", c.Metric, c.Cycle, x.From, x.To, x.Reason, at)
		}
		if x.Counts {
			counted += x.To.Sub(x.From)
		}
		at = x.To
	}
	if !at.Equal(end) {
		rt.Errorf("%s %d is explained until %s, and ends at %s", c.Metric, c.Cycle, at, end)
	}
	if counted != c.Elapsed {
		rt.Errorf("%s %d: %s has counted, %s has elapsed", c.Metric, c.Cycle, counted, c.Elapsed)
	}
}

// auditLevels compares where the clocks are kept to stand with what follows from the ledger.
func (l *life) auditLevels(rt *rapid.T, r servicelevel.Report, schedules sla.Schedules) {
	var all []sla.Standing
	for _, c := range r.Clocks {
		s := sla.Standing{TicketID: l.id, Metric: c.Metric, Cycle: c.Cycle, State: c.State()}
		switch s.State {
		case sla.StateRunning:
			s.DueAt = c.DueAt(schedules(c.Promise.CalendarID))
		case sla.StateMet:
			s.DecidedAt = c.FulfilledAt
		case sla.StateBreached:
			s.DecidedAt = c.BreachedAt
		default:
		}
		all = append(all, s)
	}
	p := sla.PeriodAt(l.Now(), time.UTC)
	var kept sla.Levels
	l.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		kept, err = tx.Dashboard.Levels(ctx, access.Reach{All: true}, p)
		return err
	})
	if want := sla.LevelsOf(all, p); fmt.Sprint(kept) != fmt.Sprint(want) {
		rt.Errorf("kept are %+v, from the ledger follow %+v", kept, want)
	}
}

// schedules gives the calendars that a ledger goes by.
func (l *life) schedules(entries []sla.Entry) sla.Schedules {
	known := map[domain.ID]*sla.Schedule{}
	l.Update(func(ctx context.Context, tx ports.Tx) error {
		var ids []domain.ID
		for _, e := range entries {
			if e.Promises() {
				ids = append(ids, e.Promise.CalendarID)
			}
		}
		all, err := tx.Calendars.Editions(ctx, ids)
		for _, e := range all {
			var unusable error
			known[e.ID], unusable = e.Schedule()
			err = errors.Join(err, unusable)
		}
		return err
	})
	return func(id domain.ID) *sla.Schedule { return known[id] }
}

// seen is what clients see of the clocks, but for when it was noticed and for ids that are made as they are needed.
func (l *life) seen() string {
	r, v := l.report(), l.ticket()
	editions := map[domain.ID]string{}
	for _, e := range r.Events {
		if _, known := editions[e.Promise.CalendarID]; !known {
			editions[e.Promise.CalendarID] = fmt.Sprint("edition ", len(editions))
		}
	}
	for i, e := range r.Events {
		r.Events[i].RecordedAt, r.Events[i].Promise.CalendarID = time.Time{}, domain.ID(editions[e.Promise.CalendarID])
	}
	for i, c := range r.Clocks {
		r.Clocks[i].Promise.CalendarID = domain.ID(editions[c.Promise.CalendarID])
	}
	return fmt.Sprintf("%+v\n%s %t %t %s", r, v.SLADueDate, v.SLABreached, v.IsEscalated, v.SLANextAt)
}

// Two lives of a ticket are drawn alike; time is seen to pass at every turn of the one, and seldom of the other. All adds up
// in both at each step, and once both were swept nobody can tell which is which.
func TestALifeAddsUpAtEveryStepHoweverOftenItIsSwept(t *testing.T) {
	warnings, breaches := 0, 0
	enough := 50
	if !stores.Cheap() { // and few lives are drawn
		enough = 1
	}
	// About one time in 300 five lives see no breach: more are drawn then.
	for again := 0; again < 5 && (warnings < enough || breaches < enough); again++ {
		tryEach(t, func(rt *rapid.T) { lifeAddsUp(t, rt, &warnings, &breaches) })
	}
	t.Logf("%d warnings, %d breaches", warnings, breaches)
	if warnings < enough || breaches < enough {
		t.Error("hardly anything came due: little was shown")
	}
}

// lifeAddsUp draws the two lives, and counts what came due in them.
func lifeAddsUp(t *testing.T, rt *rapid.T, warnings, breaches *int) {
	t.Helper()
	opening := ticket.Change{}
	eager, lazy := newLife(example{t, rt}, opening), newLife(example{t, rt}, opening)
	for range rapid.IntRange(5, 30).Draw(rt, "steps") {
		pass := rapid.SampledFrom([]time.Duration{0, 2 * time.Microsecond, time.Minute, 37 * time.Minute, 5 * time.Hour, 26 * time.Hour}).Draw(rt, "later")
		for range 2 {
			eager.Wait(pass / 2)
			eager.sweep()
		}
		lazy.Wait(pass)
		do := eager.drawDeed(rt)
		if first, second := do(eager), do(lazy); fmt.Sprint(first) != fmt.Sprint(second) || first != nil && domain.KindOf(first) == domain.Internal {
			rt.Fatalf("one is answered %v, the other %v", first, second)
		}
		eager.audit(rt)
		lazy.audit(rt)
		if rapid.IntRange(0, 3).Draw(rt, "look") == 0 {
			eager.sweep()
			lazy.sweep()
			if a, b := eager.seen(), lazy.seen(); a != b {
				rt.Fatalf("swept often it is -, and seldom +:\n%s", cmp.Diff(strings.Split(a, "{"), strings.Split(b, "{")))
			}
			eager.audit(rt)
			lazy.audit(rt)
		}
	}
	for _, e := range eager.report().Events {
		switch e.Kind {
		case sla.Warned:
			*warnings++
		case sla.Breached:
			*breaches++
		default:
		}
	}
}
