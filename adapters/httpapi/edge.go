package httpapi

import (
	"context"
	"encoding/hex"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
)

// What a request carries with it besides its headers.
type local uint8

const (
	requestIDKey local = iota // string
	accountKey                // domain.ID, where the client is known
)

func requestID(c *fiber.Ctx) string {
	id, _ := c.Locals(requestIDKey).(string)
	return id
}

// serve is what every request that could be read goes through: it gets an id, headers and a deadline, a
// failure or panic becomes an answer, and what came of it is logged and counted.
func (s *Server) serve(c *fiber.Ctx) error {
	began := time.Now()
	s.meters.inFlight.Inc()
	defer s.meters.inFlight.Dec()
	s.head(c)
	if !s.preflight(c) {
		ctx, cancel := context.WithTimeout(context.Background(), s.limits.request)
		defer cancel()
		c.SetUserContext(ctx)
		if err := attempt(c); err != nil {
			s.fail(c, err)
		}
	}
	s.tell(c, routeOf(c), time.Since(began))
	return nil
}

// attempt runs the request's handler; a panic in it is an error.
func attempt(c *fiber.Ctx) (err error) {
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
	s.head(c)
	s.fail(c, err)
	switch c.Response().StatusCode() {
	case fiber.StatusRequestEntityTooLarge, fiber.StatusRequestHeaderFieldsTooLarge:
		if open, ok := c.Context().Conn().(*connection); ok {
			open.patient.Store(true)
		}
	}
	s.tell(c, unreadRoute, 0)
	return nil
}

// Names for requests that no route took, so that they count as one route each.
const (
	unmatchedRoute = "unmatched"
	unreadRoute    = "unread"
)

// routeOf gives the pattern of the route that took a request.
func routeOf(c *fiber.Ctx) string {
	if path := c.Route().Path; path != "/" { // "/" is the middleware's own
		return path
	}
	return unmatchedRoute
}

// head sets what every answer has: its request id and the headers that keep browsers careful.
func (s *Server) head(c *fiber.Ctx) {
	id := c.Get(fiber.HeaderXRequestID)
	if !acceptableID(id) {
		id = newRequestID()
	}
	c.Locals(requestIDKey, id)
	c.Set(fiber.HeaderXRequestID, id)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'")
	if path := c.Path(); path == "/api" || strings.HasPrefix(path, "/api/") {
		c.Set(fiber.HeaderCacheControl, "no-store")
	}
	if s.secure(c) {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
	s.share(c)
}

// secure says whether the client came by TLS, to us or to a proxy that we trust.
func (s *Server) secure(c *fiber.Ctx) bool {
	if c.Context().IsTLS() {
		return true
	}
	return len(s.TrustedProxies) > 0 && trusted(peer(c), s.TrustedProxies) && c.Get(fiber.HeaderXForwardedProto) == "https"
}

// acceptableID says whether a client's own request id can go into logs and headers as it is.
func acceptableID(id string) bool {
	if id == "" || len(id) > 128 {
		return false
	}
	for i := range len(id) {
		b := id[i]
		if (b < 'a' || b > 'z') && (b < 'A' || b > 'Z') && (b < '0' || b > '9') && b != '.' && b != '_' && b != '-' {
			return false
		}
	}
	return true
}

func newRequestID() string {
	id, err := uuid.NewV7()
	if err != nil { // no randomness left; an id that is not unique harms nobody
		return "none"
	}
	return hex.EncodeToString(id[:])
}
