package heartbeat_test

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"tickt/adapters/bunstore"
	"tickt/adapters/heartbeat"
	"tickt/domain"
	"tickt/test/migrated"
)

func onEachDatabase(t *testing.T, test func(*testing.T, heartbeat.Database)) {
	t.Helper()
	for name, url := range map[string]func(testing.TB) string{"SQLite": migrated.File, "PostgreSQL": migrated.Postgres} {
		t.Run(name, func(t *testing.T) {
			s, err := bunstore.Open(t.Context(), bunstore.Options{URL: url(t), MaxConns: 4})
			check(t, err)
			t.Cleanup(func() { check(t, s.Close()) })
			c := s.Connections()
			test(t, heartbeat.Database{DB: c.Writes, Postgres: c.Postgres != nil})
		})
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func execute(t *testing.T, d heartbeat.Database, statement string) {
	t.Helper()
	_, err := d.DB.ExecContext(t.Context(), statement)
	check(t, err)
}

func running(t *testing.T, d heartbeat.Database) []heartbeat.Process {
	t.Helper()
	all, err := d.Running(t.Context())
	check(t, err)
	return all
}

func start(t *testing.T, d heartbeat.Database, id domain.ID, every time.Duration, log *zap.Logger) *heartbeat.Beat {
	t.Helper()
	b := heartbeat.New(heartbeat.Options{
		Database: d, Process: heartbeat.Process{ID: id, Command: "serve", Version: "1.2.3"}, Every: every, Log: log,
	})
	check(t, b.Start(t.Context()))
	return b
}

func TestProcessIsSeenUntilItStops(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d heartbeat.Database) {
		first, second := start(t, d, "a", 0, zap.NewNop()), start(t, d, "b", 0, zap.NewNop())
		all := running(t, d)
		if len(all) != 2 || all[0].ID != "a" || all[0].Command != "serve" || all[0].Version != "1.2.3" || all[0].PID != os.Getpid() ||
			all[0].Host == "" || all[0].SeenAgo > time.Minute {
			t.Errorf("%+v", all)
		}
		check(t, first.Stop(t.Context()))
		if all := running(t, d); len(all) != 1 || all[0].ID != "b" {
			t.Errorf("%+v", all)
		}
		check(t, second.Stop(t.Context()))
		if all := running(t, d); len(all) != 0 {
			t.Errorf("%+v", all)
		}
	})
}

func TestProcessThatIsNotSeenForLongDoesNotRun(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d heartbeat.Database) {
		fresh, stale, old := `now() - INTERVAL '80 seconds'`, `now() - INTERVAL '91 seconds'`, `now() - INTERVAL '25 hours'`
		if !d.Postgres {
			at := func(ago string) string { return `strftime('%Y-%m-%d %H:%M:%f+00:00', 'now', '-` + ago + ` seconds')` }
			fresh, stale, old = at("350"), at("361"), at("90000")
		}
		for id, at := range map[string]string{"fresh": fresh, "stale": stale, "old": old} {
			execute(t, d, `INSERT INTO processes VALUES ('`+id+`', 'work', '', 'elsewhere', 1, '', `+at+`, `+at+`)`)
		}
		if all := running(t, d); len(all) != 1 || all[0].ID != "fresh" || all[0].SeenAgo < 80*time.Second {
			t.Errorf("%+v", all)
		}
		check(t, d.Forget(t.Context()))
		var left int
		check(t, d.DB.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM processes`).Scan(&left))
		if left != 2 {
			t.Errorf("%d rows are left", left)
		}
	})
}

// A process that was killed on this machine must not stop an operator for minutes.
func TestKilledProcessOfThisMachineDoesNotRun(t *testing.T) {
	if _, err := os.Readlink("/proc/self/ns/pid"); err != nil {
		t.Skip("the system has no /proc")
	}
	onEachDatabase(t, func(t *testing.T, d heartbeat.Database) {
		c := exec.CommandContext(t.Context(), "true")
		check(t, c.Run())
		b := start(t, d, "a", 0, zap.NewNop())
		t.Cleanup(func() { check(t, b.Stop(context.Background())) })
		_, err := d.DB.ExecContext(t.Context(), `UPDATE processes SET pid = $1`, c.Process.Pid)
		check(t, err)
		if all := running(t, d); len(all) != 0 {
			t.Errorf("%+v", all)
		}
		execute(t, d, `UPDATE processes SET pid_space = 'another'`)
		if all := running(t, d); len(all) != 1 {
			t.Errorf("a process of another machine with that pid: %+v", all)
		}
	})
}

// A row that somebody removed comes back, and a database that cannot be written is logged once.
func TestRowIsRenewed(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d heartbeat.Database) {
		core, logs := observer.New(zapcore.WarnLevel)
		b := start(t, d, "a", 5*time.Millisecond, zap.New(core))
		until := func(what string, holds func() bool) {
			t.Helper()
			for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(2 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("timed out: %s", what)
				}
			}
		}
		execute(t, d, `DELETE FROM processes`)
		until("the row comes back", func() bool { return len(running(t, d)) == 1 })
		execute(t, d, `ALTER TABLE processes RENAME TO elsewhere`)
		until("a failure is logged", func() bool { return logs.Len() > 0 })
		if all := running(t, d); all != nil {
			t.Errorf("without a table: %+v", all)
		}
		execute(t, d, `ALTER TABLE elsewhere RENAME TO processes`)
		execute(t, d, `DELETE FROM processes`)
		until("the row comes back", func() bool { return len(running(t, d)) == 1 })
		check(t, b.Stop(t.Context()))
		if n := logs.Len(); n != 1 {
			t.Errorf("%d warnings: %v", n, logs.All())
		}
	})
}
