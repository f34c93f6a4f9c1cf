// Package mail sends notifications by SMTP. It knows how a mail looks, how the server is spoken to, and which failures
// are for good; it does not know who is told what, nor when a failed mail is tried again.
package mail

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tickt/domain"
	"tickt/ports"
)

// Options say which server is used, how, and what the mails say.
type Options struct {
	Host     string
	Port     int
	User     string // with a Password: to sign in with
	Password string
	Secrecy  Secrecy
	Roots    *x509.CertPool // whose certificates are believed; nil: those of the system

	From      netmail.Address
	Company   string
	Site      *url.URL
	Zone      *time.Location
	Templates *Templates // nil: BuiltIn

	Connections int // that may be open at once; 0 means 4
	Within      Limits
}

// Limits are how long things may take; what is 0 takes the default.
type Limits struct {
	Connect time.Duration // until signed in: 15 s
	Command time.Duration // one answer of the server: 30 s
	Message time.Duration // all of Send: 50 s
	Idle    time.Duration // that a connection is kept for the next mail: 5 s
}

// Secrecy is how what is sent is kept from others. A server that does otherwise is not used.
type Secrecy uint8

// The ways.
const (
	StartTLS     Secrecy = iota // encrypted before anything is said, a password above all (RFC 3207)
	FromTheStart                // encrypted from the first byte (RFC 8314)
	InTheClear                  // not at all
)

// Mailer is a ports.Mailer. It is safe for use by any number of goroutines.
type Mailer struct {
	o    Options
	pool *pool
}

var _ ports.Mailer = (*Mailer)(nil)

// New makes a Mailer that has not connected yet.
func New(o Options) *Mailer {
	if o.Templates == nil {
		o.Templates = BuiltIn()
	}
	if o.Connections == 0 {
		o.Connections = 4
	}
	for _, d := range []struct {
		limit *time.Duration
		or    time.Duration
	}{
		{&o.Within.Connect, 15 * time.Second},
		{&o.Within.Command, 30 * time.Second},
		{&o.Within.Message, 50 * time.Second},
		{&o.Within.Idle, 5 * time.Second},
	} {
		if *d.limit == 0 {
			*d.limit = d.or
		}
	}
	m := &Mailer{o: o}
	m.pool = newPool(o.Connections, o.Within.Idle, m.dial)
	return m
}

// Close ends the connections that wait for the next mail; Send may still be called, and keeps none.
func (m *Mailer) Close() error {
	m.pool.close()
	return nil
}

// Send implements ports.Mailer.
func (m *Mailer) Send(ctx context.Context, x ports.Mail) error { return m.send(ctx, m.draft(x)) }

// Try sends a message about a ticket that does not exist, to see whether mail works. It fails as Send does.
func (m *Mailer) Try(ctx context.Context, id domain.ID, to string, at time.Time) error {
	l := example
	l.Company, l.Site, l.Link, l.Recipient = m.o.Company, m.o.Site.String(), m.o.Site.String(), to
	l.Title, l.Message = "Test of the mail settings", "This is what a notification looks like. The ticket below does not exist."
	return m.send(ctx, draft{id: id, thread: id, to: to, subject: "[" + m.o.Company + "] " + l.Title, at: at, letter: l})
}

func (m *Mailer) send(ctx context.Context, d draft) error {
	e, err := m.compose(d)
	if err != nil {
		return m.told(ctx, err)
	}
	within, cancel := context.WithTimeout(ctx, m.o.Within.Message)
	defer cancel()
	if err := m.pool.send(within, e); err != nil {
		if ctx.Err() == nil && within.Err() != nil {
			err = fmt.Errorf("it did not take the message within %v", m.o.Within.Message)
		}
		return m.told(ctx, err)
	}
	return nil
}

// told puts a failure into words, without what is secret: not even what wraps it can be unwrapped.
func (m *Mailer) told(ctx context.Context, err error) error {
	var refused *ports.MailRefused
	if errors.As(err, &refused) {
		return &ports.MailRefused{Reason: m.hide(refused.Reason)}
	}
	server := net.JoinHostPort(m.o.Host, strconv.Itoa(m.o.Port))
	if ctx.Err() != nil {
		return fmt.Errorf("mail server %s: %w", server, ctx.Err())
	}
	return errors.New(m.hide(fmt.Sprintf("mail server %s: %v", server, err)))
}

// leastSecret is how long a password is, in bytes, that is looked for: a shorter one is a part of any text.
const leastSecret = 4

// hide takes the password out of a text where a server has repeated it, in whatever way; nobody else names it. A word
// that merely holds the same letters stays.
func (m *Mailer) hide(text string) string {
	if len(m.o.Password) < leastSecret {
		return text
	}
	base64 := base64.StdEncoding.EncodeToString
	quoted := strconv.Quote(m.o.Password)
	for _, secret := range []string{
		m.o.Password, quoted[1 : len(quoted)-1], base64([]byte(m.o.Password)), base64([]byte("\x00" + m.o.User + "\x00" + m.o.Password)),
	} {
		text = replaceWhole(text, secret, "[secret]")
	}
	return text
}

// replaceWhole replaces what stands in a text without a letter or digit right before or after it.
func replaceWhole(text, old, by string) string {
	var out strings.Builder
	for from := 0; ; {
		i := strings.Index(text[from:], old)
		if i < 0 {
			return out.String() + text[from:]
		}
		i += from
		end := i + len(old)
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if inWord(before) || inWord(after) {
			_, n := utf8.DecodeRuneInString(text[i:])
			out.WriteString(text[from : i+n])
			from = i + n
			continue
		}
		out.WriteString(text[from:i] + by)
		from = end
	}
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
