package httpapi

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/test/desk"
	"tickt/test/stores"
)

func TestByTypeHasEveryType(t *testing.T) {
	kind := reflect.TypeFor[byType[int]]()
	if kind.NumField() != len(notification.Types) {
		t.Fatalf("%d fields for %d types", kind.NumField(), len(notification.Types))
	}
	var b byType[int]
	for i, name := range notification.Types {
		if got := kind.Field(i).Tag.Get("json"); got != string(name) {
			t.Errorf("field %d is %s, want %s", i, got, name)
		}
		*b.all()[i] = i
		if got := reflect.ValueOf(b).Field(i).Int(); got != int64(i) {
			t.Errorf("value %d is not that of field %d", i, i)
		}
	}
}

func TestAccountChoosesHowItIsNotified(t *testing.T) {
	s := newClients(t, desk.Mailing)
	choices := func() string {
		me := s.ask(desk.Agent, "GET", mePath, "").must(http.StatusOK, "Ok")
		_, shown, _ := strings.Cut(string(me.Data), `"notify":`)
		return strings.TrimSuffix(shown, "}")
	}
	const every = `{"ticket_created":"both","ticket_received":"both","ticket_updated":"both","ticket_assigned":"both",` +
		`"ticket_reassigned":"both","status_changed":"both","priority_changed":"both","comment_added":"both",` +
		`"due_date_approaching":"both","due_date_passed":"both","response_deadline_passed":"both","sla_warning":"both","sla_breached":"both"}`
	if got := choices(); got != every {
		t.Errorf("by default %s", got)
	}
	patch := func(body string) reply { t.Helper(); return s.ask(desk.Agent, "PATCH", mePath, body) }
	const updated = "Account updated successfully."
	patch(`{"notify":{"status_changed":"none","comment_added":"mail"}}`).must(http.StatusOK, updated)
	patch(`{"notify":{"ticket_updated":"inbox"}}`).must(http.StatusOK, updated)
	want := strings.NewReplacer(`"status_changed":"both"`, `"status_changed":"none"`, `"comment_added":"both"`, `"comment_added":"mail"`,
		`"ticket_updated":"both"`, `"ticket_updated":"inbox"`).Replace(every)
	if got := choices(); got != want {
		t.Errorf("chosen %s", got)
	}
	patch(`{"notify":{"status_changed":"loud","sms":"both","comment_added":1}}`).refuses(
		"notify.comment_added: notify.comment_added must be a string.", "notify.sms: Unknown field 'notify.sms'.",
		"notify.status_changed: notify.status_changed must be one of: none, inbox, mail, both.")
	patch(`{"notify":"none"}`).refuses("notify: notify must be an object.")

	v := s.Open(desk.Customer, ticket.Patch{})
	change := func(as, body string) {
		t.Helper()
		s.ask(as, "PATCH", ticketPath(v), body).must(http.StatusOK, "Ticket updated successfully.")
	}
	change(desk.Admin, fmt.Sprintf(`{"assignedTo":%q}`, s.ID(desk.Agent)))
	s.ask(desk.Agent, "POST", readAllPath, "").must(http.StatusOK, "Ok")
	jobs := len(stores.Waiting(t, s.Store))
	told := func(inbox, log string, mails int) {
		t.Helper()
		if got := s.ask(desk.Agent, "GET", inboxPath+"?is_read=false", "").list("notificationType"); got != inbox {
			t.Errorf("the inbox has %q, want %q", got, inbox)
		}
		if got := s.unread(desk.Agent); got != float64(len(strings.Fields(inbox))) {
			t.Errorf("%v are unread", got)
		}
		logs := s.ask(desk.Root, "GET", notificationLogsPath+"?recipient_id="+string(s.ID(desk.Agent)), "").list("notificationType")
		if got := strings.TrimSuffix(strings.TrimSuffix(logs, "ticket_assigned"), " "); got != log {
			t.Errorf("the logs have %q, want %q", got, log)
		}
		if got := len(stores.Waiting(t, s.Store)) - jobs; got != mails {
			t.Errorf("%d mails, want %d", got, mails)
		}
	}
	change(desk.Customer, `{"title":"Ash"}`)
	told("ticket_updated", "ticket_updated", 0)
	s.comment(desk.Customer, v, "Well?")
	told("ticket_updated", "comment_added ticket_updated", 1)
	s.ask(desk.Clerk, "GET", mePath, "").must(http.StatusOK, "Ok")
	jobs = len(stores.Waiting(t, s.Store))
	change(desk.Root, fmt.Sprintf(`{"statusId":%q}`, s.Status("PENDING").ID))
	told("ticket_updated", "comment_added ticket_updated", 1) // the mail is for the customer
	only := strings.Fields(s.ask(desk.Root, "GET", notificationLogsPath+"?notification_type=comment_added", "").list("referenceId"))[0]
	s.ask(desk.Agent, "POST", readPath(only), "").must(http.StatusNotFound, notFound)
	patch(`{"notify":{"status_changed":null}}`).must(http.StatusOK, updated)
	if got := choices(); got != strings.Replace(want, `"status_changed":"none"`, `"status_changed":"both"`, 1) {
		t.Errorf("reset %s", got)
	}
	patch(`{"notify":null}`).must(http.StatusOK, updated)
	if got := choices(); got != every {
		t.Errorf("all reset %s", got)
	}
}

// TestMailOnlyIsInTheInboxWithoutMail checks that nothing is lost if the service sends no mail.
func TestMailOnlyIsInTheInboxWithoutMail(t *testing.T) {
	s := newClients(t)
	s.ask(desk.Agent, "PATCH", mePath, `{"notify":{"ticket_assigned":"mail"}}`).must(http.StatusOK, "Account updated successfully.")
	v := s.Open(desk.Customer, ticket.Patch{})
	s.ask(desk.Admin, "PATCH", ticketPath(v), fmt.Sprintf(`{"assignedTo":%q}`, s.ID(desk.Agent))).must(http.StatusOK,
		"Ticket updated successfully.")
	got := s.ask(desk.Agent, "GET", inboxPath+"?is_read=false", "").list("notificationType")
	if got != "ticket_assigned" || s.unread(desk.Agent) != 1.0 {
		t.Errorf("the inbox has %q", got)
	}
}
