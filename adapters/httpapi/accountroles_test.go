package httpapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tickt/test/desk"
)

const accountRolesPath = "/api/account/role/mapping/"

func TestListAccountRoles(t *testing.T) {
	s := newClients(t)
	r := s.ask(desk.Admin, "GET", accountRolesPath+"?pageSize=1", "").must(http.StatusOK, "Ok")
	want := fmt.Sprintf(`"results":[{"accountId":%q,"username":"temp","roleId":%q,"roleName":"temps"}],"count":8,`,
		s.ID(desk.Temp), s.Role(desk.Temps))
	if !strings.Contains(r.body, want) {
		t.Errorf("listed %s\nwant %s", r.body, want)
	}
	all := "temp clerk watcher visitor customer agent2 agent admin"
	if got := s.ask(desk.Admin, "GET", accountRolesPath, "").list("username"); got != all {
		t.Errorf("listed %s", got)
	}
	s.ask(desk.Admin, "GET", accountRolesPath+"?role=x", "").refuses("role: Unknown parameter 'role'.")
}

func TestAssignRoleToManyAccounts(t *testing.T) {
	s := newClients(t)
	agents := s.Role("agent")
	body := fmt.Sprintf(`{"userList":[%q,%q],"roleId":%q}`, s.ID(desk.Nobody), s.ID(desk.Visitor), agents)
	r := s.ask(desk.Root, "POST", accountRolesPath, body).must(http.StatusOK, "Successfully updated roles for 2 users.")
	if string(r.Data) != `{"updatedCount":2}` || r.header.Get("Location") != "" {
		t.Errorf("got %s, %v", r.Data, r.header)
	}
	for _, name := range []string{desk.Nobody, desk.Visitor} {
		if a := s.Actor(name); a.RoleID != agents {
			t.Errorf("%s holds %s", name, a.RoleName)
		}
	}
	ghost := strings.Repeat("f", 32)
	for _, tc := range []struct{ name, body, problem string }{
		{"nothing", `{}`, "userList: User list cannot be blank.\nroleId: Role ID cannot be blank."},
		{"nulls", `{"userList":null,"roleId":null}`, "userList: User list cannot be blank.\nroleId: Role ID cannot be blank."},
		{
			"nobody and an unknown role", `{"userList":[],"roleId":"` + ghost + `"}`,
			"userList: User list cannot be blank.\nroleId: Selected role does not exist.",
		},
		{
			"strangers", fmt.Sprintf(`{"userList":["x",%q,%q,%q],"roleId":%q}`, ghost, s.ID(desk.Leaver), s.ID(desk.Agent), agents),
			"userList: Invalid or inactive users: x, " + ghost + ", " + string(s.ID(desk.Leaver)),
		},
		{
			"no list", `{"userList":"x","roleId":5,"force":true}`,
			"userList: userList must be a list of strings.\nroleId: roleId must be a string.\nforce: Unknown field 'force'.",
		},
		{"numbers", `{"userList":[1],"roleId":"` + string(agents) + `"}`, "userList: userList must be a list of strings."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s.t = t
			s.ask(desk.Root, "POST", accountRolesPath, tc.body).refuses(strings.Split(tc.problem, "\n")...)
		})
	}
}

func TestAccountRoleEndpoints(t *testing.T) {
	s := newClients(t)
	path := accountRolesPath + string(s.ID(desk.Visitor)) + "/"
	shown := func(role string) string {
		return fmt.Sprintf(`{"userId":%q,"userName":"visitor","roleId":%q,"role":%q}`, s.ID(desk.Visitor), s.Role(role), role)
	}
	r := s.ask(desk.Root, "GET", path, "").must(http.StatusOK, "Ok")
	if string(r.Data) != shown("customer") {
		t.Errorf("got %s", r.Data)
	}
	tag := r.header.Get("ETag")
	s.ask(desk.Root, "PUT", path, shown("customer")).must(http.StatusOK, "User Role updated successfully.")
	for _, method := range []string{"PUT", "PATCH"} {
		got := s.ask(desk.Root, method, path, fmt.Sprintf(`{"roleId":%q}`, s.Role("agent"))).must(http.StatusOK,
			"User Role updated successfully.")
		if string(got.Data) != shown("agent") {
			t.Errorf("after %s: %s", method, got.Data)
		}
	}
	s.ask(desk.Root, "PUT", path, `{}`).refuses("roleId: Role ID cannot be blank.")
	s.ask(desk.Root, "PATCH", path, `{"roleId":null}`).refuses("roleId: Role ID cannot be blank.")
	s.ask(desk.Root, "PATCH", path, `{"roleId":true,"userList":[]}`).refuses("roleId: roleId must be a string.",
		"userList: Unknown field 'userList'.")
	s.ask(desk.Root, "PATCH", path, `{"roleId":"x"}`).refuses("roleId: Selected role does not exist.")
	if got := s.ask(desk.Root, "DELETE", path, "", "If-Match", tag); got.status != http.StatusPreconditionFailed {
		t.Errorf("got status %d", got.status)
	}
	s.ask(desk.Root, "DELETE", path, "").must(http.StatusOK, "User Role deleted successfully.")
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		s.ask(desk.Root, method, path, shown("agent")).must(http.StatusNotFound, "Data not found.")
		s.ask(desk.Root, method, accountRolesPath+"toggle/", shown("agent")).must(http.StatusNotFound, "Data not found.")
	}
}

func TestAccountCannotGiveMorePowerfulRole(t *testing.T) {
	s := newClients(t)
	body := fmt.Sprintf(`{"userList":[%q],"roleId":%q}`, s.ID(desk.Visitor), s.Role("agent"))
	s.ask(desk.Admin, "POST", accountRolesPath, body).must(http.StatusOK, "Successfully updated roles for 1 users.")
	own := fmt.Sprintf(`{"userList":[%q],"roleId":%q}`, s.ID(desk.Admin), s.Role("agent"))
	s.ask(desk.Admin, "POST", accountRolesPath, own).must(http.StatusForbidden, "You may not change your own role.")
}
