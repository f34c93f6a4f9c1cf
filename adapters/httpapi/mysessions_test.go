package httpapi

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"tickt/application/identity"
	"tickt/test/desk"
)

const mySessionsPath = "/api/me/sessions/"

// as returns the header of a request by a session.
func as(in identity.SignIn) []string { return []string{"Authorization", "Bearer " + in.AccessToken} }

// sessionOf returns the path of the session of an access token.
func (s *clients) sessionOf(in identity.SignIn) string {
	return "/api/me/session/" + string(s.Bearer(in.AccessToken).Session) + "/"
}

func TestAccountListsItsLiveSessions(t *testing.T) {
	s := newClients(t)
	s.SignIn(desk.Agent2)
	ended := s.SignIn(desk.Agent)
	s.ask("", "DELETE", s.sessionOf(ended), "", as(ended)...).must(http.StatusOK, "Session ended successfully.")
	first := s.SignIn(desk.Agent)
	s.Wait(time.Minute)
	second := s.ask("", "POST", loginPath, credentials(desk.Agent, desk.Password), "User-Agent", "Firefox\u202e \t/ 140é").object()
	token := second["accessToken"].(string)
	s.Wait(time.Minute)
	r := s.ask("", "GET", mySessionsPath, "", "Authorization", "Bearer "+token).must(http.StatusOK, "Ok")
	var page struct{ Results []json.RawMessage }
	if err := json.Unmarshal(r.Data, &page); err != nil || len(page.Results) != 2 {
		t.Fatalf("%v in %s", err, r.body)
	}
	want := []string{
		`{"referenceId":"` + string(s.Bearer(token).Session) + `","createdAt":"2026-03-01T12:01:00Z","lastSeenAt":"2026-03-01T12:01:00Z",` +
			`"address":"0.0.0.0","userAgent":"Firefox  / 140é","isCurrent":true}`,
		`{"referenceId":"` + string(s.Bearer(first.AccessToken).Session) + `","createdAt":"2026-03-01T12:00:00Z",` +
			`"lastSeenAt":"2026-03-01T12:00:00Z","address":"192.0.2.1","userAgent":"desk/1.0","isCurrent":false}`,
	}
	for i, got := range page.Results {
		if string(got) != want[i] {
			t.Errorf("got  %s\nwant %s", got, want[i])
		}
	}
	if r.object()["count"] != 2.0 {
		t.Errorf("got %s", r.body)
	}
	one := s.ask("", "GET", mySessionsPath+"?pageSize=1&page=2", "", as(first)...).must(http.StatusOK, "Ok")
	previous := one.object()["links"].(map[string]any)["previous"]
	if one.list("createdAt") != "2026-03-01T12:00:00Z" || previous != "/api/me/sessions/?pageSize=1&page=1" {
		t.Errorf("got %s", one.body)
	}
	s.ask("", "GET", mySessionsPath+"?page=9", "", as(first)...).must(http.StatusNotFound, "Invalid page.")
	s.ask("", "GET", mySessionsPath+"?account=x&page=0", "", as(first)...).refuses(
		"page: page must be a whole number from 1.", "account: Unknown parameter 'account'.")
	s.ask("", "GET", mySessionsPath, "").must(http.StatusUnauthorized, errNoToken.Message)
}

func TestRefreshIsWhereASessionWasSeenLast(t *testing.T) {
	s := newClients(t)
	in := s.SignIn(desk.Agent)
	s.Wait(time.Minute)
	s.ask("", "POST", "/api/auth/refresh/", `{"refreshToken":"`+in.RefreshToken+`"}`, "User-Agent", "phone/2").must(http.StatusOK, "Ok")
	r := s.ask("", "GET", mySessionsPath, "", as(in)...)
	if r.list("address") != "0.0.0.0" || r.list("userAgent") != "phone/2" || r.list("lastSeenAt") == r.list("createdAt") {
		t.Errorf("got %s", r.body)
	}
}

func TestEndedSessionIsRefusedByEveryReplica(t *testing.T) {
	s := newClients(t)
	replica := clientsOf(t, s.Desk)
	mine, other := s.SignIn(desk.Agent), s.SignIn(desk.Agent)
	replica.ask("", "GET", mePath, "", as(other)...).must(http.StatusOK, "Ok")
	s.ask("", "DELETE", s.sessionOf(other), "", as(mine)...).must(http.StatusOK, "Session ended successfully.")
	r := replica.ask("", "GET", mePath, "", as(other)...)
	if r.status != http.StatusUnauthorized || failureCode(r.body) != "session_revoked" {
		t.Errorf("got %d %s", r.status, r.body)
	}
	replica.ask("", "POST", "/api/auth/refresh/", `{"refreshToken":"`+other.RefreshToken+`"}`).must(
		http.StatusUnauthorized, "Token is invalid or expired.")
	own := s.sessionOf(mine)
	s.ask("", "DELETE", own, "", as(mine)...).must(http.StatusOK, "Session ended successfully.") // signs out
	s.ask("", "DELETE", own, "", as(mine)...).must(http.StatusUnauthorized, "Token is invalid or expired.")
}

func TestSessionsOfOthersAreNotFound(t *testing.T) {
	s := newClients(t)
	theirs, ended := s.SignIn(desk.Agent2), s.SignIn(desk.Root)
	path, gone := s.sessionOf(theirs), s.sessionOf(ended)
	s.ask("", "DELETE", gone, "", as(ended)...).must(http.StatusOK, "Session ended successfully.")
	var answers []string
	for _, p := range []string{path, gone, "/api/me/session/" + strings.Repeat("f", 32) + "/", "/api/me/session/x/"} {
		for _, match := range []string{"*", `"x"`} {
			r := s.ask(desk.Root, "DELETE", p, "", "X-Request-ID", "same", "If-Match", match).must(http.StatusNotFound, "Data not found.")
			answers = append(answers, r.body)
		}
	}
	for _, a := range answers {
		if a != answers[0] {
			t.Errorf("a session of another account is told apart: %s, %s", a, answers[0])
		}
	}
	s.ask("", "GET", mePath, "", as(theirs)...).must(http.StatusOK, "Ok")
}

func TestSessionIsEndedOnlyIfItMatches(t *testing.T) {
	s := newClients(t)
	in := s.SignIn(desk.Agent)
	s.ask("", "DELETE", s.sessionOf(in), "", append(as(in), "If-Match", `"x"`)...).must(http.StatusPreconditionFailed, stale)
	s.ask("", "DELETE", s.sessionOf(in), "", append(as(in), "If-Match", "*")...).must(http.StatusOK, "Session ended successfully.")
}

func TestOnlyTheOtherSessionsOfTheAccountEnd(t *testing.T) {
	s := newClients(t)
	mine, other, theirs := s.SignIn(desk.Agent), s.SignIn(desk.Agent), s.SignIn(desk.Agent2)
	r := s.ask("", "POST", mySessionsPath+"revoke-others/", "", as(mine)...).must(http.StatusOK, "All other sessions have ended.")
	if r.body != `{"ResponseCode":"0","response":"All other sessions have ended."}` {
		t.Errorf("got %s", r.body)
	}
	s.ask("", "GET", mePath, "", as(other)...).must(http.StatusUnauthorized, "Token is invalid or expired.")
	s.ask("", "GET", mePath, "", as(mine)...).must(http.StatusOK, "Ok")
	s.ask("", "GET", mePath, "", as(theirs)...).must(http.StatusOK, "Ok")
	s.ask("", "POST", mySessionsPath+"revoke-others/", `{"x":1}`, as(mine)...).refuses("x: Unknown field 'x'.")
}
