package mail

import (
	"cmp"

	"tickt/ports"
)

// templateData is the data of the templates. Any field may be text that people wrote, so templates must escape it.
type templateData struct {
	Company   string
	Site      string // SITE_URL
	Link      string // to the ticket
	Recipient string
	Title     string // of the notification
	Message   string // what changed, and who changed it; in English, as it is stored
	Ticket    templateTicket
}

// templateTicket is the ticket at the time of sending. Fields that are not set are "".
type templateTicket struct {
	ID, Number, Title, Status, Priority, Requester, Assignee, Due, SLADue string
}

func (m *Mailer) templateData(x ports.Mail, lang language) templateData {
	t, zone := x.Ticket, m.zone(x.TimeZone)
	return templateData{
		Company: m.o.Company, Site: m.o.Site.String(), Link: m.o.Site.JoinPath("tickets", string(t.ID)).String(),
		Recipient: x.Log.Recipient, Title: x.Log.Title, Message: x.Log.Message,
		Ticket: templateTicket{
			ID: string(t.ID), Number: t.Number, Title: t.Title, Status: t.StatusName, Priority: t.PriorityName,
			Requester: cmp.Or(t.CreatedForName, t.CreatedByName), Assignee: t.AssignedToName,
			Due: lang.time(t.DueDate, zone), SLADue: lang.time(t.SLADueDate, zone),
		},
	}
}
