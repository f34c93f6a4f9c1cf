package bunstore

import (
	"errors"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tickt/domain"
	"tickt/ports"
	"tickt/test/postgres"
)

func TestDatabaseThatGoesAwayIsUnavailableAndComesBackWithoutARestart(t *testing.T) {
	database := migrated(t, postgres.URL(t))
	way := newWay(t, database)
	const conns = 3
	s := opened(t, Options{URL: way.url(t, database), Prepared: true, MaxConns: conns})
	if err := visit(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for outage := range 2 {
		way.cut()
		for range conns + 1 { // each connection of the pool is found dead once
			for name, err := range map[string]error{
				"view": s.View(t.Context(), func(tx ports.Tx) error {
					_, _, err := tx.Roles.List(t.Context(), ports.Page{Number: 1, Size: 1})
					return err
				}),
				"actor":  s.View(t.Context(), func(tx ports.Tx) error { _, err := tx.Sessions.Actor(t.Context(), "none", noon); return err }),
				"update": s.Update(t.Context(), func(tx ports.Tx) error { return tx.Statuses.Add(t.Context(), status("never", false)) }),
				"ready":  s.Ready(t.Context()),
			} {
				var e *domain.Error
				if !errors.As(err, &e) || e.Kind != domain.Unavailable || e.RetryAfter != time.Second || e.Cause == nil {
					t.Errorf("outage %d, %s: %v", outage, name, err)
				}
			}
		}
		way.mend(t)
		if err := errors.Join(s.Ready(t.Context()), visit(t.Context(), s)); err != nil {
			t.Errorf("after outage %d: %v", outage, err)
		}
	}
}

func TestServerThatEndsItsConnectionsMakesTheStoreUnavailableOnce(t *testing.T) {
	database := migrated(t, postgres.URL(t))
	s, other := opened(t, Options{URL: database, Prepared: true, MaxConns: 1}), opened(t, Options{URL: database, MaxConns: 1})
	err := s.Update(t.Context(), func(tx ports.Tx) error {
		if err := tx.Statuses.Add(t.Context(), status("lost", false)); err != nil {
			t.Fatal(err)
		}
		_, err := other.engine.reads.Exec(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		if err != nil {
			t.Fatal(err)
		}
		return tx.Statuses.Add(t.Context(), status("lost too", false))
	})
	if domain.KindOf(err) != domain.Unavailable {
		t.Errorf("inside: %v", err)
	}
	err = s.View(t.Context(), func(tx ports.Tx) error {
		_, err := tx.Statuses.Get(t.Context(), "lost")
		return err
	})
	if !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("after: %v", err)
	}
}

func TestNoServerAtAllIsUnavailable(t *testing.T) {
	s := opened(t, Options{URL: "postgres://tickt:secret@127.0.0.1:1/tickt?sslmode=disable"})
	err := s.Ready(t.Context())
	var refused *net.OpError
	if domain.KindOf(err) != domain.Unavailable || !errors.As(err, &refused) {
		t.Errorf("got %v", err)
	}
}

// way is a way to a database that can be cut.
type way struct {
	address, network, target string
	listener                 net.Listener
	mu                       sync.Mutex
	open                     []net.Conn
}

func newWay(t *testing.T, database string) *way {
	t.Helper()
	config, err := pgx.ParseConfig(database)
	if err != nil {
		t.Fatal(err)
	}
	network, target := pgconn.NetworkAddress(config.Host, config.Port)
	w := &way{address: "127.0.0.1:0", network: network, target: target}
	w.mend(t)
	t.Cleanup(w.cut)
	return w
}

func (w *way) url(t *testing.T, database string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = w.address
	return u.String()
}

// mend lets connections through, again.
func (w *way) mend(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", w.address)
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

// cut ends every connection and refuses new ones.
func (w *way) cut() {
	_ = w.listener.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.open {
		_ = c.Close()
	}
	w.open = nil
}
