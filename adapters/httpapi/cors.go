package httpapi

import (
	"slices"

	"github.com/gofiber/fiber/v2"
)

// What scripts of other origins may send and read, beside what the Fetch standard always lets them.
const (
	sharedMethods = "GET, HEAD, POST, PUT, PATCH, DELETE"
	sharedRequest = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-ID"
	sharedAnswer  = "ETag, Location, Retry-After, Idempotent-Replayed, X-Request-ID"
	sharedFor     = "600" // seconds
)

// share lets scripts of the configured origins read the answer. Tokens travel in a header and never in a
// cookie, so no credentials are shared.
func (s *Server) share(c *fiber.Ctx) {
	if len(s.CORSOrigins) == 0 {
		return
	}
	origin := c.Get(fiber.HeaderOrigin)
	if slices.Contains(s.CORSOrigins, "*") {
		origin = "*"
	} else {
		c.Vary(fiber.HeaderOrigin)
		if !slices.Contains(s.CORSOrigins, origin) {
			return
		}
	}
	c.Set(fiber.HeaderAccessControlAllowOrigin, origin)
	c.Set(fiber.HeaderAccessControlExposeHeaders, sharedAnswer)
}

// preflight answers a browser's question whether it may send a request, where the origin may; it says
// whether the request was one.
func (s *Server) preflight(c *fiber.Ctx) bool {
	if c.Method() != fiber.MethodOptions || c.Get(fiber.HeaderAccessControlRequestMethod) == "" ||
		c.GetRespHeader(fiber.HeaderAccessControlAllowOrigin) == "" {
		return false
	}
	c.Set(fiber.HeaderAccessControlAllowMethods, sharedMethods)
	c.Set(fiber.HeaderAccessControlAllowHeaders, sharedRequest)
	c.Set(fiber.HeaderAccessControlMaxAge, sharedFor)
	c.Status(fiber.StatusNoContent)
	return true
}
