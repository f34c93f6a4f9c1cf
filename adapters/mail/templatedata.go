package mail

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"tickt/domain/text"
	"tickt/ports"
)

// templateData is the data of the templates. Any field may be text that people wrote, so templates must escape it.
type templateData struct {
	Company   string
	Site      string // SITE_URL; "" if it is not set
	Link      string // to the ticket; "" without a site
	Recipient string
	Event     string // what happened, and who did it: the first line
	Title     string // of the notification
	Message   string // the event with the number of the ticket, as the inbox shows it
	Comment   string // the text of the comment; "" if the notification is not about one
	Shortened bool   // the comment is longer than Comment
	Ticket    templateTicket
}

// templateTicket is the ticket at the time of sending. Fields that are not set are "".
type templateTicket struct {
	ID, Number, Title, Status, Priority, Requester, Assignee, Due, SLADue string
}

func (m *Mailer) templateData(x ports.Mail, lang language) templateData {
	t, zone := x.Ticket, m.zone(x.TimeZone)
	shown := x.Log.Text(lang.code, zone)
	d := templateData{
		Company: m.o.Company, Site: m.site(), Recipient: x.Log.Recipient,
		Event: eventOf(t.Number, shown.Message, lang), Title: shown.Title, Message: shown.Message,
		Ticket: templateTicket{
			ID: string(t.ID), Number: t.Number, Title: t.Title, Status: t.StatusName, Priority: t.PriorityName,
			Requester: cmp.Or(t.CreatedForName, t.CreatedByName), Assignee: t.AssignedToName,
			Due: lang.time(t.DueDate, zone), SLADue: lang.time(t.SLADueDate, zone),
		},
	}
	d.Comment, d.Shortened = text.Cut(x.Comment, maxComment)
	if m.o.Site != nil {
		d.Link = m.o.Site.JoinPath("tickets", string(t.ID)).String()
	}
	return d
}

// maxComment is the maximum length of a comment in a mail, in characters.
const maxComment = 5000

// eventOf returns the message of a notification without the number of its ticket, as a sentence. In English it begins with a word, in
// other languages perhaps with a name, which stays as it is.
func eventOf(number, message string, lang language) string {
	event := strings.TrimPrefix(message, number+": ")
	if lang.code != english {
		return event
	}
	first, n := utf8.DecodeRuneInString(event)
	return string(unicode.ToUpper(first)) + event[n:]
}

// site returns SITE_URL; "" if it is not set.
func (m *Mailer) site() string {
	if m.o.Site == nil {
		return ""
	}
	return m.o.Site.String()
}
