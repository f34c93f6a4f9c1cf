package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
	"tickt/test/stores"
)

// TestDeactivationHandsOverOpenTickets deactivates an agent with two open tickets and a resolved one.
func TestDeactivationHandsOverOpenTickets(t *testing.T) {
	for name, c := range map[string]struct {
		to       func(*clients) string
		assignee string
		told     map[string]string
	}{
		"to another one": {
			func(s *clients) string { return fmt.Sprintf("%q", s.ID(desk.Agent2)) }, desk.Agent2,
			map[string]string{desk.Agent2: "ticket_reassigned ticket_reassigned", desk.Root: ""},
		},
		"to no one": { // root, who would be told, did it
			func(*clients) string { return "null" }, "", map[string]string{desk.Agent2: "", desk.Root: ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newClients(t)
			var open []ticket.View
			for range 3 {
				open = append(open, s.Open(desk.Admin, ticket.Patch{AssignedTo: s.MemberTo(desk.Agent)}))
			}
			resolved := open[2]
			s.ask(desk.Agent, "PATCH", ticketPath(resolved), fmt.Sprintf(`{"statusId":%q}`, s.Status("RESOLVED").ID)).must(http.StatusOK,
				"Ticket updated successfully.")
			for _, name := range []string{desk.Root, desk.Agent2} {
				s.ask(name, "POST", readAllPath, "").must(http.StatusOK, "Ok")
			}
			toggle := "/api/account/toggle/" + string(s.ID(desk.Agent)) + "/"
			for _, to := range []string{desk.Agent, desk.Nobody, desk.Leaver} {
				s.ask(desk.Root, "POST", toggle, fmt.Sprintf(`{"handOverTo":%q}`, s.ID(to))).refuses("handOverTo: Invalid assigned staff.")
			}
			s.ask(desk.Root, "POST", toggle, `{"handOverTo":"x"}`).refuses("handOverTo: Invalid assigned staff.")
			s.ask(desk.Root, "POST", toggle, `{"handOver":null}`).refuses("handOver: Unknown field 'handOver'.")
			s.Assign(desk.Admin, access.TicketsMenu, access.MayView)
			s.ask(desk.Admin, "POST", toggle, `{"handOverTo":null}`).must(http.StatusForbidden,
				"You do not have the required permission to access this resource.")
			done := s.ask(desk.Root, "PATCH", toggle, fmt.Sprintf(`{"handOverTo":%s}`, c.to(s))).must(http.StatusOK,
				"Account is deactivated successfully.")
			if got := done.object(); got["openTickets"] != 2.0 || got["isActive"] != false {
				t.Errorf("toggled %s", done.body)
			}
			read := s.ask(desk.Root, "GET", "/api/account/"+string(s.ID(desk.Agent))+"/", "")
			if read.header.Get("ETag") != done.header.Get("ETag") {
				t.Error("the tag is not that of the account")
			}
			for range 2 { // a job may be run more than once
				for _, j := range stores.Waiting(t, s.Store) {
					if j.Kind == ports.HandOverJob {
						desk.Check(t, s.Tickets.HandOver(t.Context(), j.ID))
					}
				}
			}
			for i, v := range open {
				want := c.assignee
				if i == 2 {
					want = desk.Agent
				}
				got := s.ask(desk.Root, "GET", ticketPath(v), "").must(http.StatusOK, "Ok").object()
				if shown, _ := got["assignedTo"].(string); shown != want {
					t.Errorf("ticket %d is assigned to %v, want %q", i, got["assignedTo"], want)
				}
				history := s.ask(desk.Root, "GET", ticketPath(v)+"history/", "")
				if got := strings.Count(history.body, `"actor":"root","actorId":"`+string(s.ID(desk.Root))+`","via":"job"`); (got == 1) != (i < 2) {
					t.Errorf("ticket %d has the history %s", i, history.body)
				}
			}
			for name, want := range c.told {
				if got := s.ask(name, "GET", inboxPath+"?is_read=false", "").list("notificationType"); got != want {
					t.Errorf("%s is told %q, want %q", name, got, want)
				}
			}
			s.ask(desk.Root, "POST", toggle, fmt.Sprintf(`{"handOverTo":%q}`, s.ID(desk.Agent2))).refuses(
				"handOverTo: Tickets can only be handed over when an account is deactivated.")
			on := s.ask(desk.Root, "POST", toggle, "").must(http.StatusOK, "Account is activated successfully.")
			if got := on.object(); got["openTickets"] != 0.0 {
				t.Errorf("activated %v", got)
			}
		})
	}
}

// TestHandOverLeavesTicketsOfAnActiveAccount checks a job that is run after the account was activated again, and one whose target
// cannot be assigned any more.
func TestHandOverLeavesTicketsOfAnActiveAccount(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Admin, ticket.Patch{AssignedTo: s.MemberTo(desk.Agent)})
	h := ticket.HandOver{From: s.ID(desk.Agent), To: s.ID(desk.Agent2), By: s.ID(desk.Root)}
	desk.Check(t, s.Tickets.HandOver(t.Context(), h.ID()))
	assigned := func() domain.ID {
		var got ticket.View
		s.Update(func(ctx context.Context, tx ports.Tx) (err error) {
			got, err = tx.Tickets.Get(ctx, v.ID, access.EveryTicket)
			return err
		})
		return got.AssignedTo
	}
	if got := assigned(); got != h.From {
		t.Errorf("assigned to %s", got)
	}
	s.Deactivate(desk.Agent)
	s.Deactivate(desk.Agent2)
	if err := s.Tickets.HandOver(t.Context(), h.ID()); err == nil || !strings.Contains(err.Error(), v.Number) || assigned() != h.From {
		t.Errorf("handed over to a deactivated account: %v", err)
	}
}

// TestHandOverDoesNotNeedTheAccountThatAskedForIt lets that account be removed before the job is run.
func TestHandOverDoesNotNeedTheAccountThatAskedForIt(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Admin, ticket.Patch{AssignedTo: s.MemberTo(desk.Agent)})
	s.Deactivate(desk.Agent)
	h := ticket.HandOver{From: s.ID(desk.Agent), To: s.ID(desk.Agent2), By: "0123456789abcdef0123456789abcdef"}
	desk.Check(t, s.Tickets.HandOver(t.Context(), h.ID()))
	if got := s.ask(desk.Root, "GET", ticketPath(v), "").must(http.StatusOK, "Ok").object(); got["assignedTo"] != desk.Agent2 {
		t.Errorf("assigned to %v", got["assignedTo"])
	}
}
