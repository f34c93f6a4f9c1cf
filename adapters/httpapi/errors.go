package httpapi

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"go.uber.org/zap"

	"tickt/domain"
)

const (
	oops       = "Oops! Something went wrong."
	comeBackIn = 5 * time.Second // where an Unavailable does not say when
)

// statuses is the one table from kinds of failure to HTTP.
var statuses = [...]int{
	domain.Internal:        fiber.StatusInternalServerError,
	domain.Invalid:         fiber.StatusBadRequest,
	domain.Unauthenticated: fiber.StatusUnauthorized,
	domain.Forbidden:       fiber.StatusForbidden,
	domain.NotFound:        fiber.StatusNotFound,
	domain.Conflict:        fiber.StatusConflict,
	domain.Stale:           fiber.StatusPreconditionFailed,
	domain.Reused:          fiber.StatusUnprocessableEntity,
	domain.Throttled:       fiber.StatusTooManyRequests,
	domain.Unavailable:     fiber.StatusServiceUnavailable,
}

// sentences say what went wrong before a use case was reached.
var sentences = map[int]string{
	fiber.StatusNotFound:                    domain.ErrNotFound.Message,
	fiber.StatusMethodNotAllowed:            "Method not allowed.",
	fiber.StatusRequestTimeout:              "The request took too long to arrive.",
	fiber.StatusRequestEntityTooLarge:       "Body is larger than 1 MiB.",
	fiber.StatusUnsupportedMediaType:        "Body must be application/json.",
	fiber.StatusRequestHeaderFieldsTooLarge: "Request headers are too large.",
}

// panicked is a panic on its way to the answer and the log.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// fail answers with a failure and logs it where the fault is ours.
func (s *Server) fail(c *fiber.Ctx, err error) {
	status, e := diagnose(err)
	switch {
	case status == fiber.StatusUnauthorized:
		c.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="tickt"`)
	case e.RetryAfter > 0, status == fiber.StatusTooManyRequests, status == fiber.StatusServiceUnavailable:
		c.Set(fiber.HeaderRetryAfter, seconds(e.RetryAfter))
	}
	s.report(c, status, err)
	body := failure{ResponseCode: "1", Response: e.Message, RequestID: requestID(c)}
	for _, p := range e.Problems {
		body.Details = append(body.Details, problem(p))
		body.Errors = append(body.Errors, p.Message)
	}
	if err := write(c, status, body); err != nil { // strings always encode
		s.Log.Error("answer not written", zap.Error(err))
	}
}

// diagnose finds the status of an error and what may be shown of it.
func diagnose(err error) (status int, shown domain.Error) {
	var known *domain.Error
	var edge *fiber.Error
	switch {
	case errors.As(err, &known) && known.Kind != domain.Internal:
		shown = *known
		if shown.Kind == domain.Unavailable && shown.RetryAfter <= 0 {
			shown.RetryAfter = comeBackIn
		}
		return statuses[shown.Kind], shown
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		shown = domain.Error{Message: "The service took too long to answer.", RetryAfter: comeBackIn}
		return fiber.StatusServiceUnavailable, shown
	case errors.As(err, &edge) && edge.Code < fiber.StatusInternalServerError:
		if sentence, ok := sentences[edge.Code]; ok {
			return edge.Code, domain.Error{Message: sentence}
		}
		return fiber.StatusBadRequest, domain.Error{Message: "Malformed request."}
	default:
		return fiber.StatusInternalServerError, domain.Error{Message: oops}
	}
}

// report logs the cause of an answer that says nothing of it.
func (s *Server) report(c *fiber.Ctx, status int, err error) {
	id := zap.String("request_id", requestID(c))
	switch status {
	case fiber.StatusInternalServerError:
		var p *panicked
		if errors.As(err, &p) {
			s.Log.Error("request panicked", id, zap.Error(err), zap.ByteString("stack", p.stack))
			return
		}
		s.Log.Error("request failed", id, zap.Error(err))
	case fiber.StatusServiceUnavailable:
		s.Log.Warn("request could not be served", id, zap.Error(err))
	}
}

// seconds writes a Retry-After: whole seconds, rounded up, at least one.
func seconds(d time.Duration) string {
	return strconv.Itoa(max(1, int(math.Ceil(d.Seconds()))))
}
