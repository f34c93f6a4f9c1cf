package httpapi

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"tickt/adapters/httpserver"
	"tickt/test/wire"
)

// runSite starts a server with the API and the pages beside it.
func runSite(t *testing.T) *edgeClient {
	t.Helper()
	s := httpserver.New(httpserver.Options{
		Ready: func(context.Context) error { return nil }, Log: zap.NewNop(), Addr: "127.0.0.1:0", Metrics: prometheus.NewRegistry(),
	}, append([]httpserver.Mount{mount(testAPI().docs)}, Pages()...)...)
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, s)
	return &edgeClient{wire.Client{T: t, Address: s.Address()}}
}

const someTicket = "/tickets/01a20adda62c7208b9d995e2c85ab3d5"

var sitePaths = []string{"/", someTicket, someTicket + "/", "/?utm_source=mail", someTicket + "?utm_source=mail"}

var links = regexp.MustCompile(`href="([^"]*)"`)

func TestSitePagesLinkToTheAPIBelowAnyPath(t *testing.T) {
	e := runSite(t)
	for _, path := range sitePaths {
		page := e.ask("GET", path, "")
		if page.status != http.StatusOK || page.header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Fatalf("%s: %d %v", path, page.status, page.header)
		}
		var targets []string
		for _, m := range links.FindAllStringSubmatch(page.body, -1) {
			at, err := url.Parse("https://example.org/desk" + path)
			if err != nil {
				t.Fatal(err)
			}
			target, err := at.Parse(m[1])
			if err != nil {
				t.Fatal(err)
			}
			inside, below := strings.CutPrefix(target.String(), "https://example.org/desk")
			if !below {
				t.Fatalf("%s: the link %s leads to %s", path, m[1], target)
			}
			if got := e.ask("GET", inside, ""); got.status != http.StatusOK {
				t.Errorf("%s: %s is %d", path, inside, got.status)
			}
			targets = append(targets, inside)
		}
		if want := []string{"/api/docs/", "/api/openapi.json", "/api/openapi.yaml"}; !slices.Equal(targets, want) {
			t.Errorf("%s links to %v", path, targets)
		}
		if says := strings.Contains(page.body, "GET /api/ticket/&lt;id&gt;/"); says != strings.HasPrefix(path, "/tickets/") {
			t.Errorf("%s: %s", path, page.body)
		}
		head := e.ask("HEAD", path, "", "Accept-Encoding", "gzip") // as GET sends it
		if head.status != http.StatusOK || head.body != "" || head.header.Get("ETag") != page.header.Get("ETag") {
			t.Errorf("HEAD %s: %d %v", path, head.status, head.header)
		}
		if again := e.ask("GET", path, "", "If-None-Match", page.header.Get("ETag")); again.status != http.StatusNotModified {
			t.Errorf("%s with its entity tag: %d", path, again.status)
		}
		e.failed(e.ask("POST", path, ""), http.StatusMethodNotAllowed, "method_not_allowed", "Method not allowed.")
	}
}

func TestSitePagesAreCountedByTheirRoutes(t *testing.T) {
	e := runSite(t)
	for _, path := range []string{"/", someTicket, "/nothing"} {
		e.ask("GET", path, "")
	}
	metrics := e.ask("GET", "/metrics", "").body
	for _, want := range []string{`route="/",status="200"`, `route="/tickets/:id",status="200"`, `route="unmatched",status="404"`} {
		if !strings.Contains(metrics, `http_requests_total{method="GET",`+want+`} 1`) {
			t.Errorf("no request with %s: %s", want, metrics)
		}
	}
}

// A page loads and runs nothing, and cannot be framed.
func TestSitePagesAreSelfContained(t *testing.T) {
	e := runSite(t)
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`)
	for _, path := range sitePaths {
		page := e.ask("GET", path, "")
		m := style.FindStringSubmatch(page.body)
		if m == nil {
			t.Fatalf("%s has no style: %s", path, page.body)
		}
		want := "default-src 'none'; style-src " + hashSource(m[1]) + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
		if got := page.header.Get("Content-Security-Policy"); got != want {
			t.Errorf("%s: policy %s", path, got)
		}
		if found := regexp.MustCompile(`(?i)<script|<link|<img|\s(src|style|on[a-z]+|action)=|https?:|//`).FindString(page.body); found != "" {
			t.Errorf("%s contains %q", path, found)
		}
		for header, want := range map[string]string{
			"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cache-Control": cacheRevalidated,
		} {
			if got := page.header.Get(header); got != want {
				t.Errorf("%s: %s is %q", path, header, got)
			}
		}
	}
}

func TestSitePagesAreInTheLanguageOfTheReader(t *testing.T) {
	e := runSite(t)
	for _, path := range []string{"/", someTicket} {
		for accept, want := range map[string]string{
			"": "en", "en": "en", "ne": "ne", "NE-np": "ne", "ne;q=0.5, en": "en", "de, ne;q=0.5": "ne", "de": "en", "ne;q=0, en": "en",
			"*": "en", ",,;;=": "en", strings.Repeat("a-", 2000): "en",
		} {
			page := e.ask("GET", path, "", "Accept-Language", accept)
			got := page.header.Get("Content-Language")
			if page.status != http.StatusOK || got != want || !strings.Contains(page.body, `<html lang="`+want+`">`) {
				t.Errorf("%s in %.20q: %d %s", path, accept, page.status, got)
			}
			if vary := strings.Join(page.header.Values("Vary"), ","); !strings.Contains(vary, "Accept-Language") {
				t.Errorf("%s: Vary is %s", path, vary)
			}
		}
	}
}

// The page of a ticket is the same for every id, so it does not tell which tickets exist. Other paths are not found, in JSON.
func TestTicketPageIsTheSameForEveryID(t *testing.T) {
	e := runSite(t)
	want := e.ask("GET", someTicket, "")
	for _, id := range []string{"1", "%3Cscript%3E", "..%2F..", "TKT-20261124-0001", "%ff", "%00", strings.Repeat("x", 5000)} {
		got := e.ask("GET", "/tickets/"+id, "")
		if got.status != want.status || got.body != want.body || got.header.Get("ETag") != want.header.Get("ETag") {
			t.Errorf("%.20s: %d %.200s", id, got.status, got.body)
		}
	}
	for _, path := range []string{
		"/tickets", "/tickets/", "/tickets//", "/tickets/1/2", "/ticket/1", "/index.html", "/favicon.ico", "/robots.txt", "/api/", "/api",
	} {
		e.failed(e.ask("GET", path, ""), http.StatusNotFound, "not_found", "Data not found.")
	}
}

func TestSitePagesAreTranslated(t *testing.T) {
	parts := readSiteParts()
	for _, page := range []sitePage{homePage, ticketPage} {
		for _, code := range siteLanguages {
			body, err := parts.render(page, code, "")
			if err != nil || strings.Contains(string(body), "no value") || strings.Contains(string(body), "<h1></h1>") {
				t.Errorf("%s in %s: %v\n%s", page.name, code, err, body)
			}
		}
	}
}
