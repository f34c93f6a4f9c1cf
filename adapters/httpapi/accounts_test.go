package httpapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tickt/application/identity"
	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

const accountKeys = "referenceId username email mailSuspendedAt phoneNumber address role roleId isActive isStaff isSuperuser " +
	"lastLogin createdAt updatedAt"

// accountPath returns the path of a member's account.
func (s *clients) accountPath(name string) string { return "/api/account/" + string(s.ID(name)) + "/" }

func TestAccountEndpoints(t *testing.T) {
	s := newClients(t)
	agents := s.Role("agent")
	r := s.ask(desk.Root, "POST", "/api/accounts/", fmt.Sprintf(
		`{"username":" Asha ","email":"asha@desk.test","phoneNumber":"9812345678","password":"Green-Kettle-8","address":"Kathmandu",`+
			`"roleId":%q,"isStaff":true}`, agents),
	).must(http.StatusCreated, "Account created successfully.")
	id := r.object()["referenceId"].(string)
	path := "/api/account/" + id + "/"
	want := fmt.Sprintf(`{"referenceId":%q,"username":"Asha","email":"asha@desk.test","mailSuspendedAt":null,"phoneNumber":"9812345678",`+
		`"address":"Kathmandu",`+
		`"role":"agent","roleId":%q,`+
		`"isActive":true,"isStaff":true,"isSuperuser":false,"lastLogin":null,"createdAt":"2026-03-01T12:00:00Z",`+
		`"updatedAt":"2026-03-01T12:00:00Z"}`, id, agents)
	if string(r.Data) != want || r.header.Get("Location") != path || keys(t, r.Data) != accountKeys {
		t.Errorf("created %s at %s\nwant %s at %s", r.Data, r.header.Get("Location"), want, path)
	}
	if got := s.ask(desk.Admin, "GET", path, "").must(http.StatusOK, "Ok"); string(got.Data) != want || got.header.Get("ETag") == "" {
		t.Errorf("read back as %s, %v", got.Data, got.header)
	}
	if got := s.ask(desk.Admin, "PUT", path, want).must(http.StatusOK, "Account updated successfully."); string(got.Data) != want {
		t.Errorf("sent back unchanged, now %s", got.Data)
	}
	s.Wait(time.Second)
	if got := s.ask(desk.Admin, "PATCH", path, `{"phoneNumber":"+15551234567"}`).must(http.StatusOK,
		"Account updated successfully.").object(); got["phoneNumber"] != "+15551234567" || got["address"] != "Kathmandu" ||
		got["updatedAt"] != "2026-03-01T12:00:01Z" {
		t.Errorf("after PATCH: %v", got)
	}
	put := `{"username":"asha","email":"asha@desk.test","phoneNumber":"+15551234567"}`
	if got := s.ask(desk.Root, "PUT", path, put).must(http.StatusOK, "Account updated successfully.").object(); got["username"] != "asha" ||
		got["address"] != nil || got["role"] != "" || got["roleId"] != nil || got["isStaff"] != false {
		t.Errorf("after PUT: %v", got)
	}
	if got := s.ask(desk.Admin, "DELETE", path, ""); got.status != http.StatusOK ||
		got.body != `{"ResponseCode":"0","response":"Account deleted successfully."}` {
		t.Errorf("got %d %s", got.status, got.body)
	}
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		s.ask(desk.Root, method, path, put).must(http.StatusNotFound, "Data not found.")
		s.ask(desk.Root, method, "/api/account/x/", put).must(http.StatusNotFound, "Data not found.")
	}
}

func TestCreateAccountReportsAllProblems(t *testing.T) {
	s := newClients(t)
	s.ask(desk.Root, "POST", "/api/accounts/", `{}`).refuses("username: Username cannot be blank.", "email: Email cannot be blank.",
		"phoneNumber: Phone Number cannot be blank.", "password: Password cannot be blank.")
	s.ask(desk.Root, "POST", "/api/accounts/",
		`{"username":"ADMIN","email":5,"phoneNumber":"12","password":"Green-Kettle-8","isStaff":null,"roleId":"x","zzz":1}`).refuses(
		"email: email must be a string.", "isStaff: isStaff must be true or false.", "zzz: Unknown field 'zzz'.",
		"phoneNumber: Enter a valid phone number: national in NP, or international with \"+\".",
		"roleId: Selected role does not exist.", "username: Username already exists.")
	s.ask(desk.Root, "POST", "/api/accounts/", "").must(http.StatusBadRequest, "Body can not be blank.")
	s.ask(desk.Nobody, "POST", "/api/accounts/", `{"zzz":1}`).must(http.StatusForbidden,
		"You do not have the required permission to access this resource.")
}

func TestListAccountsNewestFirstAndFiltered(t *testing.T) {
	s := newClients(t)
	agents := s.Role("agent")
	for query, want := range map[string]string{
		"":                                      "temp clerk nobody watcher visitor customer agent2 agent admin root",
		"?is_active=true":                       "temp clerk nobody watcher visitor customer agent2 agent admin root",
		"?is_active=FALSE":                      "leaver",
		"?is_active=all&pageSize=20":            "temp clerk leaver nobody watcher visitor customer agent2 agent admin root",
		"?role=" + string(agents):               "agent2 agent",
		"?is_active=all&role=" + string(agents): "leaver agent2 agent",
		"?role=" + strings.Repeat("f", 32):      "",
		"?search=AGENT":                         "agent2 agent",
		"?search=desk.test%20age":               "agent2 agent",
		"?search=9800000001":                    "admin",
		"?search=%2B9779800000001":              "admin",
		"?search=%2C":                           "",
		"?pageSize=3&page=2":                    "watcher visitor customer",
	} {
		if got := s.ask(desk.Admin, "GET", "/api/accounts/"+query, "").must(http.StatusOK, "Ok").list("username"); got != want {
			t.Errorf("%s lists %s\nwant %s", query, got, want)
		}
	}
	s.ask(desk.Admin, "GET", "/api/accounts/?page=2", "").must(http.StatusNotFound, "Invalid page.")
	s.ask(desk.Admin, "GET", "/api/accounts/?is_active=maybe&role=agent&search="+strings.Repeat("x", 201)+"&name=x", "").refuses(
		"is_active: is_active must be true, false or all.", "role: role must be a reference id: 32 lower-case hexadecimal characters.",
		"search: search must be at most 200 characters.", "name: Unknown parameter 'name'.")
	s.ask(desk.Admin, "GET", "/api/accounts/?is_active=", "").refuses("is_active: is_active must not be empty.")
}

func TestToggleDeactivatesAndActivates(t *testing.T) {
	s := newClients(t)
	path := "/api/account/toggle/" + string(s.ID(desk.Visitor)) + "/"
	for _, tc := range []struct{ method, body, sentence string }{
		{"POST", "", "Account is deactivated successfully."},
		{"PATCH", "{}", "Account is activated successfully."},
		{"PATCH", "", "Account is deactivated successfully."},
		{"POST", " { } ", "Account is activated successfully."},
	} {
		got := s.ask(desk.Root, tc.method, path, tc.body).must(http.StatusOK, tc.sentence)
		active := strings.Contains(tc.sentence, " activated")
		if got.object()["isActive"] != active || keys(t, got.Data) != accountKeys+" openTickets" {
			t.Errorf("%s answered %s", tc.method, got.Data)
		}
	}
	s.ask(desk.Root, "POST", path, `{"isActive":false}`).refuses("isActive: Unknown field 'isActive'.")
	s.ask(desk.Root, "POST", path, `[]`).must(http.StatusBadRequest, "Body must be a JSON object.")
	s.ask(desk.Root, "POST", "/api/account/toggle/"+strings.Repeat("f", 32), "").must(http.StatusNotFound, "Data not found.")
	s.ask(desk.Root, "POST", "/api/account/toggle/x/", "").must(http.StatusNotFound, "Data not found.")
	if r := s.ask(desk.Admin, "POST", "/api/account/toggle/"+string(s.ID(desk.Admin)), ""); r.status != http.StatusConflict {
		t.Errorf("toggled oneself: %d %s", r.status, r.body)
	}
	if r := s.ask(desk.Admin, "POST", "/api/account/toggle/"+string(s.ID(desk.Root)), ""); r.status != http.StatusForbidden {
		t.Errorf("toggled a superuser: %d %s", r.status, r.body)
	}
}

func TestDeactivationRevokesTokensImmediately(t *testing.T) {
	s := newClients(t)
	token := "Bearer " + s.Token(desk.Agent)
	s.ask("", "GET", "/api/tickets/", "", "Authorization", token).must(http.StatusOK, "Ok")
	s.ask(desk.Admin, "POST", "/api/account/toggle/"+string(s.ID(desk.Agent)), "").must(http.StatusOK, "Account is deactivated successfully.")
	if r := s.ask("", "GET", "/api/tickets/", "", "Authorization", token); r.status != http.StatusUnauthorized {
		t.Errorf("got status %d", r.status)
	}
}

func TestSuperuserWithoutPhoneNumberIsAcceptedAsItIsRead(t *testing.T) {
	s := newClients(t)
	id := desk.Must(s.Superusers.Create(t.Context(), identity.Superuser{
		Username: "nophone", Email: "nophone@desk.test", Password: desk.Password,
	}))(t)
	path := "/api/account/" + string(id) + "/"
	read := s.ask(desk.Root, "GET", path, "").must(http.StatusOK, "Ok")
	if got := read.object(); got["phoneNumber"] != "" {
		t.Errorf("read %v", got)
	}
	for _, method := range []string{"PUT", "PATCH"} {
		got := s.ask(desk.Root, method, path, string(read.Data)).must(http.StatusOK, "Account updated successfully.")
		if string(got.Data) != string(read.Data) {
			t.Errorf("%s: sent back unchanged, now %s", method, got.Data)
		}
	}
	for _, c := range []struct{ method, body string }{
		{"PATCH", `{"phoneNumber":null}`},
		{"PUT", `{"username":"nophone","email":"nophone@desk.test"}`},
		{"POST", `{"username":"other","email":"other@desk.test","phoneNumber":"","password":"Green-Kettle-8","isSuperuser":true}`},
	} {
		to := path
		if c.method == "POST" {
			to = "/api/accounts/"
		}
		r := s.ask(desk.Root, c.method, to, c.body).must(http.StatusBadRequest, "Invalid")
		if len(r.Errors) != 1 || r.Errors[0] != "Phone Number cannot be blank." {
			t.Errorf("%s: %q", c.method, r.Errors)
		}
	}
}

func TestAccountsInUseCannotBeDeleted(t *testing.T) {
	s := newClients(t)
	s.Open(desk.Customer, ticket.Patch{})
	for name, path := range map[string]string{"named by a ticket": s.accountPath(desk.Customer), "one's own": s.accountPath(desk.Root)} {
		if r := s.ask(desk.Root, "DELETE", path, ""); r.status != http.StatusConflict {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
}

func TestOnlySuperusersSetFlags(t *testing.T) {
	s := newClients(t)
	if r := s.ask(desk.Admin, "PATCH", s.accountPath(desk.Agent), `{"isSuperuser":true}`); r.status != http.StatusForbidden ||
		!strings.Contains(r.Response, "isSuperuser") {
		t.Errorf("got %d %s", r.status, r.body)
	}
	s.ask(desk.Admin, "PATCH", s.accountPath(desk.Root), `{"address":"x"}`).must(http.StatusForbidden,
		"You may not change a superuser's account.")
}

func TestAccountChangesHonourIfMatch(t *testing.T) {
	s := newClients(t)
	path := s.accountPath(desk.Visitor)
	tag := s.ask(desk.Admin, "GET", path, "").header.Get("ETag")
	s.ask(desk.Admin, "PATCH", path, `{"address":"a"}`, "If-Match", tag).must(http.StatusOK, "Account updated successfully.")
	for _, tc := range []struct{ method, path, body string }{
		{"PATCH", path, `{"address":"b"}`}, {"DELETE", path, ""}, {"POST", "/api/account/toggle/" + string(s.ID(desk.Visitor)), ""},
	} {
		if r := s.ask(desk.Admin, tc.method, tc.path, tc.body, "If-Match", tag); r.status != http.StatusPreconditionFailed {
			t.Errorf("%s answered %d %s", tc.method, r.status, r.body)
		}
	}
	if got := s.ask(desk.Admin, "GET", path, "").object(); got["address"] != "a" || got["isActive"] != true {
		t.Errorf("it is %v", got)
	}
}

func TestOwnCredentialsNeedTheCurrentPassword(t *testing.T) {
	for _, name := range []string{desk.Root, desk.Clerk} {
		s := newClients(t)
		own, token := s.accountPath(name), s.Token(name)
		ask := func(method, body string) reply { return s.ask("", method, own, body, "Authorization", "Bearer "+token) }
		blank, wrong := "currentPassword: Current password cannot be blank.", "currentPassword: Current password is wrong."
		for body, want := range map[string]string{
			`{"password":"` + newPassword + `"}`:                                   blank,
			`{"email":"thief@desk.test"}`:                                          blank,
			`{"username":"thief"}`:                                                 blank,
			`{"password":"` + newPassword + `","currentPassword":null}`:            blank,
			`{"password":"` + newPassword + `","currentPassword":""}`:              blank,
			`{"email":"thief@desk.test","currentPassword":7}`:                      "currentPassword: currentPassword must be a string.",
			`{"password":"` + newPassword + `","currentPassword":"a wrong word"}`:  wrong,
			`{"email":"thief@desk.test","currentPassword":"गलत शब्द"}`:             wrong,
			`{"email":"thief@desk.test","currentPassword":"a wrong word","x":"y"}`: "x: Unknown field 'x'.", // not checked yet
		} {
			ask("PATCH", body).refuses(want)
		}
		read := string(ask("GET", "").must(http.StatusOK, "Ok").Data)
		ask("PUT", read).must(http.StatusOK, "Account updated successfully.")
		ask("PUT", strings.Replace(read, name+"@desk.test", "thief@desk.test", 1)).refuses(blank)
		ask("PATCH", `{"email":"`+name+`@desk.test","address":"Pokhara","currentPassword":null}`).must(
			http.StatusOK, "Account updated successfully.")
		ask("PATCH", `{"email":"own@desk.test","password":"`+newPassword+`","currentPassword":"`+desk.Password+`"}`).must(
			http.StatusOK, "Account updated successfully.")
		for range 10 { // at an address that is known, or that is not
			ask("PATCH", `{"address":"Kathmandu","currentPassword":"a wrong word"}`)
		}
		r := ask("PATCH", `{"email":"two@desk.test","currentPassword":"`+newPassword+`"}`)
		if r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") == "" || failureCode(r.body) != "throttled" {
			t.Errorf("got %d %s", r.status, r.body)
		}
	}
}

func TestCurrentPasswordOfAnotherAccountIsUnknown(t *testing.T) {
	s := newClients(t)
	for _, current := range []string{`"` + desk.Password + `"`, "null"} {
		s.ask(desk.Root, "PATCH", s.accountPath(desk.Agent), `{"address":"Pokhara","currentPassword":`+current+`}`).refuses(
			"currentPassword: Unknown field 'currentPassword'.")
	}
	s.ask(desk.Clerk, "PATCH", s.accountPath(desk.Root), `{"currentPassword":"x"}`).must(
		http.StatusForbidden, "You may not change a superuser's account.")
	s.ask(desk.Root, "POST", "/api/accounts/",
		`{"username":"zoe","email":"zoe@desk.test","phoneNumber":"+9779841000010","password":"`+newPassword+`","currentPassword":"x"}`,
	).refuses("currentPassword: Unknown field 'currentPassword'.")
}

func TestSuspensionOfMailIsShownAndCleared(t *testing.T) {
	s := newClients(t)
	path := "/api/account/" + string(s.ID(desk.Customer)) + "/"
	suspend := func() {
		s.Edit(s.ID(desk.Customer), func(a *account.Account) { a.MailSuspendedAt = s.Now() })
	}
	shown := func() any {
		return s.ask(desk.Admin, "GET", path, "").must(http.StatusOK, "Ok").object()["mailSuspendedAt"]
	}
	if got := shown(); got != nil {
		t.Errorf("at first: %v", got)
	}
	suspend()
	for _, body := range []string{`{"address":"Patan"}`, `{"mailSuspendedAt":"2026-03-01T12:00:00Z"}`, `{"mailSuspendedAt":5}`} {
		s.ask(desk.Admin, "PATCH", path, body).must(http.StatusOK, "Account updated successfully.")
		if got := shown(); got != "2026-03-01T12:00:00Z" {
			t.Errorf("after %s: %v", body, got)
		}
	}
	own := s.ask(desk.Customer, "GET", "/api/me/", "").must(http.StatusOK, "Ok").object()
	if got := own["mailSuspendedAt"]; got != "2026-03-01T12:00:00Z" {
		t.Errorf("its own: %v", got)
	}
	s.ask(desk.Customer, "PATCH", "/api/me/", `{"mailSuspendedAt":null}`).must(http.StatusOK, "Account updated successfully.")
	s.ask(desk.Customer, "PATCH", path, `{"mailSuspendedAt":null}`).must(http.StatusForbidden,
		"You do not have the required permission to access this resource.")
	if got := shown(); got == nil {
		t.Error("the account itself has ended it")
	}
	r := s.ask(desk.Admin, "PATCH", path, `{"mailSuspendedAt":null}`).must(http.StatusOK, "Account updated successfully.")
	if r.object()["mailSuspendedAt"] != nil {
		t.Errorf("cleared: %s", r.Data)
	}
	suspend()
	s.ask(desk.Admin, "PATCH", path, `{"email":"another@desk.test"}`).must(http.StatusOK, "Account updated successfully.")
	if got := shown(); got != nil {
		t.Errorf("with another address: %v", got)
	}
}
