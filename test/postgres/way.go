package postgres

import (
	"errors"
	"io"
	"net"
	"net/url"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Way is a TCP proxy to a database that simulates a restart of the server.
type Way struct {
	database, address, network, target string
	listener                           net.Listener
	mu                                 sync.Mutex
	open                               []net.Conn
}

// NewWay starts a proxy to the database of a URL. It ends with the test.
func NewWay(t testing.TB, database string) *Way {
	t.Helper()
	config, err := pgx.ParseConfig(database)
	if err != nil {
		t.Fatal(err)
	}
	network, target := pgconn.NetworkAddress(config.Host, config.Port)
	w := &Way{database: database, address: "127.0.0.1:0", network: network, target: target}
	w.Mend(t)
	t.Cleanup(w.Cut)
	return w
}

// URL returns the URL of the database through the proxy.
func (w *Way) URL(t testing.TB) string {
	t.Helper()
	u, err := url.Parse(w.database)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = w.address
	return u.String()
}

// Mend accepts connections, on the same address as before.
func (w *Way) Mend(t testing.TB) {
	t.Helper()
	l, err := net.Listen("tcp", w.address)
	for deadline := time.Now().Add(patience); errors.Is(err, syscall.EADDRINUSE) && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond) // a connection of another process has the port
		l, err = net.Listen("tcp", w.address)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.listener, w.address = l, l.Addr().String()
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial(w.network, w.target)
			if err != nil {
				_ = in.Close()
				continue
			}
			w.mu.Lock()
			w.open = append(w.open, in, out)
			w.mu.Unlock()
			go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
			go func() { _, _ = io.Copy(in, out); _ = in.Close() }()
		}
	}()
}

// Cut closes all connections and refuses new ones.
func (w *Way) Cut() {
	_ = w.listener.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.open {
		_ = c.Close()
	}
	w.open = nil
}
