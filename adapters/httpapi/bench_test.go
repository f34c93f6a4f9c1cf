package httpapi

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"tickt/adapters/httpserver"
	"tickt/domain/access"
	"tickt/domain/ticket"
)

type nowhere struct{}

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkEdge measures a request without its use case: with a response of one word, with a ticket, with a ticket and its
// ETag, and with a ticket that the client already has. It includes an in-memory client.
func BenchmarkEdge(b *testing.B) {
	a := &api{Options: Options{Zone: time.UTC}}
	shown := a.showTicket(ticket.View{Ticket: ticket.Ticket{
		ID: aliceID, Number: "TKT-20260301-0001", Title: "The printer is on fire", Description: "Since noon, and again.",
		StatusID: aliceID, PriorityID: aliceID, CreatedBy: aliceID, SLADueDate: time.Unix(1, 0), CreatedAt: time.Unix(1, 0),
		UpdatedAt: time.Unix(1, 0),
	}, Names: ticket.Names{StatusName: "Open", PriorityName: "Medium", CreatedByName: "alice"}})
	for name, answer := range map[string]func(*fiber.Ctx) error{
		"word":   func(c *fiber.Ctx) error { return ok(c, "", "x") },
		"ticket": func(c *fiber.Ctx) error { return ok(c, "", shown) },
		"tagged": func(c *fiber.Ctx) error { return single(c, "", shown) },
		"known": func(c *fiber.Ctx) error {
			c.Request().Header.Set(fiber.HeaderIfNoneMatch, "*")
			return single(c, "", shown)
		},
	} {
		b.Run(name, func(b *testing.B) { edge(b, answer) })
	}
}

func edge(b *testing.B, answer func(*fiber.Ctx) error) {
	a := testAPI()
	core := zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(nowhere{}), zap.InfoLevel)
	s := httpserver.New(httpserver.Options{
		Ready: func(context.Context) error { return nil }, Log: zap.New(core), Metrics: prometheus.NewRegistry(),
	}, mount(func(r fiber.Router) {
		r.Get("/ticket/:id/", a.authenticated(withoutQuery(func(c *fiber.Ctx, _ access.Actor) error { return answer(c) })))
	}))
	l := fasthttputil.NewInmemoryListener()
	s.StartOn(l)
	stopAtEnd(b, s)
	client := fasthttp.HostClient{Addr: "memory", Dial: func(string) (net.Conn, error) { return l.Dial() }}
	b.Cleanup(client.CloseIdleConnections)
	var request fasthttp.Request
	var response fasthttp.Response
	request.SetRequestURI("http://memory/api/ticket/0123456789abcdef0123456789abcdef/")
	request.Header.Set("Authorization", "Bearer alice-token")
	b.ReportAllocs()
	for b.Loop() {
		if err := client.Do(&request, &response); err != nil || response.StatusCode() >= fiber.StatusBadRequest {
			b.Fatal(err, response.String())
		}
	}
}
