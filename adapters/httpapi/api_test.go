package httpapi

import (
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"tickt/domain"
	"tickt/domain/access"
)

func TestBearerTokenIsRequired(t *testing.T) {
	e := run(t, func(a *api, r fiber.Router) {
		r.Get("/me", a.authenticated(func(c *fiber.Ctx, actor access.Actor) error { return ok(c, "", actor.Username) }))
	})
	for _, tc := range []struct {
		name, header string
		code         domain.Reason
		sentence     string
	}{
		{"no header", "", "token_missing", "Authentication credentials were not provided."},
		{"no token", "Bearer ", "token_missing", "Authentication credentials were not provided."},
		{"another scheme", "Basic YTpi", "token_missing", "Authentication credentials were not provided."},
		{"bad token", "Bearer mallory", "token_invalid", "Token is invalid or expired."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := e.ask("GET", "/api/me", "", "Authorization", tc.header)
			e.failed(got, 401, tc.code, tc.sentence)
			if got.header.Get("WWW-Authenticate") != `Bearer realm="tickt"` {
				t.Errorf("WWW-Authenticate is %q", got.header.Get("WWW-Authenticate"))
			}
		})
	}
	for _, header := range []string{"Bearer alice-token", "bearer  alice-token"} {
		if got := e.ask("GET", "/api/me", "", "Authorization", header); got.body != `{"ResponseCode":"0","response":"Ok","data":"alice"}` {
			t.Errorf("%q: %s", header, got.body)
		}
	}
}

func TestHeadersThatDecideAreSentOnce(t *testing.T) {
	show := func(c *fiber.Ctx, text string, err error) error {
		if err != nil {
			return err
		}
		return ok(c, "", text)
	}
	e := run(t, func(a *api, r fiber.Router) {
		r.Get("/me", a.authenticated(func(c *fiber.Ctx, actor access.Actor) error { return ok(c, "", actor.Username) }))
		r.Post("/login", func(c *fiber.Ctx) error {
			username, _, err := a.credentials(c)
			return show(c, username, err)
		})
		r.Post("/name", func(c *fiber.Ctx) error {
			var body struct {
				Name domain.Optional[string] `json:"name"`
			}
			err := a.bind(c, &body)
			return show(c, body.Name.Value, err)
		})
		r.Post("/key", func(c *fiber.Ctx) error {
			key, err := idempotencyKey(c)
			return show(c, key, err)
		})
		r.Get("/tag", func(c *fiber.Ctx) error { return single(c, "", "x") })
	})
	tag := tagOf([]byte(`"x"`))
	for _, tc := range []struct {
		method, path, body string
		headers            string // "name: value", separated by newlines
		status             int
		holds              string
	}{
		{"GET", "/me", "", "Authorization: Bearer alice-token", 200, `"data":"alice"`},
		{"GET", "/me", "", "Authorization: Bearer alice-token\nAuthorization: Bearer alice-token", 401, `"code":"token_invalid"`},
		{"GET", "/me", "", "Authorization: Bearer alice-token\nauthorization: Bearer mallory", 401, `"code":"token_invalid"`},
		{"GET", "/me", "", "Authorization: Bearer mallory\nAuthorization: Bearer alice-token", 401, `"code":"token_invalid"`},
		{"GET", "/me", "", "Authorization: Basic YTpi\nAuthorization: Bearer alice-token", 401, `"code":"token_invalid"`},
		{"GET", "/me", "", "Authorization: Bearer alice-token\nAuthorization:", 401, `"code":"token_invalid"`},
		{"GET", "/me", "", "Authorization:\nAuthorization: Bearer alice-token", 401, `"code":"token_invalid"`},
		{"GET", "/me", "", "Authorization: Bearer alice-token, Bearer alice-token", 401, `"code":"token_invalid"`},
		{"POST", "/login", "", "Authorization: Basic YTpi", 200, `"data":"a"`},
		{"POST", "/login", "", "Authorization: Basic YTpi\nAuthorization: Basic YTpi", 401, `"code":"token_invalid"`},
		{"POST", "/login", "", "Authorization: Basic YTpi\nAuthorization: Bearer alice-token", 401, `"code":"token_invalid"`},
		{
			"POST", "/login", `{"username":"a"}`, "Content-Type: application/json\nAuthorization: Basic YTpi\nAuthorization: Basic YTpi",
			401, `"code":"token_invalid"`,
		},
		{"POST", "/name", `{"name":"n"}`, "Content-Type: application/json", 200, `"data":"n"`},
		{"POST", "/name", `{"name":"n"}`, "Content-Type: text/plain\nContent-Type: application/json", 415, `"code":"unsupported_media_type"`},
		{"POST", "/name", `{"name":"n"}`, "Content-Type: application/json\ncontent-type: text/plain", 415, `"code":"unsupported_media_type"`},
		{
			"POST", "/name", `{"name":"n"}`, "Content-Type: application/json\nContent-Type: application/json",
			415, `"code":"unsupported_media_type"`,
		},
		{"POST", "/name", `{"name":"n"}`, "Content-Type: application/json\nX-Content-Type: a", 200, `"data":"n"`},
		{"POST", "/key", "", "Idempotency-Key: k", 200, `"data":"k"`},
		{"POST", "/key", "", "Idempotency-Key: k\nIdempotency-Key: k", 400, `"field":"Idempotency-Key"`},
		{"POST", "/key", "", "Idempotency-Key: k\nIdempotency-Key:", 400, `"field":"Idempotency-Key"`},
		{"GET", "/tag", "", `If-None-Match: "y"`, 200, `"data":"x"`},
		{"GET", "/tag", "", `If-None-Match: "y"` + "\nIf-None-Match: " + tag, 304, ""},
		{"GET", "/tag", "", "If-None-Match: " + tag + "\n" + `If-None-Match: "y"`, 304, ""},
	} {
		var headers []string
		for line := range strings.Lines(tc.headers) {
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
			headers = append(headers, name, strings.TrimSpace(value))
		}
		got := e.ask(tc.method, "/api"+tc.path, tc.body, headers...)
		if got.status != tc.status || !strings.Contains(got.body, tc.holds) {
			t.Errorf("%s %s with %q: got %d %s, want %d with %s", tc.method, tc.path, tc.headers, got.status, got.body, tc.status, tc.holds)
		}
		if tc.status == 401 && got.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s %s with %q: no WWW-Authenticate", tc.method, tc.path, tc.headers)
		}
	}
}
