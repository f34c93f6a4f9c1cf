package servicelevel_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/test/desk"
	"tickt/test/stores"
)

// simulation simulates the life of a ticket on a desk whose calendars and policies change.
type simulation struct {
	*desk.Case
	statuses, priorities []string // ids
	calendars            []sla.Calendar
	policies             []sla.Policy
}

// newSimulation opens a ticket on a new desk. The first steps do not depend on what is drawn.
func newSimulation(t testing.TB, opening ticket.Patch) *simulation {
	l := &simulation{Case: &desk.Case{Desk: desk.New(t)}}
	l.statuses, l.priorities = l.StatusIDs(), l.PriorityIDs()
	l.calendars = append(l.calendars, addCalendar(l.Desk, sla.CalendarPatch{
		Name: domain.Some("Office"), TimeZone: domain.Some("Asia/Kathmandu"), Hours: domain.Some(map[string][][]string{
			"sun": {{"10:00", "13:00"}, {"14:00", "17:00"}}, "mon": {{"10:00", "17:00"}}, "tue": {{"10:00", "17:00"}},
		}),
	}))
	high := sla.PolicyPatch{
		Name: domain.Some("Pressing"), PriorityIDs: domain.Some(l.priorities[:2]), Targets: domain.Some(l.targets(90, 30, 240)),
	}
	rest := sla.PolicyPatch{Name: domain.Some("Rest"), Targets: domain.Some(l.targets(240, 600, 2880)[:2])}
	for _, c := range []sla.PolicyPatch{high, rest} {
		l.policies = append(l.policies, addPolicy(l.Desk, c))
	}
	l.TicketID = l.Open(desk.Customer, opening).ID
	return l
}

// targets returns targets of so many minutes: the first response in the office's calendar, the others around the clock.
func (l *simulation) targets(first, resolution, next int) []sla.TargetDraft {
	return []sla.TargetDraft{
		{Metric: string(sla.FirstResponse), Minutes: first, CalendarID: string(l.calendars[0].ID)},
		{Metric: string(sla.Resolution), Minutes: resolution, WarnPercent: domain.Some(50)},
		{Metric: string(sla.NextResponse), Minutes: next},
	}
}

// step is something that happens. It may be refused.
type step func(*simulation) error

// drawStep draws the next step.
func (l *simulation) drawStep(rt *rapid.T) step {
	as := rapid.SampledFrom([]string{desk.Agent, desk.Customer}).Draw(rt, "as")
	switch rapid.SampledFrom([]string{
		"comment", "comment", "status", "status", "priority", "due", "policy", "calendar", "recompute", "void", "nothing",
		"take back", "take back",
	}).Draw(rt, "do") {
	case "comment":
		draft := ticket.CommentDraft{Body: domain.Some("x")}
		if as == desk.Agent {
			draft.Visibility = domain.Some(rapid.SampledFrom([]string{"public", "internal"}).Draw(rt, "visibility"))
			draft.StatusID = desk.Maybe(rt, "status", false, l.statuses...)
		}
		return func(l *simulation) error { return desk.Err(l.Write(as, draft)) }
	case "status":
		return l.changing(ticket.Patch{StatusID: domain.Some(rapid.SampledFrom(l.statuses).Draw(rt, "status"))})
	case "priority":
		return l.changing(ticket.Patch{PriorityID: domain.Some(rapid.SampledFrom(l.priorities).Draw(rt, "priority"))})
	case "due":
		c := ticket.Patch{SLADueDate: domain.Null[time.Time]()}
		if rapid.Bool().Draw(rt, "by hand") {
			c.SLADueDate = domain.Some(l.Now().Add(time.Duration(rapid.IntRange(-5, 50).Draw(rt, "due in")) * time.Hour))
		}
		return l.changing(c)
	case "policy":
		return l.drawPolicy(rt)
	case "calendar":
		day := rapid.SampledFrom([]string{"mon", "tue", "wed"}).Draw(rt, "open on")
		return func(l *simulation) error {
			c := sla.CalendarPatch{Hours: domain.Some(map[string][][]string{day: {{"08:00", "20:00"}}})}
			return desk.Err(l.Calendars.Update(l.T.Context(), l.Actor(desk.Root), l.calendars[0].ID, c, nil))
		}
	case "recompute":
		n := rapid.IntRange(0, 1).Draw(rt, "policy")
		return func(l *simulation) error {
			return l.Policies.Apply(l.T.Context(), sla.Source{PolicyID: l.policies[n].ID})
		}
	case "take back":
		n, hide := rapid.IntRange(0, 3).Draw(rt, "which"), rapid.Bool().Draw(rt, "only hide")
		return func(l *simulation) error { return l.takeBack(n, hide) }
	case "void":
		draft := voidOf(rapid.SampledFrom(sla.Metrics).Draw(rt, "metric"), rapid.IntRange(1, 2).Draw(rt, "cycle"))
		return func(l *simulation) error { return void(l.Case, desk.Root, draft) }
	}
	return func(*simulation) error { return nil }
}

// takeBack deletes a comment, the newest if n is 0, or makes it internal.
func (l *simulation) takeBack(n int, hide bool) error {
	all, _, err := l.Comments.List(l.T.Context(), l.Actor(desk.Root), l.TicketID, nil, 1000)
	if err != nil || len(all) <= n {
		return err
	}
	c := all[len(all)-1-n]
	by := l.Actor(desk.Agent)
	if c.AuthorID != by.ID {
		by = l.Actor(desk.Customer)
	}
	if hide {
		change := ticket.CommentPatch{Visibility: domain.Some(string(ticket.Internal))}
		return desk.Err(l.Comments.Edit(l.T.Context(), by, l.TicketID, c.ID, change, nil))
	}
	return l.Comments.Delete(l.T.Context(), by, l.TicketID, c.ID, nil)
}

func (l *simulation) changing(c ticket.Patch) step {
	return func(l *simulation) error { return l.Change(desk.Agent, c) }
}

// drawPolicy draws a change of a policy.
func (l *simulation) drawPolicy(rt *rapid.T) step {
	n := rapid.IntRange(0, 1).Draw(rt, "policy")
	c := sla.PolicyPatch{
		IsActive:         domain.Some(rapid.IntRange(0, 3).Draw(rt, "active") > 0),
		EscalateOnBreach: domain.Some(rapid.Bool().Draw(rt, "escalates")),
	}
	minutes := rapid.SliceOfN(rapid.IntRange(1, 3000), 3, 3).Draw(rt, "minutes")
	some := rapid.IntRange(1, 3).Draw(rt, "targets")
	c.Targets = domain.Some(l.targets(minutes[0], minutes[1], minutes[2])[:some])
	c.OnReopen = domain.Some(rapid.SampledFrom([]string{"resume", "restart"}).Draw(rt, "on reopening"))
	c.PauseTypes = domain.Some(rapid.SampledFrom([][]string{{"pending"}, {}, {"open", "pending"}}).Draw(rt, "pauses"))
	return func(l *simulation) error {
		return desk.Err(l.Policies.Update(l.T.Context(), l.Actor(desk.Root), l.policies[n].ID, c, nil))
	}
}

// sweep sweeps until nothing is due.
func (l *simulation) sweep() {
	l.T.Helper()
	for n := 1; n > 0; {
		n = desk.Must(l.ServiceLevels.Sweep(l.T.Context()))(l.T)
	}
}

// Two simulations take the same steps; one is swept often, the other seldom. Both pass the audit at each step, and once
// both are swept, clients see the same in both.
func TestClocksDoNotDependOnHowOftenTheyAreSwept(t *testing.T) {
	warnings, breaches := 0, 0
	enough := 50
	if !stores.Cheap() { // few examples are drawn
		enough = 1
	}
	// About one time in 300, five examples have no breach; then more are drawn.
	for again := 0; again < 5 && (warnings < enough || breaches < enough); again++ {
		desk.CheckProperty(t, func(rt *rapid.T) { checkSimulations(t, rt, &warnings, &breaches) })
	}
	t.Logf("%d warnings, %d breaches", warnings, breaches)
	if warnings < enough || breaches < enough {
		t.Error("too few warnings or breaches to show anything")
	}
}

// checkSimulations draws the two simulations and counts what became due in them.
func checkSimulations(t *testing.T, rt *rapid.T, warnings, breaches *int) {
	t.Helper()
	opening := ticket.Patch{}
	eager, lazy := newSimulation(desk.Example(t, rt), opening), newSimulation(desk.Example(t, rt), opening)
	for range rapid.IntRange(5, 30).Draw(rt, "steps") {
		pass := rapid.SampledFrom([]time.Duration{
			0, 2 * time.Microsecond, time.Minute, 37 * time.Minute, 5 * time.Hour, 26 * time.Hour,
		}).Draw(rt, "later")
		for range 2 {
			eager.Wait(pass / 2)
			eager.sweep()
		}
		lazy.Wait(pass)
		do := eager.drawStep(rt)
		first, second := do(eager), do(lazy)
		if fmt.Sprint(first) != fmt.Sprint(second) || first != nil && domain.KindOf(first) == domain.Internal {
			rt.Fatalf("the steps returned %v and %v", first, second)
		}
		eager.audit(rt)
		lazy.audit(rt)
		if rapid.IntRange(0, 3).Draw(rt, "look") == 0 {
			eager.sweep()
			lazy.sweep()
			if a, b := eager.clientView(), lazy.clientView(); a != b {
				rt.Fatalf("swept often (-), swept seldom (+):\n%s", cmp.Diff(strings.Split(a, "{"), strings.Split(b, "{")))
			}
			eager.audit(rt)
			lazy.audit(rt)
		}
	}
	for _, e := range report(eager.Desk, eager.TicketID).Events {
		switch e.Kind {
		case sla.Warned:
			*warnings++
		case sla.Breached:
			*breaches++
		default:
		}
	}
}
