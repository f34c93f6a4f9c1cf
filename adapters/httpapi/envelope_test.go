package httpapi

import (
	"net/http"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"tickt/application/usecase"
)

func TestSuccessEnvelope(t *testing.T) {
	e := run(t, func(a *api, r fiber.Router) {
		r.Post("/made", func(c *fiber.Ctx) error {
			made := creation{sentence: "Made.", location: "/api/thing/1/", data: map[string]any{"path": "a > b", "at": a.timestamp(time.Time{})}}
			return idempotent(c, func(*usecase.Idempotency) (creation, error) { return made, nil }, func(m creation) creation { return m })
		})
		r.Get("/null", func(c *fiber.Ctx) error { return ok(c, "", (*int)(nil)) })
	})
	got := e.ask("POST", "/api/made", "")
	if want := `{"ResponseCode":"0","response":"Made.","data":{"at":null,"path":"a > b"}}`; got.status != http.StatusCreated ||
		got.body != want || got.header.Get("Location") != "/api/thing/1/" {
		t.Errorf("%d %v %s", got.status, got.header, got.body)
	}
	if got := e.ask("GET", "/api/null", ""); got.body != `{"ResponseCode":"0","response":"Ok","data":null}` {
		t.Error(got.body)
	}
}
