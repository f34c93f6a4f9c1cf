package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

const dashboardPath = "/api/tickets/dashboard/"

// overview is the JSON form of the dashboard, with the fields that the tests read.
type overview struct {
	MyTickets, Urgent, Unassigned []titled
	ByStatus, ByPriority          []struct {
		Code  string
		Count int
	}
	SLA json.RawMessage
}

type titled struct{ Title string }

func (s *clients) overview(name string) (o overview) {
	s.t.Helper()
	body, err := json.Marshal(s.ask(name, "GET", dashboardPath, "").must(http.StatusOK, "Ok").object())
	if err == nil {
		err = json.Unmarshal(body, &o)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}

// titles returns the titles in the lists of an overview.
func (o overview) titles() string {
	var out []string
	for _, list := range [][]titled{o.MyTickets, o.Urgent, o.Unassigned} {
		var titles []string
		for _, x := range list {
			titles = append(titles, x.Title)
		}
		out = append(out, strings.Join(titles, " "))
	}
	return strings.Join(out, " | ")
}

// counts returns the counts of statuses and priorities that are not zero.
func (o overview) counts() string {
	var out []string
	for _, x := range append(o.ByStatus, o.ByPriority...) {
		if x.Count > 0 {
			out = append(out, fmt.Sprintf("%s %d", x.Code, x.Count))
		}
	}
	return strings.Join(out, ", ")
}

// busy returns a desk with tickets of all kinds.
func busy(t *testing.T) *clients {
	s := newClients(t)
	open := func(title string, c ticket.Patch) ticket.View {
		c.Title = domain.Some(title)
		return s.Open(desk.Agent2, c)
	}
	agent, customer := domain.Some(string(s.ID(desk.Agent))), domain.Some(string(s.ID(desk.Customer)))
	high, resolved := domain.Some(string(s.Priority("HIGH").ID)), domain.Some(string(s.Status("RESOLVED").ID))
	pending := domain.Some(string(s.Status("PENDING").ID))
	open("a", ticket.Patch{})
	open("b", ticket.Patch{CreatedFor: customer, PriorityID: high})
	open("c", ticket.Patch{AssignedTo: agent, StatusID: pending})
	open("d", ticket.Patch{AssignedTo: agent, CreatedFor: customer, IsEscalated: domain.Some(true)})
	open("e", ticket.Patch{AssignedTo: agent, StatusID: resolved, IsEscalated: domain.Some(true)})
	gone := open("f", ticket.Patch{AssignedTo: agent, IsEscalated: domain.Some(true)})
	s.ask(desk.Agent, "DELETE", ticketPath(gone), "").must(http.StatusOK, "Ticket deleted successfully.")
	return s
}

func TestDashboardIsLimitedToVisibleTickets(t *testing.T) {
	s := busy(t)
	for name, want := range map[string]string{
		desk.Root:     " | d | b a",
		desk.Agent:    "d c | d | b a",
		desk.Agent2:   " | d | b a",
		desk.Customer: " | d | ",
		desk.Watcher:  " |  | ",
	} {
		if got := s.overview(name).titles(); got != want {
			t.Errorf("%s is shown %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{
		desk.Root:     "OPEN 3, PENDING 1, RESOLVED 1, HIGH 1, MEDIUM 4",
		desk.Agent:    "OPEN 3, PENDING 1, RESOLVED 1, HIGH 1, MEDIUM 4",
		desk.Customer: "OPEN 2, HIGH 1, MEDIUM 1",
		desk.Watcher:  "",
	} {
		if got := s.overview(name).counts(); got != want {
			t.Errorf("%s is shown %q, want %q", name, got, want)
		}
	}
	body := s.ask(desk.Customer, "GET", dashboardPath, "").body
	if !strings.Contains(body, `"myTickets":[],`) || !strings.Contains(body, `"unassigned":[],`) {
		t.Errorf("lists that are empty are %s", body)
	}
}

func TestDashboardListsAreLimited(t *testing.T) {
	s := newClients(t)
	for n := range 12 {
		c := ticket.Patch{Title: domain.Some(fmt.Sprint(n)), IsEscalated: domain.Some(true)}
		s.Open(desk.Agent2, c)
		c.AssignedTo = domain.Some(string(s.ID(desk.Agent)))
		s.Open(desk.Agent2, c)
		s.Wait(time.Second)
	}
	want := "0 1 2 3 4 5 6 7 8 9 | 0 0 1 1 2 | 0 1 2 3 4 5 6 7 8 9"
	if got := s.overview(desk.Agent).titles(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDashboardShowsServiceLevels(t *testing.T) {
	s := newClients(t)
	free := s.Priority("MEDIUM")
	free.SLAHours = 0 // so that opening promises nothing
	s.Update(func(ctx context.Context, tx ports.Tx) error { return tx.Priorities.Save(ctx, free) })
	mine := s.Open(desk.Customer, ticket.Patch{})
	other := s.Open(desk.Agent2, ticket.Patch{})
	stand := func(m sla.Metric, cycle int, state sla.State, due, decided time.Time) {
		s.Update(func(ctx context.Context, tx ports.Tx) error {
			return tx.Ledgers.SaveClockStates(ctx, []sla.ClockState{
				{TicketID: mine.ID, Metric: m, Cycle: cycle, State: state, DueAt: due, DecidedAt: decided},
				{TicketID: other.ID, Metric: m, Cycle: cycle, State: state, DueAt: due, DecidedAt: decided},
			})
		})
	}
	none := time.Time{}
	stand(sla.FirstResponse, 1, sla.StateRunning, s.Now().Add(time.Hour), none)
	stand(sla.FirstResponse, 2, sla.StateRunning, s.Now().Add(3*time.Hour), none)
	stand(sla.Resolution, 1, sla.StateBreached, none, s.Now())
	stand(sla.Resolution, 2, sla.StateMet, none, s.Now().Add(-29*24*time.Hour))
	stand(sla.Resolution, 3, sla.StateMet, none, s.Now().Add(-29*24*time.Hour))
	stand(sla.Resolution, 4, sla.StateMet, none, s.Now().Add(-31*24*time.Hour))
	shown := func(times int) string {
		return fmt.Sprintf(`{"breachedToday":%d,"compliance":[{"breached":0,"met":0,"metric":"first_response","percent":null},{"breached":0,`+
			`"met":0,"metric":"next_response","percent":null},{"breached":%d,"met":%d,"metric":"resolution","percent":66.6}],"dueSoon":%d,`+
			`"running":%d}`,
			times, times, 2*times, times, 2*times)
	}
	for name, want := range map[string]string{desk.Customer: shown(1), desk.Agent: shown(2)} {
		if got := string(s.overview(name).SLA); got != want {
			t.Errorf("%s is shown\n%s, want\n%s", name, got, want)
		}
	}
}

func TestDashboardRequiresPermission(t *testing.T) {
	s := newClients(t)
	s.ask("", "GET", dashboardPath, "").must(http.StatusUnauthorized, errNoToken.Message)
	s.ask(desk.Nobody, "GET", dashboardPath, "").must(http.StatusForbidden, domain.ErrForbidden.Message)
	s.Assign(desk.Agent, access.TicketsMenu, access.MayCreate)
	s.ask(desk.Agent, "GET", dashboardPath, "").must(http.StatusForbidden, domain.ErrForbidden.Message)
	s.ask(desk.Agent2, "GET", dashboardPath+"?page=1", "").must(http.StatusBadRequest, "Invalid")
	if got := s.ask(desk.Agent2, "POST", dashboardPath, "{}"); got.status != http.StatusMethodNotAllowed {
		t.Errorf("POST: got %d %s", got.status, got.body)
	}
}
