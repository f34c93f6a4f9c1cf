package httpserver

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"go.uber.org/zap"

	"tickt/domain"
)

// limitListener accepts as many connections as there are places. It responds to others with 503 and closes them, but for
// health checks, which have places of their own.
type limitListener struct {
	net.Listener
	places places
	log    *zap.Logger

	accepted chan net.Conn
	ended    chan struct{} // closed when no more connections are accepted
	err      error         // why; set before ended is closed
	spare    spareConnections
	warnings rareWarnings
	once     sync.Once
}

// spareTime is how long a connection without a place may take to send its request.
const spareTime = time.Second

// listen begins to accept the connections of l.
func listen(l net.Listener, limits Limits, trusted []netip.Prefix, log *zap.Logger) *limitListener {
	out := &limitListener{
		Listener: l, log: log, accepted: make(chan net.Conn), ended: make(chan struct{}),
		spare:  spareConnections{max: limits.spare()},
		places: places{total: limits.Connections, each: limits.PerAddress, trusted: trusted},
	}
	go func() {
		out.err = out.acceptAll()
		close(out.ended)
	}()
	return out
}

// Accept returns the next connection that may be served.
func (l *limitListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.accepted:
		return c, nil
	case <-l.ended:
		return nil, l.err
	}
}

// Close closes the listener. Further calls do nothing.
func (l *limitListener) Close() (err error) {
	l.once.Do(func() { err = l.Listener.Close() })
	return err
}

// Limits of the pause after an attempt to accept that failed, which doubles each time.
const (
	minAcceptPause = 5 * time.Millisecond
	maxAcceptPause = time.Second
)

// acceptAll accepts connections until the listener is closed or fails for good. While the system has too little of
// something, it tries again.
func (l *limitListener) acceptAll() error {
	pause := minAcceptPause
	for {
		c, err := l.Listener.Accept()
		switch {
		case err == nil:
			pause = minAcceptPause
			l.admit(c)
		case isTemporary(err):
			l.warnings.warn(l.log, "connections cannot be accepted; trying again", zap.Error(err))
			time.Sleep(pause)
			pause = min(2*pause, maxAcceptPause)
		default:
			return err
		}
	}
}

// isTemporary reports whether accepting failed because the process or the system lacks resources, or because the
// connection has ended already.
func isTemporary(err error) bool {
	for _, e := range []syscall.Errno{
		syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED, syscall.ECONNRESET, syscall.EINTR, syscall.EPROTO,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// admit hands over a connection if there is a place for it, and otherwise refuses it.
func (l *limitListener) admit(c net.Conn) {
	a := addressOf(c)
	why := l.places.take(a)
	if why == "" {
		l.hand(&connection{Conn: c, address: a, closed: sync.OnceFunc(func() { l.places.release(a) })})
		return
	}
	if why == tooManyOfAddress {
		l.warnings.warn(l.log, "an address has too many connections (CONNS_PER_ADDRESS)", zap.Stringer("address", a))
	} else {
		l.warnings.warn(l.log, "there are too many connections", zap.Int("limit", l.places.total))
	}
	spare := &connection{Conn: c, address: a, closed: sync.OnceFunc(l.spare.release)}
	if !l.spare.take(spare) {
		_ = c.Close()
		return
	}
	go l.refuse(spare, why)
}

// hand hands a connection over to Accept.
func (l *limitListener) hand(c *connection) {
	select {
	case l.accepted <- c:
	case <-l.ended:
		_ = c.Close()
	}
}

// refuse reads the beginning of a request on a connection without a place. It hands over the connection of a health check
// for one response; it responds to any other and closes it.
func (l *limitListener) refuse(c *connection, why refusal) {
	c.until, c.single = time.Now().Add(spareTime), true
	_ = c.SetReadDeadline(c.until)
	var begin []byte
	for part := make([]byte, 512); len(begin) < longestProbe; {
		n, err := c.Conn.Read(part)
		begin = append(begin, part[:n]...)
		if err != nil {
			break
		}
	}
	crowded := l.spare.arrived(c)
	if isProbe(begin) {
		c.read = begin
		l.hand(c)
		return
	}
	_ = c.SetWriteDeadline(time.Now().Add(time.Second))
	_, _ = c.Write(refusalResponse(why))
	c.drain.Store(!crowded)
	_ = c.Close()
}

// refusalResponse returns the response to a connection without a place.
func refusalResponse(why refusal) []byte {
	id := newRequestID()
	body, err := AppendJSON(nil, failureBody{ResponseCode: "1", Response: string(why), Code: domain.ReasonUnavailable, RequestID: id})
	if err != nil { // cannot happen for strings
		body = nil
	}
	return fmt.Appendf(nil, "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"+
		"X-Request-Id: %s\r\nRetry-After: 1\r\nConnection: close\r\n\r\n%s", len(body), id, body)
}

// rareWarnings logs each message at most once a minute.
type rareWarnings struct {
	mu   sync.Mutex
	last map[string]time.Time
}

func (w *rareWarnings) warn(log *zap.Logger, message string, fields ...zap.Field) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if last, ok := w.last[message]; ok && now.Sub(last) < time.Minute {
		return
	}
	if w.last == nil {
		w.last = map[string]time.Time{}
	}
	w.last[message] = now
	log.Warn(message, fields...)
}
