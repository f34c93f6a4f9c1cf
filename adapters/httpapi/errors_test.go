package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"tickt/application/usecase"
	"tickt/domain"
)

func TestEveryKindOfFailureHasItsStatusAndBody(t *testing.T) {
	var p domain.Problems
	p.Add("title", domain.CodeRequired, "Title cannot be blank.")
	p.Add("priorityId", domain.CodeInvalid, "Invalid ticket priority.")
	for _, tc := range []struct {
		name   string
		err    error
		status int
		body   string // before the request id
		header [2]string
	}{
		{"invalid with problems", p.Err(), 400, `{"ResponseCode":"1","response":"Invalid","error":["Title cannot be blank.","Invalid ticket priority."],"details":[{"field":"title","code":"required","message":"Title cannot be blank."},{"field":"priorityId","code":"invalid","message":"Invalid ticket priority."}]`, [2]string{}},
		{"invalid with one sentence", domain.Fail(domain.Invalid, "Refresh token is required for logout."), 400, `{"ResponseCode":"1","response":"Refresh token is required for logout."`, [2]string{}},
		{"unauthenticated", domain.Fail(domain.Unauthenticated, "Token is invalid or expired."), 401, `{"ResponseCode":"1","response":"Token is invalid or expired."`, [2]string{"WWW-Authenticate", `Bearer realm="tickt"`}},
		{"forbidden", domain.ErrForbidden, 403, `{"ResponseCode":"1","response":"You do not have the required permission to access this resource."`, [2]string{}},
		{"not found, wrapped", fmt.Errorf("ticket: %w", domain.ErrNotFound), 404, `{"ResponseCode":"1","response":"Data not found."`, [2]string{}},
		{"conflict", domain.Fail(domain.Conflict, "In use."), 409, `{"ResponseCode":"1","response":"In use."`, [2]string{}},
		{"conflict that passes", &domain.Error{Kind: domain.Conflict, Message: "Still running.", RetryAfter: time.Second}, 409, `{"ResponseCode":"1","response":"Still running."`, [2]string{"Retry-After", "1"}},
		{"reused", domain.Fail(domain.Reused, "Used already."), 422, `{"ResponseCode":"1","response":"Used already."`, [2]string{}},
		{"stale", domain.Fail(domain.Stale, "Changed meanwhile."), 412, `{"ResponseCode":"1","response":"Changed meanwhile."`, [2]string{}},
		{"throttled, rounded up", &domain.Error{Kind: domain.Throttled, Message: "Too many attempts.", RetryAfter: 1200 * time.Millisecond}, 429, `{"ResponseCode":"1","response":"Too many attempts."`, [2]string{"Retry-After", "2"}},
		{"throttled for no time", domain.Fail(domain.Throttled, "Too many attempts."), 429, `{"ResponseCode":"1","response":"Too many attempts."`, [2]string{"Retry-After", "1"}},
		{"unavailable", &domain.Error{Kind: domain.Unavailable, Message: "The database cannot be reached.", RetryAfter: 3 * time.Second}, 503, `{"ResponseCode":"1","response":"The database cannot be reached."`, [2]string{"Retry-After", "3"}},
		{"deadline", fmt.Errorf("query: %w", context.DeadlineExceeded), 503, `{"ResponseCode":"1","response":"The service took too long to answer."`, [2]string{"Retry-After", "5"}},
		{"internal kind", domain.Fail(domain.Internal, "secret-inside"), 500, `{"ResponseCode":"1","response":"Oops! Something went wrong."`, [2]string{}},
		{"unknown error", errors.New("secret-inside"), 500, `{"ResponseCode":"1","response":"Oops! Something went wrong."`, [2]string{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := run(t, func(_ *api, r fiber.Router) {
				r.Get("/fail", func(*fiber.Ctx) error { return tc.err })
			}, nil)
			got := e.ask("GET", "/api/fail", "", "X-Request-ID", "r-1")
			if want := tc.body + `,"requestId":"r-1"}`; got.status != tc.status || got.body != want {
				t.Errorf("got %d %s\nwant %d %s", got.status, got.body, tc.status, want)
			}
			if name := tc.header[0]; name != "" && got.header.Get(name) != tc.header[1] {
				t.Errorf("%s is %q, want %q", name, got.header.Get(name), tc.header[1])
			}
		})
	}
}

func TestInternalFailureIsLoggedWithItsCauseAndRequestID(t *testing.T) {
	e := run(t, func(_ *api, r fiber.Router) {
		r.Get("/fail", func(*fiber.Ctx) error { return errors.New("pool exploded") })
	}, nil)
	e.ask("GET", "/api/fail", "", "X-Request-ID", "r-1")
	if line := e.log.line(t, "request failed"); line["error"] != "pool exploded" || line["request_id"] != "r-1" {
		t.Errorf("logged %v", line)
	}
	if n := strings.Count(e.log.String(), "pool exploded"); n != 1 {
		t.Errorf("the cause is logged %d times", n)
	}
}

func TestPanicIsAnsweredAndItsStackLogged(t *testing.T) {
	e := run(t, func(_ *api, r fiber.Router) {
		r.Get("/panic", func(*fiber.Ctx) error { panic("lost my way") })
	}, nil)
	e.failed(e.ask("GET", "/api/panic", ""), 500, "Oops! Something went wrong.")
	line := e.log.line(t, "request panicked")
	if stack, _ := line["stack"].(string); !strings.Contains(stack, "errors_test.go") {
		t.Errorf("no stack of the panic: %v", line)
	}
	e.failed(e.ask("GET", "/api/panic", ""), 500, "Oops! Something went wrong.") // still serves
}

func TestWhatNoRouteServesIsAnsweredInTheEnvelope(t *testing.T) {
	e := run(t, func(_ *api, r fiber.Router) {
		r.Get("/ticket/:id/", func(c *fiber.Ctx) error { return ok(c, "", nil) })
		r.Patch("/ticket/:id/", func(c *fiber.Ctx) error { return ok(c, "", nil) })
	}, nil)
	for _, path := range []string{"/api/nothing/", "/api/", "/api", "/", "/nothing", "/API/ticket/1", "/api/ticket/1/2"} {
		e.failed(e.ask("GET", path, ""), 404, "Data not found.")
	}
	for _, method := range []string{"PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "OTHER", "get"} {
		got := e.ask(method, "/api/ticket/1", "")
		e.failed(got, 405, "Method not allowed.")
		if allow := got.header.Get("Allow"); allow != "GET, HEAD, PATCH" {
			t.Errorf("%s: Allow is %q", method, allow)
		}
	}
	e.failed(e.ask("PROPFIND", "/api/nothing", ""), 404, "Data not found.")
	for _, path := range []string{"/api/ticket/1", "/api/ticket/1/"} {
		if got := e.ask("GET", path, ""); got.status != 200 || got.body != `{"ResponseCode":"0","response":"Ok"}` {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if got := e.ask("HEAD", "/api/ticket/1", ""); got.status != 200 || got.body != "" {
		t.Errorf("HEAD: %d %q", got.status, got.body)
	}
}

func TestOversizedRequestsAreRefusedWithTheirReason(t *testing.T) {
	e := run(t, func(_ *api, r fiber.Router) {
		r.Post("/things", func(c *fiber.Ctx) error { return ok(c, "", nil) })
	}, nil)
	e.failed(e.ask("POST", "/api/things", strings.Repeat("x", 2<<20)), 413, "Body is larger than 1 MiB.")
	e.failed(e.ask("POST", "/api/things", strings.Repeat("x", 1<<20+1)), 413, "Body is larger than 1 MiB.")
	if got := e.ask("POST", "/api/things", strings.Repeat("x", 1<<20)); got.status != 200 {
		t.Errorf("1 MiB: %d %s", got.status, got.body)
	}
	e.failed(e.ask("GET", "/api/things", "", "X-Large", strings.Repeat("x", 20<<10)), 431, "Request headers are too large.")
	if got := e.ask("POST", "/api/things", "", "X-Large", strings.Repeat("x", 12<<10)); got.status != 200 {
		t.Errorf("12 KiB of headers: %d %s", got.status, got.body)
	}
}

func TestSuccessesHaveTheEnvelope(t *testing.T) {
	e := run(t, func(a *api, r fiber.Router) {
		r.Post("/made", func(c *fiber.Ctx) error {
			made := creation{sentence: "Made.", location: "/api/thing/1/", data: map[string]any{"path": "a > b", "at": a.at(time.Time{})}}
			return once(c, func(*usecase.Once) (creation, error) { return made, nil }, func(m creation) creation { return m })
		})
		r.Get("/null", func(c *fiber.Ctx) error { return ok(c, "", (*int)(nil)) })
	}, nil)
	got := e.ask("POST", "/api/made", "")
	if want := `{"ResponseCode":"0","response":"Made.","data":{"at":null,"path":"a > b"}}`; got.status != http.StatusCreated || got.body != want || got.header.Get("Location") != "/api/thing/1/" {
		t.Errorf("%d %v %s", got.status, got.header, got.body)
	}
	if got := e.ask("GET", "/api/null", ""); got.body != `{"ResponseCode":"0","response":"Ok","data":null}` {
		t.Error(got.body)
	}
}
