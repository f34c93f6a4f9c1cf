package httpserver

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"tickt/domain"
)

// readyWithin is how long the readiness check may take.
const readyWithin = 2 * time.Second

var errStopping = domain.Fail(domain.Unavailable, "The service is stopping.")

// healthz reports that the process is alive. It checks nothing.
func (s *Server) healthz(c *fiber.Ctx) error { return writeOK(c) }

// readyz reports whether requests can be served, and if they cannot, roughly why.
func (s *Server) readyz(c *fiber.Ctx) error {
	if s.stopping.Load() {
		return errStopping
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), readyWithin)
	defer cancel()
	err := s.options.Ready(ctx)
	switch {
	case err == nil:
		return writeOK(c)
	case domain.KindOf(err) == domain.Unavailable:
		return err
	default:
		return &domain.Error{Kind: domain.Unavailable, Message: "The service is not ready.", Cause: err}
	}
}

// writeOK answers in the envelope of the contract.
func writeOK(c *fiber.Ctx) error {
	return WriteJSON(c, fiber.StatusOK, struct {
		ResponseCode string `json:"ResponseCode"`
		Response     string `json:"response"`
	}{"0", "Ok"})
}
