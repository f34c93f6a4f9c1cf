package httpserver

import (
	"context"
	"runtime/debug"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
)

// serve is the middleware of every request whose headers could be read. The request gets an id, headers and a deadline; an
// error or panic becomes a response; the outcome is logged and counted.
func (s *Server) serve(c *fiber.Ctx) error {
	began := time.Now()
	s.meters.inFlight.Inc()
	defer s.meters.inFlight.Dec()
	m := s.begin(c)
	if err := s.accept(c); err != nil {
		s.fail(c, m, err)
		c.Response().Header.SetConnectionClose()
		drainOnClose(c)
	} else if !preflight(c, m.CORS) {
		s.limitTime(c)
		if err := next(c); err != nil {
			s.fail(c, m, err)
		}
		RequestOf(c).cancel()
	}
	s.endBody(c)
	s.endConnection(c, began)
	s.record(c, routeOf(c), time.Since(began))
	return nil
}

// accept fails for a request that no handler may see.
func (s *Server) accept(c *fiber.Ctx) error {
	h := &c.Request().Header
	if err := checkFraming(h); err != nil {
		return fiber.ErrBadRequest
	}
	return checkExpectation(h)
}

// limitTime sets the deadline of the handler, from now on.
func (s *Server) limitTime(c *fiber.Ctx) {
	r := RequestOf(c)
	if r.cancel != nil {
		r.cancel()
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.options.Limits.Request)
	r.cancel = cancel
	c.SetUserContext(ctx)
}

// endConnection closes the connection after the response if it has no place of its own or the server stops. The address of
// a request with a valid token is exempt from the limit of an address for a while.
func (s *Server) endConnection(c *fiber.Ctx, now time.Time) {
	open, ok := c.Context().Conn().(*connection)
	if s.draining.Load() || ok && open.single {
		c.Response().Header.SetConnectionClose()
	}
	if ok && RequestOf(c).Account != "" {
		s.exempt(open, now)
	}
	if !isProbePath(c.Path()) && c.Path() != metricsPath { // a monitor must not keep the server busy for ever
		s.quiet.busy(now)
	}
}

// exempt exempts the address of a connection from the limit of an address, at most once a minute.
func (s *Server) exempt(open *connection, now time.Time) {
	if last := open.exempted.Load(); now.Unix()-last >= 60 && open.exempted.CompareAndSwap(last, now.Unix()) {
		s.listener.places.exemptAt(open.address, now)
	}
}

// next runs the handler of the request, and returns a panic as an error.
func next(c *fiber.Ctx) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{value: v, stack: debug.Stack()}
		}
	}()
	return c.Next()
}

// refuse responds to a request whose headers could not be read: too large, too slow or malformed.
func (s *Server) refuse(c *fiber.Ctx, err error) error {
	if !slices.Contains(fiber.DefaultMethods, c.Method()) {
		c.Method(otherMethod)
	}
	s.fail(c, s.begin(c), err)
	if c.Response().StatusCode() == fiber.StatusRequestHeaderFieldsTooLarge {
		drainOnClose(c)
	}
	s.record(c, unreadRoute, 0)
	return nil
}

// Routes of requests without a route, in metrics and the log.
const (
	unmatchedRoute = "unmatched"
	unreadRoute    = "unread"
)

// routeOf returns the pattern of the route of a request.
func routeOf(c *fiber.Ctx) string {
	if path := c.Route().Path; path != "/" || c.Path() == "/" { // for any other path, "/" is the middleware itself
		return path
	}
	return unmatchedRoute
}

// begin fills in the Request, sets the headers of every response, and returns the mount of the request.
func (s *Server) begin(c *fiber.Ctx) Mount {
	r := RequestOf(c)
	r.server = s
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

// secure reports whether the client uses TLS, to this server or to a trusted proxy.
func (s *Server) secure(c *fiber.Ctx) bool {
	if c.Context().IsTLS() {
		return true
	}
	return contains(s.options.TrustedProxies, peer(c)) && c.Get(fiber.HeaderXForwardedProto) == "https"
}
