package httpserver

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"

	"tickt/domain"
	"tickt/test/wire"
)

// twoMounts starts a server with two mounts: one with JSON and CORS, and one with neither.
func twoMounts(t *testing.T, fail func(*fiber.Ctx, Failure) error) *testServer {
	t.Helper()
	logger, log := wire.NewLog()
	routes := func(r fiber.Router) {
		r.Get("/fail", func(*fiber.Ctx) error {
			return &domain.Error{Kind: domain.Throttled, Message: "Too many.", RetryAfter: 7 * time.Second}
		})
	}
	s := New(
		Options{
			Ready: func(context.Context) error { return nil }, Log: logger, Addr: "127.0.0.1:0", Metrics: prometheus.NewRegistry(),
			CORSOrigins: []string{"*"},
		},
		Mount{Prefix: "/api", Routes: routes, CORS: testCORS},
		Mount{
			Prefix: "/console", Routes: routes, Fail: fail,
			Head: func(c *fiber.Ctx) { c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'self'") },
		},
	)
	return start(t, s, log)
}

func TestMountsHaveTheirOwnHeadersAndFailures(t *testing.T) {
	e := twoMounts(t, func(c *fiber.Ctx, f Failure) error {
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTML)
		return c.Status(f.Status).SendString("<h1>" + f.Message + "</h1>")
	})
	for _, tc := range []struct {
		path   string
		status int
		html   string // "" for JSON
		policy string
		origin string
	}{
		{"/api/fail", 429, "", "default-src 'none'; frame-ancestors 'none'", "*"},
		{"/api/nothing", 404, "", "default-src 'none'; frame-ancestors 'none'", "*"},
		{"/healthz", 200, "", "default-src 'none'; frame-ancestors 'none'", "*"},
		{"/consoles", 404, "", "default-src 'none'; frame-ancestors 'none'", "*"},
		{"/console", 404, "<h1>Data not found.</h1>", "default-src 'self'", ""},
		{"/console/fail", 429, "<h1>Too many.</h1>", "default-src 'self'", ""},
		{"/console/nothing", 404, "<h1>Data not found.</h1>", "default-src 'self'", ""},
	} {
		got := e.Ask("GET", tc.path, "", "Origin", "https://desk.example")
		if got.Status != tc.status || strings.HasPrefix(got.Body, `{"ResponseCode":`) != (tc.html == "") || tc.html != "" && got.Body != tc.html {
			t.Errorf("%s: %d %s", tc.path, got.Status, got.Body)
		}
		if policy := got.Header.Get("Content-Security-Policy"); policy != tc.policy {
			t.Errorf("%s: policy %q", tc.path, policy)
		}
		if origin := got.Header.Get("Access-Control-Allow-Origin"); origin != tc.origin {
			t.Errorf("%s: allows the origin %q", tc.path, origin)
		}
		if after := got.Header.Get("Retry-After"); (after == "7") != (tc.status == 429) {
			t.Errorf("%s: Retry-After %q", tc.path, after)
		}
	}
	if got := e.Ask("OPTIONS", "/console/fail", "", "Origin", "https://desk.example", "Access-Control-Request-Method",
		"GET"); got.Status != 405 {
		t.Errorf("preflight at a mount without CORS: %d", got.Status)
	}
	e.Failed(e.Ask("GET", "/consoles", ""), 404, "not_found", "Data not found.")
}

func TestUnwritableResponseIsLogged(t *testing.T) {
	e := twoMounts(t, func(c *fiber.Ctx, _ Failure) error {
		c.Response().SetBodyString("<h1>half a page")
		return errors.New("the template is broken")
	})
	if got := e.Ask("GET", "/console/fail", ""); got.Status != 429 || got.Body != "" {
		t.Errorf("got %d %s", got.Status, got.Body)
	}
	if line := e.log.Line(t, "response not written"); line["error"] != "the template is broken" {
		t.Errorf("logged %v", line)
	}
}

func TestStartOnServesOnGivenListener(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, _ := newTestServer(nil, func(o *Options) { o.Addr = "nowhere" })
	s.StartOn(l)
	client := wire.Client{T: t, Address: l.Addr().String()}
	if got := client.Ask("GET", "/healthz", ""); got.Status != 200 || s.Address() != client.Address {
		t.Errorf("%s: %d", s.Address(), got.Status)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("after Stop, the listener accepts: %v", err)
	}
}
