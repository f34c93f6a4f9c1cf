package httpapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tickt/domain/access"
	"tickt/test/desk"
)

const rolePermissionsPath = "/api/role/menu/permission/mapping/"

// newRole creates a role and returns its id.
func (s *clients) newRole(name string) string {
	s.t.Helper()
	return s.ask(desk.Root, "POST", "/api/roles/", `{"name":"`+name+`"}`).must(http.StatusCreated,
		"Role created successfully.").object()["referenceId"].(string)
}

func TestAssignPermissionsReplacesAll(t *testing.T) {
	s := newClients(t)
	id, accounts, tickets := s.newRole("crew"), s.Menu(access.AccountsMenu), s.Menu(access.TicketsMenu)
	set := func(body string, n int) {
		t.Helper()
		r := s.ask(desk.Admin, "POST", rolePermissionsPath, body).must(http.StatusOK, "Menu permissions assigned successfully.")
		if string(r.Data) != fmt.Sprintf(`{"permissionsCreated":%d}`, n) || r.header.Get("Location") != "" {
			t.Errorf("got %s, %v", r.Data, r.header)
		}
	}
	set(fmt.Sprintf(`{"roleId":%q,"menuDetails":[{"menuId":%q},{"menuId":%q,"isView":false,"isCreate":true,"isEdit":true,"isDelete":true}]}`,
		id, tickets.ID, accounts.ID), 2)
	details := func() string {
		t.Helper()
		body := s.ask(desk.Admin, "GET", rolePermissionsPath+"?roleId="+id, "").must(http.StatusOK, "Ok").body
		_, rest, _ := strings.Cut(body, `"results":`)
		results, _, _ := strings.Cut(rest, `,"count":1,`)
		return results
	}
	one := func(reference string, menu access.Menu, create, view, update, remove bool) string {
		return fmt.Sprintf(`{"referenceId":%q,"menuName":%q,"menuId":%q,"isCreate":%t,"isView":%t,"isUpdate":%t,"isDelete":%t}`, reference,
			menu.Name, menu.ID, create, view, update, remove)
	}
	references := referencesIn(details())
	if len(references) != 2 {
		t.Fatalf("listed %s", details())
	}
	listed := fmt.Sprintf(`[{"role":"crew","roleId":%q,"menuDetails":[`, id) + one(references[0], accounts, true, false, true, true) + "," +
		one(references[1], tickets, false, true, false, false) + "]}]"
	if got := details(); got != listed {
		t.Errorf("listed %s\nwant   %s", got, listed)
	}
	set(listed[1:len(listed)-1], 2) // as it was read
	set(fmt.Sprintf(`{"roleId":%q,"menuDetails":[{"menuId":%q,"isUpdate":true,"isEdit":true}]}`, id, tickets.ID), 1)
	if got := details(); !strings.Contains(got, `"menuName":"Tickets"`) || !strings.Contains(got, `"isView":true,"isUpdate":true`) ||
		strings.Contains(got, "Accounts") {
		t.Errorf("listed %s", got)
	}
}

// referencesIn returns the reference ids in a text, in order.
func referencesIn(text string) (out []string) {
	for _, part := range strings.Split(text, `"referenceId":"`)[1:] {
		out = append(out, part[:32])
	}
	return out
}

func TestListPermissionsByRole(t *testing.T) {
	s := newClients(t)
	for query, want := range map[string]int{
		"": 6, "?pageSize=4": 4, "?pageSize=4&page=2": 2, "?roleId=" + string(s.Role("admin")): 1, "?roleId=" + strings.Repeat("f", 32): 0,
	} {
		r := s.ask(desk.Admin, "GET", rolePermissionsPath+query, "").must(http.StatusOK, "Ok")
		if got := strings.Count(r.body, `"menuDetails":[`); got != want {
			t.Errorf("%s lists %d roles, want %d: %s", query, got, want, r.body)
		}
	}
	temps := s.ask(desk.Admin, "GET", rolePermissionsPath+"?roleId="+string(s.Role(desk.Temps)), "")
	if !strings.Contains(temps.body, `"menuDetails":[]`) {
		t.Errorf("a role without permissions is listed as %s", temps.body)
	}
	s.ask(desk.Admin, "GET", rolePermissionsPath+"?roleId=admin&role=x", "").refuses(
		"roleId: roleId must be a reference id: 32 lower-case hexadecimal characters.", "role: Unknown parameter 'role'.")
	s.ask(desk.Admin, "GET", rolePermissionsPath+"?page=2", "").must(http.StatusNotFound, "Invalid page.")
}

func TestPermissionSetReportsAllProblems(t *testing.T) {
	s := newClients(t)
	id, tickets := s.newRole("crew"), s.Menu(access.TicketsMenu).ID
	of := func(items string) string { return fmt.Sprintf(`{"roleId":%q,"menuDetails":[%s]}`, id, items) }
	item := func(more string) string { return fmt.Sprintf(`{"menuId":%q%s}`, tickets, more) }
	for _, tc := range []struct{ name, body, problems string }{
		{"nothing", `{}`, "roleId: Role cannot be blank.\nmenuDetails: Menu Details cannot be blank."},
		{"nulls", `{"roleId":null,"menuDetails":null}`, "roleId: Role cannot be blank.\nmenuDetails: Menu Details cannot be blank."},
		{
			"an unknown role and no menus", `{"roleId":"x","menuDetails":[]}`,
			"roleId: Select a valid role.\nmenuDetails: Menu Details cannot be blank.",
		},
		{"wrong types", `{"roleId":1,"menuDetails":{}}`, "roleId: roleId must be a string.\nmenuDetails: menuDetails must be a list of objects."},
		{"a menu twice", of(item("") + "," + item("")), "menuDetails: Duplicate menu entries are not allowed."},
		{"no menu", of(item("") + `,{"isView":true}`), "menuDetails[1].menuId: Menu ID cannot be blank for item 2."},
		{
			"unknown menus", of(`{"menuId":"x"},{"menuId":"` + strings.Repeat("f", 32) + `"}`),
			"menuDetails: Invalid menu IDs: x, " + strings.Repeat("f", 32),
		},
		{"a flag that is none", of(item(`,"isView":"yes"`)), "menuDetails[0].isView: Field 'isView' must be a boolean value for item 1."},
		{"a flag set to null", of(item(`,"isDelete":null`)), "menuDetails[0].isDelete: Field 'isDelete' must be a boolean value for item 1."},
		{"no flag on", of(item(`,"isView":false`)), "menuDetails[0]: At least one permission must be enabled for item 1."},
		{
			"two different names", of(item(`,"isUpdate":true,"isEdit":false`)),
			"menuDetails[0].isEdit: Field 'isEdit' must not differ from 'isUpdate' for item 1.",
		},
		{
			"unknown keys", `{"roleId":"` + id + `","menuDetails":[` + item(`,"foo":1`) + `],"bar":1}`,
			"bar: Unknown field 'bar'.\nmenuDetails[0].foo: Unknown field 'menuDetails[0].foo'.",
		},
		{
			"all of it", `{"menuDetails":[{"menuId":5,"isView":1},{"isView":false}]}`,
			"menuDetails[0].menuId: Field 'menuId' must be a string for item 1.\n" +
				"menuDetails[0].isView: Field 'isView' must be a boolean value for item 1.\nroleId: Role cannot be blank.\n" +
				"menuDetails[1].menuId: Menu ID cannot be blank for item 2.\nmenuDetails[1]: At least one permission must be enabled for item 2.",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s.t = t
			s.ask(desk.Admin, "POST", rolePermissionsPath, tc.body).refuses(strings.Split(tc.problems, "\n")...)
		})
	}
}

func TestRolePermissionEndpoints(t *testing.T) {
	s := newClients(t)
	id, tickets := s.newRole("crew"), s.Menu(access.TicketsMenu).ID
	s.ask(desk.Root, "POST", rolePermissionsPath, fmt.Sprintf(`{"roleId":%q,"menuDetails":[{"menuId":%q}]}`, id, tickets)).must(http.StatusOK,
		"Menu permissions assigned successfully.")
	reference := referencesIn(s.ask(desk.Root, "GET", rolePermissionsPath+"?roleId="+id, "").body)[0]
	path := rolePermissionsPath + reference + "/"
	shown := func(flags string) string {
		return fmt.Sprintf(`{"referenceId":%q,"roleId":%q,"role":"crew","menuId":%q,"menuName":"Tickets",%s}`, reference, id, tickets, flags)
	}
	viewOnly := shown(`"isView":true,"isCreate":false,"isUpdate":false,"isDelete":false`)
	if r := s.ask(desk.Admin, "GET", path, "").must(http.StatusOK, "Ok"); string(r.Data) != viewOnly || r.header.Get("ETag") == "" {
		t.Errorf("got %s", r.Data)
	}
	for _, tc := range []struct{ method, body, want string }{
		{"PUT", viewOnly, viewOnly},
		{"PATCH", `{"isCreate":true}`, shown(`"isView":true,"isCreate":true,"isUpdate":false,"isDelete":false`)},
		{"PATCH", `{"isEdit":true}`, shown(`"isView":true,"isCreate":true,"isUpdate":true,"isDelete":false`)},
		{"PUT", `{"isDelete":true}`, shown(`"isView":true,"isCreate":false,"isUpdate":false,"isDelete":true`)},
		{"PUT", `{}`, viewOnly},
	} {
		if r := s.ask(desk.Admin, tc.method, path, tc.body).must(http.StatusOK,
			"Menu permission updated successfully."); string(r.Data) != tc.want {
			t.Errorf("after %s %s: %s", tc.method, tc.body, r.Data)
		}
	}
	s.ask(desk.Admin, "PATCH", path, `{"isView":false}`).refuses("isView: At least one permission must be enabled.")
	s.ask(desk.Admin, "PATCH", path, `{"isView":null,"isCreate":1,"isEdit":"x","url":"x"}`).refuses("isView: isView must be true or false.",
		"isCreate: isCreate must be true or false.", "isEdit: isEdit must be true or false.", "url: Unknown field 'url'.")
	s.ask(desk.Admin, "PATCH", path, `{"isUpdate":true,"isEdit":false}`).refuses("isEdit: isEdit must not differ from isUpdate.")
	if r := s.ask(desk.Admin, "DELETE", path, ""); r.body != `{"ResponseCode":"0","response":"Menu permission deleted successfully."}` {
		t.Errorf("got %d %s", r.status, r.body)
	}
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		s.ask(desk.Admin, method, path, `{}`).must(http.StatusNotFound, "Data not found.")
		s.ask(desk.Admin, method, rolePermissionsPath+"x/", `{}`).must(http.StatusNotFound, "Data not found.")
	}
}

func TestAccountCannotExtendItsOwnRole(t *testing.T) {
	s := newClients(t)
	body := fmt.Sprintf(`{"roleId":%q,"menuDetails":[{"menuId":%q}]}`, s.Role("admin"), s.Menu(access.TicketsMenu).ID)
	s.ask(desk.Admin, "POST", rolePermissionsPath, body).must(http.StatusForbidden, "You may not change the permissions of your own role.")
}
