package httpapi

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"tickt/domain/access"
	"tickt/test/desk"
)

const unlockPath = "/api/account/unlock/"

// signInAs tries to sign in and returns the status.
func signInAs(s *clients, name, password string) int {
	return s.ask("", "POST", loginPath, credentials(name, password)).status
}

func TestUnlockedAccountSignsIn(t *testing.T) {
	s := newClients(t)
	path := unlockPath + string(s.ID(desk.Agent)) + "/"
	for range 5 {
		signInAs(s, desk.Agent, "a wrong word")
	}
	r := s.ask("", "POST", loginPath, credentials(desk.Agent, desk.Password))
	if seconds, err := strconv.Atoi(r.header.Get("Retry-After")); r.status != http.StatusTooManyRequests || err != nil || seconds > 15*60 {
		t.Fatalf("%d %s, retry after %q", r.status, r.body, r.header.Get("Retry-After"))
	}
	for range 2 { // a second time although nothing is locked
		r := s.ask(desk.Admin, "POST", path, "").must(http.StatusOK, "Account unlocked successfully.")
		if r.body != `{"ResponseCode":"0","response":"Account unlocked successfully."}` {
			t.Errorf("answered %s", r.body)
		}
	}
	if got := signInAs(s, desk.Agent, desk.Password); got != http.StatusOK {
		t.Errorf("after that: %d", got)
	}
	line := s.log.Line(t, "account unlocked")
	if line["account"] != string(s.ID(desk.Agent)) || line["actor"] != string(s.ID(desk.Admin)) || line["request_id"] == "" {
		t.Errorf("logged %v", line)
	}
}

func TestKnownAddressIsLockedOutAfterTenFailures(t *testing.T) {
	s := newClients(t)
	if got := signInAs(s, desk.Agent, desk.Password); got != http.StatusOK {
		t.Fatalf("signed in: %d", got)
	}
	for n := range 10 {
		if got := signInAs(s, desk.Agent, "a wrong word"); got != http.StatusUnauthorized {
			t.Errorf("failure %d: %d", n+1, got)
		}
	}
	if got := signInAs(s, desk.Agent, desk.Password); got != http.StatusTooManyRequests {
		t.Errorf("after ten failures: %d", got)
	}
}

// TestUnlockTellsNothing compares the responses for accounts that are locked out and for those that are not.
func TestUnlockTellsNothing(t *testing.T) {
	s := newClients(t)
	s.Assign(desk.Nobody, access.AccountsMenu, access.MayView|access.MayUpdate)
	for range 5 {
		signInAs(s, desk.Admin, "a wrong word")
	}
	for _, name := range []string{desk.Admin, desk.Root, desk.Agent} { // more than the actor holds, locked out or not
		r := s.ask(desk.Nobody, "POST", unlockPath+string(s.ID(name)), "")
		if r.status != http.StatusForbidden || !strings.Contains(r.body, `"code":"outside_your_rights"`) {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	if got := signInAs(s, desk.Admin, desk.Password); got != http.StatusTooManyRequests {
		t.Errorf("unlocked out of reach: %d", got)
	}
	for _, id := range []string{strings.Repeat("f", 32), "x", "%00", strings.Repeat("F", 32)} {
		s.ask(desk.Nobody, "POST", unlockPath+id+"/", "").must(http.StatusNotFound, "Data not found.")
	}
	s.ask(desk.Root, "POST", unlockPath+string(s.ID(desk.Agent)), `{"password":"x"}`).refuses("password: Unknown field 'password'.")
}
