package bunstore

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"tickt/adapters/httpserver"
	"tickt/domain"
	"tickt/ports"
	"tickt/test/migrated"
)

// movedClock makes the store believe that time has passed.
type movedClock struct{ passed atomic.Int64 }

func (c *movedClock) pass(d time.Duration) { c.passed.Add(int64(d)) }

func withMovedClock(s *Store) *movedClock {
	c := &movedClock{}
	s.engine.probe.now = func() time.Time { return time.Now().Add(time.Duration(c.passed.Load())) }
	return c
}

// readyz asks a server on the store.
func readyz(t *testing.T, s *Store) func() (status int, code, retryAfter string) {
	t.Helper()
	server := httpserver.New(httpserver.Options{
		Ready: s.Ready, Log: zap.NewNop(), Addr: "127.0.0.1:0", Metrics: prometheus.NewRegistry(),
	}, httpserver.Mount{Prefix: "/api", Routes: func(fiber.Router) {}})
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop(context.Background()) })
	return func() (int, string, string) {
		t.Helper()
		response, err := http.Get("http://" + server.Address() + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		var body struct {
			Code string `json:"code"`
		}
		if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, body.Code, response.Header.Get("Retry-After")
	}
}

// executeAs runs statements on the connection that writes, or on PostgreSQL on one of another store.
func executeAs(t *testing.T, s *Store, statements ...string) {
	t.Helper()
	for _, text := range statements {
		if _, err := s.engine.writes.Exec(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
}

func TestReadyzFailsWhileTheDatabaseTakesNoWritesAndRecovers(t *testing.T) {
	file, full, server := openStore(t, Options{URL: migrated.File(t)}), openStore(t, Options{URL: migrated.File(t)}), migrated.Postgres(t)
	other := openStore(t, Options{URL: server, MaxConns: 1})
	const terminate = `SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity ` +
		`WHERE datname = current_database() AND pid <> pg_backend_pid()`
	const alter = `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I `
	for _, tc := range []struct {
		name          string
		store, by     *Store
		broken, fixed []string
	}{
		{
			"PostgreSQL, read-only", openStore(t, Options{URL: server, Prepared: true}), other,
			[]string{alter + `SET default_transaction_read_only = on', current_database()); END $$`, terminate},
			[]string{alter + `RESET default_transaction_read_only', current_database()); END $$`},
		},
		{"SQLite, read-only", file, file, []string{`PRAGMA query_only = 1`}, []string{`PRAGMA query_only = 0`}},
		{"SQLite, full", full, full, []string{`VACUUM`, `PRAGMA max_page_count = 1`}, []string{`PRAGMA max_page_count = 4294967294`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			clock, ask := withMovedClock(tc.store), readyz(t, tc.store)
			if status, _, _ := ask(); status != http.StatusOK {
				t.Fatalf("before: %d", status)
			}
			executeAs(t, tc.by, tc.broken...)
			clock.pass(probeInterval)
			for range 3 {
				status, code, retryAfter := ask()
				if status != http.StatusServiceUnavailable || code != "unavailable" || retryAfter == "" {
					t.Errorf("meanwhile: %d, %q, Retry-After %q", status, code, retryAfter)
				}
			}
			executeAs(t, tc.by, tc.fixed...)
			clock.pass(probeRetry)
			if status, _, _ := ask(); status != http.StatusOK {
				t.Errorf("after: %d", status)
			}
		})
	}
}

func TestReadyWritesOnlyIfNothingElseCommitted(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		clock := withMovedClock(s)
		written := func() (at int64) {
			t.Helper()
			err := s.engine.reads.QueryRow(`SELECT COALESCE(max(value), 0) FROM meta WHERE key = 'ready'`).Scan(&at)
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
		ready := func() {
			t.Helper()
			if err := s.Ready(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		update := func(fn func(ports.Tx) error) {
			t.Helper()
			if err := s.Update(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		add := func(name domain.ID) func(ports.Tx) error {
			return func(tx ports.Tx) error { return tx.Statuses.Add(t.Context(), status(name, false)) }
		}
		update(add("first"))
		if ready(); written() != 0 {
			t.Error("it wrote after a commit")
		}
		clock.pass(probeInterval)
		update(func(tx ports.Tx) error { return tx.Throttle.Clear(t.Context(), []string{"nobody"}) }) // changes nothing
		ready()
		first := written()
		if first == 0 {
			t.Error("it did not write after an Update that changed nothing")
		}
		clock.pass(probeInterval / 2)
		if ready(); written() != first {
			t.Error("it wrote twice within an interval")
		}
		clock.pass(probeInterval / 2)
		if ready(); written() == first {
			t.Error("it did not write again")
		}
		again := written()
		clock.pass(probeInterval / 2)
		update(add("second"))
		clock.pass(probeInterval / 2)
		if ready(); written() != again {
			t.Error("it wrote half an interval after a commit")
		}
	})
}

func TestProbesOfManyCallersAreOneWrite(t *testing.T) {
	p := newWriteProbe()
	var tries atomic.Int32
	failure := errors.New("disk full")
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			err := p.check(t.Context(), func(context.Context) error {
				tries.Add(1)
				return failure
			})
			if !errors.Is(err, failure) {
				t.Errorf("got %v", err)
			}
		})
	}
	group.Wait()
	if tries.Load() != 1 {
		t.Errorf("%d tries", tries.Load())
	}
	p.commit() // of an Update
	if err := p.check(t.Context(), nil); err != nil {
		t.Errorf("after a commit: %v", err)
	}
}

func TestProbeDoesNotWaitForALongUpdateOnSQLite(t *testing.T) {
	s := openStore(t, Options{URL: migrated.File(t)})
	held, release, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- s.Update(t.Context(), func(ports.Tx) error {
			close(held)
			<-release
			return nil
		})
	}()
	<-held
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Ready(ctx); err != nil {
		t.Errorf("while another writes: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if err := s.Ready(ctx); domain.KindOf(err) != domain.Unavailable {
		t.Errorf("cancelled: %v", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
}
