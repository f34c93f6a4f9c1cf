package httpserver

import (
	"encoding/hex"
	"net/netip"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"tickt/domain"
)

// Request is what the server knows of a request besides what the client sent.
type Request struct {
	ID      string     // in X-Request-ID, the log and the answers to requests that fail
	Account domain.ID  // who asks, for the log: the mount sets it; "" while that is unknown
	Address netip.Addr // of the client; the zero Addr if it has none
}

type requestKey struct{}

// RequestOf returns what is known of the request that c stands for; the caller may change it.
func RequestOf(c *fiber.Ctx) *Request {
	r, ok := c.Locals(requestKey{}).(*Request)
	if !ok {
		r = &Request{}
		c.Locals(requestKey{}, r)
	}
	return r
}

// maxRequestID is how many bytes a client's own request id may have.
const maxRequestID = 128

// acceptableID reports whether a client's own request id can go into logs and headers as it is.
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
	if err != nil { // no randomness left; an id that is not unique harms nobody
		return "none"
	}
	return hex.EncodeToString(id[:])
}
