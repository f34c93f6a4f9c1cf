package httpapi

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"tickt/domain"
	"tickt/domain/access"
)

func TestHealthAsksNobody(t *testing.T) {
	e := run(t, nil, func(a *api, _ *limits) { a.Ready = func(context.Context) error { panic("asked") } })
	if got := e.ask("GET", "/healthz", ""); got.status != 200 || got.body != `{"ResponseCode":"0","response":"Ok"}` {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestReadinessSaysWhyNot(t *testing.T) {
	for _, tc := range []struct {
		name     string
		err      error
		status   int
		sentence string
	}{
		{"ready", nil, 200, ""},
		{"database away", domain.Fail(domain.Unavailable, "The database cannot be reached."), 503, "The database cannot be reached."},
		{"anything else", errors.New("password=hunter2 refused"), 503, "The service is not ready."},
		{"too slow", context.DeadlineExceeded, 503, "The service is not ready."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := run(t, nil, func(a *api, _ *limits) {
				a.Ready = func(ctx context.Context) error {
					if deadline, ok := ctx.Deadline(); !ok || time.Until(deadline) > readyWithin {
						t.Error("the check has no deadline of its own")
					}
					return tc.err
				}
			})
			got := e.ask("GET", "/readyz", "")
			if tc.err == nil {
				if got.status != 200 {
					t.Errorf("%d %s", got.status, got.body)
				}
				return
			}
			e.failed(got, tc.status, tc.sentence)
			if got.header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		})
	}
}

func TestAStoppingServerIsNotReady(t *testing.T) {
	e := run(t, nil, nil)
	e.stopping.Store(true)
	e.failed(e.ask("GET", "/readyz", ""), 503, "The service is stopping.")
}

func TestMetricsCountByRouteAndNeverByPath(t *testing.T) {
	e := run(t, func(_ *api, r fiber.Router) {
		r.Get("/ticket/:id/", func(c *fiber.Ctx) error { return ok(c, "", nil) })
	}, nil)
	for i := range 5 {
		e.ask("GET", fmt.Sprintf("/api/ticket/%d/", i), "")
		e.ask("GET", fmt.Sprintf("/api/nothing-%d", i), "")
		e.ask(fmt.Sprintf("METHOD%d", i), "/api/ticket/1/", "")
	}
	e.raw("garbage\r\n\r\n")
	e.raw("METHOD9 /api/ticket/1/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n")
	got := e.ask("GET", "/metrics", "").body
	for _, want := range []string{
		`http_requests_total{method="GET",route="/api/ticket/:id/",status="200"} 5`,
		`http_requests_total{method="GET",route="unmatched",status="404"} 5`,
		`http_requests_total{method="OTHER",route="unmatched",status="405"} 5`,
		`route="unread",status="400"} 1`,
		`http_requests_total{method="OTHER",route="unread",status="413"} 1`,
		`http_request_duration_seconds_count{method="GET",route="/api/ticket/:id/",status="200"} 5`,
		"http_requests_in_flight 1",
		"go_goroutines ",
		"process_open_fds ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, unwanted := range []string{"nothing-", "METHOD"} {
		if strings.Contains(got, unwanted) {
			t.Errorf("a client made the label %s", unwanted)
		}
	}
}

func TestAccessLogHasOneLineARequestAndNoSecret(t *testing.T) {
	e := run(t, func(a *api, r fiber.Router) {
		r.Post("/things/:id/", a.as(func(c *fiber.Ctx, _ access.Actor) error {
			return ok(c, "", nil)
		}))
	}, nil)
	e.ask("POST", "/api/things/7/?search=s3cret-search&token=s3cret-query", `{"password":"s3cret-password"}`,
		"Content-Type", "application/json", "Authorization", "Bearer alice-token", "X-Request-ID", "r-1", "Cookie", "a=s3cret-cookie")
	e.ask("GET", "/api/nothing?search=s3cret-search", "")
	line := e.log.line(t, "request")
	for key, want := range map[string]any{
		"level": "info", "method": "POST", "route": "/api/things/:id/", "path": "/api/things/7/", "status": 200.0,
		"bytes": 36.0, "request_id": "r-1", "account": string(aliceID), "address": "127.0.0.1",
	} {
		if line[key] != want {
			t.Errorf("%s is %v, want %v", key, line[key], want)
		}
	}
	if _, ok := line["ms"].(float64); !ok {
		t.Errorf("no duration: %v", line)
	}
	if n := strings.Count(e.log.String(), `"msg":"request"`); n != 2 {
		t.Errorf("%d lines for 2 requests", n)
	}
	for _, secret := range []string{"s3cret", "alice-token"} {
		if strings.Contains(e.log.String(), secret) {
			t.Errorf("%s was logged:\n%s", secret, e.log)
		}
	}
}
