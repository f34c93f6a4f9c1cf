package httpserver

import (
	"io"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
)

// connection is an accepted connection. It can be closed while the client is still sending without losing the response.
type connection struct {
	net.Conn
	address  netip.Addr
	closed   func()       // releases its place
	read     []byte       // was read ahead
	until    time.Time    // the latest deadline of reads; zero if there is none
	single   bool         // it is closed after one response
	drain    atomic.Bool  // the response was sent before the whole request was read
	exempted atomic.Int64 // Unix time at which its address was last exempted
}

// Limits of draining: time and bytes.
const (
	drainTime = time.Second
	drainSize = 8 << 20
)

// Read reads what was read ahead first.
func (c *connection) Read(p []byte) (int, error) {
	if len(c.read) > 0 {
		n := copy(p, c.read)
		c.read = c.read[n:]
		return n, nil
	}
	return c.Conn.Read(p)
}

// SetReadDeadline sets the deadline of reads, but none after the latest.
func (c *connection) SetReadDeadline(t time.Time) error {
	if !c.until.IsZero() && (t.IsZero() || t.After(c.until)) {
		t = c.until
	}
	return c.Conn.SetReadDeadline(t)
}

// Close closes the connection. If drain is set, it first reads more of the request, within the limits: data that arrives
// after the close would make TCP reset the connection, and the client would lose the response.
func (c *connection) Close() error {
	defer c.closed()
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok && c.drain.Swap(false) && half.CloseWrite() == nil {
		_ = c.Conn.SetReadDeadline(time.Now().Add(drainTime))
		_, _ = io.CopyN(io.Discard, c.Conn, drainSize)
	}
	return c.Conn.Close()
}

// addressOf returns the address at the other end of a connection; the zero Addr if it has none.
func addressOf(c net.Conn) netip.Addr {
	tcp, ok := c.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return tcp.AddrPort().Addr().Unmap()
}

// Paths of health checks.
const (
	livePath  = "/healthz"
	readyPath = "/readyz"
)

const metricsPath = "/metrics"

// isProbePath reports whether a path is one of health checks.
func isProbePath(path string) bool { return path == livePath || path == readyPath }

// longestProbe is the length of the longest beginning that isProbe needs.
const longestProbe = len("HEAD " + livePath + " ")

// isProbe reports whether a request that begins like this is a health check.
func isProbe(begin []byte) bool {
	method, rest, _ := strings.Cut(string(begin), " ")
	path, _, complete := strings.Cut(rest, " ")
	return (method == fiber.MethodGet || method == fiber.MethodHead) && complete && isProbePath(path)
}
