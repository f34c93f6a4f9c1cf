package httpserver

import (
	"slices"

	"github.com/gofiber/fiber/v2"
)

// CORS is what scripts of the allowed origins may send and read, besides what the Fetch standard always
// lets them; each is a list of names separated by commas. The zero value allows nothing to any origin.
type CORS struct {
	Methods         string // of requests
	RequestHeaders  string // that requests may have
	ResponseHeaders string // that can be read
}

// preflightLifetime is how long browsers may remember what they may send, in seconds.
const preflightLifetime = "600"

// share lets scripts of the configured origins read the answer. Tokens travel in a header and never in a
// cookie, so no credentials are shared.
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

// preflight answers a browser that asks whether it may send a request, if the origin may. It reports
// whether the request was such a question.
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
