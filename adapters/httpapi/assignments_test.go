package httpapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tickt/domain/access"
	"tickt/test/desk"
)

const (
	assignmentsPath = "/api/account/menu/mapping/"
	assignmentKeys  = "referenceId accountId accountUsername menuId menuName isView isCreate isUpdate isDelete assignedBy assignedAt"
)

func TestAssignmentEndpoints(t *testing.T) {
	s := newClients(t)
	menu := s.Menu(access.TicketsMenu)
	r := s.ask(desk.Admin, "POST", assignmentsPath, fmt.Sprintf(`{"accountId":%q,"menuId":%q,"isCreate":true}`, s.ID(desk.Nobody), menu.ID)).
		must(http.StatusCreated, "UserMenuAssignment created successfully.")
	id := r.object()["referenceId"].(string)
	path := assignmentsPath + id + "/"
	shown := func(flags string) string {
		return fmt.Sprintf(`{"referenceId":%q,"accountId":%q,"accountUsername":"nobody","menuId":%q,"menuName":"Tickets",%s,`+
			`"assignedBy":"admin","assignedAt":"2026-03-01T12:00:00Z"}`,
			id, s.ID(desk.Nobody), menu.ID, flags)
	}
	want := shown(`"isView":true,"isCreate":true,"isUpdate":false,"isDelete":false`)
	if string(r.Data) != want || keys(t, r.Data) != assignmentKeys || r.header.Get("Location") != path {
		t.Errorf("created %s at %s\nwant %s", r.Data, r.header.Get("Location"), want)
	}
	if got := s.ask(desk.Admin, "GET", path, "").must(http.StatusOK, "Ok"); string(got.Data) != want || got.header.Get("ETag") == "" {
		t.Errorf("read back as %s", got.Data)
	}
	for _, tc := range []struct{ method, body, want string }{
		{"PUT", want, want},
		{"PATCH", `{"isDelete":true}`, shown(`"isView":true,"isCreate":true,"isUpdate":false,"isDelete":true`)},
		{
			"PATCH", `{"isView":false,"isCreate":false,"isDelete":false}`,
			shown(`"isView":false,"isCreate":false,"isUpdate":false,"isDelete":false`),
		},
		{"PUT", `{"isUpdate":true}`, shown(`"isView":true,"isCreate":false,"isUpdate":true,"isDelete":false`)},
		{"PUT", `{}`, shown(`"isView":true,"isCreate":false,"isUpdate":false,"isDelete":false`)},
	} {
		if r := s.ask(desk.Admin, tc.method, path, tc.body).must(http.StatusOK,
			"UserMenuAssignment updated successfully."); string(r.Data) != tc.want {
			t.Errorf("after %s %s: %s", tc.method, tc.body, r.Data)
		}
	}
	if got := s.ask(desk.Admin, "GET", assignmentsPath, "").must(http.StatusOK, "Ok").list("accountUsername"); got != "nobody watcher" {
		t.Errorf("listed %s", got)
	}
	s.ask(desk.Admin, "DELETE", path, "", "If-Match", r.header.Get("ETag")).must(http.StatusPreconditionFailed,
		"The data was changed by somebody else meanwhile. Read it again.")
	if got := s.ask(desk.Admin, "DELETE", path, ""); got.body != `{"ResponseCode":"0","response":"UserMenuAssignment deleted successfully."}` {
		t.Errorf("got %d %s", got.status, got.body)
	}
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		s.ask(desk.Admin, method, path, `{}`).must(http.StatusNotFound, "Data not found.")
		s.ask(desk.Admin, method, assignmentsPath+"x/", `{}`).must(http.StatusNotFound, "Data not found.")
	}
}

func TestAssignmentsRefuseInvalidInput(t *testing.T) {
	s := newClients(t)
	menu, ghost := string(s.Menu(access.TicketsMenu).ID), strings.Repeat("f", 32)
	for _, tc := range []struct{ name, body, problems string }{
		{"nothing", `{}`, "accountId: Account cannot be blank\nmenuId: Menu can not be blank."},
		{"nulls", `{"accountId":null,"menuId":null}`, "accountId: Account cannot be blank\nmenuId: Menu can not be blank."},
		{
			"unknown ids", `{"accountId":"x","menuId":"` + ghost + `"}`,
			"accountId: Select a valid account to assign menu\nmenuId: Select a valid menu for account",
		},
		{
			"wrong types", `{"accountId":1,"menuId":[],"isView":"x","isDelete":null,"isEdit":true}`,
			"accountId: accountId must be a string.\nmenuId: menuId must be a string.\n" +
				"isView: isView must be true or false.\nisDelete: isDelete must be true or false.\nisEdit: Unknown field 'isEdit'.",
		},
		{
			"a second one", fmt.Sprintf(`{"accountId":%q,"menuId":%q}`, s.ID(desk.Watcher), menu),
			"menuId: The account has an assignment on this menu already.",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s.t = t
			s.ask(desk.Admin, "POST", assignmentsPath, tc.body).refuses(strings.Split(tc.problems, "\n")...)
		})
	}
	path := assignmentsPath + referencesIn(s.ask(desk.Admin, "GET", assignmentsPath, "").body)[0]
	s.ask(desk.Admin, "PATCH", path, fmt.Sprintf(`{"accountId":%q,"menuId":%q}`, s.ID(desk.Agent), ghost)).refuses(
		"accountId: The account of an assignment cannot be changed.", "menuId: The menu of an assignment cannot be changed.")
	s.ask(desk.Admin, "POST", assignmentsPath, fmt.Sprintf(`{"accountId":%q,"menuId":%q}`, s.ID(desk.Admin), menu)).
		must(http.StatusForbidden, "You may not change your own menu assignments.")
}
