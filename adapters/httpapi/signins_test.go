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
	const typed = "my secret phrase!" // a password in the field of the user name
	try(typed, "x", http.StatusUnauthorized)
	if text := s.log.String(); strings.Contains(text, "phrase") || strings.Contains(text, "a wrong word") {
		t.Errorf("logged what was typed: %s", text)
	}
}
