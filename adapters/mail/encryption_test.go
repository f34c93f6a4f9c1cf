package mail_test

import (
	"crypto/x509"
	"errors"
	"strings"
	"testing"

	"tickt/adapters/mail"
	"tickt/ports"
)

func TestEncryption(t *testing.T) {
	config, roots := testCertificate(t)
	for name, c := range map[string]struct {
		server     *smtpServer
		encryption mail.Encryption
		roots      *x509.CertPool
		fails      string // part of the error; "": none
	}{
		"STARTTLS":                             {&smtpServer{tls: config}, mail.StartTLS, roots, ""},
		"implicit TLS":                         {&smtpServer{tls: config, implicit: true}, mail.ImplicitTLS, roots, ""},
		"none":                                 {&smtpServer{tls: config}, mail.Unencrypted, roots, ""},
		"STARTTLS not offered":                 {&smtpServer{}, mail.StartTLS, roots, "STARTTLS"},
		"STARTTLS with an unknown certificate": {&smtpServer{tls: config}, mail.StartTLS, x509.NewCertPool(), "certificate"},
		"implicit TLS with an unknown certificate": {
			&smtpServer{tls: config, implicit: true}, mail.ImplicitTLS, x509.NewCertPool(), "certificate",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.server.auth = func(string, string) error { return nil }
			c.server.start(t)
			m := c.server.mailer(t, func(with *mail.Options) {
				with.Encryption, with.Roots, with.User, with.Password = c.encryption, c.roots, "desk", password
			})
			err := m.Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer"))
			got := c.server.got()
			if c.fails != "" {
				var refused *ports.MailRefused
				if err == nil || errors.As(err, &refused) || !strings.Contains(err.Error(), c.fails) || len(got) != 0 {
					t.Errorf("%v, accepted %d", err, len(got))
				}
				return
			}
			check(t, err)
			if len(got) != 1 || got[0].secure != (c.encryption != mail.Unencrypted) {
				t.Errorf("accepted %d: %+v", len(got), got)
			}
		})
	}
}

func TestSigningIn(t *testing.T) {
	config, roots := testCertificate(t)
	o := &smtpServer{tls: config}
	o.auth = func(name, pw string) error {
		if name != "desk" || pw != password {
			return smtpError(535, "not you, "+name+" with "+pw)
		}
		return nil
	}
	o.start(t)
	send := func(pw string) error {
		m := o.mailer(t, func(with *mail.Options) {
			with.Encryption, with.Roots, with.User, with.Password = mail.StartTLS, roots, "desk", pw
		})
		return m.Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer"))
	}
	check(t, send(password))
	err := send("wrong-" + password)
	var refused *ports.MailRefused
	if err == nil || errors.As(err, &refused) || !strings.Contains(err.Error(), "not you, desk with [secret]") ||
		strings.Contains(err.Error(), password) {
		t.Errorf("a wrong password: %v", err)
	}
	bare := (&smtpServer{}).start(t)
	m := bare.mailer(t, func(with *mail.Options) { with.User, with.Password = "desk", password })
	if err := m.Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer")); err == nil || !strings.Contains(err.Error(), "AUTH") {
		t.Errorf("a server without AUTH: %v", err)
	}
}

// The server repeats the password in its refusal.
func TestPasswordIsHiddenInErrors(t *testing.T) {
	config, roots := testCertificate(t)
	for name, c := range map[string]struct{ password, reply, want string }{
		"as a word":              {"harbour", "not with harbour.", "not with [secret]."},
		"more than once":         {"harbour", "harbour, harbour!", "[secret], [secret]!"},
		"with punctuation":       {"(har)-bour", "not with (har)-bour", "not with [secret]"},
		"with quoted characters": {`har"b\our`, `not with har"b\our`, "not with [secret]"},
		"within other words":     {"port", "support says port, ports says sport", "support says [secret], ports says sport"},
		"too short":              {"p", "support p", "support p"},
		"in base64":              {"harbour", "not with aGFyYm91cg==", "not with [secret]"},
		"as sent by PLAIN":       {"harbour", "not with AGRlc2sAaGFyYm91cg==", "not with [secret]"},
		"next to other letters":  {"port", "éport porté port", "éport porté [secret]"},
	} {
		t.Run(name, func(t *testing.T) {
			o := &smtpServer{tls: config, auth: func(string, string) error { return smtpError(535, c.reply) }}
			o.start(t)
			m := o.mailer(t, func(with *mail.Options) {
				with.Encryption, with.Roots, with.User, with.Password = mail.StartTLS, roots, "desk", c.password
			})
			if err := m.Send(t.Context(), statusChangeMail("l1", "zoe@example.org", "Printer")); err == nil ||
				!strings.HasSuffix(err.Error(), ` "5.1.1 `+c.want+`"`) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
