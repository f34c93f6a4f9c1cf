package httpapi

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"tickt/domain/access"
	"tickt/test/desk"
)

// TestNewsOfUnassignedTicketsHasRecipients opens a ticket without an assignee, lets its requester comment on it, and takes the
// assignee out: somebody is told each time.
func TestNewsOfUnassignedTicketsHasRecipients(t *testing.T) {
	s := newClients(t)
	told := func(name string) string {
		t.Helper()
		got := s.ask(name, "GET", inboxPath+"?is_read=false", "").must(http.StatusOK, "Ok").list("notificationType")
		s.ask(name, "POST", readAllPath, "").must(http.StatusOK, "Ok")
		s.Wait(time.Second)
		return got
	}
	tells := func(want map[string]string) {
		t.Helper()
		for _, name := range []string{desk.Root, desk.Admin, desk.Agent, desk.Agent2, desk.Clerk, desk.Customer, desk.Visitor} {
			if got := told(name); got != want[name] {
				t.Errorf("%s is told %q, want %q", name, got, want[name])
			}
		}
	}
	open := func() string {
		t.Helper()
		r := s.ask(desk.Customer, "POST", "/api/tickets/", `{"title":"Fire","description":"It burns."}`)
		return r.must(http.StatusCreated, "Ticket created successfully.").object()["referenceId"].(string)
	}
	open()
	tells(map[string]string{desk.Root: "ticket_created"}) // no role receives unassigned tickets and may view tickets
	for _, name := range []string{desk.Clerk, desk.Visitor} {
		r := s.ask(desk.Root, "POST", "/api/roles/", fmt.Sprintf(`{"name":"of %s","ticketScope":%q,"receivesUnassigned":true}`, name,
			map[string]access.Scope{desk.Clerk: access.ScopeAll, desk.Visitor: access.ScopeOwn}[name]))
		role := r.must(http.StatusCreated, "Role created successfully.").object()["referenceId"]
		s.ask(desk.Root, "POST", accountRolesPath, fmt.Sprintf(`{"userList":[%q],"roleId":%q}`, s.ID(name), role)).must(http.StatusOK,
			"Successfully updated roles for 1 users.")
		s.Assign(name, access.TicketsMenu, access.MayView)
	}
	id := open()
	tells(map[string]string{desk.Clerk: "ticket_created"}) // the visitor receives them too, but does not see this one
	s.ask(desk.Customer, "POST", "/api/ticket/"+id+"/comments/", `{"body":"Well?"}`)
	tells(map[string]string{desk.Clerk: "comment_added"})
	patch := func(as, body string) {
		t.Helper()
		s.ask(as, "PATCH", "/api/ticket/"+id+"/", body).must(http.StatusOK, "Ticket updated successfully.")
	}
	patch(desk.Admin, fmt.Sprintf(`{"assignedTo":%q}`, s.ID(desk.Agent)))
	tells(map[string]string{desk.Agent: "ticket_assigned"})
	patch(desk.Admin, fmt.Sprintf(`{"assignedTo":%q}`, s.ID(desk.Agent2)))
	tells(map[string]string{desk.Agent: "ticket_reassigned", desk.Agent2: "ticket_reassigned"})
	patch(desk.Admin, fmt.Sprintf(`{"createdFor":%q}`, s.ID(desk.Visitor)))
	tells(map[string]string{desk.Visitor: "ticket_received"})
	s.Deactivate(desk.Agent2)
	patch(desk.Admin, `{"title":"Ash"}`)
	for name, want := range map[string]string{desk.Clerk: "ticket_updated", desk.Visitor: "ticket_updated", desk.Root: "", desk.Agent: ""} {
		if got := told(name); got != want {
			t.Errorf("%s is told %q, want %q", name, got, want)
		}
	}
}
