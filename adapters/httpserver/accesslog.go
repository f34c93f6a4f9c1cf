package httpserver

import (
	"time"

	"github.com/gofiber/fiber/v2"
	"go.uber.org/zap"
)

// maxLoggedPath is the maximum length of a logged path in bytes; longer paths are cut.
const maxLoggedPath = 200

// probes are routes that monitoring requests every few seconds. They are logged only at debug level.
var probes = map[string]bool{"/healthz": true, "/readyz": true, "/metrics": true}

// record counts a finished request and writes it to the access log, without query, headers and body.
func (s *Server) record(c *fiber.Ctx, route string, took time.Duration) {
	method, status := c.Method(), c.Response().StatusCode()
	s.meters.count(method, route, status, took)
	level := zap.InfoLevel
	if probes[route] {
		level = zap.DebugLevel
	}
	line := s.options.Log.Check(level, "request")
	if line == nil {
		return
	}
	r, path := RequestOf(c), c.Path()
	line.Write(
		zap.String("method", method), zap.String("route", route), zap.String("path", path[:min(len(path), maxLoggedPath)]),
		zap.Int("status", status), zap.Float64("ms", float64(took.Microseconds())/1000), zap.Int("bytes", len(c.Response().Body())),
		zap.String("request_id", r.ID), zap.String("account", string(r.Account)), zap.Stringer("address", r.Address))
}
