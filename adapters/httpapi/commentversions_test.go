package httpapi

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tickt/domain/ticket"
	"tickt/test/desk"
)

func TestVersionsOfAComment(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Customer, ticket.Patch{})
	said := desk.Must(s.Comments.Write(t.Context(), s.Actor(desk.Agent), v.ID, desk.Public("Helo."), nil))(t)
	path := ticketPath(v) + "comment/" + string(said.ID) + "/"
	version := func(body, visibility, at, until, deleted string) string {
		return `{"body":"` + body + `","visibility":"` + visibility + `","editor":"agent","editorId":"` + string(s.ID(desk.Agent)) +
			`","at":"2026-03-01T12:0` + at + `:00Z","until":` + until + `,"deleted":` + deleted + `}`
	}
	until := func(minute string) string { return `"2026-03-01T12:0` + minute + `:00Z"` }
	check := func(want ...string) {
		t.Helper()
		r := s.ask(desk.Agent2, "GET", path+"versions/", "").must(http.StatusOK, "Ok")
		if !strings.Contains(r.body, `"data":{"results":[`+strings.Join(want, ",")+`],"pageSize":`) {
			t.Errorf("got %s, want %s", r.body, want)
		}
	}
	check(version("Helo.", "public", "0", "null", "false"))
	s.Wait(time.Minute)
	s.ask(desk.Agent, "PATCH", path, `{"body":"Hello."}`).must(http.StatusOK, "Comment updated successfully.")
	s.Wait(time.Minute)
	s.ask(desk.Agent, "PATCH", path, `{"visibility":"internal"}`).must(http.StatusOK, "Comment updated successfully.")
	first, second := version("Helo.", "public", "0", until("1"), "false"), version("Hello.", "public", "1", until("2"), "false")
	check(first, second, version("Hello.", "internal", "2", "null", "false"))
	s.Wait(time.Minute)
	s.ask(desk.Agent, "DELETE", path, "").must(http.StatusOK, "Comment deleted successfully.")
	check(first, second, version("Hello.", "internal", "2", until("3"), "true"))
	r := s.ask(desk.Agent, "GET", path+"versions/?pageSize=2", "").must(http.StatusOK, "Ok")
	if !strings.Contains(r.body, first+","+second+`],"pageSize":2,"links":{"next":"`+path+"versions/?pageSize=2&cursor=") {
		t.Errorf("first page %s", r.body)
	}
	s.ask(desk.Customer, "GET", path+"versions/", "").must(http.StatusNotFound, "Data not found.")
	s.ask(desk.Agent, "GET", path, "").must(http.StatusNotFound, "Data not found.")
	s.ask(desk.Agent, "GET", ticketPath(v)+"comment/"+strings.Repeat("f", 32)+"/versions/", "").must(http.StatusNotFound, "Data not found.")
	s.ask(desk.Agent, "GET", path+"versions/?cursor=x", "").must(http.StatusBadRequest, "Invalid")
	for _, path := range []string{ticketPath(v) + "comments/", ticketPath(v) + "history/"} {
		if r := s.ask(desk.Agent, "GET", path, ""); strings.Contains(r.body, "Hello") {
			t.Errorf("the deleted text is in %s", path)
		}
	}
}
