package httpserver

import (
	"context"
	"runtime/debug"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
)

// serve is what every request goes through that could be read: it gets an id, headers and a deadline; an
// error or panic becomes an answer; the request is logged and counted.
func (s *Server) serve(c *fiber.Ctx) error {
	began := time.Now()
	s.meters.inFlight.Inc()
	defer s.meters.inFlight.Dec()
	m := s.begin(c)
	if !preflight(c, m.CORS) {
		ctx, cancel := context.WithTimeout(context.Background(), s.options.Limits.Request)
		defer cancel()
		c.SetUserContext(ctx)
		if err := next(c); err != nil {
			s.fail(c, m, err)
		}
	}
	s.record(c, routeOf(c), time.Since(began))
	return nil
}

// next runs the handler of the request. A panic in it is an error.
func next(c *fiber.Ctx) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{value: v, stack: debug.Stack()}
		}
	}()
	return c.Next()
}

// refuse answers what never became a request: too large, too slow, not HTTP.
func (s *Server) refuse(c *fiber.Ctx, err error) error {
	if !slices.Contains(fiber.DefaultMethods, c.Method()) {
		c.Method(otherMethod)
	}
	s.fail(c, s.begin(c), err)
	switch c.Response().StatusCode() {
	case fiber.StatusRequestEntityTooLarge, fiber.StatusRequestHeaderFieldsTooLarge:
		if open, ok := c.Context().Conn().(*connection); ok {
			open.drain.Store(true)
		}
	}
	s.record(c, unreadRoute, 0)
	return nil
}

// Names for requests that no route took, so that they count as one route each.
const (
	unmatchedRoute = "unmatched"
	unreadRoute    = "unread"
)

// routeOf returns the pattern of the route that took a request.
func routeOf(c *fiber.Ctx) string {
	if path := c.Route().Path; path != "/" { // "/" is the middleware's own
		return path
	}
	return unmatchedRoute
}

// begin notes what is known of a request, sets the headers of every answer, and returns the mount it is for.
func (s *Server) begin(c *fiber.Ctx) Mount {
	r := RequestOf(c)
	r.ID, r.Address = c.Get(fiber.HeaderXRequestID), s.clientAddress(c)
	if !acceptableID(r.ID) {
		r.ID = newRequestID()
	}
	c.Set(fiber.HeaderXRequestID, r.ID)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'")
	if s.secure(c) {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
	m := s.mountAt(c.Path())
	if m.Head != nil {
		m.Head(c)
	}
	s.share(c, m.CORS)
	return m
}

// secure reports whether the client came by TLS, to this server or to a proxy that it trusts.
func (s *Server) secure(c *fiber.Ctx) bool {
	if c.Context().IsTLS() {
		return true
	}
	return contains(s.options.TrustedProxies, peer(c)) && c.Get(fiber.HeaderXForwardedProto) == "https"
}
