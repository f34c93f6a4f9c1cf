package jobs

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"tickt/adapters/bunstore"
	"tickt/domain"
	"tickt/ports"
	"tickt/test/migrated"

	"go.uber.org/zap"
)

func openFile(t *testing.T, url string) *bunstore.Store {
	t.Helper()
	s, err := bunstore.Open(t.Context(), bunstore.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestLeaderOnSQLiteRenewsItsLeaseInTheDatabaseRarely(t *testing.T) {
	db := openFile(t, migrated.File(t)).Connections().Writes
	e := sqliteDriver{Driver: riversqlite.New(db)}.GetExecutor()
	const ttl = 15 * time.Second // River's
	leader, err := e.LeaderAttemptElect(t.Context(), &riverdriver.LeaderElectParams{LeaderID: "a", TTL: ttl})
	if err != nil {
		t.Fatal(err)
	}
	reelect := func(id string) error {
		_, err := e.LeaderAttemptReelect(t.Context(), &riverdriver.LeaderReelectParams{LeaderID: id, ElectedAt: leader.ElectedAt, TTL: ttl})
		return err
	}
	changes := func() (n int) {
		if err := db.QueryRowContext(t.Context(), `SELECT total_changes()`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := changes()
	for range 10 {
		if err := reelect("a"); err != nil {
			t.Fatal(err)
		}
	}
	if n := changes() - before; n != 1 {
		t.Errorf("the lease was written %d times", n)
	}
	var left float64
	if err := db.QueryRowContext(t.Context(), `SELECT unixepoch(expires_at, 'subsec') - unixepoch('now', 'subsec') FROM river_leader`).
		Scan(&left); err != nil || left < (sqliteLease-sqliteRenewBefore).Seconds() {
		t.Errorf("the lease ends in %v s: %v", left, err)
	}
	if reelect("b") == nil {
		t.Error("somebody else was re-elected")
	}
	if _, err := db.ExecContext(t.Context(), `DELETE FROM river_leader`); err != nil {
		t.Fatal(err)
	}
	if reelect("a") == nil {
		t.Error("a leader without a lease was re-elected")
	}
}

// The file may be shared by several processes, such as tickt serve and tickt work.
func TestJobsOfAnotherProcessAreHeardOfOnSQLite(t *testing.T) {
	url := migrated.File(t)
	c := openFile(t, url).Connections()
	done := make(chan domain.ID, 10)
	s := New(Options{
		Database: Database{Writes: c.Writes, Reads: c.Reads, Added: c.Added}, Log: zap.NewNop(),
		Kinds: map[ports.JobKind]Kind{ports.MailJob: {Do: func(_ context.Context, id domain.ID, _ int) error {
			done <- id
			return nil
		}}},
	})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(context.Background()) })
	other := openFile(t, url)
	for _, id := range []domain.ID{"a", "b", "c"} {
		err := other.Update(t.Context(), func(tx ports.Tx) error {
			return tx.Jobs.Add(t.Context(), ports.Job{Kind: ports.MailJob, ID: id})
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := <-done; got != id {
			t.Errorf("worked %s, want %s", got, id)
		}
	}
}

func TestListenerOnSQLiteHearsItsTopicsFromWhenItListens(t *testing.T) {
	c := openFile(t, migrated.File(t)).Connections()
	notify := func(topic, payload string) {
		t.Helper()
		_, err := c.Writes.ExecContext(t.Context(), `INSERT INTO river_notification (topic, payload) VALUES (?, ?)`, topic, payload)
		if err != nil {
			t.Fatal(err)
		}
	}
	notify("a", "before connecting")
	l := sqliteDriver{Driver: riversqlite.New((*sql.DB)(nil)), database: Database{Reads: c.Reads}}.
		GetListener(&riverdriver.GetListenenerParams{})
	if _, err := l.WaitForNotification(t.Context()); err == nil {
		t.Error("it hears without a connection")
	}
	if err := l.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	notify("a", "before listening")
	for _, topic := range []string{"a", "b"} {
		if err := l.Listen(t.Context(), topic); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Unlisten(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	notify("b", "of no topic")
	notify("a", "1")
	notify("a", "2")
	for _, want := range []string{"1", "2"} {
		n, err := l.WaitForNotification(t.Context())
		if err != nil || n.Topic != "a" || n.Payload != want {
			t.Fatalf("heard %+v, %v; want %s", n, err, want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if n, err := l.WaitForNotification(ctx); err == nil {
		t.Errorf("heard %+v", n)
	}
}
