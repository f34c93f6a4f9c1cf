package httpapi

import (
	"context"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/valyala/fasthttp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"tickt/domain/access"
)

type nowhere struct{}

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkEdge is what a request costs before and after its use case.
func BenchmarkEdge(b *testing.B) {
	a := &api{
		Options: Options{
			Log:  zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(nowhere{}), zap.InfoLevel)),
			Zone: time.UTC, Metrics: prometheus.NewRegistry(),
		},
		recognise: func(context.Context, string) (access.Actor, error) { return access.Actor{ID: aliceID}, nil },
	}
	s := newServer(a, usual, func(r fiber.Router) {
		r.Get("/ticket/:id/", a.as(func(c *fiber.Ctx, _ access.Actor) error { return ok(c, "", "x") }))
	})
	handler := s.app.Server().Handler
	var c fasthttp.RequestCtx
	b.ReportAllocs()
	for b.Loop() {
		c.Request.Reset()
		c.Response.Reset()
		c.ResetUserValues()
		c.Request.Header.SetMethod("GET")
		c.Request.SetRequestURI("/api/ticket/0123456789abcdef0123456789abcdef/")
		c.Request.Header.Set("Authorization", "Bearer alice-token")
		handler(&c)
		if c.Response.StatusCode() != fiber.StatusOK {
			b.Fatal(c.Response.String())
		}
	}
}
