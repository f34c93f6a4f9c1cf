package mail_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tickt/adapters/mail"
)

// templateDir returns a directory with templates; a template that is "" is left out.
func templateDir(t *testing.T, html, text string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"notification.html": html, "notification.txt": text} {
		if content != "" {
			writeTemplate(t, dir, name, content)
		}
	}
	return dir
}

func writeTemplate(t *testing.T, dir, name, content string) {
	t.Helper()
	check(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
}

func TestTemplatesOfTheDeskAreUsed(t *testing.T) {
	dir := templateDir(t, `<b title="{{.Title}}">{{.Ticket.Number}}</b>`, `{{.Company}}: {{.Message}} {{.Site}}`)
	templates, err := mail.ReadTemplates(dir)
	check(t, err)
	o := (&smtpServer{}).start(t)
	m := o.mailer(t, func(with *mail.Options) { with.Templates = templates })
	check(t, m.Send(t.Context(), statusChangeMail("l1", "zoe@example.org", `"><script>`)))
	p := parse(t, o.got()[0].text)
	if want := `<b title="Status changed: &#34;&gt;&lt;script&gt;">TKT-20260301-0001</b>`; p.html != want {
		t.Errorf("the HTML is %s", p.html)
	}
	const want = "Ação & Söhne: TKT-20260301-0001: status changed from Open to Müde by Zoë. https://desk.example.org:8443/help/"
	if p.text != want {
		t.Errorf("the text is %s", p.text)
	}
}

func TestReadTemplatesRefusesUnusableTemplates(t *testing.T) {
	const fine = "{{.Title}}"
	for name, c := range map[string]struct{ html, text, says string }{
		"no HTML":                 {"", fine, "notification.html cannot be read: "},
		"no text":                 {fine, "", "notification.txt cannot be read: "},
		"broken HTML":             {"{{.Title", fine, "notification.html"},
		"broken text":             {fine, "{{if}}", "notification.txt"},
		"an unknown field":        {fine, "{{.Colour}}", "notification.txt"},
		"an unknown ticket field": {"{{.Ticket.Colour}}", fine, "notification.html"},
		"unterminated HTML":       {`<a href="{{.Link}}`, fine, "notification.html"},
		"an unknown function":     {fine, "{{shout .Title}}", "notification.txt"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mail.ReadTemplates(templateDir(t, c.html, c.text))
			if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Error(err)
			}
		})
	}
	if _, err := mail.ReadTemplates(filepath.Join(t.TempDir(), "nowhere")); err == nil ||
		!strings.HasPrefix(err.Error(), "notification.html cannot be read") {
		t.Error(err)
	}
}
