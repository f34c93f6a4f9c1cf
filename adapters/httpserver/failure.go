package httpserver

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
	"tickt/domain/sentence"
)

const (
	unexpected        = "Oops! Something went wrong."
	defaultRetryAfter = 5 * time.Second // of an Unavailable error without RetryAfter
)

// statuses maps the kinds of errors to HTTP status codes.
var statuses = [...]int{
	domain.Internal:        fiber.StatusInternalServerError,
	domain.Invalid:         fiber.StatusBadRequest,
	domain.Unauthenticated: fiber.StatusUnauthorized,
	domain.Forbidden:       fiber.StatusForbidden,
	domain.NotFound:        fiber.StatusNotFound,
	domain.Conflict:        fiber.StatusConflict,
	domain.Gone:            fiber.StatusGone,
	domain.Stale:           fiber.StatusPreconditionFailed,
	domain.Reused:          fiber.StatusUnprocessableEntity,
	domain.Throttled:       fiber.StatusTooManyRequests,
	domain.Unavailable:     fiber.StatusServiceUnavailable,
}

// Reasons of requests that fail before they reach a use case.
const (
	reasonMethodNotAllowed     domain.Reason = "method_not_allowed"
	reasonTimeout              domain.Reason = "timeout"
	reasonTooLarge             domain.Reason = "too_large"
	reasonUnsupportedMediaType domain.Reason = "unsupported_media_type"
	reasonHeadersTooLarge      domain.Reason = "headers_too_large"
)

// early are the failures of requests that fail before they reach a use case, by status.
var early = map[int]struct {
	reason  domain.Reason
	message string
}{
	fiber.StatusNotFound:                    {domain.ReasonNotFound, domain.ErrNotFound.Message},
	fiber.StatusMethodNotAllowed:            {reasonMethodNotAllowed, "Method not allowed."},
	fiber.StatusRequestTimeout:              {reasonTimeout, "The request took too long to arrive."},
	fiber.StatusExpectationFailed:           {domain.ReasonMalformed, "Expect must be 100-continue."},
	fiber.StatusUnsupportedMediaType:        {reasonUnsupportedMediaType, "Body must be application/json."},
	fiber.StatusRequestHeaderFieldsTooLarge: {reasonHeadersTooLarge, "Request headers are too large."},
}

// Failure is what a client is told about a failed request.
type Failure struct {
	Status     int
	Code       domain.Reason
	Message    string
	Problems   []domain.Problem // of an invalid input
	RetryAfter time.Duration    // 0 means unknown
}

// FailureOf returns the Failure for an error. Messages of internal errors are never included.
func FailureOf(err error) Failure {
	var known *domain.Error
	var fromFiber *fiber.Error
	var large errTooLarge
	var media WrongMedia
	switch {
	case errors.As(err, &large):
		return Failure{Status: fiber.StatusRequestEntityTooLarge, Code: reasonTooLarge, Message: large.Error()}
	case errors.As(err, &media):
		return Failure{Status: fiber.StatusUnsupportedMediaType, Code: reasonUnsupportedMediaType, Message: media.Error()}
	case errors.Is(err, errBusy):
		return Failure{
			Status: fiber.StatusServiceUnavailable, Code: domain.ReasonUnavailable, Message: "The service is too busy.", RetryAfter: time.Second,
		}
	case errors.As(err, &known) && known.Kind != domain.Internal:
		f := Failure{
			Status: statuses[known.Kind], Code: known.Code(), Message: known.Message, Problems: known.Problems, RetryAfter: known.RetryAfter,
		}
		if known.Kind == domain.Unavailable && f.RetryAfter <= 0 {
			f.RetryAfter = defaultRetryAfter
		}
		return f
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return Failure{
			Status: fiber.StatusServiceUnavailable, Code: domain.ReasonUnavailable, Message: "The service took too long to answer.",
			RetryAfter: defaultRetryAfter,
		}
	case errors.As(err, &fromFiber) && fromFiber.Code < fiber.StatusInternalServerError:
		if known, ok := early[fromFiber.Code]; ok {
			return Failure{Status: fromFiber.Code, Code: known.reason, Message: known.message}
		}
		return Failure{Status: fiber.StatusBadRequest, Code: domain.ReasonMalformed, Message: "Malformed request."}
	default:
		return Failure{Status: fiber.StatusInternalServerError, Code: domain.ReasonInternal, Message: unexpected}
	}
}

// panicked is a recovered panic as an error.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// fail responds to a failed request in the form of its mount, and logs the cause of a 500 or 503.
func (s *Server) fail(c *fiber.Ctx, m Mount, err error) {
	f := FailureOf(err)
	s.logCause(c, f.Status, err)
	if f.RetryAfter > 0 || f.Status == fiber.StatusTooManyRequests {
		c.Set(fiber.HeaderRetryAfter, wholeSeconds(f.RetryAfter))
	}
	write := m.Fail
	if write == nil {
		write = failJSON
	}
	if err := write(c, f); err != nil {
		s.options.Log.Error("response not written", zap.Error(err))
		c.Response().ResetBody()
		c.Status(f.Status)
	}
}

// logCause logs the cause of a response that does not contain it.
func (s *Server) logCause(c *fiber.Ctx, status int, err error) {
	id := zap.String("request_id", RequestOf(c).ID)
	switch status {
	case fiber.StatusInternalServerError:
		var p *panicked
		if errors.As(err, &p) {
			s.options.Log.Error("request panicked", id, zap.Error(err), zap.ByteString("stack", p.stack))
			return
		}
		s.options.Log.Error("request failed", id, zap.Error(err))
	case fiber.StatusServiceUnavailable:
		s.options.Log.Warn("request could not be served", id, zap.Error(err))
	}
}

// failJSON writes a Failure in the envelope of the contract.
func failJSON(c *fiber.Ctx, f Failure) error {
	if f.Status == fiber.StatusUnauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="tickt"`)
	}
	body := failureBody{ResponseCode: "1", Response: f.Message, Code: f.Code, RequestID: RequestOf(c).ID}
	for _, p := range f.Problems {
		text := sentence.English.Of(p)
		body.Details = append(body.Details, problemBody{p.Field, p.Code.Class(), text})
		body.Errors = append(body.Errors, text)
	}
	return WriteJSON(c, f.Status, body)
}

// failureBody is the JSON form of a Failure, keys in this order.
type failureBody struct {
	ResponseCode string        `json:"ResponseCode"`
	Response     string        `json:"response"`
	Code         domain.Reason `json:"code"`
	Errors       []string      `json:"error,omitempty"`
	Details      []problemBody `json:"details,omitempty"`
	RequestID    string        `json:"requestId"`
}

// problemBody is the JSON form of a domain.Problem.
type problemBody struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// wholeSeconds formats d for Retry-After: in whole seconds, rounded up, at least 1.
func wholeSeconds(d time.Duration) string {
	return strconv.Itoa(max(1, int(math.Ceil(d.Seconds()))))
}
