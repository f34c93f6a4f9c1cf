package httpapi

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.uber.org/zap"

	"tickt/domain"
)

// meters count requests by method, route and status. Routes are patterns and methods those of HTTP, so that no
// client can make more of them.
type meters struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	inFlight prometheus.Gauge
}

func newMeters(registry *prometheus.Registry) meters {
	labels := []string{"method", "route", "status"}
	m := meters{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_requests_total", Help: "Requests answered.",
		}, labels),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_request_duration_seconds", Help: "Time from a request's arrival to its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, labels),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "http_requests_in_flight", Help: "Requests being answered.",
		}),
	}
	registry.MustRegister(m.requests, m.duration, m.inFlight,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m meters) handler(registry *prometheus.Registry) fiber.Handler {
	return adaptor.HTTPHandler(promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
}

// maxLoggedPath is how much of a path is logged, in bytes.
const maxLoggedPath = 200

// tell counts an answered request and writes its line into the access log: no query, no header, no body.
func (s *Server) tell(c *fiber.Ctx, route string, took time.Duration) {
	method, status := c.Method(), c.Response().StatusCode()
	code := strconv.Itoa(status)
	s.meters.requests.WithLabelValues(method, route, code).Inc()
	s.meters.duration.WithLabelValues(method, route, code).Observe(took.Seconds())

	level := zap.InfoLevel
	if probes[route] {
		level = zap.DebugLevel
	}
	line := s.Log.Check(level, "request")
	if line == nil {
		return
	}
	account, _ := c.Locals(accountKey).(domain.ID)
	path := c.Path()
	line.Write(
		zap.String("method", method), zap.String("route", route), zap.String("path", path[:min(len(path), maxLoggedPath)]),
		zap.Int("status", status), zap.Float64("ms", float64(took.Microseconds())/1000), zap.Int("bytes", len(c.Response().Body())),
		zap.String("request_id", requestID(c)), zap.String("account", string(account)), zap.Stringer("address", s.address(c)))
}

// probes are the routes that machines ask every few seconds; they are logged for debugging only.
var probes = map[string]bool{"/healthz": true, "/readyz": true, "/metrics": true}
