package mail_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tickt/adapters/mail"
	"tickt/application"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
	"tickt/test/stores"
)

// badServer is a server that misbehaves until it is mended. It keeps the Message-IDs of what it accepts.
type badServer struct {
	at     string // the beginning of the line to which it replies badly; "" is the connection
	reply  string // "" closes the connection, hang keeps silent
	keeps  bool   // it accepts a message although it replies badly to its end
	hello  string // its reply to EHLO, if that is not the usual one
	mended bool

	mu       sync.Mutex
	lines    []string // of the client
	id       string   // of the message that is being sent
	accepted []string
}

var messageID = regexp.MustCompile(`^Message-ID: (<.*>)$`)

func (s *badServer) answer(_ int, line string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = append(s.lines, line)
	if m := messageID.FindStringSubmatch(line); m != nil {
		s.id = m[1]
	}
	bad := !s.mended && (line == s.at || s.at != "" && s.at != "." && strings.HasPrefix(line, s.at))
	if line == "." && (!bad || s.keeps) {
		s.accepted = append(s.accepted, s.id)
	}
	switch {
	case bad && s.hello == "":
		return s.reply
	case s.hello != "" && strings.HasPrefix(line, "EHLO"):
		return s.hello
	}
	return acceptAll(line)
}

func (s *badServer) mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mended = true
}

// TestServersThatMisbehave mails a notification to a server that does, and once more when it is mended.
func TestServersThatMisbehave(t *testing.T) {
	type want struct {
		state notification.DeliveryState
		error string
		after notification.DeliveryState // when the server is mended
		ids   int                        // mails that it accepted in the end
	}
	later := func(text string) want { return want{notification.DeliveryFailed, text, notification.DeliverySent, 1} }
	never := func(text string) want { return want{notification.DeliveryDead, text, notification.DeliveryDead, 0} }
	cases := map[string]struct {
		server  *badServer
		want    want
		refused bool // the address
	}{
		"greylisting at the recipient":  {&badServer{at: "RCPT", reply: "450 4.2.0 greylisted"}, later("greylisted"), false},
		"greylisting after the message": {&badServer{at: ".", reply: "451 4.7.1 greylisted"}, later("greylisted"), false},
		"too many connections":          {&badServer{at: "", reply: "421 4.7.0 too many"}, later("too many"), false},
		"the sender is refused":         {&badServer{at: "MAIL", reply: "553 5.1.8 sender"}, later("sender"), false},
		"the service is refused":        {&badServer{at: "", reply: "554 5.7.1 go away"}, later("connect"), false},
		"a size that is too small":      {&badServer{hello: "250-scripted\r\n250 SIZE 1000"}, never("the mail server accepts 1000"), false},
		"too large after the message":   {&badServer{at: ".", reply: "552 5.3.4 too large"}, never("too large"), false},
		"a policy":                      {&badServer{at: "RCPT", reply: "550 5.7.1 blocked"}, never("blocked"), false},
		"a full mailbox":                {&badServer{at: "RCPT", reply: "552 5.2.2 full"}, never("full"), false},
		"no such mailbox":               {&badServer{at: "RCPT", reply: "550 5.1.1 unknown"}, never("unknown"), true},
		"a size that is enough": {
			&badServer{hello: "250-scripted\r\n250 SIZE 1000000"}, want{notification.DeliverySent, "", notification.DeliverySent, 1}, false,
		},
		"a size without a limit": {
			&badServer{hello: "250-scripted\r\n250 SIZE"}, want{notification.DeliverySent, "", notification.DeliverySent, 1}, false,
		},
		"dies after it accepted": {
			&badServer{at: ".", reply: "", keeps: true}, want{notification.DeliveryFailed, "lost", notification.DeliverySent, 2}, false,
		},
	}
	for name, at := range map[string]string{
		"the connection": "", "EHLO": "EHLO", "the sender": "MAIL", "the recipient": "RCPT", "DATA": "DATA",
		"the header": "Subject", "the end": ".",
	} {
		if at != "Subject" { // the server says nothing there anyway
			cases["hangs at "+name] = struct {
				server  *badServer
				want    want
				refused bool
			}{&badServer{at: at, reply: hang}, later(""), false}
		}
		cases["dies at "+name] = struct {
			server  *badServer
			want    want
			refused bool
		}{&badServer{at: at, reply: ""}, later(""), false}
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := c.server
			o := options(scriptedServer(t, s.answer))
			o.Timeouts = mail.Timeouts{Connect: 200 * time.Millisecond, Command: 200 * time.Millisecond, Message: 400 * time.Millisecond}
			d := desk.New(t, func(d *application.Deps) { d.Mailer = newMailer(t, o) })
			id := (&desk.Case{Desk: d}).Open(desk.Admin, ticket.Patch{AssignedTo: d.MemberTo(desk.Agent)}).ID
			logs := func() []notification.View {
				page := ports.Page{Number: 1, Size: 10}
				return desk.Must(d.NotificationLogs.List(t.Context(), d.Actor(desk.Root), notification.Filter{}, page))(t).Items
			}
			l := logs()[0]
			deliver := func() { _ = d.NotificationLogs.Deliver(t.Context(), l.ID, false) }
			check := func(state notification.DeliveryState, attempts int, text string) {
				t.Helper()
				got := logs()[0]
				if got.Delivery != state || got.Attempts != attempts || !strings.Contains(got.LastError, text) ||
					got.IsSent != (state == notification.DeliverySent) || got.SentAt.IsZero() == got.IsSent {
					t.Errorf("%s after %d, %q; want %s after %d, %q", got.Delivery, got.Attempts, got.LastError, state, attempts, text)
				}
			}
			if l.TicketID != id || l.Recipient != desk.Agent {
				t.Fatalf("the log is %+v", l)
			}
			deliver()
			check(c.want.state, 1, c.want.error)
			s.mend()
			deliver()
			attempts := 1
			if c.want.state == notification.DeliveryFailed {
				attempts = 2
			}
			check(c.want.after, attempts, "")
			if len(s.accepted) != c.want.ids || len(slices.Compact(s.accepted)) > 1 ||
				c.want.ids > 0 && s.accepted[0] != "<"+string(l.ID)+"@desk.example.org>" {
				t.Errorf("accepted %v", s.accepted)
			}
			tried := slices.ContainsFunc(s.lines, func(line string) bool { return strings.HasPrefix(line, "MAIL") })
			if strings.Contains(name, "too small") && tried {
				t.Errorf("it was tried: %q", s.lines)
			}
			if a := d.Account(d.ID(desk.Agent)); (a.MailRefusals != "") != c.refused || a.MailSuspended() {
				t.Errorf("refusals %q, suspended at %v", a.MailRefusals, a.MailSuspendedAt)
			}
			stores.Work(t, d.Store, func(context.Context, ports.Job) error { return nil })
		})
	}
}
