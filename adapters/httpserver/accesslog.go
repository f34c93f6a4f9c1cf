package httpserver

import (
	"time"

	"github.com/gofiber/fiber/v2"
	"go.uber.org/zap"
)

// maxLoggedPath is how much of a path is logged, in bytes.
const maxLoggedPath = 200

// probes are the routes that machines request every few seconds; they are logged for debugging only.
var probes = map[string]bool{"/healthz": true, "/readyz": true, "/metrics": true}

// record counts an answered request and writes its line into the access log: no query, no header, no body.
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
