package httpapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

const ticketKeys = "referenceId ticketNumber title description menu menuId status statusId statusType priority priorityId " +
	"createdFor createdForId assignedTo assignedToId createdBy createdById responseDeadline dueDate firstResponseAt resolvedAt " +
	"slaDueDate slaBreached isEscalated customerSatisfaction followUpOf followUpOfId createdAt updatedAt"

// ticketPath returns the path of a ticket.
func ticketPath(v ticket.View) string { return "/api/ticket/" + string(v.ID) + "/" }

// bodyWith returns the JSON body of a new ticket with one key replaced by raw JSON.
func bodyWith(key, raw string) string {
	fields := map[string]json.RawMessage{"title": json.RawMessage(`"Printer"`), "description": json.RawMessage(`"It burns."`)}
	fields[key] = json.RawMessage(raw)
	body, _ := json.Marshal(fields)
	return string(body)
}

func quoted(text string) string {
	b, _ := json.Marshal(text)
	return string(b)
}

func TestTicketRepresentation(t *testing.T) {
	s := newClients(t)
	menu, high, pending := s.Menu(access.TicketsMenu), s.Priority("HIGH"), s.Status("PENDING")
	body := fmt.Sprintf(`{"title":" <Printer> & \"co\" ","description":"It\nburns.","menuId":%q,"statusId":%q,"priorityId":%q,`+
		`"createdFor":%q,"assignedTo":%q,"responseDeadline":"2026-03-02T09:00:00+05:45","dueDate":"2026/03/03 10:30","isEscalated":true}`,
		menu.ID, pending.ID, high.ID, s.ID(desk.Customer), s.ID(desk.Agent2))
	r := s.ask(desk.Agent, "POST", "/api/tickets/", body).must(http.StatusCreated, "Ticket created successfully.")
	if keys(t, r.Data) != ticketKeys {
		t.Errorf("keys are %s", keys(t, r.Data))
	}
	id := r.object()["referenceId"].(string)
	if r.header.Get("Location") != "/api/ticket/"+id+"/" {
		t.Errorf("Location is %q", r.header.Get("Location"))
	}
	want := fmt.Sprintf(`{"referenceId":%q,"ticketNumber":"TKT-20260301-0001","title":"<Printer> & \"co\"","description":"It\nburns.",`+
		`"menu":"Tickets","menuId":%q,`+
		`"status":"Pending","statusId":%q,"statusType":"pending","priority":"High","priorityId":%q,"createdFor":"customer","createdForId":%q,`+
		`"assignedTo":"agent2","assignedToId":%q,"createdBy":"agent","createdById":%q,"responseDeadline":"2026-03-02T03:15:00Z",`+
		`"dueDate":"2026-03-03T10:30:00Z",`+
		`"firstResponseAt":null,"resolvedAt":null,"slaDueDate":null,"slaBreached":false,"isEscalated":true,"customerSatisfaction":null,`+
		`"followUpOf":null,"followUpOfId":null,"createdAt":"2026-03-01T12:00:00Z","updatedAt":"2026-03-01T12:00:00Z"}`,
		id, menu.ID, pending.ID, high.ID, s.ID(desk.Customer), s.ID(desk.Agent2), s.ID(desk.Agent))
	if string(r.Data) != want {
		t.Errorf("got  %s\nwant %s", r.Data, want)
	}
	if got := s.ask(desk.Agent, "GET", "/api/ticket/"+id, "").must(http.StatusOK, "Ok"); string(got.Data) != want {
		t.Errorf("read back as %s", got.Data)
	}
	list := s.ask(desk.Agent, "GET", "/api/tickets/", "").must(http.StatusOK, "Ok")
	if !strings.Contains(list.body, `"results":[`+want+`]`) {
		t.Errorf("listed as %s", list.body)
	}
}

func TestOpenTicketDefaultsAndNulls(t *testing.T) {
	s := newClients(t)
	for _, body := range []string{
		`{"title":"a","description":"b"}`,
		`{"title":"a","description":"b","statusId":null,"priorityId":null,"menuId":null,"createdFor":null,"assignedTo":null,` +
			`"responseDeadline":null,"dueDate":null,"resolvedAt":null,"slaDueDate":null,"customerSatisfaction":null}`,
	} {
		got := s.ask(desk.Agent, "POST", "/api/tickets/", body).must(http.StatusCreated, "Ticket created successfully.").object()
		for key, want := range map[string]any{
			"status": "Open", "priority": "Medium", "menu": nil, "menuId": nil, "createdFor": nil, "createdForId": nil, "assignedTo": nil,
			"assignedToId":     nil,
			"responseDeadline": nil, "dueDate": nil, "resolvedAt": nil, "slaDueDate": "2026-03-02T12:00:00Z", "isEscalated": false,
			"customerSatisfaction": nil,
		} {
			if got[key] != want {
				t.Errorf("%s is %v, want %v", key, got[key], want)
			}
		}
	}
}

func TestTicketFieldsRefuseInvalidValues(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Agent, ticket.Patch{})
	const notTime = " must be a date and time, such as 2026-01-31T09:30:00Z or 2026/01/31 09:30."
	nobody := quoted(strings.Repeat("f", 32))
	const control = " contains a character that is not allowed: U+0000 (control character) at position 2."
	for _, tc := range []struct{ field, raw, message string }{
		{"title", `5`, "title must be a string."},
		{"title", `""`, "Title cannot be blank."},
		{"title", `" \t "`, "Title cannot be blank."},
		{"title", `null`, "Title cannot be blank."},
		{"title", quoted(strings.Repeat("é", 201)), "Title must be at most 200 characters."},
		{"title", `"a\u0000b"`, "Title" + control},
		{"title", `"a\nb"`, "Title contains a character that is not allowed: U+000A (control character) at position 2."},
		{"title", `" \ufeff\u202e"`, "Title contains a character that is not allowed: U+202E (right-to-left override) at position 3."},
		{"description", `"a\u202db"`, "Description contains a character that is not allowed: U+202D (left-to-right override) at position 2."},
		{"description", `{}`, "description must be a string."},
		{"description", `""`, "Description cannot be blank."},
		{"description", quoted(strings.Repeat("é", 64*1024+1)), "Description must be at most 65536 characters."},
		{"description", `"a\u0000b"`, "Description" + control},
		{"statusId", `5`, "statusId must be a string."},
		{"statusId", `""`, "Invalid ticket status."},
		{"statusId", `"x\u0000"`, "Invalid ticket status."},
		{"statusId", nobody, "Invalid ticket status."},
		{"priorityId", `[]`, "priorityId must be a string."},
		{"priorityId", nobody, "Invalid ticket priority."},
		{"priorityId", quoted(strings.Repeat("F", 32)), "Invalid ticket priority."},
		{"menuId", `true`, "menuId must be a string."},
		{"menuId", nobody, "Invalid menu selected."},
		{"menuId", quoted(strings.Repeat("9", 10_000)), "Invalid menu selected."},
		{"createdFor", `1`, "createdFor must be a string."},
		{"createdFor", nobody, "Invalid customer account."},
		{"createdFor", `"customer"`, "Invalid customer account."},
		{"createdFor", quoted(string(s.ID(desk.Leaver))), "Invalid customer account."},
		{"createdForId", `1`, "createdForId must be a string."},
		{"createdForId", nobody, "createdFor: Invalid customer account."},
		{"assignedTo", `1.5`, "assignedTo must be a string."},
		{"assignedTo", nobody, "Invalid assigned staff."},
		{"assignedTo", quoted(string(s.ID(desk.Leaver))), "Invalid assigned staff."},
		{"assignedTo", quoted(string(s.ID(desk.Nobody))), "Invalid assigned staff."},
		{"assignedToId", `"x"`, "assignedTo: Invalid assigned staff."},
		{"responseDeadline", `5`, "responseDeadline" + notTime},
		{"responseDeadline", `""`, "responseDeadline" + notTime},
		{"responseDeadline", `"2026-02-30T10:00:00Z"`, "responseDeadline" + notTime},
		{"dueDate", `"soon"`, "dueDate" + notTime},
		{"dueDate", `"99999-01-01T00:00:00Z"`, "dueDate" + notTime},
		{"resolvedAt", `{"a":1}`, "resolvedAt" + notTime},
		{"slaDueDate", `"2026-03-01"`, "slaDueDate" + notTime},
		{"isEscalated", `"yes"`, "isEscalated must be true or false."},
		{"isEscalated", `1`, "isEscalated must be true or false."},
		{"customerSatisfaction", `"5"`, "customerSatisfaction must be a whole number."},
		{"customerSatisfaction", `1e400`, "customerSatisfaction must be a whole number."},
		{"customerSatisfaction", `4.5`, "customerSatisfaction must be a whole number."},
		{"customerSatisfaction", `99999999999999999999`, "customerSatisfaction must be a whole number."},
		{"customerSatisfaction", `0`, "Customer satisfaction must be a whole number from 1 to 5."},
		{"customerSatisfaction", `5`, "Customer satisfaction can be given only on a resolved or closed ticket."},
		{"colour", `"red"`, "Unknown field 'colour'."},
	} {
		problem := tc.field + ": " + tc.message
		if field, _, found := strings.Cut(tc.message, ": "); found && !strings.Contains(field, " ") {
			problem = tc.message
		}
		t.Run(fmt.Sprintf("%s=%.20s", tc.field, tc.raw), func(t *testing.T) {
			s.t = t
			s.ask(desk.Agent, "POST", "/api/tickets/", bodyWith(tc.field, tc.raw)).refuses(problem)
			s.ask(desk.Agent, "PATCH", ticketPath(v), `{"`+tc.field+`":`+tc.raw+`}`).refuses(problem)
			s.ask(desk.Agent, "PUT", ticketPath(v), bodyWith(tc.field, tc.raw)).refuses(problem)
		})
	}
	if n := s.ask(desk.Agent, "GET", "/api/tickets/", "").object()["count"]; n != 1.0 {
		t.Errorf("refused tickets were stored: %v", n)
	}
	if got := s.ask(desk.Agent, "GET", ticketPath(v), "").object(); got["title"] != v.Title || got["updatedAt"] != "2026-03-01T12:00:00Z" {
		t.Errorf("a refused change was stored: %v", got)
	}
}

func TestTicketReportsAllProblemsAtOnce(t *testing.T) {
	s := newClients(t)
	s.ask(desk.Agent, "POST", "/api/tickets/",
		`{"statusId":"x","priorityId":"x","menuId":"x","createdFor":"x","assignedTo":"x","responseDeadline":"2026-03-02T00:00:00Z",`+
			`"dueDate":"2026-03-02T00:00:00Z","customerSatisfaction":9}`).
		refuses("title: Title cannot be blank.", "description: Description cannot be blank.", "statusId: Invalid ticket status.",
			"priorityId: Invalid ticket priority.",
			"menuId: Invalid menu selected.", "createdFor: Invalid customer account.", "assignedTo: Invalid assigned staff.",
			"dueDate: Due date must be after response deadline.", "customerSatisfaction: Customer satisfaction must be a whole number from 1 to 5.")
	s.ask(desk.Agent, "POST", "/api/tickets/", "").must(http.StatusBadRequest, "Body can not be blank.")
	if r := s.ask(desk.Agent, "POST", "/api/tickets/", `{"title":"x"}`, "Content-Type",
		"text/plain"); r.status != http.StatusUnsupportedMediaType {
		t.Errorf("got %d %s", r.status, r.body)
	}
}

func TestTicketReportsTypeErrorsWithOtherProblems(t *testing.T) {
	s := newClients(t)
	r := s.ask(desk.Agent, "POST", "/api/tickets/",
		`{"title":5,"colour":"red","customerSatisfaction":9}`).must(http.StatusBadRequest, "Invalid")
	want := "title must be a string.|Unknown field 'colour'.|Description cannot be blank.|Customer satisfaction must be a whole number " +
		"from 1 to 5."
	if got := strings.Join(r.Errors, "|"); got != want {
		t.Error(got)
	}
	s.ask(desk.Watcher, "POST", "/api/tickets/", `{"title":5}`).must(http.StatusForbidden, domain.ErrForbidden.Message)
}

func TestAccountsAreAcceptedUnderEitherKey(t *testing.T) {
	alice, bob := domain.Some(strings.Repeat("a", 32)), domain.Some(strings.Repeat("b", 32))
	name, null, absent := domain.Some("alice"), domain.Null[string](), domain.Optional[string]{}
	for _, tc := range []struct {
		name              string
		named, byID, want domain.Optional[string]
	}{
		{"neither", absent, absent, absent},
		{"the id alone", alice, absent, alice},
		{"same id under both keys", bob, bob, bob},
		{"id next to another id is a name", alice, bob, bob},
		{"as read and unset, then set by the first key", alice, null, alice},
		{"as read", name, bob, bob},
		{"as read, id set to null", name, null, null},
		{"as read, unset", null, null, null},
		{"unset, then set by id", null, bob, bob},
		{"cleared", null, absent, null},
		{"other name alone", absent, bob, bob},
		{"other name alone, null", absent, null, null},
		{"name alone is refused", name, absent, name},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, beside := person(tc.named, tc.byID)
			if got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
			if got == tc.byID && tc.byID.Set && tc.named != tc.byID && beside != tc.named {
				t.Errorf("the name next to the id is %+v", beside)
			}
		})
	}
}

func TestConflictingAccountKeysAreRefused(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Agent, ticket.Patch{})
	pair := func(key, a, b string) string {
		return fmt.Sprintf(`{"title":"Printer","description":"It burns.",%q:%s,%q:%s}`, key, a, key+"Id", b)
	}
	for _, key := range []string{"createdFor", "assignedTo"} {
		problem := fmt.Sprintf("%[1]s: %[1]s and %[1]sId name different accounts.", key)
		ids := pair(key, quoted(string(s.ID(desk.Agent))), quoted(string(s.ID(desk.Agent2))))
		s.ask(desk.Agent, "POST", "/api/tickets/", ids).refuses(problem)
		s.ask(desk.Agent, "PUT", ticketPath(v), ids).refuses(problem)
		s.ask(desk.Agent, "PATCH", ticketPath(v), ids).refuses(problem)
		s.ask(desk.Agent, "PATCH", ticketPath(v), pair(key, `"agent2"`, "null")).refuses(problem)
		got := s.ask(desk.Agent, "PATCH", ticketPath(v), pair(key, quoted(string(s.ID(desk.Agent2))), "null")).object()
		if got[key] != "agent2" || got[key+"Id"] != string(s.ID(desk.Agent2)) {
			t.Errorf("with the first key and a null id, %s is %v", key, got[key])
		}
	}
}

func TestUnknownParametersAreRefused(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Agent, ticket.Patch{})
	for _, path := range []string{ticketPath(v), "/api/tickets/", "/api/auth/login/", "/api/auth/logout/"} {
		for _, method := range []string{"GET", "POST", "PATCH", "DELETE"} {
			r := s.ask(desk.Root, method, path+"?force=true", `{"title":"x"}`)
			if r.status != http.StatusMethodNotAllowed &&
				(r.status != http.StatusBadRequest || !strings.Contains(r.body, "Unknown parameter 'force'.")) {
				t.Errorf("%s %s: %d %s", method, path, r.status, r.body)
			}
		}
	}
}

func TestSendingBackTicketChangesNothing(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Agent, ticket.Patch{
		MenuID: domain.Some(string(s.Menu(access.TicketsMenu).ID)), CreatedFor: domain.Some(string(s.ID(desk.Customer))),
		AssignedTo:       domain.Some(string(s.ID(desk.Agent2))),
		ResponseDeadline: domain.Some(desk.Noon.Add(time.Hour)), DueDate: domain.Some(desk.Noon.Add(2 * time.Hour)),
		IsEscalated: domain.Some(true),
	})
	bare := s.Open(desk.Customer, ticket.Patch{})
	done := s.Open(desk.Agent, ticket.Patch{StatusID: domain.Some(string(s.Status("RESOLVED").ID)), CustomerSatisfaction: domain.Some(4)})
	s.Deactivate(desk.Agent2) // remains assigned
	s.Wait(time.Minute)
	for _, x := range []struct {
		as string
		ticket.View
	}{{desk.Agent, v}, {desk.Agent, bare}, {desk.Agent, done}, {desk.Customer, v}, {desk.Customer, bare}} {
		v := x.View
		for _, method := range []string{"PUT", "PATCH"} {
			read := s.ask(x.as, "GET", ticketPath(v), "")
			after := s.ask(x.as, method, ticketPath(v), string(read.Data)).must(http.StatusOK, "Ticket updated successfully.").object()
			before := read.object()
			delete(before, "updatedAt")
			delete(after, "updatedAt")
			if !maps.Equal(before, after) {
				t.Errorf("%s changed %[3]v to %[2]v", method, after, before)
			}
		}
	}
}

func TestPutReplacesAndPatchChangesTicket(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Agent,
		ticket.Patch{
			AssignedTo: domain.Some(string(s.ID(desk.Agent2))), PriorityID: domain.Some(string(s.Priority("HIGH").ID)),
			IsEscalated: domain.Some(true),
		})
	got := s.ask(desk.Agent, "PATCH", ticketPath(v), `{"title":"New"}`).must(http.StatusOK, "Ticket updated successfully.").object()
	if got["title"] != "New" || got["assignedTo"] != "agent2" || got["priority"] != "High" || got["isEscalated"] != true {
		t.Errorf("after PATCH: %v", got)
	}
	got = s.ask(desk.Agent, "PATCH", ticketPath(v), `{"assignedTo":null}`).object()
	if got["assignedTo"] != nil || got["title"] != "New" {
		t.Errorf("after PATCH with null: %v", got)
	}
	got = s.ask(desk.Agent, "PUT", ticketPath(v), `{"title":"Newer","description":"d"}`).must(http.StatusOK,
		"Ticket updated successfully.").object()
	if got["title"] != "Newer" || got["priority"] != "Medium" || got["isEscalated"] != false {
		t.Errorf("after PUT: %v", got)
	}
	s.ask(desk.Agent, "PUT", ticketPath(v), `{}`).refuses("title: Title cannot be blank.", "description: Description cannot be blank.")
}

func TestResolvedAtFollowsStatus(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Agent, ticket.Patch{})
	for _, step := range []struct {
		code     string
		resolved any
	}{
		{"RESOLVED", "2026-03-01T12:01:00Z"},
		{"CLOSED", "2026-03-01T12:01:00Z"},
		{"OPEN", nil},
		{"CLOSED", "2026-03-01T12:04:00Z"},
		{"IN_PROGRESS", nil},
	} {
		s.Wait(time.Minute)
		got := s.ask(desk.Agent, "PATCH", ticketPath(v), `{"statusId":"`+string(s.Status(step.code).ID)+`"}`).must(http.StatusOK,
			"Ticket updated successfully.").object()
		if got["resolvedAt"] != step.resolved || !strings.EqualFold(got["statusType"].(string), step.code) {
			t.Errorf("%s: resolvedAt is %v", step.code, got["resolvedAt"])
		}
	}
}

func TestRequesterSetsOnlyItsFields(t *testing.T) {
	s := newClients(t)
	got := s.ask(desk.Customer, "POST", "/api/tickets/",
		fmt.Sprintf(`{"title":"a","description":"b","priorityId":%q,"menuId":%q}`, s.Priority("LOW").ID, s.Menu(access.TicketsMenu).ID)).
		must(http.StatusCreated, "Ticket created successfully.").object()
	if got["createdFor"] != "customer" || got["createdBy"] != "customer" || got["priority"] != "Low" {
		t.Errorf("opened %v", got)
	}
	path := "/api/ticket/" + got["referenceId"].(string) + "/"
	s.ask(desk.Customer, "PATCH", path, `{"title":"c","status":"ignored","slaBreached":true,"createdBy":5}`).must(http.StatusOK,
		"Ticket updated successfully.")
	s.ask(desk.Customer, "PUT", path, `{"title":"d","description":"e"}`).must(http.StatusOK, "Ticket updated successfully.")
	if now := s.ask(desk.Agent, "GET", path, "").object(); now["title"] != "d" || now["priority"] != "Low" || now["menu"] != "Tickets" {
		t.Errorf("after PUT of a requester: %v", now)
	}
	s.ask(desk.Customer, "PATCH", path,
		`{"statusId":"x","priorityId":"x","menuId":null,"createdForId":null,"assignedTo":"x","responseDeadline":"2026/03/02 10:00",`+
			`"dueDate":"2026/03/03 10:00","resolvedAt":"2026/03/02 10:00","slaDueDate":null,"isEscalated":true}`).
		must(http.StatusForbidden,
			"You may not set statusId, priorityId, menuId, createdFor, assignedTo, responseDeadline, dueDate, resolvedAt, slaDueDate, isEscalated.")
	s.ask(desk.Customer, "POST", "/api/tickets/", `{"title":"a","description":"b","assignedTo":null,"customerSatisfaction":5}`).
		must(http.StatusForbidden, "You may not set assignedTo, customerSatisfaction.")
	s.ask(desk.Agent, "PATCH", path, `{"statusId":"`+string(s.Status("CLOSED").ID)+`"}`).must(http.StatusOK, "Ticket updated successfully.")
	if got := s.ask(desk.Customer, "PATCH", path, `{"customerSatisfaction":5}`).must(http.StatusOK,
		"Ticket updated successfully.").object(); got["customerSatisfaction"] != 5.0 {
		t.Errorf("rated %v", got)
	}
}

func TestTicketOutsideScopeIsNotFound(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Customer, ticket.Patch{})
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		s.ask(desk.Visitor, method, ticketPath(v), `{"title":"a","description":"b"}`).must(http.StatusNotFound, "Data not found.")
	}
	for name, count := range map[string]float64{desk.Visitor: 0, desk.Customer: 1, desk.Agent: 1, desk.Root: 1} {
		if got := s.ask(name, "GET", "/api/tickets/?search=printer", "").must(http.StatusOK, "Ok").object()["count"]; got != count {
			t.Errorf("%s counts %v, want %v", name, got, count)
		}
		if got := s.ask(name, "GET", "/api/tickets/?cursor=", "").list("title"); (got != "") != (count == 1) {
			t.Errorf("%s reads %q", name, got)
		}
	}
	forVisitor := s.Open(desk.Agent, ticket.Patch{CreatedFor: domain.Some(string(s.ID(desk.Visitor)))})
	s.ask(desk.Visitor, "GET", ticketPath(forVisitor), "").must(http.StatusOK, "Ok")
	for _, path := range []string{
		"/api/ticket/x/", "/api/ticket/" + strings.ToUpper(strings.Repeat("a", 32)),
		"/api/ticket/" + strings.Repeat("a", 32), "/api/ticket/%00/",
	} {
		s.ask(desk.Root, "GET", path, "").must(http.StatusNotFound, "Data not found.")
	}
}

func TestTicketsRequirePermission(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Agent, ticket.Patch{CreatedFor: domain.Some(string(s.ID(desk.Watcher)))})
	for _, tc := range []struct{ name, method, path string }{
		{desk.Nobody, "GET", "/api/tickets/"},
		{desk.Nobody, "GET", ticketPath(v)},
		{desk.Watcher, "POST", "/api/tickets/"},
		{desk.Watcher, "PUT", ticketPath(v)},
		{desk.Watcher, "PATCH", ticketPath(v)},
		{desk.Watcher, "DELETE", ticketPath(v)},
	} {
		s.ask(tc.name, tc.method, tc.path, `{"title":"a","description":"b"}`).must(http.StatusForbidden,
			"You do not have the required permission to access this resource.")
	}
	s.ask("", "GET", "/api/tickets/", "").must(http.StatusUnauthorized, "Authentication credentials were not provided.")
}

func TestNumberOfDeletedTicketIsNotReused(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Agent, ticket.Patch{})
	if r := s.ask(desk.Agent, "DELETE", ticketPath(v), ""); r.body != `{"ResponseCode":"0","response":"Ticket deleted successfully."}` ||
		r.status != http.StatusOK {
		t.Errorf("got %d %s", r.status, r.body)
	}
	s.ask(desk.Agent, "GET", ticketPath(v), "").must(http.StatusNotFound, "Data not found.")
	s.ask(desk.Agent, "DELETE", ticketPath(v), "").must(http.StatusNotFound, "Data not found.")
	if next := s.Open(desk.Agent, ticket.Patch{}); next.Number != "TKT-20260301-0002" {
		t.Errorf("the next is %s", next.Number)
	}
}
