package httpserver

import (
	"errors"
	"io"
	"net"
	"strconv"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"
)

// MaxBody is the limit of most request bodies in bytes.
const MaxBody = 1 << 20

// The server hands a request to its handlers before it reads the body, so that a handler can refuse the request without
// buffering what somebody unknown sends. A handler that wants the body calls ReadBody first; fiber's own methods then
// return it.

// errTooLarge is the error of a body over a limit in bytes.
type errTooLarge int

func (e errTooLarge) Error() string { return "Body is larger than " + sizeText(int(e)) + "." }

// sizeText returns a size in bytes as people write it; it is a whole number of KiB or MiB.
func sizeText(n int) string {
	if n >= 1<<20 && n%(1<<20) == 0 {
		return strconv.Itoa(n>>20) + " MiB"
	}
	return strconv.Itoa(n>>10) + " KiB"
}

// WrongMedia is the error of a body whose media type is not one of those wanted, and says which those are.
type WrongMedia string

func (e WrongMedia) Error() string { return "Body must be " + string(e) + "." }

// errBusy is the error while the bodies of all requests together take up too much memory.
var errBusy = errors.New("request bodies take up too much memory")

// CheckBody fails if the headers announce a body over a limit in bytes. It reads nothing.
func CheckBody(c *fiber.Ctx, limit int) error {
	if c.Request().Header.ContentLength() > limit {
		return errTooLarge(limit)
	}
	return nil
}

// ReadBody reads the body of a request, if it has one and it was not read yet. It fails if the body is larger than limit
// bytes, malformed or too slow, or while the bodies of all requests together take up too much memory. The time of the
// handler begins again after it.
func ReadBody(c *fiber.Ctx, limit int) error {
	request := c.Request()
	if !request.IsBodyStream() {
		return nil
	}
	if err := CheckBody(c, limit); err != nil {
		return err
	}
	r := RequestOf(c)
	body, err := r.read(request.BodyStream(), request.Header.ContentLength(), limit)
	if err != nil {
		return err
	}
	request.SetBodyRaw(body)
	r.server.limitTime(c)
	return nil
}

// firstBuffer is how many bytes are reserved for a body at first. The buffer grows as the body arrives, so that a client
// cannot reserve memory by announcing a large body.
const firstBuffer = 4 << 10

// read reads a body of the announced length; -1 if it is unknown.
func (r *Request) read(from io.Reader, length, limit int) ([]byte, error) {
	most := limit + 1 // one more byte tells a body over the limit from one of its size
	if length >= 0 {
		most = length
	}
	var body []byte
	for end := false; !end; {
		if len(body) == cap(body) {
			size := min(max(2*cap(body), firstBuffer), most)
			if !r.reserve(size - cap(body)) {
				return nil, errBusy
			}
			larger := make([]byte, len(body), size)
			copy(larger, body)
			body = larger
		}
		n, err := from.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case len(body) > limit:
			return nil, errTooLarge(limit)
		case errors.Is(err, io.EOF):
			end = true
		case err != nil:
			return nil, bodyError(err)
		case length >= 0 && len(body) == length:
			end = true
		}
	}
	if length >= 0 && len(body) < length {
		return nil, fiber.ErrBadRequest
	}
	return body, nil
}

// bodyError returns the error of a body that could not be read.
func bodyError(err error) error {
	var fromNet net.Error
	if errors.As(err, &fromNet) && fromNet.Timeout() {
		return fiber.ErrRequestTimeout
	}
	return fiber.ErrBadRequest
}

// maxBuffered limits the bytes of all bodies that are buffered at the same time.
const maxBuffered = 64 << 20

// reserve reserves n bytes for the body, until the request ends; false if bodies take up too much memory.
func (r *Request) reserve(n int) bool {
	if r.server.buffered.Add(int64(n)) > maxBuffered {
		r.server.buffered.Add(int64(-n))
		return false
	}
	r.buffered += n
	return true
}

// buffered counts the bytes that are reserved for bodies.
type buffered = atomic.Int64

// maxSkipped is the size of the largest unread body that is skipped to keep the connection, in bytes.
const maxSkipped = 8 << 10

// endBody releases what the body took up. If the body was not read, and skipping it might take long, the connection closes
// after the response.
func (s *Server) endBody(c *fiber.Ctx) {
	r := RequestOf(c)
	s.buffered.Add(int64(-r.buffered))
	r.buffered = 0
	if length := c.Request().Header.ContentLength(); !c.Request().IsBodyStream() || length >= 0 && length <= maxSkipped {
		return
	}
	c.Response().Header.SetConnectionClose()
	drainOnClose(c)
}

// drainOnClose makes the connection read more of the request before it closes.
func drainOnClose(c *fiber.Ctx) {
	if open, ok := c.Context().Conn().(*connection); ok {
		open.drain.Store(true)
	}
}
