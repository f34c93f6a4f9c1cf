package migrations

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"modernc.org/sqlite"

	"tickt/test/postgres"
)

// onEachDatabase runs a test on an empty database of each kind.
func onEachDatabase(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "new", "tickt.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, postgres.URL(t)) })
}

func migrator(t *testing.T, url string) *Migrator {
	t.Helper()
	m, err := New(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// number returns the number of all migrations, whose versions may have gaps.
func number(m *Migrator) int { return len(m.provider.ListSources()) }

func pending(t *testing.T, m *Migrator) bool {
	t.Helper()
	p, err := m.Pending(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestMigrationsGoUpAndDown(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		if !pending(t, m) {
			t.Error("nothing is pending on an empty database")
		}
		all := number(m)
		for range 2 { // after migrating down, migrating up works again
			if n, err := m.Up(t.Context()); n != all || err != nil {
				t.Fatalf("up: %d, %v", n, err)
			}
			if n, err := m.Up(t.Context()); n != 0 || err != nil || pending(t, m) {
				t.Errorf("up again: %d, %v", n, err)
			}
			for range all {
				down(t, m)
			}
			if plan, err := m.Reversals(t.Context(), -1); !errors.Is(err, ErrNothingApplied) {
				t.Errorf("with nothing left: %v, %v", plan, err)
			}
			if left := tables(t, m); !slices.Equal(left, []string{"goose_db_version"}) {
				t.Errorf("after migrating down there are tables %v", left)
			}
		}
	})
}

func tables(t *testing.T, m *Migrator) []string {
	t.Helper()
	query := `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`
	if _, isFile := m.db.Driver().(*sqlite.Driver); isFile {
		query = `SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'`
	}
	found, err := m.db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	var names []string
	for found.Next() {
		var name string
		if err := found.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return names
}

func TestStatusListsAppliedMigrationsWithTime(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		began := time.Now().Add(-2 * time.Second) // SQLite's clock has whole seconds
		if _, err := m.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		down(t, m)
		states, err := m.Status(t.Context())
		if err != nil || len(states) != number(m) {
			t.Fatalf("%v, %v", states, err)
		}
		first, last := states[0], states[len(states)-1]
		if first.Name != "00001_foundation.sql" || !first.Applied || first.AppliedAt.Before(began) || first.AppliedAt.Location() != time.UTC {
			t.Errorf("first migration: %+v", first)
		}
		if !strings.HasPrefix(last.Name, fmt.Sprintf("%05d_", Newest())) || last.Applied || !last.AppliedAt.IsZero() || !pending(t, m) {
			t.Errorf("last migration: %+v", last)
		}
	})
}

func TestOnlyOneOfFiveReplicasMigrates(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		const replicas = 5
		type outcome struct {
			n   int
			err error
		}
		outcomes := make(chan outcome, replicas)
		all := number(migrator(t, url))
		for range replicas {
			m := migrator(t, url)
			go func() {
				if _, err := m.Pending(t.Context()); err != nil {
					outcomes <- outcome{0, err}
					return
				}
				n, err := m.Up(t.Context())
				outcomes <- outcome{n, err}
			}()
		}
		applied := []int{}
		for range replicas {
			o := <-outcomes
			if o.err != nil {
				t.Error(o.err)
			}
			applied = append(applied, o.n)
		}
		slices.Sort(applied)
		if !slices.Equal(applied, []int{0, 0, 0, 0, all}) {
			t.Errorf("applied %v", applied)
		}
	})
}

func TestInterruptedQueueMigrationIsCompleted(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		if _, err := m.provider.UpTo(t.Context(), queueVersion-1); err != nil {
			t.Fatal(err)
		}
		move := moveSQLiteQueue
		if Postgres(url) {
			config, err := postgresConfig(url)
			if err != nil {
				t.Fatal(err)
			}
			move = movePostgresQueue(config)
		}
		if err := move(t.Context(), m.db, 4); err != nil {
			t.Fatal(err)
		}
		if !pending(t, m) {
			t.Error("a half-migrated queue is not pending")
		}
		if _, err := m.Up(t.Context()); err != nil || pending(t, m) {
			t.Fatalf("up: %v", err)
		}
		execute(t, m, `INSERT INTO river_job (kind, args, max_attempts) VALUES ('mail', '{}', 1)`)
		states, err := m.Status(t.Context())
		if err != nil || states[queueVersion-1].Name != queueName || !states[queueVersion-1].Applied {
			t.Errorf("status: %v, %v", states, err)
		}
		if _, err := m.provider.DownTo(t.Context(), queueVersion-1); err != nil { // must succeed with a job in the queue
			t.Fatal(err)
		}
	})
}

func TestMigratorStopsWaitingWhenContextEnds(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "tickt.db")
	holder := migrator(t, url)
	file, _ := File(url)
	held := &fileLock{file: file.sibling(lockSuffix)}
	if err := held.SessionLock(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if n, err := holder.Up(ctx); n != 0 || err == nil || ctx.Err() == nil {
		t.Errorf("while another holds the lock: %d, %v", n, err)
	}
	if err := held.SessionUnlock(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if n, err := holder.Up(t.Context()); n != number(holder) || err != nil {
		t.Errorf("after the lock was released: %d, %v", n, err)
	}
}

func TestDatabaseFileMayHaveAnyName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "50% of#us?", "a b&c.db")
	if _, err := migrator(t, "sqlite:"+path).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestInvalidURLsAreRefusedWithoutPassword(t *testing.T) {
	for name, url := range map[string]string{
		"no file": "sqlite:", "another database": "mysql://u:hush@h/d", "nothing": "", "no port": "postgres://u:hush@h:x/d",
	} {
		m, err := New(url)
		if err == nil {
			_ = m.Close()
			t.Errorf("%s was accepted", name)
		} else if strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUnreachableServerFailsQuickly(t *testing.T) {
	if _, err := migrator(t, "postgres://u@127.0.0.1:1/d").Up(t.Context()); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestBothDatabasesHaveTheSameMigrations(t *testing.T) {
	names := map[string][]string{}
	for _, folder := range []string{"postgres", "sqlite"} {
		found, err := fs.Glob(files, folder+"/*.sql")
		if err != nil || len(found) == 0 {
			t.Fatal(found, err)
		}
		for _, f := range found {
			names[folder] = append(names[folder], strings.TrimPrefix(f, folder+"/"))
		}
	}
	if !slices.Equal(names["postgres"], names["sqlite"]) {
		t.Errorf("the migrations differ: %v", names)
	}
}
