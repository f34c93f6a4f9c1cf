package httpapi

import (
	"testing"

	"github.com/gofiber/fiber/v2"

	"tickt/domain/access"
)

func TestBearerTokenIsRequired(t *testing.T) {
	e := run(t, func(a *api, r fiber.Router) {
		r.Get("/me", a.authenticated(func(c *fiber.Ctx, actor access.Actor) error { return ok(c, "", actor.Username) }))
	})
	for _, tc := range []struct {
		name, header, sentence string
	}{
		{"no header", "", "Authentication credentials were not provided."},
		{"no token", "Bearer ", "Authentication credentials were not provided."},
		{"another scheme", "Basic YTpi", "Authentication credentials were not provided."},
		{"bad token", "Bearer mallory", "Token is invalid or expired."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := e.ask("GET", "/api/me", "", "Authorization", tc.header)
			e.failed(got, 401, tc.sentence)
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
