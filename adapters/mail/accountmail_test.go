package mail_test

import (
	"html"
	"strings"
	"testing"
	"time"

	"tickt/adapters/mail"
	"tickt/domain/account"
	"tickt/ports"
)

func accountMail(kind account.MailKind, language string) ports.AccountMail {
	m := ports.AccountMail{
		ID: "m1", Kind: kind, To: "zoe@example.org", Username: "zoe", Language: language, TimeZone: "Asia/Kathmandu", At: noon,
	}
	if kind == account.PasswordForgotten || kind == account.EmailConfirmation {
		m.Token, m.Until = "abc-_1", noon.Add(30*time.Minute)
	}
	return m
}

func TestAccountMailsAreInTheLanguageOfTheAccount(t *testing.T) {
	o := (&smtpServer{}).start(t)
	m := o.mailer(t, nil)
	for _, c := range []struct {
		kind           account.MailKind
		language       string
		subject, holds string
		link           string
	}{
		{
			account.PasswordForgotten, "", "Set a new password", "The link works once, until Sunday, 1 March 2026, 18:15 UTC+05:45.",
			"https://desk.example.org:8443/help/api/pages/reset-password/en/#token=abc-_1",
		},
		{
			account.PasswordForgotten, "ne", "नयाँ पासवर्ड राख्नुहोस्", "यो लिङ्क २०२६ मार्च १, आइतबार, १८:१५ UTC+०५:४५ सम्म एक पटक मात्र काम गर्छ।",
			"https://desk.example.org:8443/help/api/pages/reset-password/ne/#token=abc-_1",
		},
		{
			account.EmailConfirmation, "en", "Confirm your e-mail address", "new e-mail address of the account zoe.",
			"https://desk.example.org:8443/help/api/pages/confirm-email/en/#token=abc-_1",
		},
		{
			account.EmailConfirmation, "ne", "आफ्नो इमेल ठेगाना पुष्टि गर्नुहोस्", "खाता zoe को नयाँ इमेल ठेगानाका रूपमा",
			"https://desk.example.org:8443/help/api/pages/confirm-email/ne/#token=abc-_1",
		},
		{account.EmailTaken, "en", "This e-mail address is in use already", "so nothing was changed.", ""},
		{account.EmailTaken, "ne", "यो इमेल ठेगाना पहिले नै प्रयोगमा छ", "केही पनि बदलिएको छैन।", ""},
		{account.EmailChanged, "fr", "Your e-mail address was changed", "was changed on Sunday, 1 March 2026, 17:45 UTC+05:45.", ""},
		{account.EmailChanged, "ne", "तपाईंको इमेल ठेगाना बदलियो", "खाता zoe को इमेल ठेगाना", ""},
		{account.PasswordChanged, "en", "Your password was changed", "If it was not you, tell an administrator at once.", ""},
		{account.PasswordChanged, "ne", "तपाईंको पासवर्ड बदलियो", "तुरुन्त प्रशासकलाई खबर गर्नुहोस्।", ""},
	} {
		before := len(o.got())
		check(t, m.SendAccountMail(t.Context(), accountMail(c.kind, c.language)))
		p := parse(t, o.got()[before].text)
		p.html = html.UnescapeString(p.html)
		if subject := p.decoded(t, "Subject"); subject != "[Ação & Söhne] "+c.subject {
			t.Errorf("%s in %q: the subject is %s", c.kind, c.language, subject)
		}
		if !strings.Contains(p.text, c.holds) || !strings.Contains(p.html, c.holds) || strings.ContainsAny(p.text, "{}") {
			t.Errorf("%s in %q:\n%s\n%s", c.kind, c.language, p.text, p.html)
		}
		if !strings.Contains(p.text, c.link) || !strings.Contains(p.html, c.link) || (c.link == "") == strings.Contains(p.html, "href") {
			t.Errorf("%s in %q: the link is missing\n%s\n%s", c.kind, c.language, p.text, p.html)
		}
		if p.header.Get("References") != "" || p.header.Get("Auto-Submitted") != "auto-generated" ||
			p.header.Get("Message-Id") != "<m1@desk.example.org>" {
			t.Errorf("%s: header %v", c.kind, p.header)
		}
		if language := c.language; language == "ne" != strings.Contains(p.html, `<html lang="ne">`) {
			t.Errorf("%s in %q: %s", c.kind, c.language, p.html)
		}
	}
}

func TestNotificationIsInTheLanguageOfTheRecipient(t *testing.T) {
	o := (&smtpServer{}).start(t)
	m := o.mailer(t, nil)
	x := statusChangeMail("l1", "zoe@example.org", "Printer")
	x.Language, x.TimeZone = "ne", "Europe/London"
	check(t, m.Send(t.Context(), x))
	p := parse(t, o.got()[0].text)
	for _, want := range []string{
		"प्राथमिकता", "जिम्मेवार व्यक्ति",
		"२०२६ मार्च १, आइतबार, १२:०० GMT", "tatus changed from Open to Müde", "लाई स्वचालित रूपमा",
	} {
		if !strings.Contains(p.text, want) || !strings.Contains(p.html, want) {
			t.Errorf("%s is missing in\n%s\n%s", want, p.text, p.html)
		}
	}
}

func TestTemplatesOfAccountMailsAreOptional(t *testing.T) {
	o := (&smtpServer{}).start(t)
	for name, c := range map[string]struct{ file, content, want string }{
		"built in": {"", "", "The link works once"},
		"own":      {"account.txt", "{{.Company}} {{range .Paragraphs}}{{end}}{{.Link}} own", " own"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := templateDir(t, "{{.Title}}", `{{say "Ticket"}}`)
			if c.file != "" {
				writeTemplate(t, dir, c.file, c.content)
				if _, err := mail.ReadTemplates(dir); err == nil || !strings.HasPrefix(err.Error(), "account.html cannot be read") {
					t.Errorf("half of them: %v", err)
				}
				writeTemplate(t, dir, "account.html", "{{.Action}}")
			}
			templates, err := mail.ReadTemplates(dir)
			check(t, err)
			m := o.mailer(t, func(with *mail.Options) { with.Templates = templates })
			before := len(o.got())
			check(t, m.SendAccountMail(t.Context(), accountMail(account.PasswordForgotten, "en")))
			if p := parse(t, o.got()[before].text); !strings.Contains(p.text, c.want) {
				t.Errorf("the text is %s", p.text)
			}
		})
	}
}
