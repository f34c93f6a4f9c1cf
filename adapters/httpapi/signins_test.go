package httpapi

import (
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"tickt/domain"
	"tickt/test/desk"
)

func TestSignInsAreCountedAndFailuresLogged(t *testing.T) {
	s := newClients(t)
	try := func(username, password string, status int) {
		t.Helper()
		if got := s.ask("", "POST", loginPath, credentials(username, password)); got.status != status {
			t.Fatalf("%s: %d %s", username, got.status, got.body)
		}
	}
	try(desk.Root, desk.Password, http.StatusOK)
	if text := s.log.String(); strings.Contains(text, "sign-in failed") {
		t.Errorf("logged %s", text)
	}
	for range 5 {
		try(strings.ToUpper(desk.Agent), "a wrong word", http.StatusUnauthorized)
	}
	try(desk.Agent, desk.Password, http.StatusTooManyRequests)
	line := s.log.Line(t, "sign-in failed")
	if line["username"] != desk.Agent || line["result"] != "credentials_invalid" || line["address"] == "" || line["request_id"] == "" {
		t.Errorf("logged %v", line)
	}
	for result, want := range map[domain.Reason]float64{signedIn: 1, domain.ReasonCredentialsInvalid: 5, domain.ReasonThrottled: 1} {
		if got := testutil.ToFloat64(s.signIns.byResult.WithLabelValues(string(result))); got != want {
			t.Errorf("%s: counted %v, want %v", result, got, want)
		}
	}
	for _, typed := range []string{"my secret phrase!", "My-secret-phrase.1"} { // passwords in the field of the user name
		try(typed, "x", http.StatusUnauthorized)
	}
	text := s.log.String()
	if strings.Contains(text, "phrase") || strings.Contains(text, "a wrong word") || !strings.Contains(text, `"username":"","known":false`) {
		t.Errorf("logged what was typed: %s", text)
	}
}

// Somebody who guesses a password with a stolen access token leaves the same trace as one who signs in.
func TestGuessesOfTheCurrentPasswordAreFailedSignIns(t *testing.T) {
	for name, request := range map[string]struct {
		method, path string
		body         func(password string) string
	}{
		"a new password": {"POST", myPasswordPath, func(password string) string { return passwords(password, newPassword) }},
		"a new address": {"PATCH", mePath, func(password string) string {
			return text(map[string]any{"email": "fresh@desk.test", "currentPassword": password})
		}},
		"a password without need": {"PATCH", mePath, func(password string) string {
			return text(map[string]any{"language": "ne", "currentPassword": password})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := newMailClients(t)
			auth := []string{"Authorization", "Bearer " + s.Token(desk.Agent)}
			try := func(body string, status int) {
				t.Helper()
				if r := s.ask("", request.method, request.path, body, auth...); r.status != status {
					t.Fatalf("%d %s", r.status, r.body)
				}
			}
			counted := func(result domain.Reason) float64 {
				return testutil.ToFloat64(s.signIns.byResult.WithLabelValues(string(result)))
			}
			try(request.body(desk.Password), http.StatusOK) // neither a sign-in nor a failed one
			if log := s.log.String(); strings.Contains(log, "sign-in failed") || counted(signedIn) != 0 {
				t.Errorf("%v signed in, logged %s", counted(signedIn), log)
			}
			for range 5 {
				try(request.body("a wrong word"), http.StatusBadRequest)
			}
			try(request.body("a wrong word"), http.StatusTooManyRequests)
			if wrong, refused := counted(domain.ReasonCredentialsInvalid), counted(domain.ReasonThrottled); wrong != 5 || refused != 1 {
				t.Errorf("counted %v wrong and %v refused", wrong, refused)
			}
			line := s.log.Line(t, "sign-in failed")
			if line["username"] != desk.Agent || line["result"] != "credentials_invalid" || line["address"] == "" || line["request_id"] == "" {
				t.Errorf("logged %v", line)
			}
			if n := strings.Count(s.log.String(), "sign-in failed"); n != 6 || strings.Contains(s.log.String(), "a wrong word") {
				t.Errorf("logged %d lines: %s", n, s.log.String())
			}
		})
	}
}
