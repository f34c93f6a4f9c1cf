package ticketing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

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
