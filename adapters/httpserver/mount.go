package httpserver

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Mount is a group of routes at a path of the server, with their form of failures.
type Mount struct {
	Prefix string             // of the path of each of its routes, as in "/api"
	Routes func(fiber.Router) // adds the routes, without their prefix
	Head   func(*fiber.Ctx)   // sets headers of every response below the prefix; may be nil
	// Fail writes the response to a failed request; nil means JSON. The server sets Retry-After.
	Fail func(*fiber.Ctx, Failure) error
	CORS CORS
}

// has reports whether a path belongs to the mount.
func (m *Mount) has(path string) bool {
	rest, ok := strings.CutPrefix(path, m.Prefix)
	return ok && (rest == "" || rest[0] == '/')
}

// mountAt returns the mount that a path belongs to. For the server's own paths and for unknown ones, it returns a mount
// that fails in JSON, with the CORS of the first mount.
func (s *Server) mountAt(path string) Mount {
	for _, m := range s.mounts {
		if m.has(path) {
			return m
		}
	}
	return Mount{CORS: s.mounts[0].CORS}
}
