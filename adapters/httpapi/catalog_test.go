package httpapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

const (
	statusKeys   = "referenceId name code description weight statusType onRequesterReply autoCloseDays isDefault createdAt updatedAt"
	priorityKeys = "referenceId name code description weight color slaHours isDefault createdAt updatedAt"
)

func TestCatalogEndpoints(t *testing.T) {
	for _, tc := range []struct{ kind, path, keys, made, whole, bare string }{
		{
			"Ticket status", "/api/ticket-status/", statusKeys,
			`{"name":" On hold ","code":"hold","description":"For parts.","weight":9,"statusType":"pending","isDefault":false}`,
			`"name":"On hold","code":"HOLD","description":"For parts.","weight":9,"statusType":"pending",` +
				`"onRequesterReply":"open","autoCloseDays":null,"isDefault":false,` +
				`"createdAt":"2026-03-01T12:00:00Z","updatedAt":"2026-03-01T12:00:00Z"}`,
			`"name":"X","code":"X","description":null,"weight":4,"statusType":"resolved",` +
				`"onRequesterReply":"open","autoCloseDays":null,"isDefault":false,` +
				`"createdAt":"2026-03-01T12:00:00Z","updatedAt":"2026-03-01T12:00:00Z"}`,
		},
		{
			"Ticket priority", "/api/ticket-priority/", priorityKeys,
			`{"name":" Someday ","code":"some","description":"No hurry.","weight":1,"color":"#ABCDEF","slaHours":9,"isDefault":false}`,
			`"name":"Someday","code":"SOME","description":"No hurry.","weight":1,"color":"#abcdef","slaHours":9,"isDefault":false,` +
				`"createdAt":"2026-03-01T12:00:00Z","updatedAt":"2026-03-01T12:00:00Z"}`,
			`"name":"X","code":"X","description":null,"weight":0,"color":"#28a745","slaHours":null,"isDefault":false,` +
				`"createdAt":"2026-03-01T12:00:00Z","updatedAt":"2026-03-01T12:00:00Z"}`,
		},
	} {
		t.Run(tc.kind, func(t *testing.T) {
			s := newClients(t)
			r := s.ask(desk.Admin, "POST", tc.path, tc.made).must(http.StatusCreated, tc.kind+" created successfully.")
			path := tc.path + r.object()["referenceId"].(string) + "/"
			if !strings.HasSuffix(string(r.Data), tc.whole) || keys(t, r.Data) != tc.keys || r.header.Get("Location") != path {
				t.Errorf("created %s at %s", r.Data, r.header.Get("Location"))
			}
			if got := s.ask(desk.Agent, "GET", path, "").must(http.StatusOK, "Ok"); string(got.Data) != string(r.Data) {
				t.Errorf("read back as %s", got.Data)
			}
			if got := s.ask(desk.Admin, "PUT", path, string(r.Data)).must(http.StatusOK,
				tc.kind+" updated successfully."); string(got.Data) != string(r.Data) {
				t.Errorf("sent back unchanged, now %s", got.Data)
			}
			if got := s.ask(desk.Admin, "PATCH", path, `{"name":"Other"}`).must(http.StatusOK,
				tc.kind+" updated successfully.").object(); got["name"] != "Other" || got["description"] == nil {
				t.Errorf("after PATCH: %v", got)
			}
			if got := s.ask(desk.Admin, "PUT", path, `{"name":"X","code":"x"`+bareType(tc.kind)+`}`).must(http.StatusOK,
				tc.kind+" updated successfully."); !strings.HasSuffix(string(got.Data), tc.bare) {
				t.Errorf("after PUT: %s", got.Data)
			}
			if got := s.ask(desk.Admin, "DELETE", path, ""); got.status != http.StatusOK ||
				got.body != `{"ResponseCode":"0","response":"`+tc.kind+` deleted successfully."}` {
				t.Errorf("got %d %s", got.status, got.body)
			}
			for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
				s.ask(desk.Admin, method, path, tc.made).must(http.StatusNotFound, "Data not found.")
				s.ask(desk.Admin, method, tc.path+"x/", tc.made).must(http.StatusNotFound, "Data not found.")
			}
		})
	}
}

// bareType is what a status requires besides name and code.
func bareType(kind string) string {
	if kind == "Ticket status" {
		return `,"statusType":"resolved"`
	}
	return ""
}

func TestListCatalogsInOrder(t *testing.T) {
	s := newClients(t)
	for path, codes := range map[string]string{
		"/api/ticket-status/": "OPEN IN_PROGRESS PENDING RESOLVED CLOSED CANCELLED", "/api/ticket-priority/": "CRITICAL HIGH MEDIUM LOW",
		"/api/ticket-status/?pageSize=2&page=2": "PENDING RESOLVED",
	} {
		if got := s.ask(desk.Agent, "GET", path, "").must(http.StatusOK, "Ok").list("code"); got != codes {
			t.Errorf("%s: %s", path, got)
		}
	}
	s.ask(desk.Agent, "GET", "/api/ticket-status/?page=9", "").must(http.StatusNotFound, "Invalid page.")
	s.ask(desk.Agent, "GET", "/api/ticket-status/?pageSize=x&order_by=name", "").
		refuses("pageSize: pageSize must be a whole number from 1.", "order_by: Unknown parameter 'order_by'.")
}

func TestCatalogFieldsRefuseInvalidValues(t *testing.T) {
	s := newClients(t)
	const control = " contains a character that is not allowed: "
	type refusal struct{ field, raw, message string }
	for _, kind := range []struct {
		path, label, base string
		refusals          []refusal
	}{
		{"/api/ticket-status/", "Status", `{"name":"N","code":"C","statusType":"open"}`, []refusal{
			{"statusType", `5`, "statusType must be a string."},
			{"statusType", `null`, "Status type cannot be blank."},
			{"statusType", `"OPEN"`, "Invalid status type. Please choose one of: open, in_progress, pending, resolved, closed, cancelled."},
			{"onRequesterReply", `true`, "onRequesterReply must be a string."},
			{"onRequesterReply", `"OPEN"`, "Invalid effect of a requester's reply. Please choose one of: keep, open."},
			{"autoCloseDays", `"7"`, "autoCloseDays must be a whole number."},
			{"autoCloseDays", `0`, "Days until tickets are closed must be a whole number from 1 to 365, or null."},
			{"autoCloseDays", `7`, "Only a status of type resolved can have a number of days until tickets are closed."},
			{"name", `" OPEN "`, "Ticket status with name 'OPEN' already exists."},
			{"code", `"open"`, "Ticket status with code 'OPEN' already exists."},
			{"color", `"#000000"`, "Unknown field 'color'."},
		}},
		{"/api/ticket-priority/", "Priority", `{"name":"N","code":"C"}`, []refusal{
			{"color", `5`, "color must be a string."},
			{"color", `"red"`, "Color must be of the form #rrggbb."},
			{"color", `"#12345\u0000"`, "Color must be of the form #rrggbb."},
			{"slaHours", `"4"`, "slaHours must be a whole number."},
			{"slaHours", `0`, "SLA hours must be a whole number from 1 to 87840, or null."},
			{"slaHours", `1e15`, "SLA hours must be a whole number from 1 to 87840, or null."},
			{"slaHours", `1.5`, "slaHours must be a whole number."},
			{"name", `"high"`, "Ticket priority with name 'high' already exists."},
			{"code", `" low"`, "Ticket priority with code 'LOW' already exists."},
			{"statusType", `"open"`, "Unknown field 'statusType'."},
		}},
	} {
		for _, r := range append(kind.refusals, []refusal{
			{"name", `5`, "name must be a string."},
			{"name", `""`, kind.label + " name can not be blank."},
			{"name", `null`, kind.label + " name can not be blank."},
			{"name", quoted(strings.Repeat("é", 51)), kind.label + " name must be at most 50 characters."},
			{"name", `"a\u0000"`, kind.label + " name" + control + "U+0000 (control character) at position 2."},
			{"code", `[]`, "code must be a string."},
			{"code", `" "`, kind.label + " code can not be blank."},
			{"code", quoted(strings.Repeat("c", 21)), kind.label + " code must be at most 20 characters."},
			{"code", `"\u0000"`, kind.label + " code" + control + "U+0000 (control character) at position 1."},
			{"description", `1`, "description must be a string."},
			{"description", `"a\u0007"`, "Description" + control + "U+0007 (control character) at position 2."},
			{"description", quoted(strings.Repeat("d", 1001)), "Description must be at most 1000 characters."},
			{"weight", `"1"`, "weight must be a whole number."},
			{"weight", `-1`, "Weight must be a whole number from 0 to 1000000."},
			{"weight", `1e12`, "Weight must be a whole number from 0 to 1000000."},
			{"weight", `1e999`, "weight must be a whole number."},
			{"isDefault", `"true"`, "isDefault must be true or false."},
		}...) {
			t.Run(fmt.Sprintf("%s %s=%.20s", kind.label, r.field, r.raw), func(t *testing.T) {
				s.t = t
				fields := map[string]json.RawMessage{}
				if err := json.Unmarshal([]byte(kind.base), &fields); err != nil {
					t.Fatal(err)
				}
				maps.Copy(fields, map[string]json.RawMessage{r.field: json.RawMessage(r.raw)})
				body, err := json.Marshal(fields)
				if err != nil {
					t.Fatal(err)
				}
				s.ask(desk.Admin, "POST", kind.path, string(body)).refuses(r.field + ": " + r.message)
			})
		}
	}
	for path, count := range map[string]float64{"/api/ticket-status/": 6, "/api/ticket-priority/": 4} {
		if got := s.ask(desk.Admin, "GET", path, "").object()["count"]; got != count {
			t.Errorf("%s holds %v", path, got)
		}
	}
}

func TestCatalogReportsTakenNamesWithOtherProblems(t *testing.T) {
	s := newClients(t)
	s.ask(desk.Admin, "POST", "/api/ticket-status/", `{"name":"open","code":"Open","statusType":"x","weight":-1}`).refuses(
		"statusType: Invalid status type. Please choose one of: open, in_progress, pending, resolved, closed, cancelled.",
		"weight: Weight must be a whole number from 0 to 1000000.",
		"name: Ticket status with name 'open' already exists.", "code: Ticket status with code 'OPEN' already exists.")
}

func TestCatalogHasOneDefault(t *testing.T) {
	s := newClients(t)
	s.ask(desk.Admin, "POST", "/api/ticket-priority/", `{"name":"N","code":"N","isDefault":true}`).must(http.StatusCreated,
		"Ticket priority created successfully.")
	if s.Priority("MEDIUM").IsDefault || !s.Priority("N").IsDefault {
		t.Error("the old default is still the default")
	}
	if v := s.Open(desk.Agent, ticket.Patch{}); v.PriorityName != "N" {
		t.Errorf("a new ticket has priority %s", v.PriorityName)
	}
	status, priority := "/api/ticket-status/"+string(s.Status("OPEN").ID), "/api/ticket-priority/"+string(s.Priority("N").ID)
	for _, tc := range []struct{ method, path, body, sentence string }{
		{"PATCH", priority, `{"isDefault":false}`, "Ticket priority 'N' is the default; make another one the default first."},
		{"PUT", priority, `{"name":"N","code":"N","isDefault":false}`, "Ticket priority 'N' is the default; make another one the default first."},
		{"DELETE", priority, "", "Ticket priority 'N' is the default; make another one the default first."},
		{"PATCH", status, `{"isDefault":false}`, "Ticket status 'Open' is the default; make another one the default first."},
		{
			"PUT", status, `{"name":"Open","code":"OPEN","statusType":"open","isDefault":false}`,
			"Ticket status 'Open' is the default; make another one the default first.",
		},
		{"DELETE", status, "", "Ticket status 'Open' is the default; make another one the default first."},
	} {
		r := s.ask(desk.Admin, tc.method, tc.path, tc.body).must(http.StatusConflict, tc.sentence)
		if !strings.Contains(r.body, `"code":"default_needed"`) {
			t.Errorf("%s %s: %s", tc.method, tc.path, r.body)
		}
	}
	whole := s.ask(desk.Admin, "PUT", priority, `{"name":"N","code":"N"}`).must(http.StatusOK, "Ticket priority updated successfully.")
	if whole.object()["isDefault"] != true {
		t.Errorf("after PUT without isDefault: %s", whole.body)
	}
}

func TestCatalogEntryInUseCannotBeDeleted(t *testing.T) {
	s := newClients(t)
	s.Open(desk.Agent, ticket.Patch{StatusID: s.StatusTo("PENDING"), PriorityID: s.PriorityTo("LOW")})
	s.ask(desk.Admin, "DELETE", "/api/ticket-status/"+string(s.Status("PENDING").ID), "").must(http.StatusConflict,
		"Ticket status is in use by tickets.")
	s.ask(desk.Admin, "DELETE", "/api/ticket-priority/"+string(s.Priority("LOW").ID), "").must(http.StatusConflict,
		"Ticket priority is in use by tickets.")
}

func TestCatalogsRequirePermission(t *testing.T) {
	s := newClients(t)
	for base, id := range map[string]string{
		"/api/ticket-status/":   string(s.Status("OPEN").ID),
		"/api/ticket-priority/": string(s.Priority("LOW").ID),
	} {
		for _, tc := range []struct{ name, method, path string }{
			{desk.Nobody, "GET", base},
			{desk.Nobody, "GET", base + id},
			{desk.Agent, "POST", base},
			{desk.Agent, "PUT", base + id},
			{desk.Agent, "PATCH", base + id},
			{desk.Agent, "DELETE", base + id},
		} {
			s.ask(tc.name, tc.method, tc.path, `{"name":"a"}`).must(http.StatusForbidden,
				"You do not have the required permission to access this resource.")
		}
		s.ask("", "GET", base, "").must(http.StatusUnauthorized, "Authentication credentials were not provided.")
	}
}

func TestTicketWorkIsEnoughToReadCatalogs(t *testing.T) {
	s := newClients(t)
	for _, menu := range []string{access.StatusesMenu, access.PrioritiesMenu} {
		s.Assign(desk.Agent, menu, access.MayNothing)
		s.Assign(desk.Temp, menu, access.MayNothing)
	}
	s.Assign(desk.Nobody, access.TicketsMenu, access.MayCreate)
	s.Assign(desk.Temp, access.TicketsMenu, access.MayDelete)
	for base, id := range map[string]string{
		"/api/ticket-status/":   string(s.Status("OPEN").ID),
		"/api/ticket-priority/": string(s.Priority("LOW").ID),
	} {
		for _, path := range []string{base, base + id} {
			for name, status := range map[string]int{
				desk.Agent: http.StatusOK, desk.Watcher: http.StatusOK, desk.Nobody: http.StatusOK, desk.Temp: http.StatusForbidden,
			} {
				if r := s.ask(name, "GET", path, ""); r.status != status {
					t.Errorf("%s, %s: %d %s", name, path, r.status, r.body)
				}
			}
		}
		if r := s.ask(desk.Agent, "PATCH", base+id, `{"name":"a"}`); r.status != http.StatusForbidden {
			t.Errorf("the agent changed %s: %d", base, r.status)
		}
	}
}
