package mail

import (
	"bytes"
	netmail "net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"tickt/domain"
	"tickt/ports"
)

// envelope is a message with those whom it is from and for, as SMTP has them.
type envelope struct {
	from, to string
	content  []byte
}

// compose makes the message of a mail. It fails with a *ports.MailRefused where there can be none.
func (m *Mailer) compose(x ports.Mail) (envelope, error) {
	to, err := netmail.ParseAddress(x.To)
	if err != nil || to.Address != x.To {
		return envelope{}, &ports.MailRefused{Reason: "The recipient has no address that mail can be sent to."}
	}
	to.Name = x.Log.Recipient
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&m.o.From)
	msg.ToMailAddress(to)
	msg.Subject(subject(x))
	msg.SetDateWithValue(x.Log.CreatedAt.In(m.o.Zone))
	msg.SetMessageIDWithValue(m.name(x.Log.ID))
	// every mail about a ticket answers one message that was never sent, so that programs show them together
	thread := "<" + m.name(x.Log.TicketID) + ">"
	msg.SetGenHeader(gomail.HeaderInReplyTo, thread)
	msg.SetGenHeader(gomail.HeaderReferences, thread)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5
	msg.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "All")
	l := m.letter(x)
	if err := msg.SetBodyTextTemplate(m.o.Templates.text, l); err != nil {
		return envelope{}, err
	}
	if err := msg.AddAlternativeHTMLTemplate(m.o.Templates.html, l); err != nil {
		return envelope{}, err
	}
	var content bytes.Buffer
	if _, err := msg.WriteTo(&content); err != nil {
		return envelope{}, err
	}
	return envelope{from: bare(m.o.From.Address), to: bare(to.Address), content: content.Bytes()}, nil
}

// bare writes an address as SMTP commands have it.
func bare(address string) string { return (&netmail.Address{Address: address}).String() }

// subject begins with the ticket's number. Nothing in it can be taken for an encoded word (RFC 2047) but what is one.
func subject(x ports.Mail) string {
	return strings.ReplaceAll("["+x.Log.TicketNumber+"] "+x.Log.Title, "=?", "= ?")
}

// name makes a Message-ID of an id and the host of the site.
func (m *Mailer) name(id domain.ID) string {
	host := strings.Map(func(r rune) rune {
		if r == '.' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, m.o.Site.Hostname())
	return string(id) + "@" + host
}
