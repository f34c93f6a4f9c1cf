package httpserver

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"tickt/domain"
)

// readyWithin is the timeout of the readiness check.
const readyWithin = 2 * time.Second

var errStopping = domain.Fail(domain.Unavailable, "The service is stopping.")

// healthz responds with 200 without any check, as long as the process is alive.
func (s *Server) healthz(c *fiber.Ctx) error { return writeOK(c) }

// readyz responds with 200 if requests can be served, otherwise with 503 and a general reason.
func (s *Server) readyz(c *fiber.Ctx) error {
	if s.draining.Load() || s.stopping.Load() {
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

// writeOK responds with 200 in the envelope of the contract.
func writeOK(c *fiber.Ctx) error {
	return WriteJSON(c, fiber.StatusOK, struct {
		ResponseCode string `json:"ResponseCode"`
		Response     string `json:"response"`
	}{"0", "Ok"})
}
