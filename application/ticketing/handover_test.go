package ticketing_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
	"tickt/test/stores"
)

// TestHandOverGoesOnWithANewJob hands over more tickets than one job does. The second job runs twice, and some tickets cannot be
// handed over at first: each is handed over once, and told once.
func TestHandOverGoesOnWithANewJob(t *testing.T) {
	d := desk.New(t)
	const tickets = 450 // three jobs
	all := make([]ticket.View, tickets)
	for i := range all {
		all[i] = d.Open(desk.Admin, ticket.Patch{AssignedTo: d.MemberTo(desk.Agent)})
	}
	d.Deactivate(desk.Agent)
	first := ticket.HandOver{From: d.ID(desk.Agent), To: d.ID(desk.Agent2), By: d.ID(desk.Root)}
	d.Deactivate(desk.Agent2)
	failed := d.Tickets.HandOver(t.Context(), first.ID())
	if failed == nil || !strings.Contains(failed.Error(), all[0].Number) || strings.Contains(failed.Error(), all[tickets-1].Number) {
		t.Errorf("the first job fails with %v", failed)
	}
	stores.Work(t, d.Store, func(_ context.Context, j ports.Job) error {
		if j.Kind == ports.HandOverJob {
			t.Error("a job goes on after one in which every ticket failed")
		}
		return nil
	})
	d.Edit(first.To, func(a *account.Account) { a.IsActive = true })
	desk.Check(t, d.Tickets.HandOver(t.Context(), first.ID())) // again
	var jobs []ticket.HandOver
	stores.Work(t, d.Store, func(ctx context.Context, j ports.Job) error {
		if j.Kind != ports.HandOverJob {
			return nil
		}
		h, _ := ticket.HandOverOf(j.ID)
		jobs = append(jobs, h)
		return d.Tickets.HandOver(ctx, j.ID)
	})
	if len(jobs) == 0 || jobs[0].After == "" || jobs[0].From != first.From || jobs[0].To != first.To || jobs[0].By != first.By {
		t.Errorf("the first job goes on with %+v", jobs)
	}
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		for _, v := range all {
			got, err := tx.Tickets.Get(ctx, v.ID, access.EveryTicket)
			if err != nil {
				return err
			}
			if got.AssignedTo != first.To {
				return fmt.Errorf("%s is assigned to %q", v.Number, got.AssignedTo)
			}
		}
		_, told, err := tx.NotificationLogs.List(ctx, access.EveryTicket, notification.Filter{
			Types: []notification.Type{notification.TicketReassigned}, Recipients: []domain.ID{first.To},
		}, ports.Page{Number: 1, Size: 1})
		if err == nil && told != tickets {
			err = fmt.Errorf("%d tickets are told", told)
		}
		return err
	})
}

// TestHandOverEndsWhenTheAccountIsActiveAgain activates the account again between two tickets of a job.
func TestHandOverEndsWhenTheAccountIsActiveAgain(t *testing.T) {
	d := desk.New(t)
	for range 3 {
		d.Open(desk.Admin, ticket.Patch{AssignedTo: d.MemberTo(desk.Agent)})
	}
	d.Deactivate(desk.Agent)
	app := d.With(func(deps *application.Deps) {
		deps.Store = &updateHook{Store: deps.Store, at: 2, then: func() {
			d.Edit(d.ID(desk.Agent), func(a *account.Account) { a.IsActive = true })
		}}
	})
	desk.Check(t, app.Tickets.HandOver(t.Context(), ticket.HandOver{From: d.ID(desk.Agent), By: d.ID(desk.Root)}.ID()))
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		left, err := tx.Tickets.ActiveOf(ctx, d.ID(desk.Agent), "", 10)
		if err == nil && len(left) != 2 {
			err = fmt.Errorf("the account has %d tickets, want 2", len(left))
		}
		return err
	})
}

// updateHook calls then before Update is called for the at-th time.
type updateHook struct {
	ports.Store
	at, n int
	then  func()
}

func (s *updateHook) Update(ctx context.Context, fn func(ports.Tx) error) error {
	if s.n++; s.n == s.at {
		s.then()
	}
	return s.Store.Update(ctx, fn)
}

// TestTicketIsHandedOverOnceByTwoHandOvers runs two hand-overs with different targets at the same time.
func TestTicketIsHandedOverOnceByTwoHandOvers(t *testing.T) {
	d := desk.New(t)
	var all []ticket.View
	for range 20 {
		all = append(all, d.Open(desk.Admin, ticket.Patch{AssignedTo: d.MemberTo(desk.Agent)}))
	}
	d.Deactivate(desk.Agent)
	var running sync.WaitGroup
	for _, to := range []string{desk.Agent2, desk.Admin} {
		job := ticket.HandOver{From: d.ID(desk.Agent), To: d.ID(to), By: d.ID(desk.Root)}.ID()
		running.Go(func() {
			if err := d.Tickets.HandOver(t.Context(), job); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		for _, v := range all {
			got, err := tx.Tickets.Get(ctx, v.ID, access.EveryTicket)
			if err != nil {
				return err
			}
			history, err := tx.History.List(ctx, v.ID, true, nil, 10)
			if err != nil {
				return err
			}
			if got.AssignedTo == d.ID(desk.Agent) || len(history) != 2 { // opened, and assigned once
				t.Errorf("%s is assigned to %s; its history is %+v", v.Number, got.AssignedToName, history)
			}
		}
		return nil
	})
}
