package httpserver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/test/wire"

	"github.com/gofiber/fiber/v2"
)

func TestRequestIDIsTakenFromClientOrGenerated(t *testing.T) {
	e := run(t, nil, nil)
	for _, tc := range []struct {
		name, sent string
		kept       bool
	}{
		{"plain", "abc-DEF_1.2", true},
		{"longest", strings.Repeat("a", 128), true},
		{"too long", strings.Repeat("a", 129), false},
		{"blank inside", "a b", false},
		{"markup", "<b>", false},
		{"not ASCII", "é", false},
		{"none", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := e.Ask("GET", "/healthz", "", "X-Request-ID", tc.sent).Header.Get("X-Request-ID")
			if (got == tc.sent) != tc.kept {
				t.Errorf("sent %q, got %q", tc.sent, got)
			}
			if !tc.kept && len(got) != 32 {
				t.Errorf("generated %q", got)
			}
		})
	}
}

func TestHandlersHaveDeadline(t *testing.T) {
	e := run(t, func(r fiber.Router) {
		r.Get("/slow", func(c *fiber.Ctx) error {
			<-c.UserContext().Done()
			return c.UserContext().Err()
		})
	}, func(o *Options) { o.Limits.Request = 20 * time.Millisecond })
	got := e.Ask("GET", "/api/slow", "")
	e.Failed(got, 503, "unavailable", "The service took too long to answer.")
	if got.Header.Get("Retry-After") != "5" {
		t.Errorf("Retry-After is %q", got.Header.Get("Retry-After"))
	}
}

func TestResponsesHaveSecurityHeaders(t *testing.T) {
	e := run(t, nil, func(o *Options) {
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	for _, path := range []string{"/api/nothing", "/healthz"} {
		header := e.Ask("GET", path, "").Header
		for name, want := range map[string]string{
			"X-Content-Type-Options":    "nosniff",
			"Referrer-Policy":           "no-referrer",
			"X-Frame-Options":           "DENY",
			"Content-Security-Policy":   "default-src 'none'; frame-ancestors 'none'",
			"Strict-Transport-Security": "",
			"Server":                    "",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
	if got := e.Ask("GET", "/api/nothing", "").Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control is %q", got)
	}
	if got := e.Ask("GET", "/healthz", "", "X-Forwarded-Proto", "https").Header.Get("Strict-Transport-Security"); got == "" {
		t.Error("no HSTS behind a trusted proxy with https")
	}
	stranger := run(t, nil, nil)
	if got := stranger.Ask("GET", "/healthz", "", "X-Forwarded-Proto", "https").Header.Get("Strict-Transport-Security"); got != "" {
		t.Error("HSTS for the header of an untrusted peer")
	}
}

func TestCORSIsLimitedToConfiguredOrigins(t *testing.T) {
	const own = "https://desk.example"
	for _, tc := range []struct {
		name       string
		configured []string
		origin     string
		allowed    string
	}{
		{"off by default", nil, own, ""},
		{"exact origin", []string{own}, own, own},
		{"another origin", []string{own}, "https://evil.example", ""},
		{"no origin", []string{own}, "", ""},
		{"any origin", []string{"*"}, own, "*"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := run(t, func(r fiber.Router) {
				r.Get("/things", writeOK)
			}, func(o *Options) { o.CORSOrigins = tc.configured })
			for _, path := range []string{"/api/things", "/api/nothing"} {
				got := e.Ask("GET", path, "", "Origin", tc.origin).Header
				if got.Get("Access-Control-Allow-Origin") != tc.allowed {
					t.Errorf("%s: allowed %q, want %q", path, got.Get("Access-Control-Allow-Origin"), tc.allowed)
				}
				if exposed := got.Get("Access-Control-Expose-Headers"); tc.allowed != "" && exposed != testCORS.ResponseHeaders {
					t.Errorf("exposed %q", exposed)
				}
				if vary := got.Get("Vary"); (len(tc.configured) > 0 && tc.configured[0] != "*") != (vary == "Origin") {
					t.Errorf("Vary is %q", vary)
				}
			}
			preflight := e.Ask("OPTIONS", "/api/things", "", "Origin", tc.origin, "Access-Control-Request-Method", "PATCH")
			if tc.allowed == "" {
				e.Failed(preflight, 405, "method_not_allowed", "Method not allowed.")
				return
			}
			if preflight.Status != 204 || preflight.Header.Get("Access-Control-Allow-Methods") != testCORS.Methods ||
				preflight.Header.Get("Access-Control-Allow-Headers") != testCORS.RequestHeaders {
				t.Errorf("preflight: %d %v", preflight.Status, preflight.Header)
			}
		})
	}
}

// takeBody reads the body of a request and responds with it.
func takeBody(c *fiber.Ctx) error {
	if err := ReadBody(c, MaxBody); err != nil {
		return err
	}
	return c.Send(c.Body())
}

func TestIncompleteRequestTimesOut(t *testing.T) {
	e := run(t, func(r fiber.Router) {
		r.Post("/things", takeBody)
	}, func(o *Options) { o.Limits.Read = 50 * time.Millisecond })
	for name, half := range map[string]string{
		"nothing":      "",
		"request line": "POST /api/things HT",
		"headers":      "POST /api/things HTTP/1.1\r\nHost: x\r\n",
		"body":         "POST /api/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"a",
		"chunk":        "POST /api/things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n{\"a",
	} {
		t.Run(name, func(t *testing.T) {
			got := e.Raw(half)
			checkRaw(t, got, 408, "timeout", "The request took too long to arrive.")
		})
	}
}

// checkRaw checks that a response, head and body, is a failure in the envelope.
func checkRaw(t *testing.T, got string, status int, code domain.Reason, sentence string) {
	t.Helper()
	want := regexp.MustCompile(fmt.Sprintf(
		`^HTTP/1\.1 %d (?s:.*)\r\n\r\n{"ResponseCode":"1","response":"%s","code":"%s","requestId":"[0-9a-f]{32}"}$`,
		status, regexp.QuoteMeta(sentence), code))
	if !want.MatchString(got) {
		t.Errorf("got %s", got)
	}
}

func TestMalformedHTTPIsRefused(t *testing.T) {
	e := run(t, func(r fiber.Router) { r.All("/things", takeBody) }, nil)
	const post, get = "POST /api/things HTTP/1.1\r\nHost: x\r\n", "GET /api/things HTTP/1.1\r\nHost: x\r\n"
	for name, sent := range map[string]string{
		"garbage":              "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n",
		"bad header":           get + "no colon\r\n\r\n",
		"two lengths":          post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
		"the same length":      post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nab",
		"length and chunks":    post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
		"length and identity":  post + "Content-Length: 2\r\nTransfer-Encoding: identity\r\n\r\nab",
		"identity and length":  post + "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nab",
		"identity":             post + "Transfer-Encoding: identity\r\n\r\n",
		"two codings":          post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"gzip":                 post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		"negative length":      post + "Content-Length: -5\r\n\r\n",
		"length with a sign":   post + "Content-Length: +2\r\n\r\nab",
		"broken chunk":         post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
		"folded header":        get + "X-A: b\r\n c\r\n\r\n",
		"folded with a tab":    get + "X-A: b\r\n\tc\r\n\r\n",
		"line without CR":      get + "X-A: b\nX-B: c\r\n\r\n",
		"space before a colon": get + "X-A : b\r\n\r\n",
		"HTTP/0.9":             "GET /api/things HTTP/0.9\r\nHost: x\r\n\r\n",
		"HTTP/2.0":             "GET /api/things HTTP/2.0\r\nHost: x\r\n\r\n",
		"HTTP/1.2":             "GET /api/things HTTP/1.2\r\nHost: x\r\n\r\n",
		"no version":           "GET /api/things\r\nHost: x\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			got := e.Raw(sent)
			checkRaw(t, got, 400, "malformed", "Malformed request.")
			if !strings.Contains(got, "X-Request-Id: ") {
				t.Errorf("got %s", got)
			}
		})
	}
	for _, expects := range []string{
		"200-ok", "100-continue, x", "", " ", "100-continue, 100-continue",
		"100-continue\r\nExpect: x", "100-continue\r\nexpect: 100-continue", "\r\nExpect: 100-continue", "100-continue\r\nExpect:",
	} {
		got := e.Raw(post + "Expect: " + expects + "\r\nContent-Length: 2\r\n\r\nab")
		got = strings.TrimPrefix(got, "HTTP/1.1 100 Continue\r\n\r\n") // the HTTP library looks at the first Expect only
		checkRaw(t, got, 417, "malformed", "Expect must be 100-continue.")
	}
	for name, sent := range map[string]string{
		"HTTP/1.0": "POST /api/things HTTP/1.0\r\nContent-Length: 2\r\n\r\nab",
		"chunks":   post + "Connection: close\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\na\r\n1;x=y\r\nb\r\n0\r\n\r\n",
		"expected": post + "Connection: close\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\nab",
	} {
		if got := e.Raw(sent); !strings.Contains(got, " 200 OK\r\n") || !strings.HasSuffix(got, "\r\n\r\nab") {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestStopWaitsForRunningRequests(t *testing.T) {
	entered, finish := make(chan struct{}), make(chan struct{})
	e := run(t, func(r fiber.Router) {
		r.Get("/long", func(c *fiber.Ctx) error {
			close(entered)
			<-finish
			return WriteJSON(c, fiber.StatusOK, "Finished.")
		})
	}, nil)
	answered := make(chan wire.Answer, 1)
	go func() { answered <- e.Ask("GET", "/api/long", "") }()
	<-entered

	stopped := make(chan error, 1)
	go func() { stopped <- e.Stop(context.Background()) }()
	for !e.stopping.Load() {
		time.Sleep(time.Millisecond)
	}
	select {
	case err := <-stopped:
		t.Fatalf("Stop returned while a request ran: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(finish)
	if got := <-answered; got.Status != 200 || got.Body != `"Finished."` {
		t.Errorf("the running request got %d %s", got.Status, got.Body)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	// Another process may use the port by now.
	if err := e.listener.Listener.(*net.TCPListener).SetDeadline(time.Now()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a stopped server accepts connections: %v", err)
	}
}

func TestStopReturnsWhenContextEnds(t *testing.T) {
	entered, finish := make(chan struct{}), make(chan struct{})
	e := run(t, func(r fiber.Router) {
		r.Get("/long", func(*fiber.Ctx) error {
			close(entered)
			<-finish
			return nil
		})
	}, nil)
	go func() { _, _ = http.Get("http://" + e.Client.Address + "/api/long") }()
	<-entered
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := e.Stop(ctx); err == nil {
		t.Error("Stop reported success while a request ran")
	}
	close(finish)
}

func TestStartFailsOnUsedPort(t *testing.T) {
	e := run(t, nil, nil)
	second, _ := newTestServer(nil, func(o *Options) { o.Addr = e.Client.Address })
	if err := second.Start(t.Context()); err == nil {
		t.Error("two servers started on one port")
	}
}

func TestConnectionsOverTheLimitAreRefused(t *testing.T) {
	e := run(t, nil, func(o *Options) { o.Limits.Connections = 1 })
	first, err := net.Dial("tcp", e.Client.Address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(first, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(first).ReadString('\n'); err != nil { // it is accepted
		t.Fatal(err)
	}
	post := "POST /api/things HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + strings.Repeat("x", 100_000)
	for _, sent := range []string{"", post} { // what was sent must not make TCP reset the connection
		got := e.Raw(sent)
		checkRaw(t, got, 503, "unavailable", "Too many connections.")
		if !strings.Contains(got, "\r\nRetry-After: 1\r\n") || !strings.Contains(got, "\r\nX-Request-Id: ") {
			t.Errorf("got %s", got)
		}
	}
	first.Close()
	e.waitForPlaces(t, 0)
	if got := e.Ask("GET", "/healthz", ""); got.Status != 200 {
		t.Errorf("after a connection closed: %d", got.Status)
	}
}
