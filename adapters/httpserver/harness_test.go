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

// testServer is a server on a free port and a client of it.
type testServer struct {
	*Server
	wire.Client
	log *wire.Log
}

const aliceID = domain.ID("0123456789abcdef0123456789abcdef")

var testCORS = CORS{Methods: "GET, PATCH", RequestHeaders: "Authorization", ResponseHeaders: "ETag"}

// newTestServer returns a server with one mount at /api that does not listen yet. change may alter its options.
func newTestServer(routes func(fiber.Router), change func(*Options)) (*Server, *wire.Log) {
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
		Prefix: "/api", Routes: routes, CORS: testCORS,
		Head: func(c *fiber.Ctx) { c.Set(fiber.HeaderCacheControl, "no-store") },
	}), log
}

// run starts a server from newTestServer, and stops it when the test ends.
func run(t *testing.T, routes func(fiber.Router), change func(*Options)) *testServer {
	t.Helper()
	s, log := newTestServer(routes, change)
	return start(t, s, log)
}

func start(t *testing.T, s *Server, log *wire.Log) *testServer {
	t.Helper()
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return adopt(t, s, log)
}

// adopt returns a started server, and stops it when the test ends.
func adopt(t *testing.T, s *Server, log *wire.Log) *testServer {
	t.Helper()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return &testServer{Server: s, Client: wire.Client{T: t, Address: s.Address()}, log: log}
}

// waitForPlaces waits until n connections have a place.
func (e *testServer) waitForPlaces(t *testing.T, n int) {
	t.Helper()
	p := &e.listener.places
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		p.mu.Lock()
		taken := p.taken
		p.mu.Unlock()
		if taken == n {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d connections have a place, want %d", taken, n)
		}
	}
}
