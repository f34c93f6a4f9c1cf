package httpserver

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"tickt/domain"
)

func TestFailureStatusesAndBodies(t *testing.T) {
	var p domain.Problems
	p.Add("title", domain.CodeBlank, domain.Params{"label": domain.Term("Title")})
	p.Add("priorityId", domain.CodePriority)
	for _, tc := range []struct {
		name   string
		err    error
		status int
		body   string // before the request id
		header [2]string
	}{
		{
			"invalid with problems", p.Err(), 400,
			`{"ResponseCode":"1","response":"Invalid","code":"invalid"` +
				`,"error":["Title cannot be blank.","Invalid ticket priority."],"details":[{"field":"title",` +
				`"code":"required","message":"Title cannot be blank."},{"field":"priorityId","code":"invalid","message":"Invalid ticket priority."}]`,
			[2]string{},
		},
		{
			"invalid with one sentence", domain.Fail(domain.Invalid, "Refresh token is required for logout."), 400,
			`{"ResponseCode":"1","response":"Refresh token is required for logout.","code":"invalid"`,
			[2]string{},
		},
		{
			"unauthenticated", domain.Fail(domain.Unauthenticated, "Token is invalid or expired."), 401,
			`{"ResponseCode":"1","response":"Token is invalid or expired.","code":"token_invalid"`,
			[2]string{"WWW-Authenticate", `Bearer realm="tickt"`},
		},
		{
			"forbidden", domain.ErrForbidden, 403,
			`{"ResponseCode":"1","response":"You do not have the required permission to access this resource.","code":"forbidden"`,
			[2]string{},
		},
		{
			"not found, wrapped", fmt.Errorf("ticket: %w", domain.ErrNotFound), 404,
			`{"ResponseCode":"1","response":"Data not found.","code":"not_found"`,
			[2]string{},
		},
		{"conflict", domain.Fail(domain.Conflict, "In use."), 409, `{"ResponseCode":"1","response":"In use.","code":"conflict"`, [2]string{}},
		{
			"conflict that passes", &domain.Error{Kind: domain.Conflict, Message: "Still running.", RetryAfter: time.Second}, 409,
			`{"ResponseCode":"1","response":"Still running.","code":"conflict"`,
			[2]string{"Retry-After", "1"},
		},
		{
			"reused", domain.Fail(domain.Reused, "Used already."), 422,
			`{"ResponseCode":"1","response":"Used already.","code":"retry_mismatch"`,
			[2]string{},
		},
		{
			"stale", domain.Fail(domain.Stale, "Changed meanwhile."), 412,
			`{"ResponseCode":"1","response":"Changed meanwhile.","code":"precondition_failed"`,
			[2]string{},
		},
		{
			"throttled, rounded up", &domain.Error{Kind: domain.Throttled, Message: "Too many attempts.", RetryAfter: 1200 * time.Millisecond}, 429,
			`{"ResponseCode":"1","response":"Too many attempts.","code":"throttled"`,
			[2]string{"Retry-After", "2"},
		},
		{
			"throttled for no time", domain.Fail(domain.Throttled, "Too many attempts."), 429,
			`{"ResponseCode":"1","response":"Too many attempts.","code":"throttled"`,
			[2]string{"Retry-After", "1"},
		},
		{
			"unavailable", &domain.Error{Kind: domain.Unavailable, Message: "The database cannot be reached.", RetryAfter: 3 * time.Second}, 503,
			`{"ResponseCode":"1","response":"The database cannot be reached.","code":"unavailable"`,
			[2]string{"Retry-After", "3"},
		},
		{
			"deadline", fmt.Errorf("query: %w", context.DeadlineExceeded), 503,
			`{"ResponseCode":"1","response":"The service took too long to answer.","code":"unavailable"`,
			[2]string{"Retry-After", "5"},
		},
		{
			"internal kind", domain.Fail(domain.Internal, "secret-inside"), 500,
			`{"ResponseCode":"1","response":"Oops! Something went wrong.","code":"internal"`,
			[2]string{},
		},
		{
			"unknown error", errors.New("secret-inside"), 500,
			`{"ResponseCode":"1","response":"Oops! Something went wrong.","code":"internal"`,
			[2]string{},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := run(t, func(r fiber.Router) {
				r.Get("/fail", func(*fiber.Ctx) error { return tc.err })
			}, nil)
			got := e.Ask("GET", "/api/fail", "", "X-Request-ID", "r-1")
			if want := tc.body + `,"requestId":"r-1"}`; got.Status != tc.status || got.Body != want {
				t.Errorf("got %d %s\nwant %d %s", got.Status, got.Body, tc.status, want)
			}
			if name := tc.header[0]; name != "" && got.Header.Get(name) != tc.header[1] {
				t.Errorf("%s is %q, want %q", name, got.Header.Get(name), tc.header[1])
			}
		})
	}
}

func TestInternalFailureIsLoggedWithCauseAndRequestID(t *testing.T) {
	e := run(t, func(r fiber.Router) {
		r.Get("/fail", func(*fiber.Ctx) error { return errors.New("pool exploded") })
	}, nil)
	e.Ask("GET", "/api/fail", "", "X-Request-ID", "r-1")
	if line := e.log.Line(t, "request failed"); line["error"] != "pool exploded" || line["request_id"] != "r-1" {
		t.Errorf("logged %v", line)
	}
	if n := strings.Count(e.log.String(), "pool exploded"); n != 1 {
		t.Errorf("the cause is logged %d times", n)
	}
}

func TestPanicIsAnsweredAndStackLogged(t *testing.T) {
	e := run(t, func(r fiber.Router) {
		r.Get("/panic", func(*fiber.Ctx) error { panic("lost my way") })
	}, nil)
	e.Failed(e.Ask("GET", "/api/panic", ""), 500, "internal", "Oops! Something went wrong.")
	line := e.log.Line(t, "request panicked")
	if stack, _ := line["stack"].(string); !strings.Contains(stack, "failure_test.go") {
		t.Errorf("no stack of the panic: %v", line)
	}
	e.Failed(e.Ask("GET", "/api/panic", ""), 500, "internal", "Oops! Something went wrong.") // still serves
}

func TestUnknownRoutesFailInTheEnvelope(t *testing.T) {
	e := run(t, func(r fiber.Router) {
		r.Get("/ticket/:id/", writeOK)
		r.Patch("/ticket/:id/", writeOK)
	}, nil)
	for _, path := range []string{"/api/nothing/", "/api/", "/api", "/", "/nothing", "/API/ticket/1", "/api/ticket/1/2"} {
		e.Failed(e.Ask("GET", path, ""), 404, "not_found", "Data not found.")
	}
	for _, method := range []string{"PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "OTHER", "get"} {
		got := e.Ask(method, "/api/ticket/1", "")
		e.Failed(got, 405, "method_not_allowed", "Method not allowed.")
		if allow := got.Header.Get("Allow"); allow != "GET, HEAD, PATCH" {
			t.Errorf("%s: Allow is %q", method, allow)
		}
	}
	e.Failed(e.Ask("PROPFIND", "/api/nothing", ""), 404, "not_found", "Data not found.")
	for _, path := range []string{"/api/ticket/1", "/api/ticket/1/"} {
		if got := e.Ask("GET", path, ""); got.Status != 200 || got.Body != `{"ResponseCode":"0","response":"Ok"}` {
			t.Errorf("%s: %d %s", path, got.Status, got.Body)
		}
	}
	if got := e.Ask("HEAD", "/api/ticket/1", ""); got.Status != 200 || got.Body != "" {
		t.Errorf("HEAD: %d %q", got.Status, got.Body)
	}
}

func TestOversizedRequestsAreRefusedWithReason(t *testing.T) {
	e := run(t, func(r fiber.Router) {
		r.Post("/things", takeBody)
	}, nil)
	e.Failed(e.Ask("POST", "/api/things", strings.Repeat("x", 2<<20)), 413, "too_large", "Body is larger than 1 MiB.")
	e.Failed(e.Ask("POST", "/api/things", strings.Repeat("x", 1<<20+1)), 413, "too_large", "Body is larger than 1 MiB.")
	if got := e.Ask("POST", "/api/things", strings.Repeat("x", 1<<20)); got.Status != 200 {
		t.Errorf("1 MiB: %d %s", got.Status, got.Body)
	}
	large := e.Ask("GET", "/api/things", "", "X-Large", strings.Repeat("x", 20<<10))
	e.Failed(large, 431, "headers_too_large", "Request headers are too large.")
	if got := e.Ask("POST", "/api/things", "", "X-Large", strings.Repeat("x", 12<<10)); got.Status != 200 {
		t.Errorf("12 KiB of headers: %d %s", got.Status, got.Body)
	}
}
