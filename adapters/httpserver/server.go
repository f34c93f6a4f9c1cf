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
	Drain          time.Duration        // how long Stop serves on while the server is not ready
	Ended          func(error)          // is called if the server ends without Stop; may be nil
	Limits         Limits
}

// Limits keep one client from using up shared resources. Zero fields take their default.
type Limits struct {
	Request     time.Duration // of a handler; default 10 seconds
	Read        time.Duration // to read a whole request; default 10 seconds
	Write       time.Duration // to write a response; default 20 seconds
	Idle        time.Duration // between two requests on a connection; default 60 seconds
	Connections int           // open at the same time; the default depends on how many files the process may open, at most 4096
	PerAddress  int           // connections of one address, or of one IPv6 network (/64); 0 means no limit
	Header      int           // bytes of a request before its body; default 16 KiB
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Request:     cmp.Or(l.Request, 10*time.Second),
		Read:        cmp.Or(l.Read, 10*time.Second),
		Write:       cmp.Or(l.Write, 20*time.Second),
		Idle:        cmp.Or(l.Idle, 60*time.Second),
		Connections: cmp.Or(l.Connections, connectionsFor(openFiles())),
		PerAddress:  l.PerAddress,
		Header:      cmp.Or(l.Header, 16<<10),
	}
}

// connectionsFor returns how many connections the server may have if the process may open files at the same time. It leaves
// some for the database and everything else, and for connections that are refused.
func connectionsFor(files int) int {
	return min(max(files-min(files/2, reservedFiles), 1), maxConnections)
}

const (
	maxConnections = 4096
	reservedFiles  = 192
	maxSpare       = 64
)

// spare is how many connections without a place are read or responded to at the same time.
func (l Limits) spare() int { return min(max(l.Connections/8, 4), maxSpare) }

// Server serves its mounts between Start and Stop; it is a ports.Server.
type Server struct {
	options  Options
	mounts   []Mount
	app      *fiber.App
	meters   meters
	listener *limitListener
	draining atomic.Bool // Stop was called: the server is not ready, but serves on
	stopping atomic.Bool // Stop ends the server
	warned   atomic.Bool // of a proxy that is not trusted
	buffered buffered
	quiet    quiet
}

// New returns a server of one or more mounts. It registers its metrics, so a registry can be used for only one server.
func New(o Options, mounts ...Mount) *Server {
	o.Limits = o.Limits.withDefaults()
	s := &Server{options: o, mounts: mounts, meters: newMeters(o.Metrics), quiet: quiet{free: freeMemory}}
	s.app = fiber.New(fiber.Config{
		Immutable:                    true, // otherwise Fiber returns strings that the next request overwrites
		CaseSensitive:                true,
		DisableStartupMessage:        true,
		DisablePreParseMultipartForm: true,
		StreamRequestBody:            true,
		BodyLimit:                    1, // how much of a body is read ahead; ReadBody limits the size
		ReadBufferSize:               o.Limits.Header,
		ReadTimeout:                  o.Limits.Read,
		WriteTimeout:                 o.Limits.Write,
		IdleTimeout:                  o.Limits.Idle,
		Concurrency:                  2 * (o.Limits.Connections + o.Limits.spare()), // a closed connection keeps its worker briefly
		RequestMethods:               append(slices.Clone(fiber.DefaultMethods), otherMethod),
		ErrorHandler:                 s.refuse,
	})
	s.app.Use(s.serve)
	s.app.Get(livePath, s.healthz)
	s.app.Get(readyPath, s.readyz)
	s.app.Get(metricsPath, s.metrics())
	for _, m := range mounts {
		m.Routes(s.app.Group(m.Prefix))
	}
	s.app.Server().CloseOnShutdown = true
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
	s.listener = listen(l, s.options.Limits, s.options.TrustedProxies, s.options.Log)
	s.quiet.start()
	go func() {
		err := s.app.Listener(s.listener)
		if s.stopping.Swap(true) {
			return
		}
		if err == nil {
			err = net.ErrClosed
		}
		s.options.Log.Error("http server ended", zap.Error(err))
		if s.options.Ended != nil {
			s.options.Ended(err)
		}
	}()
	s.options.Log.Info("http server listens", zap.String("address", s.Address()), zap.String("version", s.options.Version))
}

// Address returns the host:port on which the started server listens.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Stop makes the server report that it is not ready and serves on for Options.Drain, so that a load balancer can notice. It
// then accepts no new connections, and returns when all requests are finished or the context ends.
func (s *Server) Stop(ctx context.Context) error {
	s.draining.Store(true)
	if s.listener == nil || s.stopping.Load() {
		return nil
	}
	drained := time.NewTimer(s.options.Drain)
	defer drained.Stop()
	select {
	case <-drained.C:
	case <-ctx.Done():
	}
	s.stopping.Store(true)
	s.quiet.stop()
	if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return s.app.ShutdownWithContext(ctx)
}
