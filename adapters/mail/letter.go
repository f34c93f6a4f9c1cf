package mail

import (
	"cmp"
	"time"

	"tickt/ports"
)

// letter is what the templates are filled with. Every field is text that people wrote, to be escaped where it stands.
type letter struct {
	Company   string
	Site      string // SITE_URL
	Link      string // to the ticket
	Recipient string
	Title     string // of the notification
	Message   string // what changed, and by whom
	Ticket    letterTicket
}

// letterTicket is the ticket as it is when the mail is made; what is not set is "".
type letterTicket struct {
	ID, Number, Title, Status, Priority, Requester, Assignee, Due, SLADue string
}

func (m *Mailer) letter(x ports.Mail) letter {
	t := x.Ticket
	return letter{
		Company: m.o.Company, Site: m.o.Site.String(), Link: m.o.Site.JoinPath("tickets", string(t.ID)).String(),
		Recipient: x.Log.Recipient, Title: x.Log.Title, Message: x.Log.Message,
		Ticket: letterTicket{
			ID: string(t.ID), Number: t.Number, Title: t.Title, Status: t.StatusName, Priority: t.PriorityName,
			Requester: cmp.Or(t.CreatedForName, t.CreatedByName), Assignee: t.AssignedToName,
			Due: m.moment(t.DueDate), SLADue: m.moment(t.SLADueDate),
		},
	}
}

// moment writes a time for people, in the zone of the service.
func (m *Mailer) moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(m.o.Zone).Format("Monday, 2 January 2006, 15:04 MST")
}
