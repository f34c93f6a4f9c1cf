package httpapi

import (
	"net/http"
	"testing"

	"tickt/domain/ticket"
	"tickt/test/desk"
)

func TestPageLinks(t *testing.T) {
	s := newClients(t)
	for range 5 {
		s.Open(desk.Agent, ticket.Patch{})
	}
	for _, tc := range []struct{ query, numbers, rest string }{
		{
			"?pageSize=2&order_by=priority&status=OPEN,%20closed", "TKT-20260301-0001 TKT-20260301-0002",
			`"count":5,"pageSize":2,"currentPage":1,"totalPages":3,"links":{` +
				`"next":"/api/tickets/?pageSize=2&order_by=priority&status=OPEN%2C+closed&page=2","previous":null,` +
				`"first":"/api/tickets/?pageSize=2&order_by=priority&status=OPEN%2C+closed&page=1","last":"/api/tickets/?pageSize=2&` +
				`order_by=priority&status=OPEN%2C+closed&page=3"}}}`,
		},
		{"?page=3&pageSize=2&order_by=priority", "TKT-20260301-0005", `"count":5,"pageSize":2,"currentPage":3,"totalPages":3,"links":{` +
			`"next":null,"previous":"/api/tickets/?page=2&pageSize=2&order_by=priority","first":"/api/tickets/?page=1&pageSize=2&` +
			`order_by=priority","last":"/api/tickets/?page=3&pageSize=2&order_by=priority"}}}`},
		{
			"?pageSize=5&order_by=priority&search=TKT-20260301-0004", "TKT-20260301-0004",
			`"count":1,"pageSize":5,"currentPage":1,"totalPages":1,"links":{"next":null,"previous":null,` +
				`"first":"/api/tickets/?pageSize=5&order_by=priority&search=TKT-20260301-0004&page=1","last":"/api/tickets/?pageSize=5&` +
				`order_by=priority&search=TKT-20260301-0004&page=1"}}}`,
		},
	} {
		t.Run(tc.query, func(t *testing.T) {
			s.t = t
			r := s.ask(desk.Agent, "GET", "/api/tickets/"+tc.query, "").must(http.StatusOK, "Ok")
			if got := r.list("ticketNumber"); got != tc.numbers {
				t.Errorf("got %s, want %s", got, tc.numbers)
			}
			if got := r.body[max(0, len(r.body)-len(tc.rest)):]; got != tc.rest {
				t.Errorf("got  %s\nwant %s", got, tc.rest)
			}
			if got := keys(t, r.Data); got != "results count pageSize currentPage totalPages links" {
				t.Errorf("keys are %s", got)
			}
		})
	}
	for _, query := range []string{"?page=2", "?page=3&pageSize=4", "?page=99999999999999999999", "?page=2&search=nothing"} {
		s.ask(desk.Agent, "GET", "/api/tickets/"+query, "").must(http.StatusNotFound, "Invalid page.")
	}
}

func TestEmptyListHasOnePage(t *testing.T) {
	s := newClients(t)
	const want = `{"ResponseCode":"0","response":"Ok","data":{"results":[],"count":0,"pageSize":10,"currentPage":1,"totalPages":1,` +
		`"links":{"next":null,"previous":null,"first":"/api/tickets?page=1","last":"/api/tickets?page=1"}}}`
	if r := s.ask(desk.Agent, "GET", "/api/tickets", ""); r.status != http.StatusOK || r.body != want {
		t.Errorf("got  %d %s\nwant %s", r.status, r.body, want)
	}
	const byCursor = `{"ResponseCode":"0","response":"Ok","data":{"results":[],"pageSize":10,"links":{"next":null}}}`
	if r := s.ask(desk.Agent, "GET", "/api/tickets/?cursor", ""); r.status != http.StatusOK || r.body != byCursor {
		t.Errorf("got  %d %s\nwant %s", r.status, r.body, byCursor)
	}
}
