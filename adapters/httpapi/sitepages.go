package httpapi

import (
	"bytes"
	"html/template"
	"maps"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/language"

	"tickt/adapters/httpserver"
)

// sitePage is a page for people outside of /api. It reads nothing from the store and is the same for everyone.
type sitePage struct {
	name     string // of its texts
	endpoint string // that it shows, "" if none
}

var (
	homePage   = sitePage{name: "home"}
	ticketPage = sitePage{name: "ticket", endpoint: "/api/ticket/<id>/"} // the link in mails about tickets
)

// Pages returns the pages outside of the API: / with links, and /tickets/<id>, which says where the ticket is read. It is the same
// for every id, so that it does not tell which tickets exist.
func Pages() []httpserver.Mount {
	parts := readSiteParts()
	return []httpserver.Mount{
		{Prefix: "/", Routes: func(r fiber.Router) { r.Get("/", parts.serve(homePage)) }},
		{Prefix: "/tickets", Routes: func(r fiber.Router) { r.Get("/:id", parts.serve(ticketPage)) }},
	}
}

// siteLanguages are the languages of the pages; the first one is the default.
var siteLanguages = []string{"en", "ne"}

var siteLanguageMatcher = language.NewMatcher([]language.Tag{language.MustParse(siteLanguages[0]), language.MustParse(siteLanguages[1])})

// siteParts are what the pages have in common.
type siteParts struct {
	layout *template.Template
	pageParts
}

func readSiteParts() siteParts {
	p := siteParts{template.Must(template.ParseFS(pageFiles, "pages/site.html")), readPageParts()}
	p.policy = "default-src 'none'; style-src " + hashSource(p.style) + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	return p
}

// siteRoots are the ways from a page to the root of the service by the number of slashes in its path. Links are relative, because a
// proxy may put a path in front of the service.
var siteRoots = map[int]string{1: "", 2: "../", 3: "../../"}

// serve returns the handler of a page, in the language that Accept-Language asks for (RFC 9110 §12.5.4).
func (p siteParts) serve(page sitePage) fiber.Handler {
	type variant struct{ language, root string }
	files := map[variant]*file{}
	for _, code := range siteLanguages {
		for _, root := range siteRoots {
			files[variant{code, root}] = inMemory(fiber.MIMETextHTMLCharsetUTF8, cacheRevalidated, func() ([]byte, error) {
				return p.render(page, code, root)
			})
		}
	}
	return func(c *fiber.Ctx) error {
		_, i := language.MatchStrings(siteLanguageMatcher, c.Get(fiber.HeaderAcceptLanguage))
		found := files[variant{siteLanguages[i], siteRoots[bytes.Count(c.Request().URI().PathOriginal(), []byte("/"))]}]
		if found == nil {
			return fiber.ErrNotFound
		}
		c.Set(fiber.HeaderContentSecurityPolicy, p.policy)
		c.Set(fiber.HeaderContentLanguage, siteLanguages[i])
		c.Vary(fiber.HeaderAcceptLanguage)
		return found.serve(c)
	}
}

func (p siteParts) render(page sitePage, code, root string) ([]byte, error) {
	say := maps.Clone(p.texts["site"][code])
	maps.Copy(say, p.texts[page.name][code])
	var out bytes.Buffer
	err := p.layout.Execute(&out, map[string]any{
		"Language": code, "Endpoint": page.endpoint, "Root": root, "Say": say,
		"Style": template.CSS(p.style), //nolint:gosec // a file of ours
	})
	return out.Bytes(), err
}
