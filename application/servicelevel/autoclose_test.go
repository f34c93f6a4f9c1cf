package servicelevel_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// closing returns a desk whose resolved tickets are closed after some days.
func closing(t *testing.T, days int, with ...func(*desk.Desk)) *desk.Desk {
	t.Helper()
	d := desk.New(t)
	setDays(d, domain.Some(days))
	for _, w := range with {
		w(d)
	}
	return d
}

func setDays(d *desk.Desk, days domain.Optional[int]) {
	d.T.Helper()
	desk.Check(d.T, desk.Err(d.Statuses.Update(d.T.Context(), d.Actor(desk.Root), d.Status("RESOLVED").ID,
		ticket.StatusPatch{AutoCloseDays: days}, nil)))
}

// resolved opens a ticket for the customer and resolves it.
func resolved(d *desk.Desk) ticket.View {
	d.T.Helper()
	v := d.Open(desk.Customer, ticket.Patch{})
	return desk.Must(d.Tickets.Update(d.T.Context(), d.Actor(desk.Agent), v.ID,
		ticket.Patch{StatusID: d.StatusTo("RESOLVED"), AssignedTo: d.MemberTo(desk.Agent)}, nil))(d.T)
}

func read(d *desk.Desk, id domain.ID) ticket.View {
	d.T.Helper()
	return desk.Must(d.Tickets.Get(d.T.Context(), d.Actor(desk.Root), id))(d.T)
}

func sweepOnce(d *desk.Desk) int {
	d.T.Helper()
	return desk.Must(d.ServiceLevels.Sweep(d.T.Context()))(d.T)
}

func sweepAll(d *desk.Desk) {
	d.T.Helper()
	for more := true; more; {
		more = sweepOnce(d) > 0
	}
}

const aDay = 24 * time.Hour

func TestResolvedTicketIsClosedOnceByTheRule(t *testing.T) {
	d := closing(t, 3)
	v := resolved(d)
	d.Wait(3*aDay - time.Microsecond)
	if n := sweepOnce(d); n != 0 || read(d, v.ID).StatusType != ticket.Resolved {
		t.Errorf("swept %d too early", n)
	}
	d.Wait(time.Hour) // late, as after a restart
	if n := sweepOnce(d); n != 1 {
		t.Errorf("swept %d", n)
	}
	got := read(d, v.ID)
	if got.StatusName != "Closed" || !got.ResolvedAt.Equal(v.ResolvedAt) || !got.UpdatedAt.Equal(d.Now()) || !got.AutoCloseAt.IsZero() {
		t.Errorf("%+v", got)
	}
	if n := sweepOnce(d); n != 0 {
		t.Errorf("swept %d again", n)
	}
	all, _, err := d.Tickets.History(t.Context(), d.Actor(desk.Root), v.ID, nil, 50)
	desk.Check(t, err)
	var byRule []ticket.EntryView
	for _, e := range all {
		if e.Via == access.ViaRule {
			byRule = append(byRule, e)
		}
	}
	if len(byRule) != 1 || byRule[0].Field != "status" || byRule[0].ActorID != "" || byRule[0].ToName != "Closed" {
		t.Errorf("by the rule: %+v", byRule)
	}
	for _, who := range []string{desk.Customer, desk.Agent} {
		logs, _, err := d.Inbox.List(t.Context(), d.Actor(who), nil, nil, 1)
		desk.Check(t, err)
		if len(logs) != 1 || logs[0].Type != notification.StatusChanged || !logs[0].CreatedAt.Equal(d.Now()) {
			t.Errorf("%s was told %+v", who, logs)
		}
	}
	r := report(d, v.ID)
	for _, e := range r.Events {
		if e.At.Equal(d.Now()) {
			t.Errorf("closing moved a clock: %+v", e)
		}
	}
}

func TestPublicCommentsPostponeTheClosing(t *testing.T) {
	d := closing(t, 2)
	v := resolved(d)
	ctx, agent := t.Context(), d.Actor(desk.Agent)
	write := func(draft ticket.CommentDraft) ticket.CommentView {
		t.Helper()
		return desk.Must(d.Comments.Write(ctx, agent, v.ID, draft, nil))(t)
	}
	d.Wait(aDay)
	write(desk.Public("Is it well?"))
	d.Wait(aDay)
	write(desk.Internal("No answer."))
	if n := sweepOnce(d); n != 0 {
		t.Errorf("closed too early: %d", n)
	}
	last := write(desk.Public("We close it soon."))
	desk.Check(t, d.Comments.Delete(ctx, agent, v.ID, last.ID, nil)) // as if it had never been
	for range 2 {
		sweepOnce(d) // at the earliest time that is possible it finds the later one
	}
	if got := read(d, v.ID); got.StatusType != ticket.Resolved {
		t.Fatalf("%+v", got)
	}
	d.Wait(aDay)
	sweepOnce(d)
	if got := read(d, v.ID); got.StatusType != ticket.Closed {
		t.Errorf("%+v", got)
	}
}

func TestReopenedTicketIsNotClosed(t *testing.T) {
	d := closing(t, 1)
	v := resolved(d)
	d.Wait(time.Hour)
	desk.Check(t, desk.Err(d.Comments.Write(t.Context(), d.Actor(desk.Customer), v.ID, desk.Public("Again."), nil)))
	d.Wait(2 * aDay)
	sweepAll(d)
	if got := read(d, v.ID); got.StatusType != ticket.Open {
		t.Errorf("%+v", got)
	}
}

func TestChangedDaysAreAppliedToResolvedTickets(t *testing.T) {
	d := desk.New(t)
	v, other := resolved(d), d.Open(desk.Customer, ticket.Patch{})
	id := d.Status("RESOLVED").ID
	step := func(days domain.Optional[int], want time.Time) {
		t.Helper()
		setDays(d, days)
		for range 2 { // the job may run more than once
			desk.Check(t, d.ServiceLevels.ScheduleClosing(t.Context(), id))
		}
		if got := read(d, v.ID); !got.AutoCloseAt.Equal(want) || !got.UpdatedAt.Equal(v.UpdatedAt) {
			t.Errorf("closes at %v, want %v; changed at %v", got.AutoCloseAt, want, got.UpdatedAt)
		}
		if got := read(d, other.ID); !got.AutoCloseAt.IsZero() {
			t.Errorf("an open ticket closes at %v", got.AutoCloseAt)
		}
	}
	step(domain.Some(7), v.ResolvedAt.Add(7*aDay))
	step(domain.Some(2), v.ResolvedAt.Add(2*aDay))
	step(domain.Null[int](), time.Time{})
	step(domain.Some(1), v.ResolvedAt.Add(aDay))
	setDays(d, domain.Some(30)) // the job has not run yet
	d.Wait(2 * aDay)
	sweepAll(d)
	if got := read(d, v.ID); got.StatusType != ticket.Resolved || !got.AutoCloseAt.Equal(v.ResolvedAt.Add(30*aDay)) {
		t.Errorf("%s, closes at %v", got.StatusType, got.AutoCloseAt)
	}
}

// addedJobs collects the jobs that are added.
type addedJobs struct {
	ports.Jobs
	to *[]ports.Job
}

func (a addedJobs) Add(ctx context.Context, all ...ports.Job) error {
	*a.to = append(*a.to, all...)
	return a.Jobs.Add(ctx, all...)
}

func TestOnlyAChangeOfTheDaysAddsAJob(t *testing.T) {
	var added []ports.Job
	d := desk.New(t, desk.Tap(func(tx *ports.Tx) { tx.Jobs = addedJobs{tx.Jobs, &added} }))
	id := d.Status("RESOLVED").ID
	patch := func(p ticket.StatusPatch) {
		t.Helper()
		desk.Check(t, desk.Err(d.Statuses.Update(t.Context(), d.Actor(desk.Root), id, p, nil)))
	}
	patch(ticket.StatusPatch{Description: domain.Some("x")})
	setDays(d, domain.Some(5))
	setDays(d, domain.Some(5))
	if !slices.Equal(added, []ports.Job{{Kind: ports.AutoCloseJob, ID: id}}) {
		t.Errorf("added %+v", added)
	}
}

func TestDeskWithoutAClosedStatusKeepsTicketsResolved(t *testing.T) {
	d := closing(t, 1)
	v := resolved(d)
	root := d.Actor(desk.Root)
	desk.Check(t, d.Statuses.Delete(t.Context(), root, d.Status("CLOSED").ID, nil))
	d.Wait(2 * aDay)
	if n := sweepOnce(d); n != 0 || read(d, v.ID).StatusType != ticket.Resolved {
		t.Errorf("swept %d", n)
	}
	for name, weight := range map[string]int{"Late": 9, "Early": 3} {
		desk.Check(t, desk.Err(d.Statuses.Create(t.Context(), root, ticket.StatusPatch{
			Name: domain.Some(name), Code: domain.Some(name), StatusType: domain.Some("closed"), Weight: domain.Some(weight),
		}, nil)))
	}
	sweepOnce(d)
	if got := read(d, v.ID); got.StatusName != "Early" {
		t.Errorf("%+v", got)
	}
}

// unwritableHistory fails for the entries of one ticket.
type unwritableHistory struct {
	ports.History
	id *domain.ID
}

func (h unwritableHistory) Add(ctx context.Context, entries []ticket.Entry) error {
	if slices.ContainsFunc(entries, func(e ticket.Entry) bool { return e.TicketID == *h.id && e.Via == access.ViaRule }) {
		return errDamaged
	}
	return h.History.Add(ctx, entries)
}

func TestTicketThatCannotBeClosedDoesNotHoldUpTheOthers(t *testing.T) {
	var sick domain.ID
	d := desk.New(t, desk.Tap(func(tx *ports.Tx) { tx.History = unwritableHistory{tx.History, &sick} }))
	setDays(d, domain.Some(1))
	all := []ticket.View{resolved(d), resolved(d), resolved(d)}
	sick = all[1].ID
	d.Wait(2 * aDay)
	n, err := d.ServiceLevels.Sweep(t.Context())
	var failures ports.SweepFailures
	if !errors.As(err, &failures) || n != 3 || len(failures) != 1 || failures[0].TicketID != sick {
		t.Fatalf("swept %d: %v", n, err)
	}
	if n := sweepOnce(d); n != 0 {
		t.Errorf("swept %d: the ticket is not set aside", n)
	}
	healed := sick
	sick = ""
	d.Wait(time.Hour)
	sweepOnce(d)
	for _, v := range all {
		if got := read(d, v.ID); got.StatusType != ticket.Closed {
			t.Errorf("%s (%v) is %s", v.Number, v.ID == healed, got.StatusType)
		}
	}
}

func TestReplicasCloseEachTicketOnce(t *testing.T) {
	d := closing(t, 1)
	var all []ticket.View
	for range 20 {
		all = append(all, resolved(d))
	}
	d.Wait(2 * aDay)
	var wg sync.WaitGroup
	for range 4 {
		replica := d.With()
		wg.Go(func() {
			for range 5 {
				if _, err := replica.ServiceLevels.Sweep(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, v := range all {
		entries, _, err := d.Tickets.History(t.Context(), d.Actor(desk.Root), v.ID, nil, 50)
		desk.Check(t, err)
		n := 0
		for _, e := range entries {
			if e.Via == access.ViaRule {
				n++
			}
		}
		if n != 1 || read(d, v.ID).StatusType != ticket.Closed {
			t.Errorf("%s was closed %d times", v.Number, n)
		}
	}
}
