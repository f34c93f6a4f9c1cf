package httpapi

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"tickt/application"
	"tickt/domain"
	"tickt/ports"
	"tickt/test/desk"
	"tickt/test/stores"
)

const (
	forgotPath = "/api/auth/password/forgot/"
	resetPath  = "/api/auth/password/reset/"
	linkAsked  = "If there is such an account, it gets a mail with a link to set a new password."
	linkGone   = "This link does not work, or no longer. Please ask for a new one."
	resetTo    = "seven brown otters"
)

// newMailClients returns clients of a desk with a mailbox.
func newMailClients(t *testing.T) (*clients, *desk.Mailbox) {
	t.Helper()
	box := &desk.Mailbox{}
	return newClients(t, func(d *application.Deps) { d.Mailer = box }), box
}

// deliver sends the account mails that wait and returns them.
func (s *clients) deliver(box *desk.Mailbox) []ports.AccountMail {
	s.t.Helper()
	before := len(box.Account)
	stores.Work(s.t, s.Store, func(ctx context.Context, job ports.Job) error {
		if job.Kind != ports.AccountMailJob {
			return nil
		}
		return s.AccountMails.Deliver(ctx, job.ID)
	})
	return box.Account[before:]
}

func TestForgottenPasswordOverHTTP(t *testing.T) {
	s, box := newMailClients(t)
	const who = `{"username":"agent"}`
	known, unknown := s.ask("", "POST", forgotPath, who), s.ask("", "POST", forgotPath, `{"email":"stranger@desk.test"}`)
	known.must(http.StatusOK, linkAsked)
	if known.body != unknown.body {
		t.Errorf("a known name: %s\nan unknown one: %s", known.body, unknown.body)
	}
	sent := s.deliver(box)
	if len(sent) != 1 {
		t.Fatalf("sent %+v", sent)
	}
	body := func(token, password string) string { return text(map[string]any{"token": token, "password": password}) }
	s.ask("", "POST", resetPath, body(sent[0].Token, "short")).refuses("password: Password must be at least 8 characters.")
	access := s.Token(desk.Agent)
	s.ask("", "POST", resetPath, body(sent[0].Token, resetTo)).must(http.StatusOK, "Password is set. Sign in with it.")
	used, never := s.ask("", "POST", resetPath, body(sent[0].Token, resetTo)), s.ask("", "POST", resetPath, body("x", resetTo))
	for _, r := range []reply{used, never} {
		if r.must(http.StatusGone, linkGone); failureCode(r.body) != domain.ReasonGone {
			t.Errorf("got %s", r.body)
		}
	}
	s.ask("", "GET", "/api/tickets/", "", "Authorization", "Bearer "+access).must(http.StatusUnauthorized, "Token is invalid or expired.")
	s.ask("", "POST", loginPath, credentials(desk.Agent, resetTo)).must(http.StatusOK, "Ok")
	if log := s.log.String(); strings.Contains(log, sent[0].Token) || strings.Contains(log, resetTo) {
		t.Error("the log holds the token or the password")
	}
}

func TestForgottenPasswordIsThrottledTheSameForEveryName(t *testing.T) {
	s, _ := newMailClients(t)
	for _, name := range []string{desk.Agent, "stranger"} {
		for range 5 {
			s.ask("", "POST", forgotPath, `{"username":"`+name+`"}`).must(http.StatusOK, linkAsked)
		}
		got := s.ask("", "POST", forgotPath, `{"username":"`+strings.ToUpper(name)+`"}`)
		got.must(http.StatusTooManyRequests, "Too many requests. Please try again later.")
		if failureCode(got.body) != domain.ReasonThrottled || got.header.Get("Retry-After") != "900" {
			t.Errorf("%s: %s %v", name, got.body, got.header)
		}
	}
}

func TestForgottenPasswordWithoutMailIsRefusedForEveryName(t *testing.T) {
	s := newClients(t)
	for _, name := range []string{desk.Agent, "stranger"} {
		got := s.ask("", "POST", forgotPath, `{"username":"`+name+`"}`)
		got.must(http.StatusConflict, "Mail is off: the service has no mail server. Ask an administrator.")
		if failureCode(got.body) != domain.ReasonConflict {
			t.Errorf("got %s", got.body)
		}
	}
}

func TestForgottenPasswordRefusesBadBodies(t *testing.T) {
	s, _ := newMailClients(t)
	for body, problem := range map[string]string{
		`{}`:                               "username: Username cannot be blank.",
		`{"email":null}`:                   "email: Email cannot be blank.",
		`{"username":"a","email":"b@c.d"}`: "email: Send either username or email, not both.",
		`{"username":5}`:                   "username: username must be a string.",
		`{"name":"agent"}`:                 "name: Unknown field 'name'.",
	} {
		s.ask("", "POST", forgotPath, body).refuses(problem)
	}
	s.ask("", "POST", resetPath, `{}`).refuses("token: Token cannot be blank.", "password: Password cannot be blank.")
	s.ask("", "POST", resetPath, `{"token":[],"password":""}`).
		refuses("token: token must be a string.", "password: Password cannot be blank.")
}

func TestEmailAddressIsConfirmedOverHTTP(t *testing.T) {
	s, box := newMailClients(t)
	const confirmPath = "/api/me/email/confirm/"
	const asked = "Account updated successfully. The new e-mail address gets a mail with a link to confirm it."
	body := func(address, password string) string {
		return text(map[string]any{"email": address, "currentPassword": password})
	}
	s.ask(desk.Agent, "PATCH", mePath, `{"email":"fresh@desk.test"}`).refuses("currentPassword: Current password cannot be blank.")
	s.ask(desk.Agent, "PATCH", mePath, `{"email":null}`).refuses(
		"email: Email cannot be blank.", "currentPassword: Current password cannot be blank.")
	if wrong := s.ask(desk.Agent, "PATCH", mePath, body("fresh@desk.test", "wrong")); wrong.status != http.StatusBadRequest {
		t.Errorf("a wrong password: %s", wrong.body)
	}
	if wrong := s.ask(desk.Agent, "PATCH", mePath, `{"language":"ne","currentPassword":"wrong"}`); wrong.status != http.StatusBadRequest {
		t.Errorf("a wrong password for nothing: %s", wrong.body)
	}
	free := s.ask(desk.Agent, "PATCH", mePath, body("fresh@desk.test", desk.Password)).must(http.StatusOK, asked)
	taken := s.ask(desk.Agent2, "PATCH", mePath, body("admin@desk.test", desk.Password)).must(http.StatusOK, asked)
	if free.object()["email"] != "agent@desk.test" || taken.object()["email"] != "agent2@desk.test" {
		t.Errorf("got %s\n%s", free.body, taken.body)
	}
	sent := s.deliver(box)
	if len(sent) != 2 || sent[0].Token == "" || sent[1].Token != "" {
		t.Fatalf("sent %+v", sent)
	}
	s.ask("", "POST", confirmPath, text(map[string]any{"token": sent[0].Token})).must(http.StatusOK, "E-mail address confirmed.")
	s.ask("", "POST", confirmPath, text(map[string]any{"token": sent[0].Token})).must(http.StatusGone, linkGone)
	s.ask("", "POST", confirmPath, `{"token":" "}`).refuses("token: Token cannot be blank.")
	if me := s.ask(desk.Agent, "GET", mePath, "").object(); me["email"] != "fresh@desk.test" {
		t.Errorf("got %v", me)
	}
	if log := s.log.String(); strings.Contains(log, sent[0].Token) {
		t.Error("the log holds the token")
	}
}
