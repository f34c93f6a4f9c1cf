package httpapi

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/test/desk"
)

const loginPath = "/api/auth/login/"

func credentials(name, password string) string {
	body, _ := json.Marshal(map[string]string{"username": name, "password": password})
	return string(body)
}

func basicHeader(credentials string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(credentials))
}

func TestLoginResponseIsExact(t *testing.T) {
	s := newClients(t)
	got := s.ask("", "POST", loginPath, credentials(desk.Root, desk.Password)).must(http.StatusOK, "Ok")
	if want := "accessToken refreshToken username designation sessionTimeInMinutes menu"; keys(t, got.Data) != want {
		t.Errorf("keys are %s", keys(t, got.Data))
	}
	in := got.object()
	start := `{"ResponseCode":"0","response":"Ok","data":{"accessToken":"` + in["accessToken"].(string) + `","refreshToken":"` +
		in["refreshToken"].(string) +
		`","username":"root","designation":"superadmin","sessionTimeInMinutes":5.0,"menu":[` +
		`{"id":"c6df6120f59c46a1bc09eaae6286fc34","name":"Account Management","url":"#","icon":"","createUrl":"#","listUrl":"#",` +
		`"isView":true,"isCreate":true,"isUpdate":true,"isDelete":true,"subMenus":[` +
		`{"id":"ba5e5ebc6887410e8352039d02acf744","name":"Accounts","url":"/accounts/","icon":"","createUrl":"/accounts/create/",` +
		`"listUrl":"/accounts/list/",` +
		`"isView":true,"isCreate":true,"isUpdate":true,"isDelete":true,"subMenus":null},`
	if !strings.HasPrefix(got.body, start) {
		t.Errorf("got  %s\nwant %s", got.body, start)
	}
	s.ask("", "GET", "/api/tickets/", "", "Authorization", "Bearer "+in["accessToken"].(string)).must(http.StatusOK, "Ok")
}

func TestLoginReturnsDesignationAndMenus(t *testing.T) {
	s := newClients(t)
	s.Assign(desk.Customer, access.TicketsMenu, access.MayView|access.MayCreate)
	for _, tc := range []struct{ name, designation, menus string }{
		{desk.Agent, "agent", "Ticket Management[Tickets:vcud Ticket Status:v--- Ticket Priority:v---]"},
		{desk.Customer, "customer", "Ticket Management[Tickets:vc-- Ticket Status:v--- Ticket Priority:v---]"},
		{desk.Nobody, "", ""},
	} {
		var in signIn
		r := s.ask("", "POST", loginPath, credentials(tc.name, desk.Password)).must(http.StatusOK, "Ok")
		if err := json.Unmarshal(r.Data, &in); err != nil {
			t.Fatal(err)
		}
		var menus []string
		for _, m := range in.Menu {
			var below []string
			for _, b := range m.SubMenus {
				below = append(below, b.Name+":"+letter(b.IsView, "v")+letter(b.IsCreate, "c")+letter(b.IsUpdate, "u")+letter(b.IsDelete, "d"))
			}
			menus = append(menus, m.Name+"["+strings.Join(below, " ")+"]")
		}
		if got := strings.Join(menus, " "); in.Designation != tc.designation || got != tc.menus {
			t.Errorf("%s is a %q with %s", tc.name, in.Designation, got)
		}
		if !strings.Contains(r.body, `"menu":[`) {
			t.Errorf("menus is not an empty list: %s", r.body)
		}
	}
}

func letter(is bool, l string) string {
	if is {
		return l
	}
	return "-"
}

func TestLoginAcceptsBasicWithoutBody(t *testing.T) {
	s := newClients(t)
	for _, scheme := range []string{"Basic ", "basic  "} {
		header := scheme + base64.StdEncoding.EncodeToString([]byte(desk.Agent+":"+desk.Password))
		s.ask("", "POST", loginPath, "", "Authorization", header).must(http.StatusOK, "Ok")
	}
	s.ask("", "POST", loginPath, "  ", "Authorization", basicHeader(desk.Agent+":"+desk.Password)).must(http.StatusOK, "Ok")
	s.ask("", "POST", loginPath, "", "Authorization", basicHeader(desk.Agent+":wrong")).must(http.StatusUnauthorized,
		"Oops! We couldn't find any users.")
	s.ask("", "POST", loginPath, "", "Authorization", basicHeader(":")).refuses("username: Username cannot be blank.",
		"password: Password cannot be blank.")
	s.ask("", "POST", loginPath, credentials(desk.Agent, desk.Password), "Authorization", "Basic ???").must(http.StatusOK, "Ok")
	for _, header := range []string{"Basic", "Basic ", "Basic ???", basicHeader("no colon"), basicHeader("\xff:x")} {
		r := s.ask("", "POST", loginPath, "", "Authorization", header).must(http.StatusUnauthorized, "Basic credentials could not be read.")
		if r.header.Get("WWW-Authenticate") == "" {
			t.Error("no WWW-Authenticate")
		}
	}
	s.ask("", "POST", loginPath, "", "Authorization", "Bearer x").must(http.StatusBadRequest, "Body can not be blank.")
}

// TestLoginAcceptsPasswordsInBothForms signs in with a password that was set as one character and is typed as two.
func TestLoginAcceptsPasswordsInBothForms(t *testing.T) {
	s := newClients(t)
	s.Edit(s.ID(desk.Agent), func(a *account.Account) {
		a.PasswordHash, _ = s.Passwords.Hash(t.Context(), "s\u00fc\u00dfe otters")
	})
	const typed = "su\u0308\u00dfe otters"
	s.ask("", "POST", loginPath, credentials(desk.Agent, typed)).must(http.StatusOK, "Ok")
	s.ask("", "POST", loginPath, "", "Authorization", basicHeader(desk.Agent+":"+typed)).must(http.StatusOK, "Ok")
	s.ask("", "POST", loginPath, credentials(desk.Agent, typed+"\x00")).must(http.StatusUnauthorized, "Oops! We couldn't find any users.")
}

// TestStrangersSendSmallBodies covers the endpoints that need no token: they buffer 8 KiB of a body at most.
func TestStrangersSendSmallBodies(t *testing.T) {
	s := newClients(t)
	for path, body := range map[string]string{
		"/api/auth/login/":   credentials("x", ""),
		"/api/auth/refresh/": `{"refreshToken":""}`,
		"/api/auth/verify/":  `{"token":""}`,
	} {
		fits := body + strings.Repeat(" ", 8<<10-len(body))
		s.ask("", "POST", path, fits).must(http.StatusBadRequest, "Invalid")
		s.ask("", "POST", path, fits+" ").must(http.StatusRequestEntityTooLarge, "Body is larger than 8 KiB.")
	}
}

func TestLoginRefusesBadInput(t *testing.T) {
	s := newClients(t)
	const noName, noPassword = "username: Username cannot be blank.", "password: Password cannot be blank."
	for _, tc := range []struct {
		name, body string
		problems   []string
	}{
		{"nothing", `{}`, []string{noName, noPassword}},
		{"blank", `{"username":"  ","password":""}`, []string{noName, noPassword}},
		{"null", `{"username":null,"password":null}`, []string{noName, noPassword}},
		{"no password", `{"username":"root"}`, []string{noPassword}},
		{
			"wrong types", `{"username":5,"password":["x"]}`,
			[]string{"username: username must be a string.", "password: password must be a string."},
		},
		{"unknown key", `{"username":"root","password":"x","otp":"1"}`, []string{"otp: Unknown field 'otp'."}},
	} {
		t.Run(tc.name, func(*testing.T) { s.ask("", "POST", loginPath, tc.body).refuses(tc.problems...) })
	}
	s.ask("", "POST", loginPath, "").must(http.StatusBadRequest, "Body can not be blank.")
	for name, body := range map[string]string{
		"wrong password":   credentials(desk.Root, "wrong"),
		"unknown name":     credentials("stranger", desk.Password),
		"deactivated":      credentials(desk.Leaver, desk.Password),
		"NUL in the name":  `{"username":"ro\u0000ot","password":"x"}`,
		"NUL in the word":  `{"username":"root","password":"x\u0000"}`,
		"endless name":     credentials(strings.Repeat("x", 5_000), "x"),
		"endless password": credentials(desk.Agent, strings.Repeat("x", 5_000)),
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.ask("", "POST", loginPath, body).must(http.StatusUnauthorized, "Oops! We couldn't find any users.")
		})
	}
}

func TestFailedLoginsAreThrottled(t *testing.T) {
	s := newClients(t)
	for range 5 {
		s.ask("", "POST", loginPath, credentials(desk.Agent, "wrong")).must(http.StatusUnauthorized, "Oops! We couldn't find any users.")
	}
	r := s.ask("", "POST", loginPath, credentials(desk.Agent, desk.Password))
	if r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") != "900" {
		t.Errorf("got %d, Retry-After %q: %s", r.status, r.header.Get("Retry-After"), r.body)
	}
	const from = "X-Forwarded-For"
	s.ask("", "POST", loginPath, credentials(desk.Agent, desk.Password), from, "198.51.100.7").must(http.StatusOK, "Ok")
	s.Wait(15 * time.Minute)
	s.ask("", "POST", loginPath, credentials(desk.Agent, desk.Password)).must(http.StatusOK, "Ok")
}

func TestRefreshRotatesUnderBothNames(t *testing.T) {
	s := newClients(t)
	in := s.SignIn(desk.Agent)
	token := in.RefreshToken
	for _, key := range []string{"refreshToken", "refresh"} {
		s.Wait(time.Second)
		r := s.ask("", "POST", "/api/auth/refresh/", fmt.Sprintf(`{%q:%q}`, key, token)).must(http.StatusOK, "Ok")
		if want := "accessToken refreshToken sessionTimeInMinutes"; keys(t, r.Data) != want ||
			!strings.HasSuffix(r.body, `"sessionTimeInMinutes":5.0}}`) {
			t.Errorf("got %s", r.body)
		}
		next := r.object()
		if next["refreshToken"] == token {
			t.Error("the refresh token did not change")
		}
		token = next["refreshToken"].(string)
		s.ask("", "GET", "/api/tickets/", "", "Authorization", "Bearer "+next["accessToken"].(string)).must(http.StatusOK, "Ok")
	}
	for _, bad := range []string{`{"refreshToken":"x"}`, `{"refreshToken":"` + in.AccessToken + `"}`} {
		s.ask("", "POST", "/api/auth/refresh/", bad).must(http.StatusUnauthorized, "Token is invalid or expired.")
	}
	for _, blank := range []string{`{}`, `{"refreshToken":null}`, `{"refreshToken":" ","refresh":""}`} {
		s.ask("", "POST", "/api/auth/refresh/", blank).refuses("refreshToken: Refresh token cannot be blank.")
	}
	s.ask("", "POST", "/api/auth/refresh/", `{"refresh":1}`).refuses("refresh: refresh must be a string.")
}

func TestVerifyDescribesToken(t *testing.T) {
	s := newClients(t)
	in := s.SignIn(desk.Agent)
	for token, want := range map[string]string{
		in.AccessToken:  `{"tokenType":"access","expiresAt":"2026-03-01T12:05:00Z"}`,
		in.RefreshToken: `{"tokenType":"refresh","expiresAt":"2026-03-08T12:00:00Z"}`,
	} {
		if r := s.ask("", "POST", "/api/auth/verify/", `{"token":"`+token+`"}`).must(http.StatusOK, "Ok"); string(r.Data) != want {
			t.Errorf("got %s", r.body)
		}
	}
	s.ask("", "POST", "/api/auth/verify/", `{"token":"x"}`).must(http.StatusUnauthorized, "Token is invalid or expired.")
	s.ask("", "POST", "/api/auth/verify/", `{}`).refuses("token: Token cannot be blank.")
	s.Wait(5 * time.Minute)
	s.ask("", "POST", "/api/auth/verify/", `{"token":"`+in.AccessToken+`"}`).must(http.StatusUnauthorized, "Token is invalid or expired.")
}

func TestLogoutEndsTheSession(t *testing.T) {
	s := newClients(t)
	in := s.SignIn(desk.Agent)
	bearer := "Bearer " + in.AccessToken
	for _, without := range []string{"", `{}`, `{"refreshToken":null}`, `{"refreshToken":"  "}`} {
		s.ask("", "POST", "/api/auth/logout/", without, "Authorization", bearer).must(http.StatusBadRequest,
			"Refresh token is required for logout.")
	}
	s.ask("", "POST", "/api/auth/logout/", `{"refreshToken":7}`, "Authorization",
		bearer).refuses("refreshToken: refreshToken must be a string.")
	s.ask("", "POST", "/api/auth/logout/", `{"refreshToken":"x"}`, "Authorization", bearer).must(http.StatusUnauthorized,
		"Token is invalid or expired.")
	s.ask("", "POST", "/api/auth/logout/", `{"refreshToken":"`+in.RefreshToken+`"}`).must(http.StatusUnauthorized,
		"Authentication credentials were not provided.")
	r := s.ask("", "POST", "/api/auth/logout/", `{"refreshToken":"`+in.RefreshToken+`"}`, "Authorization", bearer)
	if want := `{"ResponseCode":"0","response":"You have been successfully logged out from this system."}`; r.status != http.StatusOK ||
		r.body != want {
		t.Errorf("got %d %s", r.status, r.body)
	}
	s.ask("", "GET", "/api/tickets/", "", "Authorization", bearer).must(http.StatusUnauthorized, "Token is invalid or expired.")
	s.ask("", "POST", "/api/auth/refresh/", `{"refreshToken":"`+in.RefreshToken+`"}`).must(http.StatusUnauthorized,
		"Token is invalid or expired.")
}

func TestCompressedBodyIsRefused(t *testing.T) {
	s := newClients(t)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	s.ask("", "POST", "/api/auth/login/", packed.String(), "Content-Encoding", "gzip", "Authorization", "Basic cm9vdDpyb290").
		must(http.StatusUnsupportedMediaType, "Body must be application/json.")
}
