package mail

import (
	"bytes"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"tickt/domain"
	"tickt/ports"
)

// envelope is a message with those whom it is from and for, as SMTP has them.
type envelope struct {
	from, to string
	content  []byte
}

// draft is what a message is made of.
type draft struct {
	id, thread  domain.ID
	to, subject string
	at          time.Time
	letter
}

func (m *Mailer) draft(x ports.Mail) draft {
	return draft{
		id: x.Log.ID, thread: x.Log.TicketID, to: x.To, at: x.Log.CreatedAt, letter: m.letter(x),
		subject: "[" + x.Log.TicketNumber + "] " + x.Log.Title,
	}
}

// compose makes a message. It fails with a *ports.MailRefused where there can be none.
func (m *Mailer) compose(d draft) (envelope, error) {
	to, err := netmail.ParseAddress(d.to)
	if err != nil || to.Address != d.to {
		return envelope{}, &ports.MailRefused{Reason: "The recipient has no address that mail can be sent to."}
	}
	to.Name = d.Recipient
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&m.o.From)
	msg.ToMailAddress(to)
	msg.Subject(harmless(d.subject))
	msg.SetDateWithValue(d.at.In(m.o.Zone))
	msg.SetMessageIDWithValue(m.name(d.id))
	// every mail about a ticket answers one message that was never sent, so that programs show them together
	thread := "<" + m.name(d.thread) + ">"
	msg.SetGenHeader(gomail.HeaderInReplyTo, thread)
	msg.SetGenHeader(gomail.HeaderReferences, thread)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5
	msg.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "All")
	if err := msg.SetBodyTextTemplate(m.o.Templates.text, d.letter); err != nil {
		return envelope{}, err
	}
	if err := msg.AddAlternativeHTMLTemplate(m.o.Templates.html, d.letter); err != nil {
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

// harmless takes out of a subject what could be taken for an encoded word (RFC 2047) and was not made to be one.
func harmless(subject string) string { return strings.ReplaceAll(subject, "=?", "= ?") }

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
