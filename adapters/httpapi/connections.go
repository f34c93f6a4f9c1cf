package httpapi

import (
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// door is a listener that lets a limited number of connections in and answers the others that there is
// no room.
type door struct {
	net.Listener
	room   int64
	inside atomic.Int64
}

const crowded = `{"ResponseCode":"1","response":"Too many connections."}`

var noRoom = []byte("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(crowded)) +
	"\r\nRetry-After: 1\r\nConnection: close\r\n\r\n" + crowded)

// Accept gives the next connection that there is room for.
func (d *door) Accept() (net.Conn, error) {
	for {
		c, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if d.inside.Add(1) <= d.room {
			return &connection{Conn: c, left: sync.OnceFunc(func() { d.inside.Add(-1) })}, nil
		}
		d.inside.Add(-1)
		_ = c.SetWriteDeadline(time.Now().Add(time.Second))
		_, _ = c.Write(noRoom)
		_ = c.Close()
	}
}

// connection knows how to part from a client that is still sending.
type connection struct {
	net.Conn
	patient atomic.Bool
	left    func()
}

const (
	patience     = time.Second
	patienceSize = 8 << 20
)

// Close closes the connection. After an answer that was given before the request was read to its end,
// it first takes in some more of it: TCP would otherwise throw the answer away with what arrives late.
func (c *connection) Close() error {
	defer c.left()
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok && c.patient.Swap(false) && half.CloseWrite() == nil {
		_ = c.SetReadDeadline(time.Now().Add(patience))
		_, _ = io.CopyN(io.Discard, c.Conn, patienceSize)
	}
	return c.Conn.Close()
}
