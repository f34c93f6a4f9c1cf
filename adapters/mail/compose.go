package mail

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"time"

	"tickt/domain"
	"tickt/ports"
)

// envelope is a message with its sender and recipient, which may need SMTPUTF8.
type envelope struct {
	from, to ports.Address
	content  []byte
}

// draft is the data of a message.
type draft struct {
	id       domain.ID
	thread   thread // of mails that belong together; zero without one
	to, name string
	subject  string
	at       time.Time
	bodies   bodies
	data     any // of the templates
}

// thread identifies the mails that mail programs show together.
type thread struct {
	id domain.ID
	at time.Time // of its beginning
}

func (m *Mailer) draft(x ports.Mail) draft {
	lang := languageOf(x.Language)
	return draft{
		id: x.Log.ID, thread: thread{x.Log.TicketID, x.Ticket.CreatedAt}, to: x.To, name: x.Log.Recipient, at: x.Log.CreatedAt,
		subject: subjectOf(x), bodies: m.o.Templates.notification[lang.code], data: m.templateData(x, lang),
	}
}

// subjectOf returns the subject of every mail of a ticket. It has the first title, so that it stays the same if the title changes.
func subjectOf(x ports.Mail) string {
	return "[" + x.Ticket.Number + "] " + cmp.Or(x.FirstTitle, x.Ticket.Title)
}

// compose returns the message of a draft, which is the same for the same draft. Its error is a *ports.MailRefused if the recipient has
// no valid address.
func (m *Mailer) compose(d draft) (envelope, error) {
	to, ok := Addresses{}.Read(d.to)
	if !ok {
		return envelope{}, &ports.MailRefused{Reason: fmt.Sprintf("%q is not an address that mail can be sent to.", domain.Truncate(d.to))}
	}
	var text, html bytes.Buffer
	if err := d.bodies.text.Execute(&text, d.data); err != nil {
		return envelope{}, err
	}
	if err := d.bodies.html.Execute(&html, d.data); err != nil {
		return envelope{}, err
	}
	boundary := "=_" + string(d.id) // no encoded body contains =_
	var out bytes.Buffer
	out.WriteString(m.header(d, netmail.Address{Name: d.name, Address: to.Mailbox}))
	out.WriteString(plainField("Content-Type", "multipart/alternative;\r\n boundary=\""+boundary+"\""))
	writePart(&out, boundary, "text/plain", text.Bytes())
	writePart(&out, boundary, "text/html", html.Bytes())
	out.WriteString("\r\n--" + boundary + "--\r\n")
	return envelope{from: m.sender(), to: to, content: out.Bytes()}, nil
}

// header returns the header fields of a message but those of its content.
func (m *Mailer) header(d draft, to netmail.Address) string {
	var out strings.Builder
	out.WriteString(plainField("Date", d.at.In(m.o.Zone).Format(dateFormat)))
	out.WriteString(addressField("From", netmail.Address{Name: m.o.From.Name, Address: m.sender().Mailbox}))
	out.WriteString(addressField("To", to))
	out.WriteString(textField("Subject", d.subject))
	out.WriteString(plainField("Message-ID", m.messageID(d.id)))
	if d.thread.id != "" {
		// All mails about a ticket refer to one message that is never sent, so that mail programs show them as a thread.
		root := m.messageID(d.thread.id)
		out.WriteString(plainField("In-Reply-To", root))
		out.WriteString(plainField("References", root))
		out.WriteString(textField("Thread-Topic", d.subject))
		out.WriteString(plainField("Thread-Index", d.thread.index()))
	}
	out.WriteString(plainField("Auto-Submitted", "auto-generated")) // RFC 3834 §5
	out.WriteString(plainField("X-Auto-Response-Suppress", "All"))
	out.WriteString(plainField("MIME-Version", "1.0"))
	return out.String()
}

// dateFormat is the format of a date (RFC 5322 §3.3).
const dateFormat = "Mon, 02 Jan 2006 15:04:05 -0700"

// writePart writes a text as a part of a multipart message.
func writePart(out *bytes.Buffer, boundary, kind string, text []byte) {
	out.WriteString("\r\n--" + boundary + "\r\n")
	out.WriteString(plainField("Content-Type", kind+"; charset=UTF-8"))
	out.WriteString(plainField("Content-Transfer-Encoding", "quoted-printable") + "\r\n")
	w := quotedprintable.NewWriter(out)
	_, _ = w.Write(text) // a bytes.Buffer takes everything
	_ = w.Close()
}

// The parts of a conversation index (MS-OXOMSG §2.2.1.3): a reserved byte, the upper 5 of the 8 bytes of a FILETIME, and a GUID.
const (
	indexReserved = 1
	indexTime     = 5
	indexGUID     = 16
)

// A FILETIME counts intervals of 100 ns since 1601. filetimeEpoch is that in seconds of Unix time.
const (
	filetimeEpoch    = -11644473600
	filetimePerSec   = 1e7
	filetimeInterval = 100 * time.Nanosecond
)

// index returns the conversation index of the thread, by which Outlook and Exchange put mails together.
func (t thread) index() string {
	at := uint64(0)
	if !t.at.IsZero() {
		at = uint64((t.at.Unix()-filetimeEpoch)*filetimePerSec) + uint64(t.at.Nanosecond())/uint64(filetimeInterval) //nolint:gosec // after 1601
	}
	guid := sha256.Sum256([]byte("ticket " + t.id))
	b := binary.BigEndian.AppendUint64([]byte{indexReserved}, at)
	return base64.StdEncoding.EncodeToString(append(b[:1+indexTime], guid[:indexGUID]...))
}

// messageID returns a Message-ID made of an id and the host of the site, or that of the sender without a site.
func (m *Mailer) messageID(id domain.ID) string {
	from := m.sender().Mailbox
	host := from[strings.LastIndexByte(from, '@')+1:]
	if m.o.Site != nil {
		host = m.o.Site.Hostname()
	}
	host = strings.Map(func(r rune) rune {
		if r == '.' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, host)
	return "<" + string(id) + "@" + host + ">"
}
