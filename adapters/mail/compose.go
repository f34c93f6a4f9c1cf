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

// envelope is a message with its sender and recipient in SMTP form.
type envelope struct {
	from, to string
	content  []byte
}

// draft is the data of a message.
type draft struct {
	id       domain.ID
	thread   domain.ID // of mails that belong together; "" without one
	to, name string
	subject  string
	at       time.Time
	bodies   bodies
	data     any // of the templates
}

func (m *Mailer) draft(x ports.Mail) draft {
	lang := languageOf(x.Language)
	return draft{
		id: x.Log.ID, thread: x.Log.TicketID, to: x.To, name: x.Log.Recipient, at: x.Log.CreatedAt,
		subject: "[" + x.Log.TicketNumber + "] " + x.Log.Title,
		bodies:  m.o.Templates.notification[lang.code], data: m.templateData(x, lang),
	}
}

// compose returns the message of a draft. Its error is a *ports.MailRefused if the recipient has no valid address.
func (m *Mailer) compose(d draft) (envelope, error) {
	to, err := netmail.ParseAddress(d.to)
	if err != nil || to.Address != d.to {
		return envelope{}, &ports.MailRefused{Reason: "The recipient has no address that mail can be sent to."}
	}
	to.Name = d.name
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&m.o.From)
	msg.ToMailAddress(to)
	msg.Subject(withoutEncodedWords(d.subject))
	msg.SetDateWithValue(d.at.In(m.o.Zone))
	msg.SetMessageIDWithValue(m.messageID(d.id))
	if d.thread != "" {
		// All mails about a ticket refer to one message that is never sent, so that mail programs show them as a thread.
		thread := "<" + m.messageID(d.thread) + ">"
		msg.SetGenHeader(gomail.HeaderInReplyTo, thread)
		msg.SetGenHeader(gomail.HeaderReferences, thread)
	}
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5
	msg.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "All")
	if err := msg.SetBodyTextTemplate(d.bodies.text, d.data); err != nil {
		return envelope{}, err
	}
	if err := msg.AddAlternativeHTMLTemplate(d.bodies.html, d.data); err != nil {
		return envelope{}, err
	}
	var content bytes.Buffer
	if _, err := msg.WriteTo(&content); err != nil {
		return envelope{}, err
	}
	return envelope{from: smtpAddress(m.o.From.Address), to: smtpAddress(to.Address), content: content.Bytes()}, nil
}

// smtpAddress returns an address in the form of SMTP commands.
func smtpAddress(address string) string { return (&netmail.Address{Address: address}).String() }

// withoutEncodedWords breaks up what a mail program would decode as an encoded word (RFC 2047) in a subject.
func withoutEncodedWords(subject string) string { return strings.ReplaceAll(subject, "=?", "= ?") }

// messageID returns a Message-ID made of an id and the host of the site.
func (m *Mailer) messageID(id domain.ID) string {
	host := strings.Map(func(r rune) rune {
		if r == '.' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, m.o.Site.Hostname())
	return string(id) + "@" + host
}
