package httpapi

import (
	"net/http"
	"strings"
	"testing"

	"tickt/domain/ticket"
	"tickt/test/desk"
)

func TestCursorPagesHaveNoCount(t *testing.T) {
	s := newClients(t)
	for range 3 {
		s.Open(desk.Agent, ticket.Patch{})
	}
	r := s.ask(desk.Agent, "GET", "/api/tickets/?status=open&cursor=&pageSize=2", "").must(http.StatusOK, "Ok")
	if got := keys(t, r.Data); got != "results pageSize links" {
		t.Errorf("keys are %s", got)
	}
	next := r.object()["links"].(map[string]any)["next"].(string)
	if !strings.HasPrefix(next, "/api/tickets/?status=open&cursor=") || !strings.HasSuffix(next, "&pageSize=2") {
		t.Errorf("next is %s", next)
	}
	s.Open(desk.Agent, ticket.Patch{}) // while the list is read
	if r := s.ask(desk.Agent, "GET", next, ""); r.list("ticketNumber") != "TKT-20260301-0003 TKT-20260301-0004" ||
		!strings.HasSuffix(r.body, `"pageSize":2,"links":{"next":null}}}`) {
		t.Errorf("got %s", r.body)
	}
	s.ask(desk.Agent, "GET", strings.Replace(next, "?", "?order_by=sla&", 1),
		"").refuses("cursor: cursor is not one of this list in this order.")
	if r := s.ask(desk.Nobody, "GET", next, ""); r.status != http.StatusForbidden {
		t.Errorf("a cursor bypasses the permission: %d", r.status)
	}
	if r := s.ask(desk.Visitor, "GET", next, ""); r.list("title") != "" {
		t.Errorf("a cursor widens the scope: %s", r.body)
	}
}
