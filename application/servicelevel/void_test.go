package servicelevel_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// voidOf is a draft that makes the breach of a clock void.
func voidOf(m sla.Metric, cycle int) sla.VoidDraft {
	return sla.VoidDraft{Metric: domain.Some(string(m)), Cycle: domain.Some(cycle), Reason: domain.Some("The policy was a mistake.")}
}

// void makes a breach of the case's ticket void.
func void(d *desk.Case, as string, draft sla.VoidDraft) error {
	d.T.Helper()
	return desk.Err(d.ServiceLevels.Void(d.T.Context(), d.Actor(as), d.TicketID, draft))
}

// newBreachedCase returns a case whose ticket was opened under a policy of one minute for the first response and of two
// for the resolution. Both are breached, and the ticket is escalated.
func newBreachedCase(t *testing.T) (*desk.Case, sla.Policy) {
	t.Helper()
	d, p := newCaseUnderPolicy(t, func(c *sla.PolicyPatch) { c.Targets = targets("", 1, 2) })
	d.Wait(10 * time.Minute)
	sweep(d)
	checkClocks(d, "first_response/1 breached 1, resolution/1 breached 2")
	return d, p
}

func sweep(d *desk.Case) {
	d.T.Helper()
	for n := 1; n > 0; {
		n = desk.Must(d.ServiceLevels.Sweep(d.T.Context()))(d.T)
	}
}

// standing returns what depends on the breaches of the case's ticket: its flags and urgency, whether the filter finds it,
// its place in the orders by SLA and by importance, and the levels of the dashboard.
func standing(d *desk.Case) string {
	d.T.Helper()
	v, root, yes := d.Ticket(), d.Actor(desk.Root), true
	list := func(q ticket.Query) []ticket.View {
		q.Number, q.Size, q.Now = 1, 100, d.Now()
		return desk.Must(d.Tickets.List(d.T.Context(), root, q))(d.T).Tickets
	}
	place := func(o ticket.Order) int {
		return slices.IndexFunc(list(ticket.Query{Order: o}), func(x ticket.View) bool { return x.ID == v.ID })
	}
	o := desk.Must(d.Dashboard.Show(d.T.Context(), root))(d.T)
	return fmt.Sprintf("breached %t, escalated %t, urgency %d, found %d, places %d %d, today %d, %v", v.SLABreached, v.IsEscalated, v.Urgency,
		len(list(ticket.Query{Order: ticket.ByCreated, Filter: ticket.Filter{Breached: &yes}})), place(ticket.BySLA), place(ticket.ByImportance),
		o.Levels.BreachedToday, o.Levels.Compliance[:1])
}

func TestVoidBreachNoLongerCounts(t *testing.T) {
	d, p := newBreachedCase(t)
	check := func(want string) {
		t.Helper()
		if got := standing(d); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	before := d.Ticket()
	d.Open(desk.Customer, ticket.Patch{}) // is breached later than the other one
	d.Wait(10 * time.Minute)
	sweep(d)
	check("breached true, escalated true, urgency 1000, found 2, places 0 0, today 4, [{first_response 0 2}]")
	d.MustWrite(desk.Agent, desk.Public("Hello."))
	d.Wait(time.Minute)
	desk.Check(t, void(d, desk.Root, voidOf(sla.FirstResponse, 1)))
	checkClocks(d, "first_response/1 met, resolution/1 breached 2")
	check("breached true, escalated true, urgency 1000, found 2, places 0 0, today 3, [{first_response 1 1}]")
	desk.Check(t, void(d, desk.Root, voidOf(sla.Resolution, 1)))
	checkClocks(d, "first_response/1 met, resolution/1 running 2")
	check("breached false, escalated true, urgency 600, found 1, places 1 1, today 2, [{first_response 1 1}]")
	if v := d.Ticket(); !v.UpdatedAt.After(before.UpdatedAt) || !v.SLABreachedAt.IsZero() ||
		!v.SLADueDate.Equal(desk.Noon.Add(2*time.Minute)) {
		t.Errorf("the ticket is %+v", v.Ticket)
	}

	desk.Must(d.Policies.Update(t.Context(), d.Actor(desk.Root), p.ID, sla.PolicyPatch{Targets: targets("", 3, 5)}, nil))(t)
	for i, do := range []func() error{
		func() error { return nil }, // only the sweep
		func() error { return d.Policies.Apply(t.Context(), sla.Source{PolicyID: p.ID}) },
		func() error { return d.Change(desk.Agent, ticket.Patch{PriorityID: d.PriorityTo("HIGH")}) },
		func() error { return d.SetStatus(desk.Agent, "RESOLVED") },
		func() error { return d.SetStatus(desk.Agent, "OPEN") },
	} {
		d.Wait(time.Hour)
		desk.Check(t, do())
		sweep(d)
		if v := d.Ticket(); v.SLABreached {
			t.Fatalf("step %d brought the breach back: %+v", i, report(d.Desk, d.TicketID).Clocks)
		}
	}
}

func TestMistakenPolicyIsUndone(t *testing.T) {
	d, p := newBreachedCase(t)
	ids := []domain.ID{d.TicketID}
	for range 4 {
		ids = append(ids, d.Open(desk.Customer, ticket.Patch{}).ID)
	}
	d.Wait(10 * time.Minute)
	sweep(d)
	desk.Must(d.Policies.Update(t.Context(), d.Actor(desk.Root), p.ID, sla.PolicyPatch{Targets: targets("", 60, 240)}, nil))(t)
	desk.Check(t, d.Policies.Apply(t.Context(), sla.Source{PolicyID: p.ID}))
	for _, d.TicketID = range ids {
		desk.Check(t, void(d, desk.Root, voidOf(sla.FirstResponse, 1)))
		desk.Check(t, void(d, desk.Root, voidOf(sla.Resolution, 1)))
		if v := d.Ticket(); v.SLABreached || !v.SLADueDate.Equal(v.CreatedAt.Add(time.Hour)) {
			t.Errorf("breached %t, due %s", v.SLABreached, v.SLADueDate)
		}
		desk.Check(t, d.SetStatus(desk.Agent, "RESOLVED"))
	}
	o := desk.Must(d.Dashboard.Show(t.Context(), d.Actor(desk.Root)))(t)
	want := []sla.Compliance{{Metric: sla.FirstResponse, Met: 5}, {Metric: sla.NextResponse}, {Metric: sla.Resolution, Met: 5}}
	if !slices.Equal(o.Levels.Compliance, want) || o.Levels.BreachedToday != 0 {
		t.Errorf("levels %+v", o.Levels)
	}
}

func TestVoidIsInLedgerAndHistory(t *testing.T) {
	d, _ := newBreachedCase(t)
	repromisers(d.Desk)
	d.Wait(time.Minute)
	desk.Check(t, void(d, desk.Agent, voidOf(sla.FirstResponse, 1)))
	events := report(d.Desk, d.TicketID).Events
	last := events[len(events)-1]
	want := sla.Entry{TicketID: d.TicketID, Seq: len(events), RecordedAt: d.Now(), Event: sla.Event{
		Metric: sla.FirstResponse, Cycle: 1, Kind: sla.Voided, At: d.Now(), Reason: "The policy was a mistake.", Cause: sla.VoidRequested,
		ActorID: d.ID(desk.Agent),
	}}
	last.RecordedAt, last.At = last.RecordedAt.In(time.UTC), last.At.In(time.UTC)
	want.RecordedAt, want.At = want.RecordedAt.In(time.UTC), want.At.In(time.UTC)
	if fmt.Sprintf("%+v", last) != fmt.Sprintf("%+v", want) {
		t.Errorf("the event is\n%+v, want\n%+v", last, want)
	}
	if !slices.ContainsFunc(events, func(e sla.Entry) bool { return e.Kind == sla.Breached && e.Metric == sla.FirstResponse }) {
		t.Error("the breach is no longer in the ledger")
	}
	entries, _, err := d.Tickets.History(t.Context(), d.Actor(desk.Root), d.TicketID, nil, 100)
	desk.Check(t, err)
	var found []ticket.EntryView
	for _, e := range entries {
		if e.Kind == ticket.EntryVoided {
			found = append(found, e)
		}
	}
	if len(found) != 1 || found[0].ActorID != d.ID(desk.Agent) || found[0].Via != access.ViaAPI || found[0].Field != "first_response" ||
		!found[0].At.Equal(d.Now()) || found[0].From != desk.Noon.Add(time.Minute).UTC().Format(time.RFC3339Nano) || found[0].To != "" {
		t.Errorf("history entries %+v", found)
	}
}

func TestVoidRequiresUpdateOfPoliciesAndOfAllTickets(t *testing.T) {
	d, _ := newBreachedCase(t)
	may, mayNot := repromisers(d.Desk)
	existing := d.TicketID
	for _, d.TicketID = range []domain.ID{existing, "none"} {
		for _, as := range mayNot {
			if err := void(d, as, sla.VoidDraft{}); !errors.Is(err, domain.ErrForbidden) {
				t.Errorf("%s: %v", as, err)
			}
		}
	}
	d.TicketID = existing
	for i, as := range may {
		d.TicketID = d.Open(desk.Customer, ticket.Patch{}).ID
		d.Wait(10 * time.Minute) // a breach that is not recorded yet
		if err := void(d, as, voidOf(sla.FirstResponse, 1)); err != nil {
			t.Errorf("%d: %s: %v", i, as, err)
		}
		checkVoids(d, 1)
	}
}

// checkVoids checks how many breaches of the case's ticket are void.
func checkVoids(d *desk.Case, want int) {
	d.T.Helper()
	got := 0
	for _, e := range report(d.Desk, d.TicketID).Events {
		if e.Kind == sla.Voided {
			got++
		}
	}
	if got != want {
		d.T.Errorf("%d breaches are void, want %d", got, want)
	}
}

func TestRefusedVoidChangesNothing(t *testing.T) {
	d, _ := newBreachedCase(t)
	d.MustWrite(desk.Agent, desk.Public("Hello."))
	d.MustWrite(desk.Customer, desk.Public("And?")) // starts a clock that is not breached
	before := d.Ticket()
	desk.Says(t, void(d, desk.Root, voidOf(sla.NextResponse, 1)), domain.Conflict, "The clock is not breached.")
	desk.Kind(t, void(d, desk.Root, voidOf(sla.NextResponse, 2)), domain.Invalid)
	desk.Kind(t, void(d, desk.Root, sla.VoidDraft{}), domain.Invalid)
	failing := d.With(desk.Tap(func(tx *ports.Tx) { tx.History = fullHistory{tx.History} }))
	err := desk.Err(failing.ServiceLevels.Void(t.Context(), d.Actor(desk.Root), d.TicketID, voidOf(sla.FirstResponse, 1)))
	if !errors.Is(err, errDamaged) {
		t.Fatalf("got %v", err)
	}
	checkVoids(d, 0)
	if v := d.Ticket(); !v.UpdatedAt.Equal(before.UpdatedAt) || !v.SLABreached {
		t.Errorf("the ticket is %+v", v.Ticket)
	}
	desk.Check(t, void(d, desk.Root, voidOf(sla.FirstResponse, 1)))
	desk.Says(t, void(d, desk.Root, voidOf(sla.FirstResponse, 1)), domain.Conflict, "The breach is void already.")
	checkVoids(d, 1)
	existing := d.TicketID
	desk.Check(t, d.Tickets.Delete(t.Context(), d.Actor(desk.Root), existing, nil))
	for _, d.TicketID = range []domain.ID{existing, "none"} { // before what is wrong with the body
		desk.Says(t, void(d, desk.Root, sla.VoidDraft{}), domain.NotFound, "Data not found.")
	}
}

// fullHistory accepts no entries.
type fullHistory struct{ ports.History }

func (fullHistory) Add(context.Context, []ticket.Entry) error { return errDamaged }

// A breach of a ticket that is closed can be void too.
func TestBreachOfClosedTicketBecomesVoid(t *testing.T) {
	for code, want := range map[string]string{
		"CLOSED":    "first_response/1 met, resolution/1 met",
		"CANCELLED": "first_response/1 cancelled, resolution/1 cancelled",
		"PENDING":   "first_response/1 paused, resolution/1 paused",
	} {
		d, _ := newBreachedCase(t)
		desk.Check(t, d.SetStatus(desk.Agent, code))
		desk.Check(t, void(d, desk.Root, voidOf(sla.FirstResponse, 1)))
		desk.Check(t, void(d, desk.Root, voidOf(sla.Resolution, 1)))
		checkClocks(d, want)
		if v := d.Ticket(); v.SLABreached || !v.SLADueDate.IsZero() {
			t.Errorf("%s: breached %t, due %s", code, v.SLABreached, v.SLADueDate)
		}
	}
}
