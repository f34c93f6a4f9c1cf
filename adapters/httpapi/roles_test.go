package httpapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tickt/test/desk"
)

const roleKeys = "referenceId name ticketScope receivesUnassigned isPredefined accountCount createdAt updatedAt"

func TestRoleEndpoints(t *testing.T) {
	s := newClients(t)
	r := s.ask(desk.Admin, "POST", "/api/roles/", `{"name":" Field CREW ","ticketScope":"all"}`).must(http.StatusCreated,
		"Role created successfully.")
	id := r.object()["referenceId"].(string)
	path := "/api/role/" + id + "/"
	shown := `"name":"field crew","ticketScope":"all","receivesUnassigned":false,"isPredefined":false,"accountCount":0,` +
		`"createdAt":"2026-03-01T12:00:00Z","updatedAt":"2026-03-01T12:00:00Z"}`
	if !strings.HasSuffix(string(r.Data), shown) || keys(t, r.Data) != roleKeys || r.header.Get("Location") != path {
		t.Errorf("created %s at %s", r.Data, r.header.Get("Location"))
	}
	if got := s.ask(desk.Admin, "GET", path, "").must(http.StatusOK, "Ok"); string(got.Data) != string(r.Data) {
		t.Errorf("read back as %s", got.Data)
	}
	if got := s.ask(desk.Admin, "PUT", path, string(r.Data)).must(http.StatusOK,
		"Role updated successfully."); string(got.Data) != string(r.Data) {
		t.Errorf("sent back unchanged, now %s", got.Data)
	}
	if got := s.ask(desk.Admin, "PATCH", path, `{"name":"Crew"}`).must(http.StatusOK,
		"Role updated successfully.").object(); got["name"] != "crew" || got["ticketScope"] != "all" {
		t.Errorf("after PATCH: %v", got)
	}
	if got := s.ask(desk.Admin, "PATCH", path, `{"receivesUnassigned":true}`).must(http.StatusOK,
		"Role updated successfully.").object(); got["receivesUnassigned"] != true || got["ticketScope"] != "all" {
		t.Errorf("after PATCH: %v", got)
	}
	if got := s.ask(desk.Admin, "PATCH", path, `{"name":"crew"}`).object(); got["receivesUnassigned"] != true {
		t.Errorf("after another PATCH: %v", got)
	}
	if got := s.ask(desk.Admin, "PUT", path, `{"name":"crew"}`).must(http.StatusOK,
		"Role updated successfully.").object(); got["ticketScope"] != "own" || got["receivesUnassigned"] != false {
		t.Errorf("after PUT: %v", got)
	}
	s.ask(desk.Root, "POST", accountRolesPath, fmt.Sprintf(`{"userList":[%q],"roleId":%q}`, s.ID(desk.Nobody), id)).must(http.StatusOK,
		"Successfully updated roles for 1 users.")
	if got := s.ask(desk.Admin, "GET", path, "").object(); got["accountCount"] != 1.0 {
		t.Errorf("held by %v", got["accountCount"])
	}
	s.ask(desk.Admin, "DELETE", path, "").must(http.StatusConflict, "Role is in use by accounts.")
	s.ask(desk.Root, "DELETE", accountRolesPath+string(s.ID(desk.Nobody)), "").must(http.StatusOK, "User Role deleted successfully.")
	if got := s.ask(desk.Admin, "DELETE", path, ""); got.status != http.StatusOK ||
		got.body != `{"ResponseCode":"0","response":"Role deleted successfully."}` {
		t.Errorf("got %d %s", got.status, got.body)
	}
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		s.ask(desk.Admin, method, path, `{"name":"x"}`).must(http.StatusNotFound, "Data not found.")
		s.ask(desk.Admin, method, "/api/role/admin/", `{"name":"x"}`).must(http.StatusNotFound, "Data not found.")
	}
}

func TestListRoles(t *testing.T) {
	s := newClients(t)
	s.Wait(1)
	s.ask(desk.Admin, "POST", "/api/roles/", `{"name":"z"}`).must(http.StatusCreated, "Role created successfully.")
	if got := s.ask(desk.Admin, "GET", "/api/roles/", "").must(http.StatusOK, "Ok").list("name"); !strings.HasPrefix(got, "z ") ||
		len(strings.Fields(got)) != 7 {
		t.Errorf("listed %s", got)
	}
	s.ask(desk.Admin, "GET", "/api/roles/?search=a", "").refuses("search: Unknown parameter 'search'.")
}

func TestRolesRefuseInvalidInput(t *testing.T) {
	s := newClients(t)
	const path = "/api/roles/"
	s.ask(desk.Admin, "POST", path, `{}`).refuses("name: Role name can not be blank.")
	s.ask(desk.Admin, "POST", path, `{"name":"AGENT "}`).refuses("name: Role with name 'agent' already exists.")
	s.ask(desk.Admin, "POST", path, `{"name":["x"],"ticketScope":"some","menus":[]}`).refuses(
		"name: name must be a string.", "menus: Unknown field 'menus'.", "ticketScope: Invalid ticket scope. Please choose one of: all, own.")
	s.ask(desk.Admin, "POST", path, `{"name":"x","receivesUnassigned":"yes"}`).refuses(
		"receivesUnassigned: receivesUnassigned must be true or false.")
	supervisor := "/api/role/" + string(s.Role("supervisor")) + "/"
	if got := s.ask(desk.Admin, "GET", supervisor, "").object(); got["receivesUnassigned"] != true {
		t.Errorf("the supervisor role is %v", got)
	}
	s.ask(desk.Root, "PATCH", supervisor, `{"receivesUnassigned":false}`).must(http.StatusConflict,
		"You cannot modify or delete predefined roles.")
	agent := "/api/role/" + string(s.Role("agent")) + "/"
	s.ask(desk.Root, "PATCH", agent, `{"name":"x"}`).must(http.StatusConflict, "You cannot modify or delete predefined roles.")
	s.ask(desk.Root, "DELETE", agent, "").must(http.StatusConflict, "You cannot modify or delete predefined roles.")
}
