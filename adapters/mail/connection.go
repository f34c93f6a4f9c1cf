package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"tickt/ports"
)

// connection is a connection to the server after signing in. It is for one goroutine at a time.
type connection struct {
	client    *smtp.Client
	conn      net.Conn // below TLS
	timeout   time.Duration
	sent      int         // messages, refused ones included
	unusable  bool        // resetting it after a refusal failed
	idleTimer *time.Timer // while it is idle: closes it
}

// connError is an error after which the connection cannot be used any more.
type connError struct {
	contentBegun bool // the server may have accepted the message
	err          error
}

func (e *connError) Error() string { return e.err.Error() }

// Replies that are not about the message: the connection ends, a command is not understood, or the client must sign in
// (RFC 5321 §4.2.3, RFC 4954 §6).
const (
	replyClosing            = 421
	replyLastSyntaxError    = 504 // 500 to 504
	replyAuthRequired       = 530
	replyAuthTooWeak        = 534
	replyAuthFailed         = 535
	replyEncryptionRequired = 538
)

// dial connects and signs in.
func (m *Mailer) dial(ctx context.Context) (_ *connection, err error) {
	within, cancel := context.WithTimeout(ctx, m.o.Timeouts.Connect)
	defer cancel()
	c := &connection{timeout: m.o.Timeouts.Command}
	stop := func() bool { return true }
	defer func() {
		if !stop() || err != nil {
			err = m.dialFailed(within, c, err)
		}
	}()
	client, err := gomail.NewClient(m.o.Host, m.options(func(dialing context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(dialing, network, address)
		if err != nil {
			return nil, err
		}
		c.conn = conn
		stop = context.AfterFunc(within, func() { _ = conn.Close() })
		if m.o.Encryption != ImplicitTLS {
			return conn, nil
		}
		secure := tls.Client(conn, m.tls())
		return secure, secure.HandshakeContext(dialing)
	})...)
	if err != nil {
		return nil, err
	}
	c.client, err = client.DialToSMTPClientWithContext(within)
	return c, err
}

// dialFailed closes the connection, if any, and returns the error of dial.
func (m *Mailer) dialFailed(ctx context.Context, c *connection, err error) error {
	if c.conn != nil {
		_ = c.conn.Close()
	}
	if ctx.Err() != nil {
		err = fmt.Errorf("no connection within %v", m.o.Timeouts.Connect)
	}
	return &connError{err: fmt.Errorf("connect: %w", err)}
}

type dialFunc = func(context.Context, string, string) (net.Conn, error)

func (m *Mailer) options(dial dialFunc) []gomail.Option {
	all := []gomail.Option{
		gomail.WithPort(m.o.Port), gomail.WithTimeout(m.o.Timeouts.Connect), gomail.WithDialContextFunc(dial),
		gomail.WithTLSConfig(m.tls()), gomail.WithoutSMTPUTF8(), // only for the addresses that need it: see send
	}
	mechanisms := []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin, gomail.SMTPAuthCramMD5}
	switch m.o.Encryption {
	case Unencrypted:
		all = append(all, gomail.WithTLSPolicy(gomail.NoTLS))
		mechanisms = []gomail.SMTPAuthType{
			gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthCramMD5, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc,
		}
	case ImplicitTLS:
		all = append(all, gomail.WithSSL())
	case StartTLS:
		all = append(all, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if m.o.User != "" && m.o.Password != "" {
		all = append(all, gomail.WithUsername(m.o.User), gomail.WithPassword(m.o.Password), gomail.WithOpportunisticSMTPAuth(mechanisms...))
	}
	return all
}

func (m *Mailer) tls() *tls.Config {
	return &tls.Config{ServerName: m.o.Host, RootCAs: m.o.Roots, MinVersion: tls.VersionTLS12}
}

// send sends a message. The end of ctx closes the connection.
func (c *connection) send(ctx context.Context, e envelope) error {
	stop := context.AfterFunc(ctx, func() { _ = c.conn.Close() })
	defer stop()
	c.sent++
	if limit := c.maxSize(); limit > 0 && len(e.content) > limit {
		return &ports.MailRefused{Reason: fmt.Sprintf("The message has %d bytes; the mail server accepts %d.", len(e.content), limit)}
	}
	from := "<" + e.from.Mailbox + ">"
	if e.from.IsInternational() || e.to.IsInternational() {
		if err := c.mayBeInternational(e); err != nil {
			return err
		}
		from += " SMTPUTF8" // RFC 6531 §3.4
	}
	if err := c.step(theSender, func() error { return c.client.Mail(from) }); err != nil {
		return err
	}
	if err := c.step(theRecipient, func() error { return c.client.Rcpt("<" + e.to.Mailbox + ">") }); err != nil {
		return err
	}
	return c.step(theMessage, func() error { return c.sendContent(e.content) })
}

// mayBeInternational fails if the server does not take addresses whose local part is not ASCII: for good because of the recipient, and
// for now because of the sender, which is for an operator to correct.
func (c *connection) mayBeInternational(e envelope) error {
	if offered, _ := c.client.Extension("SMTPUTF8"); offered {
		return nil
	}
	if e.from.IsInternational() {
		return fmt.Errorf("the mail server does not support SMTPUTF8, which the sender %s needs", e.from.Mailbox)
	}
	return &ports.MailRefused{Reason: fmt.Sprintf("The mail server does not support SMTPUTF8, which the address %s needs.", e.to.Mailbox)}
}

// maxSize returns the maximum size of a message that the server has announced (RFC 1870); 0 if it has not.
func (c *connection) maxSize() int {
	announced, text := c.client.Extension("SIZE")
	limit, err := strconv.Atoi(strings.TrimSpace(text))
	if !announced || err != nil {
		return 0
	}
	return limit
}

// What a step of sending is about.
const (
	theSender    = "the sender"
	theRecipient = "the recipient"
	theMessage   = "the message"
)

// step runs one step of sending. A permanent refusal of it is a *ports.MailRefused, except of the sender, which is for an operator
// to correct.
func (c *connection) step(what string, run func() error) error {
	if err := c.client.UpdateDeadline(c.timeout); err != nil {
		return &connError{err: err}
	}
	err := run()
	if err == nil {
		return nil
	}
	var reply *textproto.Error
	var broken *connError
	switch {
	case errors.As(err, &broken):
		return err
	case !errors.As(err, &reply), reply.Code == replyClosing:
		return &connError{err: fmt.Errorf("connection lost while sending %s: %w", what, err)}
	}
	c.unusable = c.client.Reset() != nil
	if what != theSender && isPermanent(reply.Code) {
		return &ports.MailRefused{
			Reason: fmt.Sprintf("The mail server refused %s: %v", what, reply), Address: what == theRecipient && isAboutAddress(reply),
		}
	}
	return fmt.Errorf("%s was not accepted: %w", what, reply)
}

// isPermanent reports whether a reply about a recipient or a message is a permanent refusal.
func isPermanent(code int) bool {
	switch code {
	case replyAuthRequired, replyAuthTooWeak, replyAuthFailed, replyEncryptionRequired:
		return false
	}
	return code > replyLastSyntaxError && code < 600
}

// isAboutAddress reports whether a permanent reply to a recipient says that its address will never be accepted: the enhanced status
// code (RFC 3463 §3.2) is 5.1.x, but for those about the sender, or 5.2.1. Without one it may be a policy.
func isAboutAddress(reply *textproto.Error) bool {
	code, _, _ := strings.Cut(reply.Msg, " ")
	detail, address := strings.CutPrefix(code, "5.1.")
	switch {
	case code == "5.2.1":
		return true
	case !address || detail == "7" || detail == "8": // bad sender's mailbox address, or its system
		return false
	default:
		n, err := strconv.Atoi(detail)
		return err == nil && n >= 0
	}
}

// sendContent sends the content. Without a reply it is unknown whether the server has accepted the message.
func (c *connection) sendContent(text []byte) error {
	w, err := c.client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return &connError{contentBegun: true, err: fmt.Errorf("connection lost in the middle of the message: %w", err)}
	}
	if err := c.client.UpdateDeadline(c.timeout); err != nil {
		return &connError{contentBegun: true, err: err}
	}
	err = w.Close()
	var reply *textproto.Error
	if err != nil && !errors.As(err, &reply) {
		return &connError{contentBegun: true, err: fmt.Errorf("connection lost after the message: %w", err)}
	}
	return err
}

// quitTimeout limits the QUIT command.
const quitTimeout = time.Second

// quit sends QUIT, if the connection still works, and closes it.
func (c *connection) quit() {
	if c.client.UpdateDeadline(quitTimeout) == nil {
		_ = c.client.Quit()
	}
	_ = c.conn.Close()
}
