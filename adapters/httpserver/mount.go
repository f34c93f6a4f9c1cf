package httpserver

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Mount is a way in at a path of the server.
type Mount struct {
	Prefix string             // of the path of each of its routes, as in "/api"
	Routes func(fiber.Router) // adds the routes, without their prefix
	Head   func(*fiber.Ctx)   // sets the headers that every answer below the prefix has; nil: none of its own
	// Fail writes the answer to a request that failed; nil: as JSON. The server sets Retry-After.
	Fail func(*fiber.Ctx, Failure) error
	CORS CORS
}

// has reports whether a path is the mount's.
func (m *Mount) has(path string) bool {
	rest, ok := strings.CutPrefix(path, m.Prefix)
	return ok && (rest == "" || rest[0] == '/')
}

// mountAt returns the mount that a path belongs to. The server's own paths, and those that nobody serves,
// answer in JSON, and scripts may read them as they may read the first mount.
func (s *Server) mountAt(path string) Mount {
	for _, m := range s.mounts {
		if m.has(path) {
			return m
		}
	}
	return Mount{CORS: s.mounts[0].CORS}
}
