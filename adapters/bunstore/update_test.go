package bunstore

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/ports"
)

func status(id domain.ID, isDefault bool) ticket.Status {
	return ticket.Status{
		ID: id, Name: string(id), NameKey: string(id), Code: string(id), StatusType: ticket.Open, IsDefault: isDefault, CreatedAt: noon,
		UpdatedAt: noon,
	}
}

func TestUpdateIsRetriedOnlyAfterCollisions(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		add := func(x ticket.Status) error {
			return s.Update(ctx, func(tx ports.Tx) error { return tx.Statuses.Add(ctx, x) })
		}
		if err := add(status("first", true)); err != nil {
			t.Fatal(err)
		}
		runs := 0
		err := s.Update(ctx, func(tx ports.Tx) error {
			runs++
			return tx.Statuses.Add(ctx, status("second", runs < 3))
		})
		if runs != 3 || err != nil {
			t.Errorf("a second default: %d runs, then %v", runs, err)
		}
		runs = 0
		err = s.Update(ctx, func(tx ports.Tx) error {
			runs++
			return tx.Statuses.Add(ctx, status("third", true))
		})
		if runs != attempts || domain.KindOf(err) != domain.Unavailable {
			t.Errorf("a permanent collision: %d runs, then %v", runs, err)
		}
		runs = 0
		err = s.Update(ctx, func(tx ports.Tx) error {
			runs++
			return tx.Statuses.Add(ctx, status("first", false))
		})
		if runs != 1 || domain.KindOf(err) != domain.Internal {
			t.Errorf("a duplicate id: %d runs, then %v", runs, err)
		}
	})
}

func TestMissingReferenceIsNotUnavailable(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx, runs := t.Context(), 0
		err := s.Update(ctx, func(tx ports.Tx) error {
			runs++
			return tx.Sessions.Add(ctx,
				account.Session{ID: "s", AccountID: "nobody", RefreshID: "r", RotatedAt: noon, CreatedAt: noon, ExpiresAt: noon})
		})
		if runs != attempts || err == nil || domain.KindOf(err) != domain.Internal {
			t.Errorf("%d runs, then %v", runs, err)
		}
	})
}

func TestPanicLeavesNothingBehind(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = s.Update(ctx, func(tx ports.Tx) error {
				if err := tx.Statuses.Add(ctx, status("lost", false)); err != nil {
					return err
				}
				panic("while writing")
			})
		}()
		err := s.Update(ctx, func(tx ports.Tx) error {
			_, err := tx.Statuses.Lock(ctx, "lost")
			return err
		})
		if !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("after the panic: %v", err)
		}
		if n := s.Pool().InUse; n != 0 {
			t.Errorf("%d connections are still in use", n)
		}
	})
}

func TestEndedContextIsUnavailable(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		for name, run := range map[string]func(context.Context, func(ports.Tx) error) error{"view": s.View, "update": s.Update} {
			ctx, cancel := context.WithCancel(t.Context())
			err := run(ctx, func(tx ports.Tx) error {
				cancel()
				_, _, err := tx.Statuses.List(ctx, ports.Page{Number: 1, Size: 10})
				return err
			})
			if domain.KindOf(err) != domain.Unavailable {
				t.Errorf("%s, context cancelled during the call: %v", name, err)
			}
			late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
			defer cancel()
			err = run(late, func(tx ports.Tx) error {
				_, _, err := tx.Statuses.List(late, ports.Page{Number: 1, Size: 10})
				return err
			})
			if domain.KindOf(err) != domain.Unavailable || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s, deadline passed before the call: %v", name, err)
			}
		}
	})
}

func TestUpdateWaitsForConnectionUntilContextEnds(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		held := s.Pool().Max
		if !s.engine.postgres {
			held = 1 // the single writer
		}
		release, holding := make(chan struct{}), make(chan error, held)
		done := make(chan error, held)
		for range held {
			go func() {
				done <- s.Update(t.Context(), func(tx ports.Tx) error {
					_, err := tx.Statuses.Get(t.Context(), "none")
					holding <- err
					<-release
					return nil
				})
			}()
		}
		for range held {
			if err := <-holding; !errors.Is(err, domain.ErrNotFound) {
				t.Error(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		err := s.Update(ctx, func(ports.Tx) error { return nil })
		var e *domain.Error
		if !errors.As(err, &e) || e.Kind != domain.Unavailable || e.RetryAfter != time.Second {
			t.Errorf("got %v", err)
		}
		if s.Pool().InUse < held {
			t.Errorf("the pool is %+v, want at least %d in use", s.Pool(), held)
		}
		close(release)
		for range held {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}

func TestReadyRequiresCurrentSchema(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		if err := s.Ready(ctx); err != nil {
			t.Error(err)
		}
		if _, err := s.engine.writes.Exec(`DELETE FROM goose_db_version WHERE version_id > 1`); err != nil {
			t.Fatal(err)
		}
		if err := s.Ready(ctx); domain.KindOf(err) != domain.Unavailable {
			t.Errorf("one migration behind: %v", err)
		}
		if _, err := s.engine.writes.Exec(`DROP TABLE goose_db_version`); err != nil {
			t.Fatal(err)
		}
		if err := s.Ready(ctx); domain.KindOf(err) != domain.Unavailable {
			t.Errorf("never migrated: %v", err)
		}
	})
}

func TestUniqueConstraintsExistInTheSchema(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx, db := t.Context(), s.engine.reads
		var has []string
		query := `SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE 'CREATE UNIQUE%'`
		if !s.engine.postgres {
			query = `SELECT (SELECT group_concat(m.name || '.' || c.name, ', ') FROM pragma_index_info(i.name) c)
		FROM sqlite_master m, pragma_index_list(m.name) i
 WHERE m.type = 'table' AND m.sql NOT LIKE '%VIRTUAL%' AND i."unique"`
		}
		if err := db.NewRaw(query).Scan(ctx, &has); err != nil {
			t.Fatal(err)
		}
		exists := map[string]bool{}
		for _, name := range has {
			exists[name] = true
		}
		for _, u := range uniques {
			name := u.columns
			if s.engine.postgres {
				name = u.constraint
			}
			if !exists[name] {
				t.Errorf("no unique constraint %s among %v", name, has)
			}
		}
	})
}
