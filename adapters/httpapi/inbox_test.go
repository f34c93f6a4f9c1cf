package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

const (
	inboxPath   = "/api/notifications/"
	unreadPath  = "/api/notifications/unread-count/"
	readAllPath = "/api/notifications/read-all/"
)

func readPath(id string) string { return "/api/notification/" + id + "/read/" }

// unread returns the number of unread notifications of a member.
func (s *clients) unread(name string) any {
	s.t.Helper()
	return s.ask(name, "GET", unreadPath, "").must(http.StatusOK, "Ok").object()["unreadCount"]
}

// changedTicket returns a ticket that agent2 opened for the customer and assigned to agent, with a comment and two
// changes.
func (s *clients) changedTicket() ticket.View {
	s.t.Helper()
	v := s.Open(desk.Agent2,
		ticket.Patch{CreatedFor: domain.Some(string(s.ID(desk.Customer))), AssignedTo: domain.Some(string(s.ID(desk.Agent)))})
	s.Wait(time.Second)
	s.comment(desk.Customer, v, "Well?")
	s.Wait(time.Second)
	s.ask(desk.Agent, "PATCH", ticketPath(v), fmt.Sprintf(`{"statusId":%q,"title":"Fire"}`, s.Status("PENDING").ID)).must(http.StatusOK,
		"Ticket updated successfully.")
	s.Wait(time.Second)
	s.ask(desk.Agent2, "PATCH", ticketPath(v), fmt.Sprintf(`{"priorityId":%q}`, s.Priority("HIGH").ID)).must(http.StatusOK,
		"Ticket updated successfully.")
	return v
}

func TestInboxHoldsOwnNotifications(t *testing.T) {
	s := newClients(t)
	s.changedTicket()
	for name, want := range map[string]string{
		desk.Agent: "priority_changed comment_added ticket_created", desk.Customer: "priority_changed status_changed ticket_received",
		desk.Agent2: "", desk.Visitor: "", desk.Root: "", desk.Nobody: "",
	} {
		if got := s.ask(name, "GET", inboxPath, "").must(http.StatusOK, "Ok").list("notificationType"); got != want {
			t.Errorf("%s was told %q, want %q", name, got, want)
		}
		if got := s.unread(name); got != float64(len(strings.Fields(want))) {
			t.Errorf("%s has %v unread", name, got)
		}
	}
	for _, path := range []string{inboxPath, unreadPath} {
		s.ask("", "GET", path, "").must(http.StatusUnauthorized, errNoToken.Message)
	}
	for _, path := range []string{readAllPath, readPath(strings.Repeat("f", 32))} {
		s.ask("", "POST", path, "").must(http.StatusUnauthorized, errNoToken.Message)
	}
}

func TestNotificationRepresentationAndReading(t *testing.T) {
	s := newClients(t)
	v := s.changedTicket()
	id := strings.Fields(s.ask(desk.Agent, "GET", inboxPath, "").list("referenceId"))[1]
	for _, name := range []string{desk.Root, desk.Agent2, desk.Customer, desk.Nobody} {
		s.ask(name, "POST", readPath(id), "").must(http.StatusNotFound, notFound)
	}
	s.Wait(time.Minute)
	read := s.ask(desk.Agent, "POST", readPath(id), "").must(http.StatusOK, "Ok")
	want := fmt.Sprintf(`{"referenceId":%q,"notificationType":"comment_added","recipientId":%q,"recipientName":"agent","senderId":%q,`+
		`"senderName":"customer",`+
		`"ticketId":%q,"ticketNumber":%q,"title":"New comment: The printer burns","message":"TKT-20260301-0001: comment added by customer.",`+
		`"isRead":true,"isSent":true,"sentAt":"2026-03-01T12:00:01Z","deliveryState":"sent","attempts":0,"lastError":null,`+
		`"readAt":"2026-03-01T12:01:03Z","createdAt":"2026-03-01T12:00:01Z","updatedAt":"2026-03-01T12:01:03Z"}`,
		id, s.ID(desk.Agent), s.ID(desk.Customer), v.ID, v.Number)
	if string(read.Data) != want || keys(t, read.Data) != notificationLogKeys {
		t.Errorf("it is %s\nwant  %s", read.Data, want)
	}
	s.Wait(time.Minute)
	if again := s.ask(desk.Agent, "POST", readPath(id), "{}").must(http.StatusOK, "Ok"); string(again.Data) != want {
		t.Errorf("read again it is %s", again.Data)
	}
	if got := s.ask(desk.Agent, "GET", inboxPath, ""); !strings.Contains(string(got.Data), want) || s.unread(desk.Agent) != 2.0 {
		t.Errorf("listed is %s", got.Data)
	}
	s.ask(desk.Agent, "POST", readPath("x"), "").must(http.StatusNotFound, notFound)
	s.ask(desk.Agent, "POST", readPath(id), `{"isRead":false}`).refuses("isRead: Unknown field 'isRead'.")
	s.ask(desk.Agent, "POST", readPath(id)+"?x=1", "").refuses("x: Unknown parameter 'x'.")
}

func TestInboxIsPagedAndReadAll(t *testing.T) {
	s := newClients(t)
	v := s.changedTicket()
	first := s.ask(desk.Agent, "GET", inboxPath+"?is_read=false&pageSize=2", "").must(http.StatusOK, "Ok")
	if first.list("notificationType") != "priority_changed comment_added" ||
		!strings.HasPrefix(first.next(), inboxPath+"?is_read=false&pageSize=2&cursor=") {
		t.Errorf("it begins with %s", first.body)
	}
	s.Wait(time.Second)
	s.comment(desk.Customer, v, "Hello?")
	if rest := s.ask(desk.Agent, "GET", first.next(), ""); rest.list("notificationType") != "ticket_created" || rest.next() != "" {
		t.Errorf("it goes on with %s", rest.body)
	}
	s.ask(desk.Customer, "GET", first.next(), "").must(http.StatusOK, "Ok")
	s.ask(desk.Agent, "POST", readPath(strings.Fields(first.list("referenceId"))[0]), "").must(http.StatusOK, "Ok")
	for query, want := range map[string]string{
		"?is_read=true": "priority_changed",
		"?is_read=0":    "status_changed comment_added ticket_created", // the reply opened the ticket, which was pending
		"":              "status_changed priority_changed comment_added ticket_created",
	} {
		if got := s.ask(desk.Agent, "GET", inboxPath+query, "").list("notificationType"); got != want {
			t.Errorf("%s lists %s, want %s", query, got, want)
		}
	}
	if done := s.ask(desk.Agent, "POST", readAllPath, "").must(http.StatusOK, "Ok"); string(done.Data) != `{"updatedCount":3}` ||
		s.unread(desk.Agent) != 0.0 {
		t.Errorf("read at once: %s", done.body)
	}
	if done := s.ask(desk.Agent, "POST", readAllPath, "{}"); string(done.Data) != `{"updatedCount":0}` || s.unread(desk.Customer) != 3.0 {
		t.Errorf("read once more: %s", done.body)
	}
	s.ask(desk.Agent, "GET", inboxPath+"?is_read=x&page=1", "").refuses("is_read: is_read must be true or false.",
		"page: Unknown parameter 'page'.")
}

func TestInboxLeavesOutTicketsNoLongerVisible(t *testing.T) {
	s := newClients(t)
	v := s.changedTicket()
	id := strings.Fields(s.ask(desk.Customer, "GET", inboxPath, "").list("referenceId"))[0]
	s.ask(desk.Agent, "PATCH", ticketPath(v), fmt.Sprintf(`{"createdFor":%q}`, s.ID(desk.Visitor))).must(http.StatusOK,
		"Ticket updated successfully.")
	if got := s.ask(desk.Customer, "GET", inboxPath, "").list("title"); got != "" || s.unread(desk.Customer) != 0.0 {
		t.Errorf("notifications of an invisible ticket: %q, %v unread", got, s.unread(desk.Customer))
	}
	s.ask(desk.Customer, "POST", readPath(id), "").must(http.StatusNotFound, notFound)
	if done := s.ask(desk.Customer, "POST", readAllPath, ""); string(done.Data) != `{"updatedCount":0}` {
		t.Errorf("read at once: %s", done.body)
	}
	s.ask(desk.Agent, "DELETE", ticketPath(v), "").must(http.StatusOK, "Ticket deleted successfully.")
	if got := s.ask(desk.Agent, "GET", inboxPath, "").list("title"); got != "" {
		t.Errorf("notifications of a deleted ticket: %q", got)
	}
}

func TestInboxAllowedMethods(t *testing.T) {
	s := newClients(t)
	for path, allow := range map[string]string{
		inboxPath: "GET, HEAD", unreadPath: "GET, HEAD", readAllPath: "POST",
		readPath(strings.Repeat("f", 32)): "POST",
	} {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			if strings.Contains(allow, method) {
				continue
			}
			if r := s.ask(desk.Root, method, path, "{}").must(http.StatusMethodNotAllowed, "Method not allowed."); r.header.Get("Allow") != allow {
				t.Errorf("%s: Allow: %s", path, r.header.Get("Allow"))
			}
		}
	}
}

// TestNotificationsAreToldInTheReadersLanguageAndZone reads one log as its recipient, as an administrator with choices of
// its own, and as one without; and a log of an earlier release, which has no facts.
func TestNotificationsAreToldInTheReadersLanguageAndZone(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Customer, ticket.Patch{})
	s.ask(desk.Admin, "PATCH", ticketPath(v), fmt.Sprintf(`{"assignedTo":%q}`, s.ID(desk.Agent))).must(http.StatusOK,
		"Ticket updated successfully.")
	s.ask(desk.Customer, "PATCH", ticketPath(v), `{"title":"Burnt"}`).must(http.StatusOK, "Ticket updated successfully.")
	s.ask(desk.Admin, "PATCH", ticketPath(v), `{"dueDate":"2026-05-01T10:00:00Z"}`).must(http.StatusOK, "Ticket updated successfully.")
	old := notification.Log{
		ID: "0123456789abcdef0123456789abcdef", Type: notification.TicketUpdated, RecipientID: s.ID(desk.Agent), TicketID: v.ID,
		Title: "Ticket updated: Old", Message: "due date set to 2026-04-01 10:00 UTC.", IsSent: true, Delivery: notification.DeliverySent,
		CreatedAt: s.Now().Add(-time.Hour), UpdatedAt: s.Now(),
	}
	s.Update(func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Add(ctx, old) })
	s.ask(desk.Agent, "PATCH", mePath, `{"language":"ne","timeZone":"Asia/Kathmandu"}`).must(http.StatusOK, "Account updated successfully.")
	s.ask(desk.Root, "PATCH", mePath, `{"timeZone":"America/New_York"}`).must(http.StatusOK, "Account updated successfully.")
	ids := strings.Fields(s.ask(desk.Agent, "GET", inboxPath+"?pageSize=20", "").list("referenceId"))
	due, oldest := ids[0], ids[len(ids)-1]
	for _, c := range []struct{ who, method, path, title, message string }{
		{
			desk.Agent, "POST", readPath(due), "टिकट अद्यावधिक भयो: Burnt",
			"TKT-20260301-0001: अन्तिम मिति २०२६-०५-०१ १५:४५ UTC+०५:४५ राखियो (admin)।",
		},
		{
			desk.Root, "GET", notificationLogPath + due, "Ticket updated: Burnt",
			"TKT-20260301-0001: due date set to 2026-05-01 06:00 EDT by admin.",
		},
		{
			desk.Admin, "GET", notificationLogPath + due, "Ticket updated: Burnt",
			"TKT-20260301-0001: due date set to 2026-05-01 10:00 UTC by admin.",
		},
		{desk.Agent, "POST", readPath(oldest), old.Title, old.Message},
		{desk.Root, "GET", notificationLogPath + oldest, old.Title, old.Message},
	} {
		got := s.ask(c.who, c.method, c.path, "").must(http.StatusOK, "Ok").object()
		if got["title"] != c.title || got["message"] != c.message {
			t.Errorf("%s reads %q, %q, want %q, %q", c.who, got["title"], got["message"], c.title, c.message)
		}
	}
	if got := s.ask(desk.Agent, "GET", inboxPath, "").list("title"); !strings.Contains(got, "टिकट अद्यावधिक भयो: Burnt") {
		t.Errorf("the inbox has %s", got)
	}
	if got := s.ask(desk.Root, "GET", notificationLogsPath, "").list("message"); !strings.Contains(got, "2026-05-01 06:00 EDT") {
		t.Errorf("the logs have %s", got)
	}
}
