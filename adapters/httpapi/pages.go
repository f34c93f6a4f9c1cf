package httpapi

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"maps"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// pageFiles are the parts of the pages behind the links in mails.
//
//go:embed pages
var pageFiles embed.FS

// linkPage is a page behind a link in a mail. The token is in the fragment of its URL, which browsers do not send. The page
// sends the token when its button is pressed, so that a program that follows links in mails changes nothing.
type linkPage struct {
	name         string // in its URL
	endpoint     string // that it calls, relative to /api
	asksPassword bool
}

var linkPages = []linkPage{
	{name: "reset-password", endpoint: "/auth/password/reset/", asksPassword: true},
	{name: "confirm-email", endpoint: "/me/email/confirm/"},
}

// linkPageRoutes registers the pages, each in every language. They need no authentication, and ignore query parameters, which
// programs that check mails add to links.
func linkPageRoutes(r fiber.Router) {
	parts := readPageParts()
	for _, p := range linkPages {
		for language := range parts.texts[p.name] {
			page := inMemory(fiber.MIMETextHTMLCharsetUTF8, "no-store", func() ([]byte, error) { return parts.render(p, language) })
			r.Get("/pages/"+p.name+"/"+language+"/", func(c *fiber.Ctx) error {
				c.Set(fiber.HeaderContentSecurityPolicy, parts.policy)
				return page.serve(c)
			})
		}
	}
}

// pageParts are what the pages have in common.
type pageParts struct {
	layout        *template.Template
	style, script string
	texts         map[string]map[string]map[string]string // by page or "common", language and name
	policy        string                                  // the Content-Security-Policy
}

// readPageParts reads the parts. It panics if one cannot be read, which tests would find.
func readPageParts() pageParts {
	read := func(name string) string {
		text, err := pageFiles.ReadFile("pages/" + name)
		if err != nil {
			panic(err)
		}
		return string(text)
	}
	p := pageParts{
		layout: template.Must(template.New("page").Parse(read("page.html"))), style: read("page.css"), script: read("page.js"),
	}
	if err := json.Unmarshal([]byte(read("texts.json")), &p.texts); err != nil {
		panic(err)
	}
	p.policy = "default-src 'none'; script-src " + hashSource(p.script) + "; style-src " + hashSource(p.style) +
		"; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	return p
}

// hashSource returns the source expression that allows one inline script or style (CSP Level 3, section 2.3.1).
func hashSource(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// messages are the texts that the script shows; those about a problem are named after its field and code.
var messages = []string{"done", "different", "incomplete", "gone", "throttled", "failed", "sending"}

func (p pageParts) render(page linkPage, language string) ([]byte, error) {
	say := maps.Clone(p.texts["common"][language])
	maps.Copy(say, p.texts[page.name][language])
	shown := map[string]string{}
	for name, text := range say {
		if strings.Contains(name, "-") {
			shown[name] = text
		}
	}
	for _, name := range messages {
		if text, used := say[name]; used {
			shown[name] = text
		}
	}
	var out bytes.Buffer
	err := p.layout.Execute(&out, map[string]any{
		"Language": language, "Endpoint": page.endpoint, "AsksPassword": page.asksPassword, "Say": say, "Messages": shown,
		"Style": template.CSS(p.style), "Script": template.JS(p.script), //nolint:gosec // files of ours
	})
	return out.Bytes(), err
}
