package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"tickt/ports"
)

// connection is one way to the server, signed in. It is for one goroutine at a time.
type connection struct {
	client  *smtp.Client
	wire    net.Conn // beneath what encrypts
	command time.Duration
	sent    int         // messages that were tried on it
	lost    bool        // it can no longer be used, though the last failure was none of its own
	idle    *time.Timer // while it waits: ends it
}

// broken is a failure after which a connection can no longer be used.
type broken struct {
	begun bool // the content was on its way, so that the server may have taken it
	err   error
}

func (b *broken) Error() string { return b.err.Error() }

// Answers that end a connection, or that say that it is not us who may send: no fault of a message.
const (
	closing       = 421
	lastOfSyntax  = 504 // 500 to 504: the command is not understood
	authNeeded    = 530
	authTooWeak   = 534
	authFailed    = 535
	authUncrypted = 538
)

// dial connects and signs in.
func (m *Mailer) dial(ctx context.Context) (_ *connection, err error) {
	within, cancel := context.WithTimeout(ctx, m.o.Within.Connect)
	defer cancel()
	c := &connection{command: m.o.Within.Command}
	stop := func() bool { return true }
	defer func() {
		if !stop() || err != nil {
			err = m.unconnected(within, c, err)
		}
	}()
	client, err := gomail.NewClient(m.o.Host, m.options(func(dialing context.Context, network, address string) (net.Conn, error) {
		wire, err := new(net.Dialer).DialContext(dialing, network, address)
		if err != nil {
			return nil, err
		}
		c.wire = wire
		stop = context.AfterFunc(within, func() { _ = wire.Close() })
		if m.o.Secrecy != FromTheStart {
			return wire, nil
		}
		secure := tls.Client(wire, m.tls())
		return secure, secure.HandshakeContext(dialing)
	})...)
	if err != nil {
		return nil, err
	}
	c.client, err = client.DialToSMTPClientWithContext(within)
	return c, err
}

// unconnected closes what was opened and says what went wrong.
func (m *Mailer) unconnected(ctx context.Context, c *connection, err error) error {
	if c.wire != nil {
		_ = c.wire.Close()
	}
	if ctx.Err() != nil {
		err = fmt.Errorf("no connection within %v", m.o.Within.Connect)
	}
	return &broken{err: fmt.Errorf("connect: %w", err)}
}

type dialFunc = func(context.Context, string, string) (net.Conn, error)

func (m *Mailer) options(dial dialFunc) []gomail.Option {
	all := []gomail.Option{
		gomail.WithPort(m.o.Port), gomail.WithTimeout(m.o.Within.Connect), gomail.WithDialContextFunc(dial),
		gomail.WithTLSConfig(m.tls()), gomail.WithoutSMTPUTF8(), // addresses of accounts are ASCII
	}
	mechanisms := []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin, gomail.SMTPAuthCramMD5}
	switch m.o.Secrecy {
	case InTheClear:
		all = append(all, gomail.WithTLSPolicy(gomail.NoTLS))
		mechanisms = []gomail.SMTPAuthType{
			gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthCramMD5, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc,
		}
	case FromTheStart:
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

// send hands a message over. When the context ends, so does the connection.
func (c *connection) send(ctx context.Context, e envelope) error {
	stop := context.AfterFunc(ctx, func() { _ = c.wire.Close() })
	defer stop()
	c.sent++
	if err := c.say("the sender", false, func() error { return c.client.Mail(e.from) }); err != nil {
		return err
	}
	if err := c.say("the recipient", true, func() error { return c.client.Rcpt(e.to) }); err != nil {
		return err
	}
	return c.say("the message", true, func() error { return c.content(e.content) })
}

// say does one step of handing over. judged says whether a refusal of it is about the message and its recipient.
func (c *connection) say(what string, judged bool, step func() error) error {
	if err := c.client.UpdateDeadline(c.command); err != nil {
		return &broken{err: err}
	}
	err := step()
	if err == nil {
		return nil
	}
	var reply *textproto.Error
	var broke *broken
	switch {
	case errors.As(err, &broke):
		return err
	case !errors.As(err, &reply), reply.Code == closing:
		return &broken{err: fmt.Errorf("it was lost at %s: %w", what, err)}
	}
	c.lost = c.client.Reset() != nil
	if judged && forGood(reply.Code) {
		return &ports.MailRefused{Reason: fmt.Sprintf("The mail server refused %s: %v", what, reply)}
	}
	return fmt.Errorf("it did not take %s: %w", what, reply)
}

// forGood says whether an answer about a recipient or a message will be the same whenever it is asked for.
func forGood(code int) bool {
	switch code {
	case authNeeded, authTooWeak, authFailed, authUncrypted:
		return false
	}
	return code > lastOfSyntax && code < 600
}

// content sends the message itself. Without an answer nobody knows whether the server has taken it.
func (c *connection) content(text []byte) error {
	w, err := c.client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return &broken{begun: true, err: fmt.Errorf("it was lost in the middle of the message: %w", err)}
	}
	if err := c.client.UpdateDeadline(c.command); err != nil {
		return &broken{begun: true, err: err}
	}
	err = w.Close()
	var reply *textproto.Error
	if err != nil && !errors.As(err, &reply) {
		return &broken{begun: true, err: fmt.Errorf("it was lost after the message: %w", err)}
	}
	return err
}

// goodbye is how long the server may take to answer that nothing more comes.
const goodbye = time.Second

// end says goodbye, where somebody still listens, and closes the connection.
func (c *connection) end() {
	if c.client.UpdateDeadline(goodbye) == nil {
		_ = c.client.Quit()
	}
	_ = c.wire.Close()
}
