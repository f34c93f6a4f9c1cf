// Package mail composes notifications and mails about accounts, in the language of the recipient,
// sends them by SMTP, and tells permanent failures from temporary ones. It does
// not decide who is notified of what, nor when a failed mail is retried.
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

// Options configure a Mailer.
type Options struct {
	Host       string
	Port       int
	User       string // signs in if User and Password are set
	Password   string
	Encryption Encryption
	Roots      *x509.CertPool // trusted certificate authorities; nil: those of the system

	From      netmail.Address
	Company   string
	Site      *url.URL // nil if it is not known: mails have no links
	Zone      *time.Location
	Templates *Templates // nil: BuiltIn

	Connections int // maximum of open connections; 0 means 4
	Timeouts    Timeouts
}

// Timeouts limit the parts of sending. 0 means the default.
type Timeouts struct {
	Connect time.Duration // connecting and signing in; default 15 s
	Command time.Duration // one reply of the server; default 30 s
	Message time.Duration // all of Send, waiting for a connection included; default 30 s
	Idle    time.Duration // keeping a connection for the next mail; default 5 s
}

// Encryption is how the connection is encrypted. A server that does not support it gets no mail.
type Encryption uint8

// The kinds of encryption.
const (
	StartTLS    Encryption = iota // STARTTLS before signing in and sending (RFC 3207)
	ImplicitTLS                   // TLS from the first byte (RFC 8314)
	Unencrypted                   // none
)

// Mailer is a ports.Mailer. It is safe for concurrent use.
type Mailer struct {
	o    Options
	pool *pool
}

var _ ports.Mailer = (*Mailer)(nil)

// New returns a Mailer. It does not connect yet.
func New(o Options) *Mailer {
	if o.Templates == nil {
		o.Templates = BuiltIn()
	}
	if o.Connections == 0 {
		o.Connections = 4
	}
	for _, d := range []struct {
		limit    *time.Duration
		fallback time.Duration
	}{
		{&o.Timeouts.Connect, 15 * time.Second},
		{&o.Timeouts.Command, 30 * time.Second},
		{&o.Timeouts.Message, 30 * time.Second},
		{&o.Timeouts.Idle, 5 * time.Second},
	} {
		if *d.limit == 0 {
			*d.limit = d.fallback
		}
	}
	m := &Mailer{o: o}
	m.pool = newPool(o.Connections, o.Timeouts.Idle, m.dial)
	return m
}

// sender returns the address of the sender. One that cannot be read is used as it is, for the server to refuse it.
func (m *Mailer) sender() ports.Address {
	if a, ok := (Addresses{}).Read(m.o.From.Address); ok {
		return a
	}
	return ports.Address{Text: m.o.From.Address, Mailbox: m.o.From.Address}
}

// Close closes the idle connections. Send still works afterwards, but keeps no connection.
func (m *Mailer) Close() error {
	m.pool.close()
	return nil
}

// Send implements ports.Mailer.
func (m *Mailer) Send(ctx context.Context, x ports.Mail) error { return m.send(ctx, m.draft(x)) }

// SendAccountMail implements ports.Mailer.
func (m *Mailer) SendAccountMail(ctx context.Context, x ports.AccountMail) error {
	return m.send(ctx, m.accountDraft(x))
}

// Try sends a test message about a ticket that does not exist, which belongs to no thread. Its errors are those of Send.
func (m *Mailer) Try(ctx context.Context, id domain.ID, to string, at time.Time) error {
	data := exampleData
	data.Company, data.Site, data.Link, data.Recipient = m.o.Company, m.site(), m.site(), to
	data.Title, data.Message = "Test of the mail settings", "This is what a notification looks like. The ticket below does not exist."
	data.Event, data.Comment, data.Shortened = data.Title+".", data.Message, false
	return m.send(ctx, draft{
		id: id, to: to, name: to, subject: "[" + m.o.Company + "] " + data.Title, at: at,
		bodies: m.o.Templates.notification[english], data: data,
	})
}

func (m *Mailer) send(ctx context.Context, d draft) error {
	e, err := m.compose(d)
	if err != nil {
		return m.describe(ctx, err)
	}
	within, cancel := context.WithTimeout(ctx, m.o.Timeouts.Message)
	defer cancel()
	if err := m.pool.send(within, e); err != nil {
		if ctx.Err() == nil && within.Err() != nil {
			err = fmt.Errorf("the message was not accepted within %v", m.o.Timeouts.Message)
		}
		return m.describe(ctx, err)
	}
	return nil
}

// describe returns an error for the caller with the password removed from its text. A *ports.MailRefused stays one. Of any
// other error only the end of ctx can be unwrapped.
func (m *Mailer) describe(ctx context.Context, err error) error {
	var refused *ports.MailRefused
	if errors.As(err, &refused) {
		return &ports.MailRefused{Reason: m.hide(refused.Reason), Address: refused.Address}
	}
	server := net.JoinHostPort(m.o.Host, strconv.Itoa(m.o.Port))
	if ctx.Err() != nil {
		return fmt.Errorf("mail server %s: %w", server, ctx.Err())
	}
	return errors.New(m.hide(fmt.Sprintf("mail server %s: %v", server, err)))
}

// minHidden is the length in bytes of the shortest password that hide looks for. Shorter ones occur in any text.
const minHidden = 4

// hide replaces the password in a text, in every form in which a server may repeat it: as it is, quoted, and in base64. A
// longer word that contains it stays.
func (m *Mailer) hide(text string) string {
	if len(m.o.Password) < minHidden {
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

// replaceWhole replaces old by replacement, except next to a letter or digit.
func replaceWhole(text, old, replacement string) string {
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
		if isWordRune(before) || isWordRune(after) {
			_, n := utf8.DecodeRuneInString(text[i:])
			out.WriteString(text[from : i+n])
			from = i + n
			continue
		}
		out.WriteString(text[from:i] + replacement)
		from = end
	}
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
