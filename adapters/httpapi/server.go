// Package httpapi is the way in over HTTP: it reads requests, calls use cases and writes their answers
// in the envelope of the contract. It knows the application, the domain and Fiber; it decides nothing
// about tickets or accounts, and knows neither the store nor the environment.
package httpapi

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"tickt/application"
	"tickt/domain/access"
)

// Options are what the server needs; App, Ready, Log, Zone and Metrics must be there.
type Options struct {
	App            *application.App
	Ready          func(context.Context) error // fails as Unavailable while requests cannot be served
	Log            *zap.Logger
	Addr           string // host:port to listen on; port 0 takes a free one
	Zone           *time.Location
	PageSize       int                  // of a list whose client asks for none
	CORSOrigins    []string             // that browsers may call from; "*" is any, none is none
	TrustedProxies []netip.Prefix       // whose X-Forwarded-For and X-Forwarded-Proto are believed
	Metrics        *prometheus.Registry // takes the server's own and the process's metrics
	Version        string
}

// limits keep one client from taking what all need.
type limits struct {
	request     time.Duration // for a use case to answer
	read        time.Duration // for a whole request to arrive
	write       time.Duration // for an answer to be taken
	idle        time.Duration // between two requests of a connection
	connections int           // open at once
	header      int           // bytes of a request before its body
}

var usual = limits{
	request: 10 * time.Second, read: 10 * time.Second, write: 20 * time.Second, idle: 60 * time.Second,
	connections: 4096, header: 16 << 10,
}

// Server serves the API between Start and Stop; it is a ports.Server.
type Server struct {
	*api
	limits   limits
	app      *fiber.App
	meters   meters
	door     *door
	stopping atomic.Bool
}

// New makes the server of the API. It registers its metrics, so that a registry serves one server only.
func New(o Options) *Server {
	a := &api{Options: o, recognise: func(ctx context.Context, bearer string) (access.Actor, error) {
		return o.App.Sessions.Actor(ctx, bearer, access.ViaAPI)
	}}
	return newServer(a, usual, a.routes)
}

// newServer puts the edge around routes.
func newServer(a *api, l limits, routes func(fiber.Router)) *Server {
	s := &Server{api: a, limits: l, meters: newMeters(a.Metrics)}
	s.app = fiber.New(fiber.Config{
		Immutable:                    true, // without it Fiber hands out text that the next request overwrites
		CaseSensitive:                true,
		DisableStartupMessage:        true,
		DisablePreParseMultipartForm: true,
		BodyLimit:                    bodyLimit,
		ReadBufferSize:               l.header,
		ReadTimeout:                  l.read,
		WriteTimeout:                 l.write,
		IdleTimeout:                  l.idle,
		Concurrency:                  2 * l.connections, // the door counts; a parting connection keeps its worker a moment longer
		RequestMethods:               append(slices.Clone(fiber.DefaultMethods), otherMethod),
		ErrorHandler:                 s.refuse,
	})
	s.app.Use(s.serve)
	s.app.Get("/healthz", s.healthz)
	s.app.Get("/readyz", s.readyz)
	s.app.Get("/metrics", s.meters.handler(a.Metrics))
	routes(s.app.Group("/api"))
	s.app.Server().Handler = s.known(s.app.Handler())
	return s
}

// otherMethod stands for every method that HTTP does not define: no route serves it.
const otherMethod = "OTHER"

// known sees to it that a method nobody knows is refused like one that a path does not have; Fiber
// would answer it in plain text.
func (s *Server) known(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(c *fasthttp.RequestCtx) {
		if !slices.Contains(fiber.DefaultMethods, string(c.Method())) {
			c.Request.Header.SetMethod(otherMethod)
		}
		next(c)
	}
}

// Start listens, so that a taken port fails here, and serves until Stop.
func (s *Server) Start(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Addr)
	if err != nil {
		return err
	}
	s.door = &door{Listener: listener, room: int64(s.limits.connections)}
	go func() {
		if err := s.app.Listener(s.door); err != nil {
			s.stopping.Store(true)
			s.Log.Error("http server ended", zap.Error(err))
		}
	}()
	s.Log.Info("http server listens", zap.String("address", s.Address()), zap.String("version", s.Version))
	return nil
}

// Address is where the started server listens, as host:port.
func (s *Server) Address() string { return s.door.Addr().String() }

// Stop says "not ready" first, takes no new connection, and returns when the requests that run are
// answered, at the latest when the context ends.
func (s *Server) Stop(ctx context.Context) error {
	s.stopping.Store(true)
	if s.door == nil {
		return nil
	}
	if err := s.door.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	if err := s.app.ShutdownWithContext(ctx); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}
