package mail_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tickt/adapters/mail"
)

// folder holds templates; a file with "" is left out.
func folder(t *testing.T, html, text string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"notification.html": html, "notification.txt": text} {
		if content != "" {
			check(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
		}
	}
	return dir
}

func TestMailsAreMadeOfTheTemplatesOfTheDesk(t *testing.T) {
	templates, err := mail.ReadTemplates(folder(t, `<b title="{{.Title}}">{{.Ticket.Number}}</b>`, `{{.Company}}: {{.Message}} {{.Site}}`))
	check(t, err)
	o := (&postOffice{}).open(t)
	m := o.mailer(t, func(with *mail.Options) { with.Templates = templates })
	check(t, m.Send(t.Context(), note("l1", "zoe@example.org", `"><script>`)))
	p := parse(t, o.got()[0].text)
	if want := `<b title="Status changed: &#34;&gt;&lt;script&gt;">TKT-20260301-0001</b>`; p.html != want {
		t.Errorf("the HTML is %s", p.html)
	}
	const want = "Ação & Söhne: TKT-20260301-0001: status changed from Open to Müde by Zoë. https://desk.example.org:8443/help/"
	if p.text != want {
		t.Errorf("the text is %s", p.text)
	}
}

func TestTemplatesThatCannotBeUsedAreFoundBeforeTheyAreNeeded(t *testing.T) {
	const fine = "{{.Title}}"
	for name, c := range map[string]struct{ html, text, says string }{
		"no HTML":                 {"", fine, "notification.html cannot be read: "},
		"no text":                 {fine, "", "notification.txt cannot be read: "},
		"HTML that is broken":     {"{{.Title", fine, "notification.html"},
		"text that is broken":     {fine, "{{if}}", "notification.txt"},
		"a field there is none":   {fine, "{{.Colour}}", "notification.txt"},
		"one of a ticket":         {"{{.Ticket.Colour}}", fine, "notification.html"},
		"HTML that has no end":    {`<a href="{{.Link}}`, fine, "notification.html"},
		"a function there is not": {fine, "{{shout .Title}}", "notification.txt"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mail.ReadTemplates(folder(t, c.html, c.text))
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
