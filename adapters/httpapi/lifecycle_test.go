package httpapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tickt/domain/ticket"
	"tickt/test/desk"
)

func TestStatusSaysWhatAReplyDoesAndWhenTicketsAreClosed(t *testing.T) {
	s := newClients(t)
	path := "/api/ticket-status/" + string(s.Status("RESOLVED").ID) + "/"
	const updated = "Ticket status updated successfully."
	shows := func(r reply, says string, days any) {
		t.Helper()
		if got := r.object(); got["onRequesterReply"] != says || got["autoCloseDays"] != days {
			t.Errorf("%s", r.body)
		}
	}
	shows(s.ask(desk.Admin, "GET", path, "").must(http.StatusOK, "Ok"), "open", nil)
	shows(s.ask(desk.Admin, "PATCH", path, `{"onRequesterReply":"keep","autoCloseDays":365}`).must(http.StatusOK, updated), "keep", 365.0)
	shows(s.ask(desk.Admin, "PATCH", path, `{"name":"Solved"}`).must(http.StatusOK, updated), "keep", 365.0)
	s.ask(desk.Admin, "PATCH", path, `{"statusType":"closed"}`).
		refuses("autoCloseDays: Only a status of type resolved can have a number of days until tickets are closed.")
	shows(s.ask(desk.Admin, "PUT", path, `{"name":"Solved","code":"RESOLVED","statusType":"resolved"}`).must(http.StatusOK, updated),
		"open", nil)
	shows(s.ask(desk.Admin, "PATCH", path, `{"onRequesterReply":null,"autoCloseDays":null}`).must(http.StatusOK, updated), "open", nil)
	s.ask(desk.Admin, "PATCH", path, `{"autoCloseDays":366}`).
		refuses("autoCloseDays: Days until tickets are closed must be a whole number from 1 to 365, or null.")
}

func TestReplyOfTheRequesterIsInTheHistoryAsARule(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Customer, ticket.Patch{})
	s.ask(desk.Agent, "PATCH", ticketPath(v), fmt.Sprintf(`{"statusId":%q}`, s.Status("RESOLVED").ID)).
		must(http.StatusOK, "Ticket updated successfully.")
	said := s.ask(desk.Customer, "POST", commentsPath(v), `{"body":"It burns again."}`).must(http.StatusCreated, written).object()
	if got := s.ask(desk.Customer, "GET", ticketPath(v), "").object(); got["statusType"] != "open" || got["resolvedAt"] != nil {
		t.Errorf("now %v", got)
	}
	history := s.ask(desk.Customer, "GET", ticketPath(v)+"history/", "").must(http.StatusOK, "Ok")
	entry := fmt.Sprintf(`"actor":"customer","actorId":%q,"via":"rule","kind":"changed","field":"status","from":"Resolved","to":"Open",`+
		`"fromId":%q,"toId":%q,"commentId":%q}`, s.ID(desk.Customer), s.Status("RESOLVED").ID, s.Status("OPEN").ID, said["referenceId"])
	if !strings.Contains(history.body, entry) {
		t.Errorf("%s lacks %s", history.body, entry)
	}
}

func TestFollowUpIsShownToThoseWhoSeeTheOriginal(t *testing.T) {
	s := newClients(t)
	old := s.Open(desk.Customer, ticket.Patch{})
	body := func(of string) string { return fmt.Sprintf(`{"title":"Again","description":"x","followUpOf":%q}`, of) }
	const refused = "followUpOf: Invalid ticket to follow up."
	s.ask(desk.Customer, "POST", "/api/tickets/", body(string(old.ID))).refuses(refused) // it is still open
	s.ask(desk.Agent, "PATCH", ticketPath(old), fmt.Sprintf(`{"statusId":%q}`, s.Status("CLOSED").ID)).
		must(http.StatusOK, "Ticket updated successfully.")
	for _, of := range []string{string(s.NewID()), old.Number, "x"} {
		s.ask(desk.Customer, "POST", "/api/tickets/", body(of)).refuses(refused)
	}
	s.ask(desk.Visitor, "POST", "/api/tickets/", body(string(old.ID))).refuses(refused)
	s.ask(desk.Customer, "POST", "/api/tickets/", `{"title":"Again","description":"x","followUpOf":5}`).refuses(
		"followUpOf: followUpOf must be a string.")
	r := s.ask(desk.Customer, "POST", "/api/tickets/", body(string(old.ID))).must(http.StatusCreated, "Ticket created successfully.")
	shown := fmt.Sprintf(`"followUpOf":%q,"followUpOfId":%q`, old.Number, old.ID)
	if !strings.Contains(r.body, shown) {
		t.Errorf("created %s", r.body)
	}
	path := r.header.Get("Location")
	// what was read can be sent back, and another value changes nothing
	for method, sent := range map[string]string{"PUT": string(r.Data), "PATCH": `{"title":"Once more","followUpOf":7,"followUpOfId":null}`} {
		got := s.ask(desk.Customer, method, path, sent).must(http.StatusOK, "Ticket updated successfully.")
		if !strings.Contains(got.body, shown) {
			t.Errorf("%s: %s", method, got.body)
		}
	}
	if again := s.ask(desk.Agent, "POST", "/api/tickets/", string(r.Data)); !strings.Contains(again.body, shown) {
		t.Errorf("a copy: %s", again.body)
	}
	s.ask(desk.Agent, "PATCH", path, fmt.Sprintf(`{"createdFor":%q}`, s.ID(desk.Visitor))).must(http.StatusOK, "Ticket updated successfully.")
	const hidden = `"followUpOf":null,"followUpOfId":null`
	for _, where := range []string{path, "/api/tickets/", "/api/tickets/?cursor="} {
		got := s.ask(desk.Visitor, "GET", where, "")
		if !strings.Contains(got.body, hidden) || strings.Contains(got.body, string(old.ID)) || strings.Contains(got.body, old.Number) {
			t.Errorf("%s: %s", where, got.body)
		}
		if got := s.ask(desk.Agent, "GET", where, ""); !strings.Contains(got.body, shown) {
			t.Errorf("%s: %s", where, got.body)
		}
	}
	if got := s.ask(desk.Visitor, "PATCH", path, `{"title":"Mine"}`); !strings.Contains(got.body, hidden) {
		t.Errorf("changed: %s", got.body)
	}
}

func TestUnassignedTicketsAreFiltered(t *testing.T) {
	s := newClients(t)
	free := s.Open(desk.Customer, ticket.Patch{})
	taken := s.Open(desk.Agent, ticket.Patch{AssignedTo: s.MemberTo(desk.Agent)})
	left := s.Open(desk.Agent, ticket.Patch{AssignedTo: s.MemberTo(desk.Agent2)})
	s.Deactivate(desk.Agent2)
	for query, want := range map[string]string{
		"none": free.Number + " " + left.Number, "me": taken.Number, "me,none": free.Number + " " + taken.Number + " " + left.Number,
		string(s.ID(desk.Agent2)): left.Number, string(s.ID(desk.Admin)): "",
	} {
		got := s.ask(desk.Agent, "GET", "/api/tickets/?order_by=created&assigned_to="+query, "").must(http.StatusOK, "Ok")
		numbers := strings.Fields(got.list("ticketNumber"))
		if len(numbers) != len(strings.Fields(want)) {
			t.Errorf("%s: %v, want %s", query, numbers, want)
		}
		for _, n := range strings.Fields(want) {
			if !strings.Contains(got.body, n) {
				t.Errorf("%s lacks %s", query, n)
			}
		}
	}
	s.ask(desk.Agent, "GET", "/api/tickets/?created_by=none", "").
		refuses("created_by: created_by must hold reference ids: 32 lower-case hexadecimal characters each.")
}

func TestCancelledTicketIsNeitherUrgentNorOverdue(t *testing.T) {
	s := newClients(t)
	bad := s.Open(desk.Agent, ticket.Patch{PriorityID: s.PriorityTo("CRITICAL")})
	s.ask(desk.Agent, "PATCH", ticketPath(bad), `{"responseDeadline":"2026-03-01T13:00:00Z","isEscalated":true}`).
		must(http.StatusOK, "Ticket updated successfully.")
	s.Wait(5 * 3600e9)
	for more := 1; more > 0; {
		more = desk.Must(s.ServiceLevels.Sweep(t.Context()))(t)
	}
	low := s.Open(desk.Agent, ticket.Patch{PriorityID: s.PriorityTo("LOW")})
	first := func(query string) string {
		found := s.ask(desk.Agent, "GET", "/api/tickets/"+query, "").must(http.StatusOK, "Ok")
		return strings.Join(strings.Fields(found.list("ticketNumber")), " ")
	}
	if got := first("?response_overdue=true"); got != bad.Number {
		t.Errorf("overdue: %s", got)
	}
	for _, code := range []string{"CANCELLED", "OPEN", "CLOSED"} {
		s.ask(desk.Agent, "PATCH", ticketPath(bad), fmt.Sprintf(`{"statusId":%q}`, s.Status(code).ID)).
			must(http.StatusOK, "Ticket updated successfully.")
		over := code != "OPEN"
		want := bad.Number + " " + low.Number
		if over {
			want = low.Number + " " + bad.Number
		}
		for _, query := range []string{"", "?order_by=sla", "?cursor=", "?cursor=&order_by=sla"} {
			if got := first(query); got != want {
				t.Errorf("%s, %q: %s, want %s", code, query, got, want)
			}
		}
		got := s.ask(desk.Agent, "GET", ticketPath(bad), "").object()
		if over && (got["slaDueDate"] != nil || first("?response_overdue=true") != "") {
			t.Errorf("%s: %v", code, got)
		}
		if got["slaBreached"] != true {
			t.Errorf("%s: the breach is gone", code)
		}
	}
}
