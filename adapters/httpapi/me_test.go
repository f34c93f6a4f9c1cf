package httpapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/test/desk"
)

const (
	mePath         = "/api/me/"
	myPasswordPath = "/api/me/password/"
)

// held returns the permissions of one's own account as "URL:vcud", in order.
func (r reply) held() string {
	r.t.Helper()
	var out []string
	for _, x := range r.object()["permissions"].([]any) {
		p := x.(map[string]any)
		is := func(key, l string) string { return letter(p[key].(bool), l) }
		out = append(out, p["menuUrl"].(string)+":"+is("isView", "v")+is("isCreate", "c")+is("isUpdate", "u")+is("isDelete", "d"))
	}
	return strings.Join(out, " ")
}

func TestEveryAccountSeesItself(t *testing.T) {
	s := newClients(t)
	s.Assign(desk.Customer, access.TicketsMenu, access.MayView)
	s.Assign(desk.Customer, access.StatusesMenu, access.MayNothing)
	for _, tc := range []struct{ name, scope, held string }{
		{desk.Agent, "all", "/ticket-priority/:v--- /ticket-status/:v--- /tickets/:vcud"},
		{desk.Customer, "own", "/ticket-priority/:v--- /tickets/:v---"}, // its own assignments decide
		{desk.Nobody, "own", ""},
	} {
		r := s.ask(tc.name, "GET", mePath, "").must(http.StatusOK, "Ok")
		if got := keys(t, r.Data); got != accountKeys+" permissions ticketScope language timeZone notify" {
			t.Errorf("keys are %s", got)
		}
		me := r.object()
		if me["referenceId"] != string(s.ID(tc.name)) || me["ticketScope"] != tc.scope || r.held() != tc.held ||
			me["language"] != "en" || me["timeZone"] != nil {
			t.Errorf("%s: %s", tc.name, r.body)
		}
	}
	root := s.ask(desk.Root, "GET", mePath, "").must(http.StatusOK, "Ok")
	if held := root.held(); strings.Count(held, ":vcud") != 15 || strings.Contains(held, "-- ") || root.object()["ticketScope"] != "all" {
		t.Errorf("a superuser holds %s", held)
	}
	s.ask("", "GET", mePath, "").must(http.StatusUnauthorized, "Authentication credentials were not provided.")
	token := s.Token(desk.Agent)
	s.Deactivate(desk.Agent)
	s.ask("", "GET", mePath, "", "Authorization", "Bearer "+token).must(http.StatusUnauthorized, "Token is invalid or expired.")
}

func TestAccountChangesItsOwnSettings(t *testing.T) {
	s := newClients(t)
	before := s.ask(desk.Customer, "GET", mePath, "").must(http.StatusOK, "Ok")
	s.Wait(time.Second)
	auth := []string{"Authorization", "Bearer " + s.Token(desk.Customer)}
	first := s.ask("", "GET", mePath, "", auth...) // its sign-in is the last one
	if tag := first.header.Get("ETag"); len(tag) != 24 || tag == before.header.Get("ETag") {
		t.Errorf("the tag is %s", tag)
	}
	r := s.ask("", "PATCH", mePath, `{"phoneNumber":"+15551234567","address":"Pokhara","language":"ne","timeZone":"Asia/Kathmandu"}`,
		append(auth, "If-Match", first.header.Get("ETag"))...).must(http.StatusOK, "Account updated successfully.")
	me := r.object()
	if me["phoneNumber"] != "+15551234567" || me["address"] != "Pokhara" || me["language"] != "ne" || me["timeZone"] != "Asia/Kathmandu" ||
		me["updatedAt"] != "2026-03-01T12:00:01Z" {
		t.Errorf("got %s", r.body)
	}
	s.ask("", "PATCH", mePath, `{"language":"en"}`, append(auth, "If-Match", first.header.Get("ETag"))...).must(
		http.StatusPreconditionFailed, stale)
	read := s.ask("", "GET", mePath, "", auth...)
	if read.header.Get("ETag") != r.header.Get("ETag") || string(read.Data) != string(r.Data) {
		t.Errorf("read as %s", read.body)
	}
	if same := s.ask("", "GET", mePath, "", append(auth, "If-None-Match", r.header.Get("ETag"))...); same.status != http.StatusNotModified {
		t.Errorf("got %d %s", same.status, same.body)
	}
	sent := s.ask("", "PATCH", mePath, string(read.Data), auth...).must(http.StatusOK, "Account updated successfully.")
	if string(sent.Data) != string(read.Data) {
		t.Errorf("sent back unchanged, now %s", sent.Data)
	}
	reset := s.ask("", "PATCH", mePath, `{"address":null,"language":null,"timeZone":null}`, auth...).object()
	if reset["address"] != nil || reset["language"] != "en" || reset["timeZone"] != nil || reset["phoneNumber"] != "+15551234567" {
		t.Errorf("got %v", reset)
	}
}

func TestAdministratorKeepsTheSettingsOfAnAccount(t *testing.T) {
	s := newClients(t)
	s.ask(desk.Agent, "PATCH", mePath, `{"language":"ne","timeZone":"Asia/Kathmandu"}`).must(http.StatusOK, "Account updated successfully.")
	body := `{"username":"agent","email":"agent@desk.test","phoneNumber":"+15551234567","roleId":"` + string(s.Role("agent")) + `"}`
	s.ask(desk.Admin, "PUT", s.accountPath(desk.Agent), body).must(http.StatusOK, "Account updated successfully.")
	if me := s.ask(desk.Agent, "GET", mePath, "").object(); me["language"] != "ne" || me["timeZone"] != "Asia/Kathmandu" {
		t.Errorf("got %v", me)
	}
}

func TestNoAccountGetsARightByChangingItself(t *testing.T) {
	s := newClients(t)
	for _, name := range []string{desk.Nobody, desk.Customer, desk.Root} {
		was := s.Account(s.ID(name))
		body := fmt.Sprintf(`{"roleId":%q,"role":"admin","isSuperuser":%v,"isStaff":true,"isActive":false,"username":"boss",`+
			`"email":"`+was.Email+`","ticketScope":"all","permissions":[{"menuUrl":"/accounts/","isView":true}]}`,
			s.Role("admin"), !was.IsSuperuser)
		s.ask(name, "PATCH", mePath, body).must(http.StatusOK, "Account updated successfully.")
		now := s.Account(s.ID(name))
		if now.LastLogin, now.UpdatedAt = was.LastLogin, was.UpdatedAt; now != was {
			t.Errorf("%s was %+v\nand is %+v", name, was, now)
		}
	}
}

func TestOwnSettingsRefuseBadInput(t *testing.T) {
	s := newClients(t)
	const zone = "timeZone: Invalid time zone. Please choose a name of the IANA time zone database, such as Europe/London."
	for body, want := range map[string][]string{
		`{"language":""}`:                                    {"language: language must be one of: en, ne."},
		`{"language":"EN"}`:                                  {"language: language must be one of: en, ne."},
		`{"language":"नेपाली"}`:                              {"language: language must be one of: en, ne."},
		`{"language":"` + strings.Repeat("n", 9999) + `"}`:   {"language: language must be one of: en, ne."},
		`{"language":1}`:                                     {"language: language must be a string."},
		`{"timeZone":""}`:                                    {zone},
		`{"timeZone":"Local"}`:                               {zone},
		`{"timeZone":"Mars/Olympus"}`:                        {zone},
		`{"timeZone":"काठमाडौं"}`:                            {zone},
		`{"timeZone":"../etc/passwd"}`:                       {zone},
		`{"timeZone":"/usr/share/zoneinfo/UTC"}`:             {zone},
		`{"timeZone":"` + strings.Repeat("A/", 9999) + `B"}`: {zone},
		`{"timeZone":["UTC"]}`:                               {"timeZone: timeZone must be a string."},
		`{"phoneNumber":null}`:                               {"phoneNumber: Phone Number cannot be blank."},
		`{"phoneNumber":"12"}`: {
			"phoneNumber: Enter a valid phone number: national in NP, or international with \"+\".",
		},
		`{"phoneNumber":9841234567}`:                     {"phoneNumber: phoneNumber must be a string."},
		`{"address":"` + strings.Repeat("अ", 256) + `"}`: {"address: Address must be at most 255 characters."},
		`{"password":"x"}`:                               {"password: Unknown field 'password'."},
		`{"colour":"red","language":"de","timeZone":"x","phoneNumber":"1","address":7}`: {
			"address: address must be a string.", "colour: Unknown field 'colour'.",
			"phoneNumber: Enter a valid phone number: national in NP, or international with \"+\".",
			"language: language must be one of: en, ne.", zone,
		},
	} {
		s.ask(desk.Agent, "PATCH", mePath, body).refuses(want...)
	}
	other := s.Account(s.ID(desk.Admin)).Phone
	s.ask(desk.Agent, "PATCH", mePath, `{"phoneNumber":"`+other+`"}`).refuses("phoneNumber: Phone Number already exists.")
	s.ask(desk.Agent, "PATCH", mePath, "").must(http.StatusBadRequest, "Body can not be blank.")
	s.ask(desk.Agent, "GET", mePath+"?colour=red", "").refuses("colour: Unknown parameter 'colour'.")
	for _, method := range []string{"PUT", "DELETE", "POST"} {
		s.ask(desk.Agent, method, mePath, "{}").must(http.StatusMethodNotAllowed, "Method not allowed.")
	}
}

// passwords returns the body of a change of one's own password.
func passwords(current, next string) string {
	return fmt.Sprintf(`{"currentPassword":%q,"password":%q}`, current, next)
}

const newPassword = "Quiet-Lantern-81"

func TestOwnPasswordEndsTheOtherSessions(t *testing.T) {
	s := newClients(t)
	mine, other, stranger := s.SignIn(desk.Agent), s.SignIn(desk.Agent), s.Token(desk.Agent2)
	r := s.ask("", "POST", myPasswordPath, passwords(desk.Password, newPassword), "Authorization", "Bearer "+mine.AccessToken)
	if r.must(http.StatusOK, "Password changed successfully."); r.body != `{"ResponseCode":"0","response":"Password changed successfully."}` {
		t.Errorf("got %s", r.body)
	}
	alive := func(token string) bool {
		return s.ask("", "GET", mePath, "", "Authorization", "Bearer "+token).status == http.StatusOK
	}
	if !alive(mine.AccessToken) || alive(other.AccessToken) || !alive(stranger) {
		t.Error("the wrong sessions have ended")
	}
	s.ask("", "POST", "/api/auth/refresh/", `{"refreshToken":"`+other.RefreshToken+`"}`).must(
		http.StatusUnauthorized, "Token is invalid or expired.")
	s.ask("", "POST", "/api/auth/refresh/", `{"refreshToken":"`+mine.RefreshToken+`"}`).must(http.StatusOK, "Ok")
	s.ask("", "POST", loginPath, credentials(desk.Agent, desk.Password)).must(http.StatusUnauthorized, "Oops! We couldn't find any users.")
	s.ask("", "POST", loginPath, credentials(desk.Agent, newPassword)).must(http.StatusOK, "Ok")
}

func TestPasswordOfAnAdministratorEndsTheSessionsOfTheAccount(t *testing.T) {
	for method, body := range map[string]string{
		"PATCH": `{"password":"` + newPassword + `"}`,
		"PUT":   `{"username":"agent","email":"agent@desk.test","phoneNumber":"+15551234567","password":"` + newPassword + `"}`,
	} {
		s := newClients(t)
		token := s.Token(desk.Agent)
		s.ask(desk.Root, method, s.accountPath(desk.Agent), body).must(http.StatusOK, "Account updated successfully.")
		r := s.ask("", "GET", mePath, "", "Authorization", "Bearer "+token)
		if r.status != http.StatusUnauthorized || failureCode(r.body) != "session_revoked" {
			t.Errorf("%s: got %d %s", method, r.status, r.body)
		}
	}
}

func TestOwnPasswordRefusesBadInput(t *testing.T) {
	s := newClients(t)
	for body, want := range map[string][]string{
		`{}`: {"currentPassword: Current password cannot be blank.", "password: Password cannot be blank."},
		`{"currentPassword":null,"password":null,"x":1}`: {
			"x: Unknown field 'x'.", "currentPassword: Current password cannot be blank.", "password: Password cannot be blank.",
		},
		`{"currentPassword":1,"password":["x"]}`: {
			"currentPassword: currentPassword must be a string.", "password: password must be a string.",
		},
		passwords("wrong", "short"):                        {"password: Password must be at least 8 characters."}, // not checked yet
		passwords(desk.Password, strings.Repeat("ü", 129)): {"password: Password must be at most 128 characters."},
		passwords(desk.Password, "agent@desk.test"):        {"password: Password cannot be the same as the username, email or phone number."},
		passwords(desk.Password, "password123"):            {"password: Password is too common."},
		passwords("wrong", newPassword):                    {"currentPassword: Current password is wrong."},
		passwords("गलत पासवर्ड", newPassword):              {"currentPassword: Current password is wrong."},
	} {
		s.ask(desk.Agent, "POST", myPasswordPath, body).refuses(want...)
	}
	s.ask(desk.Agent, "POST", myPasswordPath, passwords(desk.Password, newPassword), "If-Match", `"x`).refuses(
		`If-Match: If-Match must be * or a list of entity tags, such as "abc".`)
	s.ask("", "POST", myPasswordPath, passwords(desk.Password, newPassword)).must(http.StatusUnauthorized, errNoToken.Message)
}

func TestStolenAccessTokenCannotGuessThePassword(t *testing.T) {
	const throttled = "Too many failed login attempts. Please try again later."
	s := newClients(t)
	auth := []string{"Authorization", "Bearer " + s.Token(desk.Agent)}
	for range 5 {
		s.ask("", "POST", myPasswordPath, passwords("guess", newPassword), auth...).refuses("currentPassword: Current password is wrong.")
	}
	for _, body := range []string{passwords("guess", newPassword), passwords(desk.Password, newPassword)} {
		r := s.ask("", "POST", myPasswordPath, body, auth...).must(http.StatusTooManyRequests, throttled)
		if r.header.Get("Retry-After") != "900" || failureCode(r.body) != "throttled" {
			t.Errorf("got %s with %v", r.body, r.header)
		}
	}
	s.ask("", "POST", loginPath, credentials(desk.Agent, desk.Password)).must(http.StatusTooManyRequests, throttled)
	s.ask("", "GET", mePath, "", auth...).must(http.StatusOK, "Ok") // the session goes on
	s.ask(desk.Agent2, "POST", myPasswordPath, passwords(desk.Password, newPassword)).must(http.StatusOK, "Password changed successfully.")
}

func TestDeactivatedAccountHasNoPasswordToChange(t *testing.T) {
	s := newClients(t)
	token := s.Token(desk.Agent)
	s.Edit(s.ID(desk.Agent), func(a *account.Account) { a.IsActive = false })
	for path, body := range map[string]string{myPasswordPath: passwords(desk.Password, newPassword), "/api/me/sessions/revoke-others/": ""} {
		s.ask("", "POST", path, body, "Authorization", "Bearer "+token).must(http.StatusUnauthorized, "Token is invalid or expired.")
	}
}

func TestPhoneNumbersOfOthersCannotBeListed(t *testing.T) {
	s := newClients(t)
	auth := []string{"Authorization", "Bearer " + s.Token(desk.Customer)}
	body := func(number string) string { return text(map[string]any{"phoneNumber": number}) }
	taken := s.Account(s.ID(desk.Admin)).Phone
	for n := range 5 {
		if n%2 == 0 {
			s.ask("", "PATCH", mePath, body(taken), auth...).refuses("phoneNumber: Phone Number already exists.")
			continue
		}
		s.ask("", "PATCH", mePath, body(fmt.Sprintf("+1555123456%d", n)), auth...).must(http.StatusOK, "Account updated successfully.")
	}
	for _, number := range []string{taken, "+15551234569"} {
		r := s.ask("", "PATCH", mePath, body(number), auth...)
		r.must(http.StatusTooManyRequests, "Too many requests. Please try again later.")
		if failureCode(r.body) != "throttled" || r.header.Get("Retry-After") != "900" {
			t.Errorf("%s: %s with %v", number, r.body, r.header)
		}
	}
	s.ask("", "PATCH", mePath, `{"language":"ne"}`, auth...).must(http.StatusOK, "Account updated successfully.")
}
