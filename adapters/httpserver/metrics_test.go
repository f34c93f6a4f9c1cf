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

func TestHealthChecksNothing(t *testing.T) {
	e := run(t, nil, func(o *Options) { o.Ready = func(context.Context) error { panic("asked") } })
	if got := e.Ask("GET", "/healthz", ""); got.Status != 200 || got.Body != `{"ResponseCode":"0","response":"Ok"}` {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}

func TestReadinessReportsReason(t *testing.T) {
	for _, tc := range []struct {
		name     string
		err      error
		status   int
		sentence string
	}{
		{"ready", nil, 200, ""},
		{"database unavailable", domain.Fail(domain.Unavailable, "The database cannot be reached."), 503, "The database cannot be reached."},
		{"anything else", errors.New("password=hunter2 refused"), 503, "The service is not ready."},
		{"too slow", context.DeadlineExceeded, 503, "The service is not ready."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := run(t, nil, func(o *Options) {
				o.Ready = func(ctx context.Context) error {
					if deadline, ok := ctx.Deadline(); !ok || time.Until(deadline) > readyWithin {
						t.Error("the check has no deadline")
					}
					return tc.err
				}
			})
			got := e.Ask("GET", "/readyz", "")
			if tc.err == nil {
				if got.Status != 200 {
					t.Errorf("%d %s", got.Status, got.Body)
				}
				return
			}
			e.Failed(got, tc.status, "unavailable", tc.sentence)
			if got.Header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		})
	}
}

func TestStoppingServerIsNotReady(t *testing.T) {
	e := run(t, nil, nil)
	e.stopping.Store(true)
	e.Failed(e.Ask("GET", "/readyz", ""), 503, "unavailable", "The service is stopping.")
}

func TestMetricsAreLabelledByRoutePattern(t *testing.T) {
	e := run(t, func(r fiber.Router) {
		r.Get("/ticket/:id/", writeOK)
	}, nil)
	for i := range 5 {
		e.Ask("GET", fmt.Sprintf("/api/ticket/%d/", i), "")
		e.Ask("GET", fmt.Sprintf("/api/nothing-%d", i), "")
		e.Ask(fmt.Sprintf("METHOD%d", i), "/api/ticket/1/", "")
	}
	e.Raw("garbage\r\n\r\n")
	e.Raw("METHOD9 /api/ticket/1/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n")
	got := e.Ask("GET", "/metrics", "").Body
	for _, want := range []string{
		`http_requests_total{method="GET",route="/api/ticket/:id/",status="200"} 5`,
		`http_requests_total{method="GET",route="unmatched",status="404"} 5`,
		`http_requests_total{method="OTHER",route="unmatched",status="405"} 5`,
		`http_requests_total{method="GET",route="unread",status="400"} 2`, // the method of unreadable headers is unknown
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
			t.Errorf("a client created the label %s", unwanted)
		}
	}
}

func TestAccessLogHasOneLinePerRequestWithoutSecrets(t *testing.T) {
	e := run(t, func(r fiber.Router) {
		r.Post("/things/:id/", func(c *fiber.Ctx) error {
			RequestOf(c).Account = aliceID
			return writeOK(c)
		})
	}, nil)
	e.Ask("POST", "/api/things/7/?search=s3cret-search&token=s3cret-query", `{"password":"s3cret-password"}`,
		"Content-Type", "application/json", "Authorization", "Bearer alice-token", "X-Request-ID", "r-1", "Cookie", "a=s3cret-cookie")
	e.Ask("GET", "/api/nothing?search=s3cret-search", "")
	line := e.log.Line(t, "request")
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
