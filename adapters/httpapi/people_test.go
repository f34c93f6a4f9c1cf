package httpapi

import (
	"net/http"
	"strings"
	"testing"

	"tickt/domain/access"
	"tickt/test/desk"
)

func TestPeopleAreFoundByTheBeginningOfTheirNames(t *testing.T) {
	s := newClients(t)
	r := s.ask(desk.Agent, "GET", "/api/people/?search=AGENT&pageSize=1", "").must(http.StatusOK, "Ok")
	if got := keys(t, r.Data); got != "results pageSize links" {
		t.Errorf("keys are %s", got)
	}
	next := r.object()["links"].(map[string]any)["next"].(string)
	if r.list("username") != "agent" || !strings.Contains(r.body, `[{"referenceId":"`+string(s.ID(desk.Agent))+`","username":"agent"}]`) {
		t.Errorf("got %s", r.body)
	}
	if r := s.ask(desk.Agent, "GET", next, ""); r.list("username") != "agent2" || !strings.HasSuffix(r.body, `"links":{"next":null}}}`) {
		t.Errorf("got %s", r.body)
	}
	if r := s.ask(desk.Agent, "GET", "/api/people/?search=%25", ""); r.list("username") != "" {
		t.Errorf("a wildcard found %s", r.body)
	}
	if r := s.ask(desk.Agent, "GET", "/api/people/?search=&may=assign", ""); r.list("username") !=
		"admin agent agent2 clerk customer root visitor watcher" {
		t.Errorf("assignable are %s", r.list("username"))
	}
	if r := s.ask(desk.Agent, "GET", "/api/people/?may=ask&pageSize=50", ""); r.list("username") !=
		"admin agent agent2 clerk customer nobody root temp visitor watcher" {
		t.Errorf("tickets can be created for %s", r.list("username"))
	}
	if r := s.ask(desk.Visitor, "GET", next, ""); r.list("username") != "" {
		t.Errorf("a cursor widens the scope: %s", r.body)
	}
}

func TestPeopleRefuseBadRequests(t *testing.T) {
	s := newClients(t)
	s.Assign(desk.Temp, access.TicketsMenu, access.MayDelete)
	for _, name := range []string{desk.Temp, desk.Nobody} {
		s.ask(name, "GET", "/api/people/", "").must(http.StatusForbidden, "You do not have the required permission to access this resource.")
	}
	s.ask(desk.Agent, "GET", "/api/people/?may=everything&cursor=x&pageSize=51&page=1&search="+strings.Repeat("x", 201), "").refuses(
		"search: search must be at most 200 characters.", "may: may must be one of: assign, ask.",
		"cursor: cursor is not one of this list.", "pageSize: pageSize must be at most 50.", "page: Unknown parameter 'page'.")
	s.ask(desk.Agent, "GET", "/api/people/?may=", "").refuses("may: may must not be empty.")
}

func TestPeopleAreThrottledByAccount(t *testing.T) {
	s := newClients(t)
	for range 120 {
		s.ask(desk.Agent, "GET", "/api/people/", "").must(http.StatusOK, "Ok")
	}
	r := s.ask(desk.Agent, "GET", "/api/people/", "").must(http.StatusTooManyRequests, "Too many requests. Please try again later.")
	if r.header.Get("Retry-After") != "60" {
		t.Errorf("retry after %q", r.header.Get("Retry-After"))
	}
	s.ask(desk.Agent2, "GET", "/api/people/", "").must(http.StatusOK, "Ok")
}
