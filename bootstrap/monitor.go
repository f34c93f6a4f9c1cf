package bootstrap

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"tickt/adapters/bunstore"
	"tickt/adapters/httpserver"
	"tickt/ports"
)

// publicMetrics is the value of METRICS_ADDR that serves the metrics at HTTP_ADDR.
const publicMetrics = "public"

// metricsHint is logged if somebody looks for the metrics at HTTP_ADDR in vain.
const metricsHint = "they are served at METRICS_ADDR, an address or the path of a Unix socket; METRICS_ADDR=public serves them at HTTP_ADDR"

// privateMetrics reports whether the metrics have an address of their own.
func (s *Settings) privateMetrics() bool {
	return s.MetricsAddr != "" && s.MetricsAddr != publicMetrics
}

// hideMetrics returns the hint for those who look for the metrics at HTTP_ADDR; "" if they are there.
func (s *Settings) hideMetrics() string {
	if s.privateMetrics() || s.MetricsAddr == "" && s.production() {
		return metricsHint
	}
	return ""
}

func isMetricsAddress(text string) bool { return strings.HasPrefix(text, "/") || isAddress(text) }

// listener is a server whose failure to listen is the fault of a setting.
type listener struct {
	ports.Server
	setting string
}

// Start starts the server.
func (l listener) Start(ctx context.Context) error {
	return listenError(l.setting, l.Server.Start(ctx))
}

// metricsServers returns the server of METRICS_ADDR, if it names one.
func metricsServers(s Settings, metrics *prometheus.Registry, log *zap.Logger) []ports.Server {
	if !s.privateMetrics() {
		return nil
	}
	return []ports.Server{listener{httpserver.NewMetricsServer(s.MetricsAddr, metrics, log), "METRICS_ADDR"}}
}

// runWorkServer serves health and metrics at WORK_ADDR, if it is set. It starts before the workers, and so stops after them.
func runWorkServer(life fx.Lifecycle, s Settings, store *bunstore.Store, metrics *prometheus.Registry, log *zap.Logger) {
	if s.WorkAddr == "" {
		return
	}
	server := httpserver.New(httpserver.Options{
		Addr: s.WorkAddr, Ready: store.Ready, Log: log, Metrics: metrics, TrustedProxies: s.TrustedProxies, Version: buildVersion(),
	}, httpserver.Mount{Routes: func(fiber.Router) {}})
	runServers(life, []ports.Server{listener{server, "WORK_ADDR"}})
}
