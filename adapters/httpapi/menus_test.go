package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

const menuKeys = "referenceId menuName menuUrl createUrl listUrl parentReferenceId parentName icon visibility displayOrder depth " +
	"hasChildren fullPath isActive createdAt updatedAt"

func TestMenuEndpoints(t *testing.T) {
	s := newClients(t)
	parent := s.Menu(access.TicketsMenu).ParentID
	r := s.ask(desk.Admin, "POST", "/api/menus/", fmt.Sprintf(
		`{"menuName":" Reports ","menuUrl":"/reports/","createUrl":"/reports/create/","listUrl":"/reports/list/","parentReferenceId":%q,`+
			`"icon":"chart","visibility":false,"displayOrder":7,"isActive":false}`, parent),
	).must(http.StatusCreated, "Menu created successfully.")
	id := r.object()["referenceId"].(string)
	path := "/api/menu/" + id + "/"
	want := fmt.Sprintf(`{"referenceId":%q,"menuName":"Reports","menuUrl":"/reports/","createUrl":"/reports/create/",`+
		`"listUrl":"/reports/list/","parentReferenceId":%q,"parentName":"Ticket Management",`+
		`"icon":"chart","visibility":false,"displayOrder":7,"depth":1,"hasChildren":false,"fullPath":"Ticket Management > Reports",`+
		`"isActive":false,"createdAt":"2026-03-01T12:00:00Z","updatedAt":"2026-03-01T12:00:00Z"}`, id, parent)
	if string(r.Data) != want || keys(t, r.Data) != menuKeys || r.header.Get("Location") != path {
		t.Errorf("created %s at %s\nwant %s", r.Data, r.header.Get("Location"), want)
	}
	if got := s.ask(desk.Admin, "GET", path, "").must(http.StatusOK, "Ok"); string(got.Data) != want {
		t.Errorf("read back as %s", got.Data)
	}
	if got := s.ask(desk.Admin, "PUT", path, strings.TrimSuffix(want, "}")+`,"subMenus":null}`).must(http.StatusOK,
		"Menu updated successfully."); string(got.Data) != want {
		t.Errorf("sent back unchanged from the tree, now %s", got.Data)
	}
	if got := s.ask(desk.Admin, "PATCH", path, `{"parentReferenceId":null}`).must(http.StatusOK,
		"Menu updated successfully.").object(); got["parentReferenceId"] != nil || got["parentName"] != nil || got["depth"] != 0.0 ||
		got["fullPath"] != "Reports" || got["icon"] != "chart" {
		t.Errorf("after PATCH: %v", got)
	}
	if got := s.ask(desk.Admin, "PUT", path, `{"menuName":"R","menuUrl":"#"}`).must(http.StatusOK,
		"Menu updated successfully.").object(); got["icon"] != nil || got["createUrl"] != nil || got["listUrl"] != nil ||
		got["visibility"] != true || got["isActive"] != true || got["displayOrder"] != 0.0 {
		t.Errorf("after PUT: %v", got)
	}
	if got := s.ask(desk.Admin, "DELETE", path, ""); got.status != http.StatusOK ||
		got.body != `{"ResponseCode":"0","response":"Menu deleted successfully."}` {
		t.Errorf("got %d %s", got.status, got.body)
	}
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		s.ask(desk.Admin, method, path, `{"menuName":"x"}`).must(http.StatusNotFound, "Data not found.")
		s.ask(desk.Admin, method, "/api/menu/x/", `{"menuName":"x"}`).must(http.StatusNotFound, "Data not found.")
	}
}

func TestListMenusAsTree(t *testing.T) {
	s := newClients(t)
	r := s.ask(desk.Admin, "GET", "/api/menus/", "").must(http.StatusOK, "Ok")
	if keys(t, r.Data) != "menus" {
		t.Errorf("data holds %s", keys(t, r.Data))
	}
	var data struct{ Menus []json.RawMessage }
	if err := json.Unmarshal(r.Data, &data); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, root := range data.Menus {
		if keys(t, root) != menuKeys+" subMenus" {
			t.Errorf("keys are %s", keys(t, root))
		}
		var node struct {
			MenuName string
			SubMenus []struct {
				FullPath string
				SubMenus *[]any
			}
		}
		if err := json.Unmarshal(root, &node); err != nil {
			t.Fatal(err)
		}
		names = append(names, node.MenuName)
		for _, leaf := range node.SubMenus {
			if leaf.SubMenus != nil || !strings.HasPrefix(leaf.FullPath, node.MenuName+" > ") {
				t.Errorf("%s is below %s", leaf.FullPath, node.MenuName)
			}
			names = append(names, leaf.FullPath[len(node.MenuName)+3:])
		}
	}
	want := "Account Management, Accounts, Roles, Menus, Mapping, Account Role Mapping, Role Menu Permission Mapping, Account Menu Mapping, " +
		"Ticket Management, Tickets, Ticket Status, Ticket Priority, Notification Log, SLA Policies, Calendars"
	if got := strings.Join(names, ", "); got != want {
		t.Errorf("the tree is %s\nwant %s", got, want)
	}
	if !strings.Contains(r.body, `"subMenus":null`) {
		t.Error("a leaf has no subMenus key")
	}
	s.ask(desk.Admin, "GET", "/api/menus/?page=1", "").refuses("page: Unknown parameter 'page'.")
}

func TestMenusRefuseInvalidInput(t *testing.T) {
	s := newClients(t)
	tickets := s.Menu(access.TicketsMenu)
	s.ask(desk.Admin, "POST", "/api/menus/", `{}`).refuses("menuName: Menu name cannot be blank.", "menuUrl: Menu URL cannot be blank.")
	s.ask(desk.Admin, "POST", "/api/menus/",
		`{"menuName":"TICKETS","menuUrl":5,"visibility":null,"displayOrder":-1,"parentReferenceId":"x","children":[]}`).refuses(
		"menuUrl: menuUrl must be a string.", "visibility: visibility must be true or false.", "children: Unknown field 'children'.",
		"displayOrder: Display order must be non-negative", "parentReferenceId: Parent menu does not exist.",
		"menuName: Menu with name 'TICKETS' already exists.")
	const link = " must be '#', a path that begins with one '/', or an http or https URL."
	s.ask(desk.Admin, "POST", "/api/menus/",
		`{"menuName":"X","menuUrl":"//host","createUrl":"javascript:alert(1)","listUrl":"/\\host"}`).refuses(
		"menuUrl: Menu URL"+link, "createUrl: Create URL"+link, "listUrl: List URL"+link)
	path := "/api/menu/" + string(tickets.ParentID) + "/"
	s.ask(desk.Root, "PATCH", path, fmt.Sprintf(`{"parentReferenceId":%q}`, tickets.ParentID)).refuses(
		"parentReferenceId: A menu cannot be its own parent.")
	s.ask(desk.Root, "PATCH", path, fmt.Sprintf(`{"parentReferenceId":%q}`, tickets.ID)).refuses(
		"parentReferenceId: Cannot set parent: this would create a circular reference.")
	s.ask(desk.Root, "DELETE", path, "").must(http.StatusConflict, "Menu has sub menus or permissions on it, or SLA policies name it.")
	s.ask(desk.Admin, "PATCH", "/api/menu/"+string(tickets.ID), `{"menuUrl":"/x/"}`).must(http.StatusForbidden,
		"You may not move a URL that guards a resource.")
}

func TestTicketsOutliveTheirMenu(t *testing.T) {
	s := newClients(t)
	id := s.ask(desk.Root, "POST", "/api/menus/", `{"menuName":"Shop","menuUrl":"/shop/"}`).must(http.StatusCreated,
		"Menu created successfully.").object()["referenceId"].(string)
	v := s.Open(desk.Agent, ticket.Patch{MenuID: domain.Some(id)})
	s.ask(desk.Root, "DELETE", "/api/menu/"+id, "").must(http.StatusOK, "Menu deleted successfully.")
	if got := s.ask(desk.Agent, "GET", ticketPath(v), "").must(http.StatusOK, "Ok").object(); got["menuId"] != nil || got["menu"] != nil {
		t.Errorf("it is %v", got)
	}
}

func TestTicketMenusAreListedForWhoeverWorksWithTickets(t *testing.T) {
	s := newClients(t)
	s.Assign(desk.Nobody, access.TicketsMenu, access.MayUpdate)
	for _, body := range []string{
		`{"menuName":"Hidden of menus","menuUrl":"/hidden/","visibility":false}`,
		`{"menuName":"Hidden by state","menuUrl":"/inactive/","isActive":false}`,
	} {
		s.ask(desk.Root, "POST", "/api/menus/", body).must(http.StatusCreated, "Menu created successfully.")
	}
	for _, name := range []string{desk.Agent, desk.Watcher, desk.Nobody} {
		r := s.ask(name, "GET", "/api/ticket-menus/", "").must(http.StatusOK, "Ok")
		want := `{"referenceId":"6f93380923f74ad5829ae69d11646668","menuName":"Tickets","fullPath":"Ticket Management > Tickets"}`
		if !strings.Contains(r.body, want) || strings.Contains(r.body, "Hidden") {
			t.Errorf("%s got %s", name, r.body)
		}
	}
	s.ask(desk.Temp, "GET", "/api/ticket-menus/", "").must(http.StatusForbidden,
		"You do not have the required permission to access this resource.")
	s.ask(desk.Agent, "GET", "/api/ticket-menus/?page=1", "").refuses("page: Unknown parameter 'page'.")
}
