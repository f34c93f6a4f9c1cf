package httpserver

import (
	"slices"

	"github.com/gofiber/fiber/v2"
)

// CORS is what scripts from the allowed origins may send and read, in addition to what the Fetch standard always allows.
// Each field is a comma-separated list. The zero value allows nothing.
type CORS struct {
	Methods         string // Access-Control-Allow-Methods
	RequestHeaders  string // Access-Control-Allow-Headers
	ResponseHeaders string // Access-Control-Expose-Headers
}

// preflightLifetime is how long browsers may cache the response to a preflight request, in seconds.
const preflightLifetime = "600"

// share lets scripts from the configured origins read the response. Access-Control-Allow-Credentials is not set, because
// tokens are sent in a header and never in a cookie.
func (s *Server) share(c *fiber.Ctx, with CORS) {
	if len(s.options.CORSOrigins) == 0 || with == (CORS{}) {
		return
	}
	origin := c.Get(fiber.HeaderOrigin)
	if slices.Contains(s.options.CORSOrigins, "*") {
		origin = "*"
	} else {
		c.Vary(fiber.HeaderOrigin)
		if !slices.Contains(s.options.CORSOrigins, origin) {
			return
		}
	}
	c.Set(fiber.HeaderAccessControlAllowOrigin, origin)
	c.Set(fiber.HeaderAccessControlExposeHeaders, with.ResponseHeaders)
}

// preflight responds to a CORS preflight request of an allowed origin, and reports whether the request was one.
func preflight(c *fiber.Ctx, with CORS) bool {
	if c.Method() != fiber.MethodOptions || c.Get(fiber.HeaderAccessControlRequestMethod) == "" ||
		c.GetRespHeader(fiber.HeaderAccessControlAllowOrigin) == "" {
		return false
	}
	c.Set(fiber.HeaderAccessControlAllowMethods, with.Methods)
	c.Set(fiber.HeaderAccessControlAllowHeaders, with.RequestHeaders)
	c.Set(fiber.HeaderAccessControlMaxAge, preflightLifetime)
	c.Status(fiber.StatusNoContent)
	return true
}
