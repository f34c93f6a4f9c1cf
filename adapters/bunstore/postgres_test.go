package bunstore

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"tickt/domain"
	"tickt/ports"
	"tickt/test/migrated"
	"tickt/test/postgres"
)

// exercise runs hot statements and queries of bun, in an Update and in a View, and adds a job.
func exercise(ctx context.Context, s *Store) error {
	work := func(tx ports.Tx) error {
		_, hot := tx.Sessions.Actor(ctx, "none", noon)
		_, _, built := tx.Statuses.List(ctx, ports.Page{Number: 1, Size: 10})
		if errors.Is(hot, domain.ErrNotFound) {
			hot = nil
		}
		return errors.Join(hot, built)
	}
	workAndAddJob := func(tx ports.Tx) error {
		return errors.Join(work(tx), tx.Jobs.Add(ctx, ports.Job{Kind: ports.MailJob, ID: "x"}))
	}
	return errors.Join(s.View(ctx, work), s.Update(ctx, workAndAddJob))
}

func TestOnlyHotStatementsArePreparedIfEnabled(t *testing.T) {
	database := migrated.Postgres(t)
	for prepared, want := range map[bool]int{true: 1, false: 0} {
		s := openStore(t, Options{URL: database, Prepared: prepared, MaxConns: 1})
		for range 3 {
			if err := exercise(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		var has []string
		if err := s.engine.reads.NewRaw(`SELECT statement FROM pg_prepared_statements`).Scan(t.Context(), &has); err != nil {
			t.Fatal(err)
		}
		if len(has) != want {
			t.Errorf("prepared %v: the server has prepared %q", prepared, has)
		}
	}
}

func TestUnsafeServerSettingsAreRefused(t *testing.T) {
	database := migrated.Postgres(t)
	with := func(setting, value string) *Store {
		return openStore(t, Options{URL: withSetting(t, database, setting, value)})
	}
	for setting, value := range map[string]string{"DateStyle": "German", "standard_conforming_strings": "off", "client_encoding": "LATIN1"} {
		if err := with(setting, value).Ready(t.Context()); domain.KindOf(err) != domain.Unavailable || !strings.Contains(err.Error(), setting) {
			t.Errorf("%s %s: %v", setting, value, err)
		}
	}
	abroad := with("TimeZone", "Asia/Kathmandu")
	err := abroad.Update(t.Context(), func(tx ports.Tx) error {
		if err := tx.Statuses.Add(t.Context(), status("s", false)); err != nil {
			return err
		}
		got, err := tx.Statuses.Get(t.Context(), "s")
		if got.CreatedAt != noon {
			t.Errorf("wrote %v, read %v", noon, got.CreatedAt)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func withSetting(t *testing.T, database, setting, value string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set(setting, value)
	u.RawQuery = query.Encode()
	return u.String()
}

func TestStoreWorksBehindPgBouncer(t *testing.T) {
	through, installed := postgres.Bouncer(t, migrated.Postgres(t))
	if !installed {
		t.Log("pgbouncer is not installed: other tests check what it needs, that nothing is prepared")
		return
	}
	s := openStore(t, Options{URL: through, MaxConns: 8})
	var clients sync.WaitGroup
	for i := range 8 {
		clients.Go(func() {
			for j := range 20 {
				id := domain.ID(fmt.Sprintf("%d-%d", i, j))
				err := s.Update(t.Context(), func(tx ports.Tx) error { return tx.Statuses.Add(t.Context(), status(id, false)) })
				if err := errors.Join(err, exercise(t.Context(), s), s.Ready(t.Context())); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	clients.Wait()
}
