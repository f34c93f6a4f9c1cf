package bunstore

import (
	"errors"
	"net"
	"testing"
	"time"

	"tickt/domain"
	"tickt/ports"
	"tickt/test/migrated"
	"tickt/test/postgres"
)

func TestStoreRecoversFromOutagesWithoutRestart(t *testing.T) {
	database := migrated.Postgres(t)
	way := postgres.NewWay(t, database)
	const conns = 3
	s := openStore(t, Options{URL: way.URL(t), Prepared: true, MaxConns: conns})
	if err := exercise(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for outage := range 2 {
		way.Cut()
		for range conns + 1 { // each connection of the pool fails once
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
		way.Mend(t)
		if err := errors.Join(s.Ready(t.Context()), exercise(t.Context(), s)); err != nil {
			t.Errorf("after outage %d: %v", outage, err)
		}
	}
}

func TestTerminatedConnectionsAreReplaced(t *testing.T) {
	database := migrated.Postgres(t)
	s, other := openStore(t, Options{URL: database, Prepared: true, MaxConns: 1}), openStore(t, Options{URL: database, MaxConns: 1})
	err := s.Update(t.Context(), func(tx ports.Tx) error {
		if err := tx.Statuses.Add(t.Context(), status("lost", false)); err != nil {
			t.Fatal(err)
		}
		_, err := other.engine.reads.Exec(`SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = current_database() ` +
			`AND pid <> pg_backend_pid()`)
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

func TestMissingServerIsUnavailable(t *testing.T) {
	s := openStore(t, Options{URL: "postgres://tickt:secret@127.0.0.1:1/tickt?sslmode=disable"})
	err := s.Ready(t.Context())
	var refused *net.OpError
	if domain.KindOf(err) != domain.Unavailable || !errors.As(err, &refused) {
		t.Errorf("got %v", err)
	}
}
