package httpserver

import (
	"context"
	"encoding/hex"
	"net/netip"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"tickt/domain"
)

// Request holds what the server knows about a request besides what the client sent.
type Request struct {
	ID      string     // in X-Request-ID, in the log and in the responses to failed requests
	Account domain.ID  // of the actor, for the log; set by the mount, "" while unknown
	Address netip.Addr // of the client; the zero Addr if it has none

	server   *Server
	cancel   context.CancelFunc // of the deadline of the handler
	buffered int                // bytes that are reserved for the body
}

type requestKey struct{}

// RequestOf returns the Request of c, which the caller may change.
func RequestOf(c *fiber.Ctx) *Request {
	r, ok := c.Locals(requestKey{}).(*Request)
	if !ok {
		r = &Request{}
		c.Locals(requestKey{}, r)
	}
	return r
}

// maxRequestID is the maximum length of a client's own request id in bytes.
const maxRequestID = 128

// acceptableID reports whether a client's own request id is safe in logs and headers.
func acceptableID(id string) bool {
	if id == "" || len(id) > maxRequestID {
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
	if err != nil { // no randomness; an id that is not unique does no harm
		return "none"
	}
	return hex.EncodeToString(id[:])
}
