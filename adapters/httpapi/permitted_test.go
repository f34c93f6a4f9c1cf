package httpapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tickt/domain/access"
	"tickt/test/desk"
)

// guarded are the endpoints of the administration, each with its menu and actions.
var guarded = []struct{ path, menu, methods string }{
	{"/api/accounts/", access.AccountsMenu, "GET POST"},
	{"/api/account/<pk>/", access.AccountsMenu, "GET PUT PATCH DELETE"},
	{"/api/account/toggle/<pk>/", access.AccountsMenu, "PATCH TOGGLE"},
	{"/api/account/unlock/<pk>/", access.AccountsMenu, "TOGGLE"},
	{"/api/roles/", access.RolesMenu, "GET POST"},
	{"/api/role/<pk>/", access.RolesMenu, "GET PUT PATCH DELETE"},
	{"/api/menus/", access.MenusMenu, "GET POST"},
	{"/api/menu/<pk>/", access.MenusMenu, "GET PUT PATCH DELETE"},
	{accountRolesPath, access.AccountRolesMenu, "GET POST"},
	{accountRolesPath + "<pk>/", access.AccountRolesMenu, "GET PUT PATCH DELETE"},
	{rolePermissionsPath, access.RolePermissionsMenu, "GET POST"},
	{rolePermissionsPath + "<pk>/", access.RolePermissionsMenu, "GET PUT PATCH DELETE"},
	{assignmentsPath, access.AccountPermissionsMenu, "GET POST"},
	{assignmentsPath + "<pk>/", access.AccountPermissionsMenu, "GET PUT PATCH DELETE"},
	{"/api/calendars/", access.CalendarsMenu, "GET POST"},
	{"/api/calendar/<pk>/", access.CalendarsMenu, "GET PUT PATCH DELETE"},
	{"/api/calendar/<pk>/holidays/import/", access.CalendarsMenu, "TOGGLE"},
	{"/api/sla-policies/", access.PoliciesMenu, "GET POST"},
	{"/api/sla-policy/<pk>/", access.PoliciesMenu, "GET PUT PATCH DELETE"},
	{notificationLogsPath, access.NotificationsMenu, "GET"},
	{notificationLogPath + "<pk>/", access.NotificationsMenu, "GET"},
	{notificationLogPath + "<pk>/resend/", access.NotificationsMenu, "TOGGLE"},
}

var actionOf = map[string]access.Actions{
	"GET": access.MayView, "POST": access.MayCreate, "PUT": access.MayUpdate, "PATCH": access.MayUpdate, "TOGGLE": access.MayUpdate,
	"DELETE": access.MayDelete,
}

func TestAdminEndpointsRequirePermission(t *testing.T) {
	const refused = "You do not have the required permission to access this resource."
	for _, e := range guarded {
		for method := range strings.FieldsSeq(e.methods) {
			t.Run(method+" "+e.path, func(t *testing.T) {
				s := newClients(t)
				action := actionOf[method]
				s.Assign(desk.Nobody, e.menu, action)
				s.Assign(desk.Agent2, e.menu, access.MayEverything&^action)
				s.Assign(desk.Visitor, e.menu, access.MayNothing)
				path, verb, body := strings.Replace(e.path, "<pk>", strings.Repeat("f", 32), 1), strings.Replace(method, "TOGGLE", "POST", 1), ""
				if verb != "GET" {
					body = "{}"
				}
				s.ask("", verb, path, body).must(http.StatusUnauthorized, "Authentication credentials were not provided.")
				for _, name := range []string{desk.Agent, desk.Agent2, desk.Customer, desk.Visitor, desk.Watcher} {
					s.ask(name, verb, path, body).must(http.StatusForbidden, refused)
				}
				want := http.StatusOK
				switch {
				case strings.Contains(e.path, "<pk>"):
					want = http.StatusNotFound
				case verb == "POST":
					want = http.StatusBadRequest
				}
				for _, name := range []string{desk.Root, desk.Admin, desk.Nobody} {
					if r := s.ask(name, verb, path, body); r.status != want {
						t.Errorf("%s: got %d %s, want %d", name, r.status, r.body, want)
					}
				}
			})
		}
	}
}

func TestAdminEndpointsAllowedMethods(t *testing.T) {
	s := newClients(t)
	for path, allow := range map[string]string{
		"/api/accounts/": "GET, HEAD, POST", "/api/account/<pk>/": "GET, HEAD, PUT, DELETE, PATCH", "/api/account/toggle/<pk>/": "POST, PATCH",
		"/api/account/unlock/<pk>/": "POST",
		"/api/roles":                "GET, HEAD, POST", "/api/role/<pk>": "GET, HEAD, PUT, DELETE, PATCH", "/api/menus/": "GET, HEAD, POST",
		"/api/menu/<pk>/": "GET, HEAD, PUT, DELETE, PATCH",
		accountRolesPath:  "GET, HEAD, POST", accountRolesPath + "<pk>/": "GET, HEAD, PUT, DELETE, PATCH",
		rolePermissionsPath: "GET, HEAD, POST", rolePermissionsPath + "<pk>/": "GET, HEAD, PUT, DELETE, PATCH",
		assignmentsPath: "GET, HEAD, POST", assignmentsPath + "<pk>/": "GET, HEAD, PUT, DELETE, PATCH",
		"/api/calendars/": "GET, HEAD, POST", "/api/calendar/<pk>/": "GET, HEAD, PUT, DELETE, PATCH",
		"/api/sla-policies": "GET, HEAD, POST", "/api/sla-policy/<pk>": "GET, HEAD, PUT, DELETE, PATCH",
		notificationLogsPath: "GET, HEAD", notificationLogPath + "<pk>/": "GET, HEAD",
		notificationLogPath + "<pk>/resend/": "POST",
	} {
		path = strings.Replace(path, "<pk>", strings.Repeat("f", 32), 1)
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			known := strings.Contains(allow+",", method+",")
			r := s.ask(desk.Root, method, path, `{}`)
			if (r.status == http.StatusMethodNotAllowed) == known {
				t.Errorf("%s %s answered %d %s", method, path, r.status, r.body)
			}
			if !known && r.header.Get("Allow") != allow {
				t.Errorf("%s: Allow: %q, want %q", path, r.header.Get("Allow"), allow)
			}
		}
	}
}

func TestAdminCreationsAreIdempotent(t *testing.T) {
	s := newClients(t)
	nobody, agents, tickets := s.ID(desk.Nobody), s.Role("agent"), s.Menu(access.TicketsMenu).ID
	for path, body := range map[string]string{
		"/api/accounts/":     `{"username":"asha","email":"asha@desk.test","phoneNumber":"9812345678","password":"Green-Kettle-8"}`,
		"/api/roles/":        `{"name":"crew"}`,
		"/api/menus/":        `{"menuName":"Shop","menuUrl":"/shop/"}`,
		accountRolesPath:     fmt.Sprintf(`{"userList":[%q],"roleId":%q}`, nobody, agents),
		rolePermissionsPath:  fmt.Sprintf(`{"roleId":%q,"menuDetails":[{"menuId":%q}]}`, agents, tickets),
		assignmentsPath:      fmt.Sprintf(`{"accountId":%q,"menuId":%q}`, nobody, tickets),
		"/api/calendars/":    `{"name":"Office","timeZone":"UTC","hours":{"mon":[["09:00","17:00"]]}}`,
		"/api/sla-policies/": `{"name":"Gold","targets":[{"metric":"resolution","minutes":60}]}`,
	} {
		first := s.ask(desk.Root, "POST", path, body, "Idempotency-Key", path)
		again := s.ask(desk.Root, "POST", path, body, "Idempotency-Key", path)
		if first.status > http.StatusCreated || again.status != first.status || again.body != first.body ||
			first.header.Get("Idempotent-Replayed") != "" || again.header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("%s answered %d %s and then %d %s", path, first.status, first.body, again.status, again.body)
		}
	}
}

func TestAdminResourcesRefuseQueryParameters(t *testing.T) {
	s := newClients(t)
	for _, e := range guarded {
		if method := strings.Fields(e.methods)[0]; strings.Contains(e.path, "<pk>") {
			path := strings.Replace(e.path, "<pk>", strings.Repeat("f", 32), 1)
			s.ask(desk.Root, strings.Replace(method, "TOGGLE", "POST", 1), path+"?force=1", "").refuses("force: Unknown parameter 'force'.")
		}
	}
}
