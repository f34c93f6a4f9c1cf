package mail_test

import (
	"errors"
	netmail "net/mail"
	"strings"
	"testing"

	"tickt/domain"
	"tickt/ports"
	"tickt/test/desk"
)

// try sends a test mail from one address to another by a server that offers SMTPUTF8 or not.
func try(t *testing.T, utf8 bool, from, to string) (got []accepted, err error) {
	t.Helper()
	s := (&smtpServer{utf8: utf8}).start(t)
	o := options(s.port)
	o.From = netmail.Address{Name: "Süd-Büro", Address: from}
	err = newMailer(t, o).Try(t.Context(), domain.ID(strings.Repeat("a", 32)), to, desk.Noon)
	return s.got(), err
}

func TestMailToInternationalAddresses(t *testing.T) {
	for name, c := range map[string]struct {
		from, to     string
		server, sent bool   // whether the server offers SMTPUTF8, and whether the mail uses it
		mailbox      string // to which it goes
	}{
		"ASCII":                             {"desk@example.org", "zoe@example.org", true, false, "zoe@example.org"},
		"a domain":                          {"desk@example.org", "zoe@müller.de", false, false, "zoe@xn--mller-kva.de"},
		"the domain of the sender":          {"desk@müller.de", "zoe@example.org", false, false, "zoe@example.org"},
		"a local part":                      {"desk@example.org", "zoë@müller.de", true, true, "zoë@xn--mller-kva.de"},
		"the local part of the sender":      {"büro@example.org", "zoe@example.org", true, true, "zoe@example.org"},
		"a quoted local part":               {"desk@example.org", `"zoe a."@example.org`, false, false, `zoe a.@example.org`},
		"a quoted local part that is UTF-8": {"desk@example.org", `"zoë a."@example.org`, true, true, `zoë a.@example.org`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := try(t, c.server, c.from, c.to)
			if err != nil || len(got) != 1 {
				t.Fatalf("%d mails, %v", len(got), err)
			}
			if got[0].to != c.mailbox || got[0].utf8 != c.sent {
				t.Errorf("sent to %q, SMTPUTF8 %v; want %q, %v", got[0].to, got[0].utf8, c.mailbox, c.sent)
			}
			m, err := netmail.ReadMessage(strings.NewReader(string(got[0].text)))
			if err != nil {
				t.Fatal(err)
			}
			for _, field := range []string{"From", "To"} {
				a, err := netmail.ParseAddress(m.Header.Get(field))
				if err != nil || !c.sent && strings.ContainsFunc(m.Header.Get(field), func(r rune) bool { return r > 0x7f }) {
					t.Errorf("%s: %q, %v", field, m.Header.Get(field), err)
				}
				if field == "From" && a.Name != "Süd-Büro" || field == "To" && a.Address != c.mailbox {
					t.Errorf("%s is %+v", field, a)
				}
			}
			if id := m.Header.Get("Message-ID"); strings.ContainsFunc(id, func(r rune) bool { return r > 0x7f }) {
				t.Errorf("Message-ID: %q", id)
			}
		})
	}
}

func TestServerWithoutSMTPUTF8(t *testing.T) {
	got, err := try(t, false, "desk@example.org", "zoë@müller.de")
	var refused *ports.MailRefused
	want := "The mail server does not support SMTPUTF8, which the address zoë@xn--mller-kva.de needs."
	if !errors.As(err, &refused) || refused.Reason != want || refused.Address || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
	got, err = try(t, false, "büro@example.org", "zoe@example.org")
	if err == nil || !strings.Contains(err.Error(), "which the sender büro@example.org needs") || errors.As(err, &refused) || len(got) != 0 {
		t.Errorf("the sender: %v, %v", got, err)
	}
}

func TestUnmailableAddressIsNamed(t *testing.T) {
	_, err := try(t, true, "desk@example.org", "a..b@example.jp")
	var refused *ports.MailRefused
	if !errors.As(err, &refused) || refused.Reason != `"a..b@example.jp" is not an address that mail can be sent to.` {
		t.Errorf("got %v", err)
	}
}
