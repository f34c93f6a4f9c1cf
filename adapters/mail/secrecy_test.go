package mail_test

import (
	"crypto/x509"
	"errors"
	"strings"
	"testing"

	"tickt/adapters/mail"
	"tickt/ports"
)

func TestWhatIsSaidIsEncrypted(t *testing.T) {
	config, roots := certified(t)
	for name, c := range map[string]struct {
		office  *postOffice
		secrecy mail.Secrecy
		roots   *x509.CertPool
		fails   string // "": it does not
	}{
		"by STARTTLS":                            {&postOffice{tls: config}, mail.StartTLS, roots, ""},
		"from the start":                         {&postOffice{tls: config, implicit: true}, mail.FromTheStart, roots, ""},
		"not, where that is wanted":              {&postOffice{tls: config}, mail.InTheClear, roots, ""},
		"or refused, where it cannot be":         {&postOffice{}, mail.StartTLS, roots, "STARTTLS"},
		"or refused, where nobody knows by whom": {&postOffice{tls: config}, mail.StartTLS, x509.NewCertPool(), "certificate"},
		"the same from the start": {
			&postOffice{tls: config, implicit: true}, mail.FromTheStart, x509.NewCertPool(), "certificate",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.office.sign = func(string, string) error { return nil }
			c.office.open(t)
			m := c.office.mailer(t, func(with *mail.Options) {
				with.Secrecy, with.Roots, with.User, with.Password = c.secrecy, c.roots, "desk", password
			})
			err := m.Send(t.Context(), note("l1", "zoe@example.org", "Printer"))
			got := c.office.got()
			if c.fails != "" {
				var refused *ports.MailRefused
				if err == nil || errors.As(err, &refused) || !strings.Contains(err.Error(), c.fails) || len(got) != 0 {
					t.Errorf("%v, accepted %d", err, len(got))
				}
				return
			}
			check(t, err)
			if len(got) != 1 || got[0].secure != (c.secrecy != mail.InTheClear) {
				t.Errorf("accepted %d: %+v", len(got), got)
			}
		})
	}
}

func TestWhoSignsInIsBelievedOrNot(t *testing.T) {
	config, roots := certified(t)
	o := &postOffice{tls: config}
	o.sign = func(name, pw string) error {
		if name != "desk" || pw != password {
			return answer(535, "not you, "+name+" with "+pw)
		}
		return nil
	}
	o.open(t)
	send := func(pw string) error {
		m := o.mailer(t, func(with *mail.Options) {
			with.Secrecy, with.Roots, with.User, with.Password = mail.StartTLS, roots, "desk", pw
		})
		return m.Send(t.Context(), note("l1", "zoe@example.org", "Printer"))
	}
	check(t, send(password))
	err := send("wrong-" + password)
	var refused *ports.MailRefused
	if err == nil || errors.As(err, &refused) || !strings.Contains(err.Error(), "not you, desk with [secret]") ||
		strings.Contains(err.Error(), password) {
		t.Errorf("a wrong password: %v", err)
	}
	bare := (&postOffice{}).open(t)
	m := bare.mailer(t, func(with *mail.Options) { with.User, with.Password = "desk", password })
	if err := m.Send(t.Context(), note("l1", "zoe@example.org", "Printer")); err == nil || !strings.Contains(err.Error(), "AUTH") {
		t.Errorf("a server where nobody can sign in: %v", err)
	}
}

// TestASecretIsHiddenAndNothingElse lets the server repeat a password in its refusal.
func TestASecretIsHiddenAndNothingElse(t *testing.T) {
	config, roots := certified(t)
	for name, c := range map[string]struct{ password, says, told string }{
		"as a word":                 {"harbour", "not with harbour.", "not with [secret]."},
		"more than once":            {"harbour", "harbour, harbour!", "[secret], [secret]!"},
		"with signs of its own":     {"(har)-bour", "not with (har)-bour", "not with [secret]"},
		"with what is quoted":       {`har"b\our`, `not with har"b\our`, "not with [secret]"},
		"beside letters alike":      {"port", "support says port, ports says sport", "support says [secret], ports says sport"},
		"a letter":                  {"p", "support p", "support p"},
		"in base64":                 {"harbour", "not with aGFyYm91cg==", "not with [secret]"},
		"as it was sent":            {"harbour", "not with AGRlc2sAaGFyYm91cg==", "not with [secret]"},
		"beside letters of another": {"port", "éport porté port", "éport porté [secret]"},
	} {
		t.Run(name, func(t *testing.T) {
			o := &postOffice{tls: config, sign: func(string, string) error { return answer(535, c.says) }}
			o.open(t)
			m := o.mailer(t, func(with *mail.Options) {
				with.Secrecy, with.Roots, with.User, with.Password = mail.StartTLS, roots, "desk", c.password
			})
			if err := m.Send(t.Context(), note("l1", "zoe@example.org", "Printer")); err == nil ||
				!strings.HasSuffix(err.Error(), ` "5.1.1 `+c.told+`"`) {
				t.Errorf("told %v, want %s", err, c.told)
			}
		})
	}
}
