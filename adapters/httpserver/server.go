// Package httpserver is the HTTP server: the listener and its limits, request ids, deadlines, the access log, metrics,
// health, CORS, and the responses to failed requests. Routes are added as a Mount; the server does not know what they do.
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

// Options configure a Server. Ready, Log and Metrics are required.
type Options struct {
	Addr           string                      // host:port that Start listens on; port 0 means a free one
	Ready          func(context.Context) error // fails as Unavailable while requests cannot be served
	Log            *zap.Logger
	Metrics        *prometheus.Registry // for the metrics of the server and of the process
	CORSOrigins    []string             // origins that may read responses; "*" means any, empty means none
	TrustedProxies []netip.Prefix       // whose X-Forwarded-For and X-Forwarded-Proto are trusted
	Version        string               // for the log
	NoMetrics      string               // if not "", /metrics is 404 here, and the first request for it is logged with this hint
	Limits         Limits
}

// Limits keep one client from using up shared resources. Zero fields take their default.
type Limits struct {
	Request     time.Duration // of a handler; default 10 seconds
	Read        time.Duration // to read a whole request; default 10 seconds
	Write       time.Duration // to write a response; default 20 seconds
	Idle        time.Duration // between two requests on a connection; default 60 seconds
	Connections int           // open at the same time; default 4096
	Header      int           // bytes of a request before its body; default 16 KiB
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

// maxBody is the maximum size of a request body in bytes.
const maxBody = 1 << 20

// Server serves its mounts between Start and Stop; it is a ports.Server.
type Server struct {
	options  Options
	mounts   []Mount
	app      *fiber.App
	meters   meters
	listener *limitListener
	stopping atomic.Bool
	warned   atomic.Bool // of a proxy that is not trusted
}

// New returns a server of one or more mounts. It registers its metrics, so a registry can be used for only one server.
func New(o Options, mounts ...Mount) *Server {
	o.Limits = o.Limits.withDefaults()
	s := &Server{options: o, mounts: mounts, meters: newMeters(o.Metrics)}
	s.app = fiber.New(fiber.Config{
		Immutable:                    true, // otherwise Fiber returns strings that the next request overwrites
		CaseSensitive:                true,
		DisableStartupMessage:        true,
		DisablePreParseMultipartForm: true,
		BodyLimit:                    maxBody,
		ReadBufferSize:               o.Limits.Header,
		ReadTimeout:                  o.Limits.Read,
		WriteTimeout:                 o.Limits.Write,
		IdleTimeout:                  o.Limits.Idle,
		Concurrency:                  2 * o.Limits.Connections, // above the listener's limit: a closed connection keeps its worker briefly
		RequestMethods:               append(slices.Clone(fiber.DefaultMethods), otherMethod),
		ErrorHandler:                 s.refuse,
	})
	s.app.Use(s.serve)
	s.app.Get("/healthz", s.healthz)
	s.app.Get("/readyz", s.readyz)
	s.app.Get("/metrics", s.metrics())
	for _, m := range mounts {
		m.Routes(s.app.Group(m.Prefix))
	}
	s.app.Server().Handler = replaceUnknownMethods(s.app.Handler())
	return s
}

// otherMethod replaces every method that HTTP does not define. No route has it.
const otherMethod = "OTHER"

// replaceUnknownMethods makes an unknown method fail like one that the path does not support. Fiber would respond in
// plain text.
func replaceUnknownMethods(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(c *fasthttp.RequestCtx) {
		if !slices.Contains(fiber.DefaultMethods, string(c.Method())) {
			c.Request.Header.SetMethod(otherMethod)
		}
		next(c)
	}
}

// Start listens on Options.Addr and then serves like StartOn. It fails if it cannot listen.
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

// Address returns the host:port on which the started server listens.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Stop makes the server report that it is not ready, accepts no new connections, and returns when all requests are
// finished or the context ends.
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
