package httpserver

import (
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"tickt/domain"
)

// limitListener accepts a limited number of open connections. It responds to others with 503 and closes them.
type limitListener struct {
	net.Listener
	limit    int64
	open     atomic.Int64
	refusing atomic.Int64
	once     sync.Once
}

// maxRefusing is how many connections over the limit are responded to at the same time. More are closed without a response.
const maxRefusing = 64

// Close closes the listener. Further calls do nothing.
func (l *limitListener) Close() (err error) {
	l.once.Do(func() { err = l.Listener.Close() })
	return err
}

// tooManyResponse returns the response to a connection that is one too many.
func tooManyResponse() []byte {
	id := newRequestID()
	body, err := AppendJSON(nil, failureBody{
		ResponseCode: "1", Response: "Too many connections.", Code: domain.ReasonUnavailable, RequestID: id,
	})
	if err != nil { // cannot happen for strings
		body = nil
	}
	return fmt.Appendf(nil, "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"+
		"X-Request-Id: %s\r\nRetry-After: 1\r\nConnection: close\r\n\r\n%s", len(body), id, body)
}

// refuse responds to a connection that is one too many and closes it.
func (l *limitListener) refuse(c net.Conn) {
	defer l.refusing.Add(-1)
	_ = c.SetWriteDeadline(time.Now().Add(time.Second))
	_, _ = c.Write(tooManyResponse())
	unread := &connection{Conn: c, closed: func() {}}
	unread.drain.Store(true)
	_ = unread.Close()
}

// Accept waits for the next connection within the limit.
func (l *limitListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if l.open.Add(1) <= l.limit {
			return &connection{Conn: c, closed: sync.OnceFunc(func() { l.open.Add(-1) })}, nil
		}
		l.open.Add(-1)
		if l.refusing.Add(1) <= maxRefusing {
			go l.refuse(c)
			continue
		}
		l.refusing.Add(-1)
		_ = c.Close()
	}
}

// connection can be closed while the client is still sending without losing the response.
type connection struct {
	net.Conn
	drain  atomic.Bool // the response was sent before the whole request was read
	closed func()
}

// Limits of draining: time and bytes.
const (
	drainTime = time.Second
	drainSize = 8 << 20
)

// Close closes the connection. If drain is set, it first reads more of the request, within the limits: data that arrives
// after the close would make TCP reset the connection, and the client would lose the response.
func (c *connection) Close() error {
	defer c.closed()
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok && c.drain.Swap(false) && half.CloseWrite() == nil {
		_ = c.SetReadDeadline(time.Now().Add(drainTime))
		_, _ = io.CopyN(io.Discard, c.Conn, drainSize)
	}
	return c.Conn.Close()
}
