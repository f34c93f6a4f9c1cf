package httpapi

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

func TestLongDryRunIsPolled(t *testing.T) {
	s := newClients(t)
	policy := s.create(policiesPath, namedPolicy("Gold", ""))
	like := s.Open(desk.Agent, ticket.Patch{}).Ticket
	s.Update(func(ctx context.Context, tx ports.Tx) error {
		for range 1000 {
			x := like
			x.ID = s.NewID()
			x.Number = "T-" + string(x.ID)
			if err := tx.Tickets.Add(ctx, x); err != nil {
				return err
			}
		}
		return nil
	})
	s.Policies.ForecastTime = time.Nanosecond
	r := s.ask(desk.Admin, "POST", policy+"recompute/?dry_run=true", "").must(http.StatusAccepted, "The forecast goes on in the background.")
	path := r.header.Get("Location")
	id := strings.Trim(strings.TrimPrefix(path, "/api/operation/"), "/")
	want := `{"referenceId":"` + id + `","state":"running","progress":1000,"total":1001,"result":null,` +
		`"createdAt":"2026-03-01T12:00:00Z","updatedAt":"2026-03-01T12:00:00Z"}`
	if string(r.Data) != want {
		t.Errorf("got %s\nwant %s", r.Data, want)
	}
	if r := s.ask(desk.Admin, "GET", path, "").must(http.StatusOK, "Ok"); string(r.Data) != want {
		t.Errorf("polled %s", r.Data)
	}
	s.ask(desk.Root, "GET", path, "").must(http.StatusNotFound, "Data not found.")
	desk.Check(t, s.Policies.CompleteForecast(t.Context(), domain.ID(id), 1))
	r = s.ask(desk.Admin, "GET", path, "").must(http.StatusOK, "Ok")
	if !strings.Contains(string(r.Data), `"state":"done","progress":1001,"total":1001,"result":{"tickets":1000,"dueTimesMoved":1000,`) {
		t.Errorf("done: %s", r.Data)
	}
}
