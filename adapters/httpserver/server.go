// Package httpserver is the HTTP server that every way in over HTTP shares: the listener and its limits,
// request ids, deadlines, the access log, metrics, health, CORS, and the answers to requests that fail.
// A way in adds its routes as a Mount. The server knows nothing of what they do.
package httpserver

import (
	"cmp"
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
)

// Options are what the server needs. Ready, Log and Metrics are required.
type Options struct {
	Addr           string                      // host:port that Start listens on; port 0 takes a free one
	Ready          func(context.Context) error // fails as Unavailable while requests cannot be served
	Log            *zap.Logger
	Metrics        *prometheus.Registry // takes the metrics of the server and of the process
	CORSOrigins    []string             // that browsers may call from; "*" is any, empty is none
	TrustedProxies []netip.Prefix       // whose X-Forwarded-For and X-Forwarded-Proto are believed
	Version        string               // for the log
	Limits         Limits
}

// Limits keep one client from taking what all need. Fields that are zero take their default.
type Limits struct {
	Request     time.Duration // for a handler to answer; 10 seconds
	Read        time.Duration // for a whole request to arrive; 10 seconds
	Write       time.Duration // for an answer to be taken; 20 seconds
	Idle        time.Duration // between two requests of a connection; 60 seconds
	Connections int           // open at once; 4096
	Header      int           // bytes of a request before its body; 16 KiB
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Request:     cmp.Or(l.Request, 10*time.Second),
		Read:        cmp.Or(l.Read, 10*time.Second),
		Write:       cmp.Or(l.Write, 20*time.Second),
		Idle:        cmp.Or(l.Idle, 60*time.Second),
		Connections: cmp.Or(l.Connections, 4096),
		Header:      cmp.Or(l.Header, 16<<10),
	}
}

// maxBody is the size of the largest body that is read, in bytes.
const maxBody = 1 << 20

// Server serves its mounts between Start and Stop; it is a ports.Server.
type Server struct {
	options  Options
	mounts   []Mount
	app      *fiber.App
	meters   meters
	listener *limitListener
	stopping atomic.Bool
}

// New makes a server of one mount or more. It registers metrics, so that a registry can be given to one server only.
func New(o Options, mounts ...Mount) *Server {
	o.Limits = o.Limits.withDefaults()
	s := &Server{options: o, mounts: mounts, meters: newMeters(o.Metrics)}
	s.app = fiber.New(fiber.Config{
		Immutable:                    true, // without it Fiber returns text that the next request overwrites
		CaseSensitive:                true,
		DisableStartupMessage:        true,
		DisablePreParseMultipartForm: true,
		BodyLimit:                    maxBody,
		ReadBufferSize:               o.Limits.Header,
		ReadTimeout:                  o.Limits.Read,
		WriteTimeout:                 o.Limits.Write,
		IdleTimeout:                  o.Limits.Idle,
		Concurrency:                  2 * o.Limits.Connections, // the listener counts; a closing connection keeps its worker a moment longer
		RequestMethods:               append(slices.Clone(fiber.DefaultMethods), otherMethod),
		ErrorHandler:                 s.refuse,
	})
	s.app.Use(s.serve)
	s.app.Get("/healthz", s.healthz)
	s.app.Get("/readyz", s.readyz)
	s.app.Get("/metrics", s.meters.handler(o.Metrics))
	for _, m := range mounts {
		m.Routes(s.app.Group(m.Prefix))
	}
	s.app.Server().Handler = replaceUnknownMethods(s.app.Handler())
	return s
}

// otherMethod stands for every method that HTTP does not define: no route serves it.
const otherMethod = "OTHER"

// replaceUnknownMethods lets an unknown method be refused like one that a path does not have. Fiber would
// answer it in plain text.
func replaceUnknownMethods(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(c *fasthttp.RequestCtx) {
		if !slices.Contains(fiber.DefaultMethods, string(c.Method())) {
			c.Request.Header.SetMethod(otherMethod)
		}
		next(c)
	}
}

// Start listens on Options.Addr, fails if it cannot, and then serves as StartOn does.
func (s *Server) Start(ctx context.Context) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", s.options.Addr)
	if err != nil {
		return err
	}
	s.StartOn(l)
	return nil
}

// StartOn serves on l until Stop, which closes l.
func (s *Server) StartOn(l net.Listener) {
	s.listener = &limitListener{Listener: l, limit: int64(s.options.Limits.Connections)}
	go func() {
		if err := s.app.Listener(s.listener); err != nil {
			s.stopping.Store(true)
			s.options.Log.Error("http server ended", zap.Error(err))
		}
	}()
	s.options.Log.Info("http server listens", zap.String("address", s.Address()), zap.String("version", s.options.Version))
}

// Address is where the started server listens, as host:port.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Stop reports "not ready" first, takes no new connection, and returns when all requests are
// answered, at the latest when the context ends.
func (s *Server) Stop(ctx context.Context) error {
	s.stopping.Store(true)
	if s.listener == nil {
		return nil
	}
	if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return s.app.ShutdownWithContext(ctx)
}
