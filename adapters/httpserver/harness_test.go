package httpserver

import (
	"context"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"

	"tickt/domain"
	"tickt/ports"
	"tickt/test/wire"
)

var _ ports.Server = (*Server)(nil)

// running is a server that listens on a free port, and a client of it.
type running struct {
	*Server
	wire.Client
	log *wire.Log
}

const aliceID = domain.ID("0123456789abcdef0123456789abcdef")

var shared = CORS{Methods: "GET, PATCH", RequestHeaders: "Authorization", ResponseHeaders: "ETag"}

// prepared is a server with one mount at /api, which does not listen; change may alter its options.
func prepared(routes func(fiber.Router), change func(*Options)) (*Server, *wire.Log) {
	logger, log := wire.NewLog()
	o := Options{
		Ready: func(context.Context) error { return nil }, Log: logger, Addr: "127.0.0.1:0", Metrics: prometheus.NewRegistry(),
	}
	if change != nil {
		change(&o)
	}
	if routes == nil {
		routes = func(fiber.Router) {}
	}
	return New(o, Mount{
		Prefix: "/api", Routes: routes, CORS: shared,
		Head: func(c *fiber.Ctx) { c.Set(fiber.HeaderCacheControl, "no-store") },
	}), log
}

// run starts a server as prepared makes it, and stops it when the test ends.
func run(t *testing.T, routes func(fiber.Router), change func(*Options)) *running {
	t.Helper()
	s, log := prepared(routes, change)
	return started(t, s, log)
}

func started(t *testing.T, s *Server, log *wire.Log) *running {
	t.Helper()
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return &running{Server: s, Client: wire.Client{T: t, Address: s.Address()}, log: log}
}
