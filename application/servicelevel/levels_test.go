package servicelevel_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
	"tickt/test/stores"
)

// newCaseUnderPolicy returns a case whose policy promises each response within an hour and the resolution within four,
// around the clock.
func newCaseUnderPolicy(t *testing.T, more ...func(*sla.PolicyPatch)) (*desk.Case, sla.Policy) {
	t.Helper()
	d := desk.NewCase(t)
	c := goldPolicy(targets("", 60, 240))
	for _, m := range more {
		m(&c)
	}
	p := addPolicy(d.Desk, c)
	d.TicketID = d.Open(desk.Customer, ticket.Patch{}).ID
	return d, p
}

// checkClocks checks the clocks of the case's ticket; their due times are in minutes after noon.
func checkClocks(d *desk.Case, want string) {
	d.T.Helper()
	var out []string
	for _, c := range report(d.Desk, d.TicketID).Clocks {
		text := fmt.Sprintf("%s/%d %s", c.Metric, c.Cycle, c.State())
		if !c.Due.IsZero() {
			text += fmt.Sprintf(" %d", int(c.Due.Sub(desk.Noon).Minutes()))
		}
		out = append(out, text)
	}
	if got := strings.Join(out, ", "); got != want {
		d.T.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestChangedPolicyAffectsOnlyLaterClocks(t *testing.T) {
	d, p := newCaseUnderPolicy(t)
	desk.Must(d.Policies.Update(t.Context(), d.Actor(desk.Root), p.ID, sla.PolicyPatch{
		Targets: targets("", 30, 60), PauseTypes: domain.Some([]string{"in_progress"}),
	}, nil))(t)
	desk.Check(t, d.Change(desk.Agent, ticket.Patch{StatusID: d.StatusTo("IN_PROGRESS"), Title: domain.Some("Another")}))
	checkClocks(d, "first_response/1 running 60, resolution/1 running 240")
	d.Wait(10 * time.Minute)
	d.MustWrite(desk.Agent, desk.Public("Hello."))
	desk.Check(t, d.Change(desk.Agent, ticket.Patch{StatusID: d.StatusTo("OPEN")}))
	d.MustWrite(desk.Customer, desk.Public("And?"))
	checkClocks(d, "first_response/1 met, next_response/1 running 40, resolution/1 running 240")
	desk.Check(t, d.Change(desk.Agent, ticket.Patch{StatusID: d.StatusTo("IN_PROGRESS")}))
	checkClocks(d, "first_response/1 met, next_response/1 paused, resolution/1 running 240")
	desk.Check(t, d.Policies.Apply(t.Context(), sla.Source{PolicyID: p.ID}))
	checkClocks(d, "first_response/1 met, next_response/1 paused, resolution/1 paused")
}

func TestChangedCalendarAffectsOnlyLaterClocks(t *testing.T) {
	d := desk.NewCase(t)
	always := map[string][][]string{}
	for _, day := range sla.Days {
		always[day] = [][]string{{"00:00", "24:00"}}
	}
	c := addCalendar(d.Desk, sla.CalendarPatch{Name: domain.Some("Always"), TimeZone: domain.Some("UTC"), Hours: domain.Some(always)})
	p := addPolicy(d.Desk, goldPolicy(targets(c.ID, 60, 240)))
	d.TicketID = d.Open(desk.Customer, ticket.Patch{}).ID
	afternoon := sla.CalendarPatch{Hours: domain.Some(map[string][][]string{"sun": {{"13:00", "24:00"}}})}
	desk.Must(d.Calendars.Update(t.Context(), d.Actor(desk.Root), c.ID, afternoon, nil))(t)
	checkClocks(d, "first_response/1 running 60, resolution/1 running 240")
	old := d.TicketID
	d.TicketID = d.Open(desk.Customer, ticket.Patch{}).ID
	checkClocks(d, "first_response/1 running 120, resolution/1 running 300")
	d.TicketID = old
	// one of them is the ticket of the case, which is older than the policy
	f, left, _, err := d.Policies.Forecast(t.Context(), d.Actor(desk.Root), p.ID)
	if desk.Check(t, err); left != nil {
		t.Errorf("left out: %v", left)
	}
	if want := (sla.Forecast{Tickets: 2, DueTimesMoved: 4}); f != want {
		t.Errorf("forecast %+v, want %+v", f, want)
	}
	desk.Check(t, d.Policies.Apply(t.Context(), sla.Source{PolicyID: p.ID}))
	checkClocks(d, "first_response/1 running 120, resolution/1 running 300")
}

func TestFirstMatchingActivePolicyApplies(t *testing.T) {
	d := desk.NewCase(t)
	create := func(name string, position int, active bool, priority domain.ID, answer int) {
		c := sla.PolicyPatch{
			Name: domain.Some(name), Position: domain.Some(position), IsActive: domain.Some(active), Targets: targets("", answer, 240),
		}
		if priority != "" {
			c.PriorityIDs = domain.Some([]string{string(priority)})
		}
		addPolicy(d.Desk, c)
	}
	create("all", 30, true, "", 60)
	create("high", 20, true, d.Priority("HIGH").ID, 30)
	create("nobody", 10, false, "", 5)
	for code, want := range map[string]string{
		"HIGH": "first_response/1 running 30, resolution/1 running 240",
		"LOW":  "first_response/1 running 60, resolution/1 running 240",
	} {
		d.TicketID = d.Open(desk.Agent, ticket.Patch{PriorityID: d.PriorityTo(code)}).ID
		checkClocks(d, want)
	}
}

func TestBreachEscalatesIfThePolicyAsksForIt(t *testing.T) {
	for escalates, c := range map[bool]func(*sla.PolicyPatch){
		true:  func(*sla.PolicyPatch) {},
		false: func(c *sla.PolicyPatch) { c.EscalateOnBreach = domain.Some(false) },
	} {
		d, _ := newCaseUnderPolicy(t, c)
		d.Wait(61 * time.Minute)
		if n := desk.Must(d.ServiceLevels.Sweep(t.Context()))(t); n == 0 {
			t.Error("nothing is due")
		}
		if v := d.Ticket(); !v.SLABreached || v.IsEscalated != escalates {
			t.Errorf("breached %v, escalated %v, want %v", v.SLABreached, v.IsEscalated, escalates)
		}
	}
}

func TestReopenedTicketResumesOrRestartsItsClocks(t *testing.T) {
	for way, want := range map[sla.Reopening]string{
		sla.ReopenResumes:  "first_response/1 running 170, resolution/1 running 350",
		sla.ReopenRestarts: "first_response/1 met, first_response/2 running 180, resolution/1 met, resolution/2 running 360",
	} {
		d, _ := newCaseUnderPolicy(t, func(c *sla.PolicyPatch) { c.OnReopen = domain.Some(string(way)) })
		d.Wait(10 * time.Minute)
		desk.Check(t, d.Change(desk.Agent, ticket.Patch{StatusID: d.StatusTo("CLOSED")}))
		d.Wait(110 * time.Minute)
		desk.Check(t, d.Change(desk.Agent, ticket.Patch{StatusID: d.StatusTo("OPEN")}))
		checkClocks(d, want)
	}
}

func TestChangedPriorityAppliesAnotherPolicy(t *testing.T) {
	d := desk.NewCase(t)
	create := func(name string, priority domain.ID, answer, resolution int) {
		addPolicy(d.Desk, sla.PolicyPatch{
			Name: domain.Some(name), PriorityIDs: domain.Some([]string{string(priority)}), Targets: targets("", answer, resolution),
		})
	}
	create("High", d.Priority("HIGH").ID, 30, 60)
	create("Medium", d.Priority("MEDIUM").ID, 60, 240)
	d.TicketID = d.Open(desk.Customer, ticket.Patch{}).ID
	checkClocks(d, "first_response/1 running 60, resolution/1 running 240")
	d.Wait(40 * time.Minute)
	desk.Check(t, d.Change(desk.Agent, ticket.Patch{PriorityID: d.PriorityTo("HIGH")}))
	checkClocks(d, "first_response/1 breached 40, resolution/1 running 60")
	desk.Check(t, d.Change(desk.Agent, ticket.Patch{PriorityID: d.PriorityTo("LOW")}))
	checkClocks(d, "first_response/1 breached 40, resolution/1 cancelled")
	if v := d.Ticket(); !v.SLABreached {
		t.Error("the ticket is no longer breached")
	}
}

// repromisers assigns permissions so that some members have every right that recomputing requires and others lack one.
// It returns those who may recompute, and those who may not.
func repromisers(d *desk.Desk) (may, mayNot []string) {
	for name, rights := range map[string]map[string]access.Actions{
		desk.Agent:    {access.PoliciesMenu: access.MayUpdate},
		desk.Agent2:   {access.PoliciesMenu: access.MayUpdate, access.TicketsMenu: access.MayEverything &^ access.MayUpdate},
		desk.Customer: {access.PoliciesMenu: access.MayEverything},
		desk.Clerk:    {access.PoliciesMenu: access.MayEverything &^ access.MayUpdate},
	} {
		for menu, actions := range rights {
			d.Assign(name, menu, actions)
		}
	}
	return []string{desk.Root, desk.Admin, desk.Agent}, []string{desk.Agent2, desk.Customer, desk.Clerk, desk.Visitor, desk.Nobody}
}

func TestRecomputeRequiresUpdateOfPoliciesAndOfAllTickets(t *testing.T) {
	d, p := newCaseUnderPolicy(t)
	may, mayNot := repromisers(d.Desk)
	recompute := func(as string) []error {
		_, _, _, err := d.Policies.Forecast(t.Context(), d.Actor(as), p.ID)
		return []error{err, desk.Err(d.Policies.Recompute(t.Context(), d.Actor(as), p.ID))}
	}
	for _, as := range mayNot {
		for _, err := range recompute(as) {
			if !errors.Is(err, domain.ErrForbidden) {
				t.Errorf("%s: %v", as, err)
			}
		}
	}
	if jobs := stores.Waiting(t, d.Store); len(jobs) > 0 {
		t.Errorf("waiting jobs %v", jobs)
	}
	for _, as := range may {
		desk.Check(t, errors.Join(recompute(as)...))
	}
}

func TestForecastCountsOnlyOpenTicketsThatExist(t *testing.T) {
	d, p := newCaseUnderPolicy(t) // its first ticket is older than the policy
	for _, code := range []string{"RESOLVED", "CLOSED", "CANCELLED", ""} {
		d.TicketID = d.Open(desk.Customer, ticket.Patch{}).ID
		if code == "" {
			desk.Check(t, d.Tickets.Delete(t.Context(), d.Actor(desk.Root), d.TicketID, nil))
		} else {
			desk.Check(t, d.SetStatus(desk.Agent, code))
		}
	}
	desk.Must(d.Policies.Update(t.Context(), d.Actor(desk.Root), p.ID, sla.PolicyPatch{Targets: targets("", 30, 60)}, nil))(t)
	f, left, _, err := d.Policies.Forecast(t.Context(), d.Actor(desk.Root), p.ID)
	if desk.Check(t, err); left != nil {
		t.Errorf("left out: %v", left)
	}
	if want := (sla.Forecast{Tickets: 2, DueTimesMoved: 4}); f != want {
		t.Errorf("forecast %+v, want %+v", f, want)
	}
}

func TestRecomputeAddsAJob(t *testing.T) {
	d, p := newCaseUnderPolicy(t)
	_, err := d.Policies.Recompute(t.Context(), d.Actor(desk.Root), "none")
	desk.Kind(t, err, domain.NotFound)
	desk.Must(d.Policies.Recompute(t.Context(), d.Actor(desk.Root), p.ID))(t)
	_, err = d.Policies.RecomputePriority(t.Context(), d.Actor(desk.Root), "none")
	desk.Kind(t, err, domain.NotFound)
	priority := domain.ID(d.PriorityTo("HIGH").Value)
	desk.Must(d.Policies.RecomputePriority(t.Context(), d.Actor(desk.Root), priority))(t)
	want := []ports.Job{{Kind: ports.RecomputeJob, ID: p.ID}, {Kind: ports.RecomputePriorityJob, ID: priority}}
	if got := stores.Waiting(t, d.Store); !slices.Equal(got, want) {
		t.Errorf("waiting jobs %v, want %v", got, want)
	}
}
