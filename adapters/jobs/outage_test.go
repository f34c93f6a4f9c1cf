package jobs_test

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"tickt/adapters/bunstore"
	"tickt/adapters/jobs"
	"tickt/domain"
	"tickt/ports"
	"tickt/test/migrated"
	"tickt/test/postgres"
)

// Restarts of the database while jobs are added and worked must not lose a job.
func TestWorkersRecoverFromPostgreSQLOutagesUnderLoad(t *testing.T) {
	t.Parallel()
	direct := newTestDB(t, migrated.Postgres(t))
	way := postgres.NewWay(t, direct.url)
	p := testDB{direct.url, openStore(t, way.URL(t))}
	var mu sync.Mutex
	done := map[domain.ID]bool{}
	count := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(done)
	}
	o := p.options(func(_ context.Context, id domain.ID, _ int) error {
		mu.Lock()
		defer mu.Unlock()
		done[id] = true
		return nil
	})
	o.Timeout = 2 * time.Second // so that jobs that were interrupted are taken over soon
	start(t, o)
	added := map[domain.ID]bool{}
	var refused atomic.Int32
	add := func(n int) { // retries until the commit is confirmed
		for _, job := range mailJobs(n) {
			job.ID = domain.ID(string(job.ID) + "-" + time.Now().Format(time.RFC3339Nano))
			for p.store.Update(t.Context(), func(tx ports.Tx) error { return tx.Jobs.Add(t.Context(), job) }) != nil {
				if t.Context().Err() != nil {
					return
				}
				refused.Add(1)
				time.Sleep(10 * time.Millisecond)
			}
			added[job.ID] = true
		}
	}
	add(50)
	until(t, "some jobs are done", func() bool { return count() > 10 })
	for range 3 {
		mended := make(chan struct{})
		before := refused.Load()
		go func() {
			defer close(mended)
			way.Cut()
			for refused.Load() < before+20 && t.Context().Err() == nil {
				time.Sleep(time.Millisecond)
			}
			way.Mend(t)
		}()
		for refused.Load() < before+20 {
			add(10)
		}
		<-mended
	}
	until(t, "all jobs are done", func() bool {
		mu.Lock()
		defer mu.Unlock()
		for id := range added {
			if !done[id] {
				return false
			}
		}
		return true
	})
}

// hangingWorker takes a job and never finishes it, like a process that was killed.
type hangingWorker struct {
	river.WorkerDefaults[mailArgs]
	taken chan struct{}
}

type mailArgs struct {
	ID domain.ID `json:"id"`
}

func (mailArgs) Kind() string { return string(ports.MailJob) }

func (d *hangingWorker) Work(context.Context, *river.Job[mailArgs]) error {
	close(d.taken)
	select {}
}

// takeAndHang lets a client take the next job and stop without finishing it.
func takeAndHang[T any](t *testing.T, driver riverdriver.Driver[T]) {
	t.Helper()
	d := &hangingWorker{taken: make(chan struct{})}
	workers := river.NewWorkers()
	river.AddWorker(workers, d)
	c, err := river.NewClient(driver, &river.Config{
		Queues: map[string]river.QueueConfig{string(ports.MailQueue): {MaxWorkers: 1}}, Workers: workers, LeaderElectionDisabled: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	<-d.taken
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := c.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("the client stopped in good order: %v", err)
	}
}

func TestJobOfKilledWorkerIsTakenOver(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		const timeout = 200 * time.Millisecond
		p.add(t, mailJob("x"))
		if pool := p.store.Connections().Postgres; pool != nil {
			takeAndHang(t, riverpgxv5.New(pool))
		} else {
			takeAndHang(t, riversqlite.New(p.store.Connections().Writes))
		}
		taken := time.Now()
		until(t, "the job has run for too long", func() bool { return time.Since(taken) > 3*timeout })
		done := make(calls, 10)
		o := p.options(done.record)
		o.Timeout = timeout
		start(t, o)
		if got := done.next(t); got != (call{"x", 2}) {
			t.Errorf("worked %v", got)
		}
	})
}

func TestDirectURLIsUsedForListening(t *testing.T) {
	t.Parallel()
	p := newTestDB(t, migrated.Postgres(t))
	u, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("application_name", "direct")
	u.RawQuery = query.Encode()
	done := make(calls, 10)
	o := p.options(done.record)
	o.Database.DirectURL = u.String()
	o.Kinds[ports.RecomputeJob] = jobs.Kind{Do: done.record, Timeout: time.Hour}
	s := jobs.New(o)
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	listeners := func() (n int) {
		err := p.store.Connections().Postgres.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND application_name = 'direct' AND query LIKE 'LISTEN%'`, pgx.QueryExecModeExec).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	until(t, "the server listens", func() bool { return listeners() == 1 })
	p.add(t, mailJob("x"), ports.Job{Kind: ports.RecomputeJob, ID: "y"})
	if got := []domain.ID{done.next(t).id, done.next(t).id}; got[0] == got[1] {
		t.Errorf("worked %v", got)
	}
	stop(t, s)
	until(t, "the server no longer listens", func() bool { return listeners() == 0 })
}

// LISTEN does not work through pgbouncer: with a direct URL the server listens there, without one it polls.
func TestJobsAreWorkedThroughPgbouncerInTransactionMode(t *testing.T) {
	t.Parallel()
	p := newTestDB(t, migrated.Postgres(t))
	through, installed := postgres.Bouncer(t, p.url)
	if !installed {
		t.Log("pgbouncer is not installed; other tests cover DB_PREPARED=off and the direct URL separately")
		return
	}
	store, err := bunstore.Open(t.Context(), bunstore.Options{URL: through})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	for _, direct := range []string{"", p.url} {
		behind, done := testDB{through, store}, make(calls, 1000)
		o := behind.options(done.record)
		o.Database.DirectURL = direct
		s := jobs.New(o)
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			behind.add(t, mailJobs(100)...)
			for range 100 {
				done.next(t)
			}
		}
		stop(t, s)
	}
}

func TestStartFailsWithoutDatabase(t *testing.T) {
	p := testDB{store: openStore(t, "postgres://nobody:hidden@127.0.0.1:1/none")}
	if err := jobs.New(p.options(nil)).Start(t.Context()); err == nil {
		t.Error("it starts")
	}
}
