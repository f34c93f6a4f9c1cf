package httpapi

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
)

var (
	inlineParts = regexp.MustCompile(`(?s)<(script|style)>(.*?)</(?:script|style)>`)
	attributes  = regexp.MustCompile(`(?i)\s(src|href|style|on[a-z]+|action)=`)
)

func pagePaths() (paths []string) {
	for _, p := range linkPages {
		for _, language := range []string{"en", "ne"} {
			paths = append(paths, "/api/pages/"+p.name+"/"+language+"/")
		}
	}
	return paths
}

// A page loads nothing, runs only its own script, and is neither stored nor framed.
func TestLinkPagesAreSelfContained(t *testing.T) {
	e := run(t, func(_ *api, r fiber.Router) { linkPageRoutes(r) })
	for _, path := range pagePaths() {
		for _, variant := range []string{path, strings.TrimSuffix(path, "/"), path + "?utm_source=mail"} {
			page := e.ask("GET", variant, "")
			if page.status != http.StatusOK || page.header.Get("Content-Type") != "text/html; charset=utf-8" {
				t.Fatalf("%s: %d %v", variant, page.status, page.header)
			}
			for header, want := range map[string]string{
				"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			} {
				if got := page.header.Get(header); got != want {
					t.Errorf("%s: %s is %q", path, header, got)
				}
			}
			if found := attributes.FindString(page.body); found != "" {
				t.Errorf("%s: there is an attribute%s", path, found)
			}
			policy := page.header.Get("Content-Security-Policy")
			parts := inlineParts.FindAllStringSubmatch(page.body, -1)
			if len(parts) != 2 || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") ||
				!strings.HasPrefix(policy, "default-src 'none'; ") {
				t.Errorf("%s: %d parts, policy %s", path, len(parts), policy)
			}
			for _, part := range parts {
				if !strings.Contains(policy, part[1]+"-src "+hashSource(part[2])) {
					t.Errorf("%s: the policy %s does not allow its %s", path, policy, part[1])
				}
			}
		}
		if head := e.ask("HEAD", path, ""); head.status != http.StatusOK || head.body != "" {
			t.Errorf("HEAD %s: %d", path, head.status)
		}
		e.failed(e.ask("POST", path, ""), http.StatusMethodNotAllowed, "method_not_allowed", "Method not allowed.")
	}
	for _, path := range []string{"/api/pages/", "/api/pages/reset-password/", "/api/pages/reset-password/fr/", "/api/pages/other/en/"} {
		e.failed(e.ask("GET", path, ""), http.StatusNotFound, "not_found", "Data not found.")
	}
}

// Every text is there in every language, and texts in Nepali are in Devanagari.
func TestLinkPagesAreTranslated(t *testing.T) {
	parts := readPageParts()
	for page, languages := range parts.texts {
		for name := range languages["en"] {
			if languages["ne"][name] == "" {
				t.Errorf("%s: %s has no Nepali text", page, name)
			}
		}
		for name, text := range languages["ne"] {
			if !regexp.MustCompile(`^[\p{Devanagari}\s।.,!…]+$`).MatchString(text) {
				t.Errorf("%s: %s is %s", page, name, text)
			}
			if _, known := languages["en"][name]; !known && !strings.Contains(name, "-") {
				t.Errorf("%s: %s has no English text", page, name)
			}
		}
	}
	for _, page := range linkPages {
		if len(parts.texts[page.name]) != 2 {
			t.Errorf("%s has %d languages", page.name, len(parts.texts[page.name]))
		}
		for language := range parts.texts[page.name] {
			body, err := parts.render(page, language)
			if err != nil || strings.Contains(string(body), "no value") || !strings.Contains(string(body), `<html lang="`+language+`">`) {
				t.Errorf("%s in %s: %v\n%s", page.name, language, err, body)
			}
		}
	}
}
