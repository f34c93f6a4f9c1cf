package httpserver

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.uber.org/zap"
)

// MetricsServer serves /metrics, and nothing else, on an address of its own. It is a ports.Server.
type MetricsServer struct {
	addr   string
	log    *zap.Logger
	server *http.Server
	bound  net.Addr
}

// Limits of a MetricsServer. A scrape asks the database, for at most two seconds for each metric.
const (
	metricsRead  = 5 * time.Second
	metricsWrite = 20 * time.Second
)

// NewMetricsServer returns a server of the metrics of a registry. addr is host:port, or the path of a Unix socket if it begins
// with "/".
func NewMetricsServer(addr string, metrics *prometheus.Registry, log *zap.Logger) *MetricsServer {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{}))
	return &MetricsServer{addr: addr, log: log, server: &http.Server{
		Handler: mux, ReadTimeout: metricsRead, WriteTimeout: metricsWrite, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
	}}
}

// Start listens and serves. A socket that a killed process left behind is replaced; one on which a process listens is not.
func (s *MetricsServer) Start(ctx context.Context) error {
	network := "tcp"
	if strings.HasPrefix(s.addr, "/") {
		network = "unix"
		removeDeadSocket(ctx, s.addr)
	}
	l, err := new(net.ListenConfig).Listen(ctx, network, s.addr)
	if err != nil {
		return err
	}
	s.bound = l.Addr()
	go func() {
		if err := s.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("metrics server ended", zap.Error(err))
		}
	}()
	s.log.Info("metrics server listens", zap.String("address", s.bound.String()))
	return nil
}

// removeDeadSocket removes a socket on which nothing listens.
func removeDeadSocket(ctx context.Context, path string) {
	info, err := os.Stat(path)
	if err != nil || info.Mode().Type() != fs.ModeSocket {
		return
	}
	c, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		_ = os.Remove(path)
		return
	}
	_ = c.Close()
}

// Address returns the address on which the started server listens.
func (s *MetricsServer) Address() string { return s.bound.String() }

// Stop closes the listener, and returns when all scrapes are finished or the context ends.
func (s *MetricsServer) Stop(ctx context.Context) error { return s.server.Shutdown(ctx) }
