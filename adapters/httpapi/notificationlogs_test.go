package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tickt/application"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
	"tickt/test/stores"
)

const (
	notificationLogsPath = "/api/tickets/notification-logs/"
	notificationLogPath  = "/api/tickets/notification-log/"
	notificationLogKeys  = "referenceId notificationType recipientId recipientName senderId senderName ticketId ticketNumber title message " +
		"isRead isSent sentAt deliveryState attempts lastError readAt createdAt updatedAt"
)

// told returns a desk with three notifications: to the agent about a customer's ticket, to that customer about the same
// ticket, and to the second agent about the agent's own ticket.
type told struct {
	*clients
	customers, agents ticket.View
	logs              []notification.Log
}

func atDeskTold(t *testing.T, with ...func(*application.Deps)) told {
	t.Helper()
	s := told{clients: newClients(t, with...)}
	customers := s.Role("customer")
	s.Update(func(ctx context.Context, tx ports.Tx) error { // so that no one but the customer would be notified of its ticket
		r, err := tx.Roles.Lock(ctx, customers)
		r.ReceivesUnassigned = true
		return errors.Join(err, tx.Roles.Save(ctx, r))
	})
	s.customers, s.agents = s.Open(desk.Customer, ticket.Patch{}), s.Open(desk.Agent, ticket.Patch{AssignedTo: s.MemberTo(desk.Agent)})
	noon := desk.Noon
	s.logs = []notification.Log{
		{
			Type: notification.TicketCreated, RecipientID: s.ID(desk.Agent), TicketID: s.customers.ID, Title: "New", Message: "A ticket.",
			Delivery: notification.DeliveryDead, Attempts: 10, LastError: "550 no such user",
		},
		{
			Type: notification.StatusChanged, RecipientID: s.ID(desk.Customer), SenderID: s.ID(desk.Agent), TicketID: s.customers.ID,
			Title: "Changed", Message: "Open.", IsSent: true, SentAt: noon, Delivery: notification.DeliverySent,
		},
		{
			Type: notification.TicketAssigned, RecipientID: s.ID(desk.Agent2), SenderID: s.ID(desk.Agent), TicketID: s.agents.ID, Title: "Yours",
			Message: "Look.", IsSent: true, IsRead: true, SentAt: noon, Delivery: notification.DeliverySent, Attempts: 1,
			ReadAt: noon.Add(time.Minute),
		},
	}
	for i := range s.logs {
		s.logs[i].ID, s.logs[i].CreatedAt, s.logs[i].UpdatedAt = s.NewID(), noon.Add(time.Duration(i)*time.Second),
			noon.Add(time.Duration(i)*time.Second)
	}
	s.Update(func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Add(ctx, s.logs...) })
	for _, name := range []string{desk.Agent, desk.Customer, desk.Visitor} {
		s.Assign(name, access.NotificationsMenu, access.MayView)
	}
	return s
}

func TestNotificationLogRepresentation(t *testing.T) {
	s := atDeskTold(t)
	first := fmt.Sprintf(`{"referenceId":%q,"notificationType":"ticket_created","recipientId":%q,"recipientName":"agent","senderId":null,`+
		`"senderName":null,"ticketId":%q,"ticketNumber":"TKT-20260301-0001",`+
		`"title":"New","message":"A ticket.","isRead":false,"isSent":false,"sentAt":null,"deliveryState":"dead","attempts":10,`+
		`"lastError":"550 no such user","readAt":null,"createdAt":"2026-03-01T12:00:00Z","updatedAt":"2026-03-01T12:00:00Z"}`, s.logs[0].ID,
		s.ID(desk.Agent), s.customers.ID)
	last := fmt.Sprintf(`{"referenceId":%q,"notificationType":"ticket_assigned","recipientId":%q,"recipientName":"agent2","senderId":%q,`+
		`"senderName":"agent","ticketId":%q,"ticketNumber":"TKT-20260301-0002",`+
		`"title":"Yours","message":"Look.","isRead":true,"isSent":true,"sentAt":"2026-03-01T12:00:00Z","deliveryState":"sent","attempts":1,`+
		`"lastError":null,"readAt":"2026-03-01T12:01:00Z","createdAt":"2026-03-01T12:00:02Z","updatedAt":"2026-03-01T12:00:02Z"}`,
		s.logs[2].ID, s.ID(desk.Agent2), s.ID(desk.Agent), s.agents.ID)
	for i, want := range map[int]string{0: first, 2: last} {
		r := s.ask(desk.Admin, "GET", notificationLogPath+string(s.logs[i].ID)+"/", "").must(http.StatusOK, "Ok")
		if string(r.Data) != want || keys(t, r.Data) != notificationLogKeys || r.header.Get("ETag") == "" {
			t.Errorf("it is %s\nwant %s", r.Data, want)
		}
	}
	r := s.ask(desk.Admin, "GET", notificationLogsPath+"?pageSize=1", "").must(http.StatusOK, "Ok")
	if !strings.Contains(r.body, `"results":[`+last+`],"count":3,`) {
		t.Errorf("listed %s", r.body)
	}
	s.ask(desk.Admin, "GET", notificationLogPath+strings.Repeat("f", 32), "").must(http.StatusNotFound, "Data not found.")
	s.ask(desk.Admin, "GET", notificationLogPath+"x/", "").must(http.StatusNotFound, "Data not found.")
}

func TestNotificationLogsAreFiltered(t *testing.T) {
	s := atDeskTold(t)
	for query, want := range map[string]string{
		"":                         "Yours Changed New",
		"?is_read=true":            "Yours",
		"?is_read=false&is_sent=1": "Changed",
		"?is_sent=false":           "New",
		"?notification_type=TICKET_created,status_changed":                    "Changed New",
		"?notification_type=ticket_assigned&notification_type=ticket_created": "Yours New",
		"?notification_type=unheard_of":                                       "",
		"?ticket_id=" + string(s.customers.ID):                                "Changed New",
		"?recipient_id=" + string(s.ID(desk.Customer)):                        "Changed",
		"?recipient_id=me": "New",
		"?recipient_id=me," + string(s.ID(desk.Agent2)) + "&is_read=true": "Yours",
		"?ticket_id=" + strings.Repeat("f", 32):                           "",
		"?pageSize=1&page=2":                                              "Changed",
	} {
		if got := s.ask(desk.Agent, "GET", notificationLogsPath+query, "").must(http.StatusOK, "Ok").list("title"); got != want {
			t.Errorf("%s lists %q, want %q", query, got, want)
		}
	}
	const ids = " must hold reference ids: 32 lower-case hexadecimal characters each."
	s.ask(desk.Agent, "GET", notificationLogsPath+"?is_read=x&is_sent=&notification_type=,&ticket_id=me&recipient_id=x&status=OPEN",
		"").refuses(
		"is_read: is_read must be true or false.", "is_sent: is_sent must not be empty.",
		"notification_type: notification_type must not be empty.",
		"ticket_id: ticket_id"+ids, "recipient_id: recipient_id"+ids, "status: Unknown parameter 'status'.")
	s.ask(desk.Agent, "GET", notificationLogsPath+"?page=2", "").must(http.StatusNotFound, "Invalid page.")
}

func TestNotificationLogsAreLimitedToVisibleTickets(t *testing.T) {
	s := atDeskTold(t)
	for name, want := range map[string]string{desk.Customer: "Changed New", desk.Visitor: ""} {
		if got := s.ask(name, "GET", notificationLogsPath, "").must(http.StatusOK, "Ok").list("title"); got != want {
			t.Errorf("%s sees %q", name, got)
		}
	}
	s.ask(desk.Customer, "GET", notificationLogPath+string(s.logs[0].ID), "").must(http.StatusOK, "Ok")
	s.ask(desk.Customer, "GET", notificationLogPath+string(s.logs[2].ID), "").must(http.StatusNotFound, "Data not found.")
	s.ask(desk.Agent, "DELETE", ticketPath(s.customers), "").must(http.StatusOK, "Ticket deleted successfully.")
	if got := s.ask(desk.Customer, "GET", notificationLogsPath, "").must(http.StatusOK, "Ok").list("title"); got != "" {
		t.Errorf("notifications of a deleted ticket: %q", got)
	}
}

func TestResendNotification(t *testing.T) {
	s := atDeskTold(t, desk.Mailing)
	path := func(i int) string { return notificationLogPath + string(s.logs[i].ID) + "/resend/" }
	s.Assign(desk.Agent2, access.NotificationsMenu, access.MayUpdate)
	s.Assign(desk.Nobody, access.NotificationsMenu, access.MayUpdate)
	s.Wait(time.Hour)
	s.ask(desk.Customer, "POST", path(0), "").must(http.StatusForbidden, "You do not have the required permission to access this resource.")
	s.ask(desk.Nobody, "POST", path(0), "").must(http.StatusNotFound, "Data not found.")
	s.ask(desk.Agent2, "POST", path(1), "").must(http.StatusConflict, "The notification has already been sent.")
	s.ask(desk.Agent2, "POST", notificationLogPath+"x/resend/", "").must(http.StatusNotFound, "Data not found.")
	if r := s.ask(desk.Agent2, "POST", path(0), `{"attempts":3}`); r.status != http.StatusBadRequest {
		t.Errorf("with a body: got %d %s", r.status, r.body)
	}
	r := s.ask(desk.Agent2, "POST", path(0), "{}").must(http.StatusOK, "The notification will be sent again.")
	if got := string(r.Data); keys(t, r.Data) != notificationLogKeys ||
		!strings.Contains(got, `"isSent":false,"sentAt":null,"deliveryState":"queued","attempts":0,"lastError":null,`) ||
		!strings.Contains(got, `"updatedAt":"2026-03-01T13:00:00Z"`) {
		t.Errorf("got %s", got)
	}
	s.ask(desk.Agent2, "POST", path(0), "").must(http.StatusConflict, "The notification is already waiting to be sent.")
	jobs := stores.Waiting(t, s.Store)
	if want := (ports.Job{Kind: ports.MailJob, ID: s.logs[0].ID + ".1"}); len(jobs) != 1 || jobs[0] != want {
		t.Errorf("jobs %v", jobs)
	}
}

func TestResendIsRefusedWithoutMail(t *testing.T) {
	s := atDeskTold(t)
	s.ask(desk.Root, "POST", notificationLogPath+string(s.logs[0].ID)+"/resend/", "").must(
		http.StatusConflict, "Mail is off: the service has no mail server to send the notification with.")
}

func TestInboxHidesMailErrors(t *testing.T) {
	s := atDeskTold(t)
	inbox := s.ask(desk.Agent, "GET", "/api/notifications/", "").must(http.StatusOK, "Ok").body
	read := s.ask(desk.Agent, "POST", "/api/notification/"+string(s.logs[0].ID)+"/read/", "").must(http.StatusOK, "Ok").body
	for _, body := range []string{inbox, read} {
		if !strings.Contains(body, `"deliveryState":"dead","attempts":10,"lastError":null,`) {
			t.Errorf("it shows %s", body)
		}
	}
}
