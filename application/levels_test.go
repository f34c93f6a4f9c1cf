package application_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/application/servicelevel"
	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	fixture "tickt/test/desk"
	"tickt/test/stores"
)

// underPolicy is a lobby whose policy promises an hour for each answer and four for the resolution, around the clock.
func underPolicy(t *testing.T, more ...func(*sla.PolicyChange)) (*lobby, sla.Policy) {
	t.Helper()
	l := newLobby(t)
	c := sla.PolicyChange{Name: domain.To("Gold"), Targets: domain.To(targets("", 60, 240))}
	for _, m := range more {
		m(&c)
	}
	p := must[sla.Policy](t)(l.Policies.Create(t.Context(), l.Actor(fixture.Root), c, nil))
	l.id = l.Open(fixture.Customer, ticket.Change{}).ID
	return l, p
}

func targets(calendar domain.ID, answer, resolution int) (out []sla.TargetDraft) {
	for m, minutes := range map[sla.Metric]int{sla.FirstResponse: answer, sla.NextResponse: answer, sla.Resolution: resolution} {
		out = append(out, sla.TargetDraft{Metric: string(m), Minutes: minutes, CalendarID: string(calendar)})
	}
	return out
}

// stand says where the clocks of the lobby's ticket stand, due in minutes after noon.
func (l *lobby) stand() string {
	l.t.Helper()
	r := must[servicelevel.Report](l.t)(l.ServiceLevels.Report(l.t.Context(), l.Actor(fixture.Root), l.id))
	var out []string
	for _, c := range r.Clocks {
		text := fmt.Sprintf("%s/%d %s", c.Metric, c.Cycle, c.State())
		if !c.Due.IsZero() {
			text += fmt.Sprintf(" %d", int(c.Due.Sub(fixture.Noon).Minutes()))
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

func (l *lobby) stands(want string) {
	l.t.Helper()
	if got := l.stand(); got != want {
		l.t.Errorf("got  %s\nwant %s", got, want)
	}
}

func (l *lobby) alters(c ticket.Change) {
	l.t.Helper()
	must[ticket.View](l.t)(l.Tickets.Change(l.t.Context(), l.Actor(fixture.Agent), l.id, c, nil))
}

func TestAPolicyThatChangesTouchesOnlyClocksThatStartLater(t *testing.T) {
	l, p := underPolicy(t)
	must[sla.Policy](t)(l.Policies.Change(t.Context(), l.Actor(fixture.Root), p.ID, sla.PolicyChange{
		Targets: domain.To(targets("", 30, 60)), PauseTypes: domain.To([]string{"in_progress"}),
	}, nil))
	l.alters(ticket.Change{StatusID: domain.To(string(l.Status("IN_PROGRESS").ID)), Title: domain.To("Another")})
	l.stands("first_response/1 running 60, resolution/1 running 240")
	l.Wait(10 * time.Minute)
	l.wrote(fixture.Agent, publicly("Hello."))
	l.alters(ticket.Change{StatusID: domain.To(string(l.Status("OPEN").ID))})
	l.wrote(fixture.Customer, publicly("And?"))
	l.stands("first_response/1 met, next_response/1 running 40, resolution/1 running 240")
	l.alters(ticket.Change{StatusID: domain.To(string(l.Status("IN_PROGRESS").ID))})
	l.stands("first_response/1 met, next_response/1 paused, resolution/1 running 240")
	if err := l.Policies.Apply(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	l.stands("first_response/1 met, next_response/1 paused, resolution/1 paused")
}

func TestACalendarThatChangesTouchesOnlyClocksThatStartLater(t *testing.T) {
	l := newLobby(t)
	always := map[string][][]string{}
	for _, day := range sla.Days {
		always[day] = [][]string{{"00:00", "24:00"}}
	}
	c := must[sla.Calendar](t)(l.Calendars.Create(t.Context(), l.Actor(fixture.Root), sla.CalendarChange{Name: domain.To("Always"), TimeZone: domain.To("UTC"), Hours: domain.To(always)}, nil))
	p := must[sla.Policy](t)(l.Policies.Create(t.Context(), l.Actor(fixture.Root), sla.PolicyChange{Name: domain.To("Gold"), Targets: domain.To(targets(c.ID, 60, 240))}, nil))
	l.id = l.Open(fixture.Customer, ticket.Change{}).ID
	must[sla.Calendar](t)(l.Calendars.Change(t.Context(), l.Actor(fixture.Root), c.ID, sla.CalendarChange{Hours: domain.To(map[string][][]string{"sun": {{"13:00", "24:00"}}})}, nil))
	l.stands("first_response/1 running 60, resolution/1 running 240")
	old := l.id
	l.id = l.Open(fixture.Customer, ticket.Change{}).ID
	l.stands("first_response/1 running 120, resolution/1 running 300")
	l.id = old
	// the ticket of the lobby, which was there before the policy, is one of them
	f, left, err := l.Policies.Forecast(t.Context(), l.Actor(fixture.Root), p.ID)
	if check(t, err); left != nil {
		t.Errorf("left out: %v", left)
	}
	if want := (sla.Forecast{Tickets: 2, DueTimesMoved: 4}); f != want {
		t.Errorf("forecast %+v, want %+v", f, want)
	}
	if err := l.Policies.Apply(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	l.stands("first_response/1 running 120, resolution/1 running 300")
}

func TestTheFirstActivePolicyThatMatchesPromises(t *testing.T) {
	l := newLobby(t)
	create := func(name string, position int, active bool, priority domain.ID, answer int) {
		c := sla.PolicyChange{Name: domain.To(name), Position: domain.To(position), IsActive: domain.To(active), Targets: domain.To(targets("", answer, 240))}
		if priority != "" {
			c.PriorityIDs = domain.To([]string{string(priority)})
		}
		must[sla.Policy](t)(l.Policies.Create(t.Context(), l.Actor(fixture.Root), c, nil))
	}
	create("all", 30, true, "", 60)
	create("high", 20, true, l.Priority("HIGH").ID, 30)
	create("nobody", 10, false, "", 5)
	for code, want := range map[string]string{"HIGH": "first_response/1 running 30, resolution/1 running 240", "LOW": "first_response/1 running 60, resolution/1 running 240"} {
		l.id = l.Open(fixture.Agent, ticket.Change{PriorityID: domain.To(string(l.Priority(code).ID))}).ID
		l.stands(want)
	}
}

func TestABreachEscalatesWhereThePolicySaysSo(t *testing.T) {
	for escalates, c := range map[bool]func(*sla.PolicyChange){true: func(*sla.PolicyChange) {}, false: func(c *sla.PolicyChange) { c.EscalateOnBreach = domain.To(false) }} {
		l, _ := underPolicy(t, c)
		l.Wait(61 * time.Minute)
		if n := must[int](t)(l.ServiceLevels.Sweep(t.Context())); n == 0 {
			t.Error("nothing is due")
		}
		if v := l.ticket(); !v.SLABreached || v.IsEscalated != escalates {
			t.Errorf("breached %v, escalated %v, want %v", v.SLABreached, v.IsEscalated, escalates)
		}
	}
}

func TestReopeningGoesOnOrBeginsAnewAsThePolicySays(t *testing.T) {
	for way, want := range map[sla.Reopening]string{
		sla.ReopenResumes:  "first_response/1 met, resolution/1 running 350",
		sla.ReopenRestarts: "first_response/1 met, resolution/1 met, resolution/2 running 360",
	} {
		l, _ := underPolicy(t, func(c *sla.PolicyChange) { c.OnReopen = domain.To(string(way)) })
		l.Wait(10 * time.Minute)
		l.alters(ticket.Change{StatusID: domain.To(string(l.Status("CLOSED").ID))})
		l.Wait(110 * time.Minute)
		l.alters(ticket.Change{StatusID: domain.To(string(l.Status("OPEN").ID))})
		l.stands(want)
	}
}

func TestAPriorityMovesATicketFromOnePromiseToAnother(t *testing.T) {
	l := newLobby(t)
	create := func(name string, priority domain.ID, answer, resolution int) {
		must[sla.Policy](t)(l.Policies.Create(t.Context(), l.Actor(fixture.Root), sla.PolicyChange{
			Name: domain.To(name), PriorityIDs: domain.To([]string{string(priority)}), Targets: domain.To(targets("", answer, resolution)),
		}, nil))
	}
	create("High", l.Priority("HIGH").ID, 30, 60)
	create("Medium", l.Priority("MEDIUM").ID, 60, 240)
	l.id = l.Open(fixture.Customer, ticket.Change{}).ID
	l.stands("first_response/1 running 60, resolution/1 running 240")
	l.Wait(40 * time.Minute)
	l.alters(ticket.Change{PriorityID: domain.To(string(l.Priority("HIGH").ID))})
	l.stands("first_response/1 breached 40, resolution/1 running 60")
	l.alters(ticket.Change{PriorityID: domain.To(string(l.Priority("LOW").ID))})
	l.stands("first_response/1 breached 40, resolution/1 cancelled")
	if v := l.ticket(); !v.SLABreached {
		t.Error("a breach was forgotten")
	}
}

func TestARecomputationIsLeftToAJob(t *testing.T) {
	l, p := underPolicy(t)
	for _, as := range []string{fixture.Agent, fixture.Customer} {
		_, err := l.Policies.Recompute(t.Context(), l.Actor(as), p.ID)
		kind(t, err, domain.Forbidden)
	}
	_, err := l.Policies.Recompute(t.Context(), l.Actor(fixture.Root), "none")
	kind(t, err, domain.NotFound)
	must[sla.Policy](t)(l.Policies.Recompute(t.Context(), l.Actor(fixture.Root), p.ID))
	if got, want := stores.Waiting(t, l.Store), []ports.Job{{Kind: ports.RecomputeJob, ID: p.ID}}; !slices.Equal(got, want) {
		t.Errorf("waiting are %v, want %v", got, want)
	}
}
