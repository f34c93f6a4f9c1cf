package httpapi

import (
	"fmt"
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

// Programs tell the reasons of a conflict apart by the code alone.
func TestConflictsHaveTheirOwnCodes(t *testing.T) {
	s := newClients(t)
	s.office()
	ctx := t.Context()
	calendars := desk.Must(s.Calendars.List(ctx, s.Actor(desk.Root), domain.Page{Number: 1, Size: 10}))(t)
	calendar := map[string]string{}
	for _, c := range calendars.Items {
		calendar[c.Name] = "/api/calendar/" + string(c.ID) + "/"
	}
	s.AddAccount("member", desk.InRole(s.AddRole("crew", access.ScopeOwn)))
	open := s.Open(desk.Agent, ticket.Patch{StatusID: s.StatusTo("PENDING"), AssignedTo: s.MemberTo(desk.Agent2)})
	closed := s.Open(desk.Agent, ticket.Patch{})
	s.moves(closed, "CLOSED")
	resend := s.ask(desk.Root, "GET", "/api/tickets/notification-logs/?pageSize=1", "").must(200, "Ok").object()
	log := resend["results"].([]any)[0].(map[string]any)["referenceId"]
	statusPath := func(code string) string { return "/api/ticket-status/" + string(s.Status(code).ID) + "/" }
	rolePath := func(name string) string { return "/api/role/" + string(s.Role(name)) + "/" }
	menuPath := func(url string) string { return "/api/menu/" + string(s.Menu(url).ID) + "/" }
	togglePath := func(name string) string { return "/api/account/toggle/" + string(s.ID(name)) + "/" }
	for _, tc := range []struct {
		name, as, method, path, body string
		want                         domain.Reason
	}{
		{"a role of accounts is deleted", desk.Root, "DELETE", rolePath("crew"), "", domain.ReasonInUse},
		{"a predefined role is deleted", desk.Root, "DELETE", rolePath("agent"), "", domain.ReasonPredefined},
		{"a predefined role is renamed", desk.Root, "PATCH", rolePath("agent"), `{"name":"agents"}`, domain.ReasonPredefined},
		{"an account of tickets is deleted", desk.Root, "DELETE", s.accountPath(desk.Agent), "", domain.ReasonInUse},
		{"an actor deletes itself", desk.Clerk, "DELETE", s.accountPath(desk.Clerk), "", domain.ReasonYourself},
		{"an actor deactivates itself", desk.Clerk, "POST", togglePath(desk.Clerk), "", domain.ReasonYourself},
		{"an actor unlocks itself", desk.Clerk, "POST", unlockPath + string(s.ID(desk.Clerk)) + "/", "", domain.ReasonYourself},
		{"the last superuser steps down", desk.Root, "PATCH", s.accountPath(desk.Root), `{"isSuperuser":false}`, domain.ReasonLastSuperuser},
		{"a menu with permissions is deleted", desk.Root, "DELETE", menuPath(access.TicketsMenu), "", domain.ReasonInUse},
		{"a status of tickets is deleted", desk.Root, "DELETE", statusPath("PENDING"), "", domain.ReasonInUse},
		{"its type changes", desk.Root, "PATCH", statusPath("PENDING"), `{"statusType":"open"}`, domain.ReasonInUse},
		{"the default status is deleted", desk.Root, "DELETE", statusPath("OPEN"), "", domain.ReasonDefaultNeeded},
		{"a calendar of policies is deleted", desk.Root, "DELETE", calendar["Office"], "", domain.ReasonInUse},
		{"the predefined calendar is deleted", desk.Root, "DELETE", calendar["24/7"], "", domain.ReasonPredefined},
		{"a closed ticket changes", desk.Agent, "PATCH", ticketPath(closed), `{"title":"New"}`, domain.ReasonClosed},
		{
			"a closed ticket is resolved", desk.Agent, "PATCH", ticketPath(closed), fmt.Sprintf(`{"statusId":%q}`, s.Status("RESOLVED").ID),
			domain.ReasonClosed,
		},
		{
			"a breach that is not is voided", desk.Root, "POST", ticketPath(open) + "sla/void/",
			`{"metric":"first_response","cycle":1,"reason":"x"}`, domain.ReasonConflict,
		},
		{
			"a log that was sent is sent again", desk.Root, "POST", fmt.Sprintf("/api/tickets/notification-log/%v/resend/", log), "",
			domain.ReasonConflict,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := s.ask(tc.as, tc.method, tc.path, tc.body)
			if code := failureCode(got.body); got.status != 409 || code != tc.want {
				t.Errorf("got %d %s, want %s", got.status, got.body, tc.want)
			}
		})
	}
}
