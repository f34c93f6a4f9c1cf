package mail_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

var update = flag.Bool("update", false, "write the mails in testdata instead of comparing them")

// newsOf is what a log of each type tells.
var newsOf = map[notification.Type][]notification.Fact{
	notification.TicketCreated:    {{Kind: notification.FactOpenedFor, To: "ram"}},
	notification.TicketReceived:   {{Kind: notification.FactOpened}},
	notification.TicketUpdated:    {{Kind: notification.FactTitle, From: "Printer", To: "<b>Printer</b> & प्रिन्टर"}},
	notification.TicketAssigned:   {{Kind: notification.FactAssigned, To: "ram"}},
	notification.TicketReassigned: {{Kind: notification.FactReassigned, From: "hari", To: "ram"}},
	notification.StatusChanged: {
		{Kind: notification.FactStatus, From: "Open", To: "Pending"}, {Kind: notification.FactComment, CommentID: "c1"},
	},
	notification.PriorityChanged:        {{Kind: notification.FactPriority, From: "Low", To: "High"}},
	notification.CommentAdded:           {{Kind: notification.FactComment, CommentID: "c1"}},
	notification.DueDateApproaching:     {{Kind: notification.FactDueSoon, At: noon.Add(24 * time.Hour)}},
	notification.DueDatePassed:          {{Kind: notification.FactDuePassed, At: noon}},
	notification.ResponseDeadlinePassed: {{Kind: notification.FactResponsePassed, At: noon}},
	notification.SLAWarning:             {{Kind: notification.FactWarned, Metric: sla.FirstResponse}},
	notification.SLABreached:            {{Kind: notification.FactBreached, Metric: sla.Resolution, At: noon}},
}

// goldenMail returns a mail of each kind of data: fields of several scripts, markup, a comment of several lines, and times.
func goldenMail(kind notification.Type, language string) ports.Mail {
	const title = "<b>Printer</b> & प्रिन्टर"
	x := ports.Mail{
		To: "sita@example.org", Language: language, TimeZone: "Asia/Kathmandu",
		FirstTitle: "प्रिन्टर जलिरहेको छ, Drucker brennt 🔥 and does not stop",
		Log: notification.View{
			Log: notification.Log{
				ID: "018f0000000070008000000000000001", TicketID: "018f0000000070008000000000000002", Type: kind, CreatedAt: noon,
				News: &notification.News{Title: title, Facts: newsOf[kind]},
			},
			Recipient: "सीता", TicketNumber: "TKT-20260301-0001",
		},
		Ticket: ticket.View{
			Ticket: ticket.Ticket{
				ID: "018f0000000070008000000000000002", Number: "TKT-20260301-0001", Title: title, CreatedAt: noon.Add(-time.Hour),
				DueDate: noon.Add(24 * time.Hour), SLADueDate: noon.Add(time.Hour),
			},
			Names: ticket.Names{
				StatusName: "Pending", PriorityName: "High", CreatedByName: "hari", CreatedForName: "सीता", AssignedToName: "ram",
			},
		},
	}
	switch kind {
	case notification.DueDateApproaching, notification.DueDatePassed, notification.ResponseDeadlinePassed, notification.SLAWarning,
		notification.SLABreached:
	default:
		x.Log.SenderID, x.Log.News.By = "018f0000000070008000000000000003", "hari"
	}
	if x.Log.News.CommentID() != "" {
		x.Comment = "नमस्ते,\n\n<script>alert(1)</script> is what it prints.\n.\n  A line that begins with two spaces = fine."
	}
	return x
}

// TestRawMails compares the mail of every type in every language with testdata, byte for byte.
func TestRawMails(t *testing.T) {
	o := (&smtpServer{}).start(t)
	m := o.mailer(t, nil)
	for _, kind := range notification.Types {
		for _, language := range []string{"en", "ne"} {
			before := len(o.got())
			check(t, m.Send(t.Context(), goldenMail(kind, language)))
			got := o.got()[before].text
			name := filepath.Join("testdata", string(kind)+"."+language+".eml")
			if *update {
				check(t, os.WriteFile(name, got, 0o600))
			}
			want, err := os.ReadFile(name)
			check(t, err)
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs (go test -update writes it):\n%s", name, got)
			}
			p := parse(t, got)
			if p.decoded(t, "Subject") != "[TKT-20260301-0001] प्रिन्टर जलिरहेको छ, Drucker brennt 🔥 and does not stop" {
				t.Errorf("the subject is %q", p.decoded(t, "Subject"))
			}
			for i, line := range bytes.Split(got, []byte("\r\n")) {
				if len(line) > 78 || bytes.ContainsAny(line, "\r\n") {
					t.Errorf("%s: line %d has %d bytes", name, i+1, len(line))
				}
			}
		}
	}
}
