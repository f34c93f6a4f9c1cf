package httpapi

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"tickt/domain"
)

// readyWithin is how long the readiness check may take.
const readyWithin = 2 * time.Second

var errStopping = domain.Fail(domain.Unavailable, "The service is stopping.")

// healthz says that the process lives; it asks nobody.
func (s *Server) healthz(c *fiber.Ctx) error { return ok(c, "", nil) }

// readyz says whether requests can be served, and where they cannot, roughly why.
func (s *Server) readyz(c *fiber.Ctx) error {
	if s.stopping.Load() {
		return errStopping
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), readyWithin)
	defer cancel()
	err := s.Ready(ctx)
	switch {
	case err == nil:
		return ok(c, "", nil)
	case domain.KindOf(err) == domain.Unavailable:
		return err
	default:
		return &domain.Error{Kind: domain.Unavailable, Message: "The service is not ready.", Cause: err}
	}
}
