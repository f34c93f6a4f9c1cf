package httpapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

// shelf returns a desk with five tickets, opened at intervals of one minute.
func shelf(t *testing.T) *clients {
	t.Helper()
	s := newClients(t)
	on := func(d time.Duration) domain.Optional[time.Time] { return domain.Some(desk.Noon.Add(d)) }
	id := func(name string) domain.Optional[string] { return domain.Some(string(s.ID(name))) }
	status := func(code string) domain.Optional[string] { return domain.Some(string(s.Status(code).ID)) }
	priority := func(code string) domain.Optional[string] { return domain.Some(string(s.Priority(code).ID)) }
	for _, x := range []struct {
		as string
		c  ticket.Patch
	}{
		{desk.Customer, ticket.Patch{Title: domain.Some("alpha"), PriorityID: priority("LOW")}},
		{
			desk.Agent,
			ticket.Patch{
				Title: domain.Some("bravo"), PriorityID: priority("CRITICAL"), CreatedFor: id(desk.Visitor), AssignedTo: id(desk.Agent2),
				Description: domain.Some("Żółw"),
			},
		},
		{
			desk.Agent2,
			ticket.Patch{
				Title: domain.Some("charlie"), StatusID: status("PENDING"), IsEscalated: domain.Some(true), DueDate: on(48 * time.Hour),
				MenuID: domain.Some(string(s.Menu(access.TicketsMenu).ID)),
			},
		},
		{desk.Agent, ticket.Patch{Title: domain.Some("delta"), StatusID: status("CLOSED"), AssignedTo: id(desk.Agent)}},
		{desk.Customer, ticket.Patch{Title: domain.Some("echo"), PriorityID: priority("HIGH")}},
	} {
		s.Open(x.as, x.c)
		s.Wait(time.Minute)
	}
	s.ask(desk.Agent, "PATCH", ticketPath(s.titled("echo")), `{"responseDeadline":"2026-03-01T12:04:30Z"}`).must(http.StatusOK,
		"Ticket updated successfully.")
	s.ask(desk.Agent, "PATCH", ticketPath(s.titled("alpha")), `{"slaDueDate":"2026-03-01T12:01:00Z"}`).must(http.StatusOK,
		"Ticket updated successfully.")
	return s
}

// titled returns the ticket with a title.
func (s *clients) titled(title string) ticket.View {
	s.t.Helper()
	found, err := s.Tickets.List(s.t.Context(), s.Actor(desk.Root), ticket.Query{Order: ticket.ByCreated, Number: 1, Size: 100})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, v := range found.Tickets {
		if v.Title == title {
			return v
		}
	}
	s.t.Fatalf("no ticket is called %s", title)
	return ticket.View{}
}

func TestTicketFilters(t *testing.T) {
	s := shelf(t)
	menu, agent := string(s.Menu(access.TicketsMenu).ID), string(s.ID(desk.Agent))
	stranger := strings.Repeat("f", 32)
	for _, tc := range []struct{ query, want string }{
		{"", "alpha bravo charlie delta echo"},
		{"status=OPEN", "alpha bravo echo"},
		{"status=pending&status=Closed", "charlie delta"},
		{"status=pending,%20closed", "charlie delta"},
		{"status=NOTHING", ""},
		{"status=NOTHING,OPEN&priority=high", "echo"},
		{"priority=critical,low", "alpha bravo"},
		{"menu_id=" + menu, "charlie"},
		{"menu_id=" + stranger, ""},
		{"menu_id=" + stranger + "," + menu, "charlie"},
		{"sla_breached=true", "alpha"},
		{"sla_breached=0", "bravo charlie delta echo"},
		{"escalated=TRUE", "charlie"},
		{"escalated=False", "alpha bravo delta echo"},
		{"response_overdue=1", "echo"},
		{"response_overdue=false", "alpha bravo charlie delta"},
		{"assigned_to=me", "delta"},
		{"assigned_to=me," + string(s.ID(desk.Agent2)), "bravo delta"},
		{"created_for=" + string(s.ID(desk.Visitor)), "bravo"},
		{"created_for=me", ""},
		{"created_by=me", "bravo delta"},
		{"created_by=" + agent + "&created_by=" + string(s.ID(desk.Agent2)), "bravo charlie delta"},
		{"created_by=" + stranger, ""},
		{"search=BRAV", "bravo"},
		{"search=" + url.QueryEscape("żółw"), "bravo"},
		{"search=since+alph", "alpha"},
		{"search=ravo", ""},
		{"search=TKT-20260301-0003", "charlie"},
		{"search=", "alpha bravo charlie delta echo"},
		{"search=" + url.QueryEscape("!?"), ""},
		{"created_after=2026-03-01T12:02:00Z", "delta echo"},
		{"created_before=2026/03/01+12:01", "alpha"},
		{"created_after=2026-03-01T17:46:30%2B05:45&created_before=2026-03-01T12:03:30Z", "charlie delta"},
		{"created_after=2026-03-01T17:46:30+05:45", "charlie delta echo"},
		{"due_before=2026-03-04T00:00:00Z", "charlie"},
		{"due_before=2026-03-02T00:00:00Z", ""},
	} {
		t.Run(tc.query, func(t *testing.T) {
			s.t = t
			for _, part := range []string{"order_by=created", "order_by=created&cursor="} {
				r := s.ask(desk.Agent, "GET", "/api/tickets/?"+part+"&"+tc.query, "").must(http.StatusOK, "Ok")
				got := strings.Fields(r.list("title"))
				slices.Reverse(got)
				if strings.Join(got, " ") != tc.want {
					t.Errorf("%s: got %v, want %s", part, got, tc.want)
				}
				if count, paged := r.object()["count"]; paged && count != float64(len(got)) {
					t.Errorf("count is %v", count)
				}
			}
		})
	}
}

func TestTicketOrdersAreEqualByPageAndCursor(t *testing.T) {
	s := shelf(t)
	for _, tc := range []struct{ order, want string }{
		{"", "alpha echo charlie bravo delta"},
		{"order_by=importance", "alpha echo charlie bravo delta"},
		{"order_by=sla", "alpha bravo echo charlie delta"},
		{"order_by=deadline", "echo charlie bravo delta alpha"},
		{"order_by=priority", "bravo echo charlie delta alpha"},
		{"order_by=created", "echo delta charlie bravo alpha"},
		{"order_by=created_by", "delta bravo charlie echo alpha"},
	} {
		t.Run(tc.order, func(t *testing.T) {
			s.t = t
			if got := s.ask(desk.Agent, "GET", "/api/tickets/?"+tc.order, "").list("title"); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if got := s.walk("/api/tickets/?pageSize=2&" + tc.order); got != tc.want {
				t.Errorf("by page: got %s, want %s", got, tc.want)
			}
			if got := s.walk("/api/tickets/?pageSize=2&cursor=&" + tc.order); got != tc.want {
				t.Errorf("by cursor: got %s, want %s", got, tc.want)
			}
		})
	}
}

// walk reads all pages of a list by their links and returns the titles.
func (s *clients) walk(path string) string {
	s.t.Helper()
	var titles []string
	for range 10 {
		r := s.ask(desk.Agent, "GET", path, "").must(http.StatusOK, "Ok")
		titles = append(titles, r.list("title"))
		next := r.object()["links"].(map[string]any)["next"]
		if next == nil {
			return strings.Join(titles, " ")
		}
		path = next.(string)
	}
	s.t.Error("the list does not end")
	return ""
}

func TestTicketQueryReportsInvalidParameters(t *testing.T) {
	s := newClients(t)
	const ids = " must hold reference ids: 32 lower-case hexadecimal characters each."
	const notTime = " must be a date and time, such as 2026-01-31T09:30:00Z or 2026/01/31 09:30."
	many := strings.Repeat("OPEN,", 100) + "OPEN"
	for _, tc := range []struct{ query, want string }{
		{"page=0", "page: page must be a whole number from 1."},
		{"page=-1", "page: page must be a whole number from 1."},
		{"page=two", "page: page must be a whole number from 1."},
		{"page=1.0", "page: page must be a whole number from 1."},
		{"page=-99999999999999999999", "page: page must be a whole number from 1."},
		{"page=", "page: page must not be empty."},
		{"page=1&page=2", "page: page may be given only once."},
		{"pageSize=0", "pageSize: pageSize must be a whole number from 1."},
		{"pageSize=101", "pageSize: pageSize must be at most 100."},
		{"pageSize=99999999999999999999", "pageSize: pageSize must be at most 100."},
		{"menu_id=x", "menu_id: menu_id" + ids},
		{"menu_id=me", "menu_id: menu_id" + ids},
		{"assigned_to=me,ME", "assigned_to: assigned_to" + ids},
		{"created_for=" + strings.Repeat("F", 32), "created_for: created_for" + ids},
		{"created_by=%00", "created_by: created_by contains a character that is not allowed: U+0000 (control character) at position 1."},
		{"created_by=", "created_by: created_by must not be empty."},
		{"status=OPEN,,CLOSED", "status: status must not be empty."},
		{"status=OPEN&status=", "status: status must not be empty."},
		{"status", "status: status must not be empty."},
		{"status=%ff", "status: status contains a character that is not allowed: 0xFF (not valid UTF-8) at position 1."},
		{"status=" + many, "status: status may list at most 100 values."},
		{"priority=a%00b", "priority: priority contains a character that is not allowed: U+0000 (control character) at position 2."},
		{"sla_breached=yes", "sla_breached: sla_breached must be true or false."},
		{"sla_breached=", "sla_breached: sla_breached must not be empty."},
		{"escalated=2", "escalated: escalated must be true or false."},
		{"escalated=true&escalated=true", "escalated: escalated may be given only once."},
		{"response_overdue=none", "response_overdue: response_overdue must be true or false."},
		{"created_after=yesterday", "created_after: created_after" + notTime},
		{"created_before=2026-03-01", "created_before: created_before" + notTime},
		{"due_before=", "due_before: due_before must not be empty."},
		{"search=" + strings.Repeat("x", 201), "search: search must be at most 200 characters."},
		{"search=a%00", "search: search contains a character that is not allowed: U+0000 (control character) at position 2."},
		{"search=a%0Ab", "search: search contains a character that is not allowed: U+000A (control character) at position 2."},
		{"search=%c3", "search: search contains a character that is not allowed: 0xC3 (not valid UTF-8) at position 1."},
		{"search=a&search=b", "search: search may be given only once."},
		{"order_by=age", "order_by: order_by must be one of: importance, sla, deadline, priority, created, created_by."},
		{"order_by=", "order_by: order_by must not be empty."},
		{"cursor=&page=1", "page: page and cursor cannot be combined."},
		{"cursor=x", "cursor: cursor is not one of this list in this order."},
		{"cursor=" + strings.Repeat("A", 5000), "cursor: cursor is not one of this list in this order."},
		{"stauts=OPEN", "stauts: Unknown parameter 'stauts'."},
		{"Page=1", "Page: Unknown parameter 'Page'."},
		{
			"page=0&x=1&sla_breached=?&y&x=2",
			"sla_breached: sla_breached must be true or false.\npage: page must be a whole number from 1.\nx: Unknown parameter 'x'.\ny: Unknown " +
				"parameter 'y'.",
		},
	} {
		t.Run(tc.query[:min(len(tc.query), 40)], func(t *testing.T) {
			s.t = t
			s.ask(desk.Agent, "GET", "/api/tickets/?"+tc.query, "").refuses(strings.Split(tc.want, "\n")...)
		})
	}
	if r := s.ask(desk.Agent, "GET", "/api/tickets/?"+strings.Repeat("a%FF&b=1&", 1500), ""); r.status != http.StatusBadRequest {
		t.Errorf("got %d", r.status)
	}
}
