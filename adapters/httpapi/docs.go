package httpapi

import (
	"embed"

	"github.com/gofiber/fiber/v2"
	"github.com/swaggest/swgui/v5/static"
)

// docs holds the reference page. It shows the document with Swagger UI, which is embedded too, so that the page loads
// nothing from other hosts.
//
//go:embed docs
var docs embed.FS

// pagePolicy lets the page load from and call only its own origin. The style sheet of Swagger UI contains icons as data:
// URLs. Its script sets styles only through the DOM and evaluates no strings, so no 'unsafe-' sources are needed.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Values of Cache-Control.
const (
	cacheRevalidated = "public, no-cache"
	cacheOneHour     = "public, max-age=3600"
)

const (
	mimeYAML = "application/yaml" // RFC 9512
	mimeCSS  = "text/css; charset=utf-8"
)

// documents and assets are the served files by their path under /api. Each is read at its first request.
var (
	documents = map[string]*file{
		"/openapi.yaml": inMemory(mimeYAML, cacheRevalidated, func() ([]byte, error) { return openAPIYAML, nil }),
		"/openapi.json": inMemory(fiber.MIMEApplicationJSON, cacheRevalidated, func() ([]byte, error) { return openAPIJSON, nil }),
	}
	index  = embedded(docs, "docs/index.html", fiber.MIMETextHTMLCharsetUTF8, cacheRevalidated)
	assets = map[string]*file{
		"/docs/page.js":              embedded(docs, "docs/page.js", fiber.MIMETextJavaScriptCharsetUTF8, cacheOneHour),
		"/docs/page.css":             embedded(docs, "docs/page.css", mimeCSS, cacheOneHour),
		"/docs/favicon-32x32.png":    embedded(static.FS, "favicon-32x32.png", "image/png", cacheOneHour),
		"/docs/swagger-ui.css":       zipped(static.FS, "swagger-ui.css.gz", mimeCSS, cacheOneHour),
		"/docs/swagger-ui-bundle.js": zipped(static.FS, "swagger-ui-bundle.js.gz", fiber.MIMETextJavaScriptCharsetUTF8, cacheOneHour),
	}
)

// docs registers the routes of the OpenAPI document and the page that shows it. They need no authentication.
func (a *api) docs(r fiber.Router) {
	for path, f := range documents {
		r.Get(path, anonymous, f.serve)
	}
	r.Get("/docs/", anonymous, func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentSecurityPolicy, pagePolicy)
		return index.serve(c)
	})
	for path, f := range assets {
		r.Get(path, anonymous, f.serve)
	}
}
