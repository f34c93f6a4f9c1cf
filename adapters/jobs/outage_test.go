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

// A database that is restarted while jobs are added and worked costs time, and no job.
func TestWorkersComeBackByThemselvesWhenPostgreSQLWasAwayUnderLoad(t *testing.T) {
	t.Parallel()
	direct := newPlace(t, migrated.Postgres(t))
	way := postgres.NewWay(t, direct.url)
	p := place{direct.url, opened(t, way.URL(t))}
	var mu sync.Mutex
	done := map[domain.ID]bool{}
	count := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(done)
	}
	o := p.doing(func(_ context.Context, id domain.ID, _ int) error {
		mu.Lock()
		defer mu.Unlock()
		done[id] = true
		return nil
	})
	o.Within = 2 * time.Second // so that what was lost in mid-air is taken over soon
	start(t, o)
	added := map[domain.ID]bool{}
	var refused atomic.Int32
	add := func(n int) { // as a client that tries until it is told that it went well
		for _, job := range mails(n) {
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
	until(t, "some are done", func() bool { return count() > 10 })
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
	until(t, "all are done", func() bool {
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

// deaf is a client of River that takes jobs and never gives them back, as a process that was killed.
type deaf struct {
	river.WorkerDefaults[mailArgs]
	taken chan struct{}
}

type mailArgs struct {
	ID domain.ID `json:"id"`
}

func (mailArgs) Kind() string { return string(ports.MailJob) }

func (d *deaf) Work(context.Context, *river.Job[mailArgs]) error {
	close(d.taken)
	select {}
}

// abandon lets a client take the next job and end with it.
func abandon[T any](t *testing.T, driver riverdriver.Driver[T]) {
	t.Helper()
	d := &deaf{taken: make(chan struct{})}
	workers := river.NewWorkers()
	river.AddWorker(workers, d)
	c, err := river.NewClient(driver, &river.Config{
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}}, Workers: workers, LeaderElectionDisabled: true,
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
		t.Fatalf("it ended: %v", err)
	}
}

func TestTheJobOfAKilledWorkerIsDoneByAnother(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		const within = 200 * time.Millisecond
		p.add(t, mail("x"))
		if pool := p.store.Connections().Postgres; pool != nil {
			abandon(t, riverpgxv5.New(pool))
		} else {
			abandon(t, riversqlite.New(p.store.Connections().Writes))
		}
		taken := time.Now()
		until(t, "it has run for too long", func() bool { return time.Since(taken) > 3*within })
		done := make(calls, 10)
		o := p.doing(done.do)
		o.Within = within
		start(t, o)
		if got := done.next(t); got != (call{"x", 2}) {
			t.Errorf("did %v", got)
		}
	})
}

func TestNewJobsAreHeardOfPastThePooler(t *testing.T) {
	t.Parallel()
	p := newPlace(t, migrated.Postgres(t))
	u, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("application_name", "direct")
	u.RawQuery = query.Encode()
	done := make(calls, 10)
	o := p.doing(done.do)
	o.Database.DirectURL = u.String()
	o.Kinds[ports.RecomputeJob] = jobs.Kind{Do: done.do, Within: time.Hour}
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
	until(t, "it listens", func() bool { return listeners() == 1 })
	p.add(t, mail("x"), ports.Job{Kind: ports.RecomputeJob, ID: "y"})
	if got := []domain.ID{done.next(t).id, done.next(t).id}; got[0] == got[1] {
		t.Errorf("did %v", got)
	}
	stop(t, s)
	until(t, "it listens no more", func() bool { return listeners() == 0 })
}

// Behind it nobody can LISTEN: with a way past it jobs are heard of, without one they are asked for.
func TestJobsAreWorkedBehindPgbouncerInTransactionMode(t *testing.T) {
	t.Parallel()
	p := newPlace(t, migrated.Postgres(t))
	through, installed := postgres.Bouncer(t, p.url)
	if !installed {
		t.Log("pgbouncer is not installed: only the parts are tested, that nothing is prepared and that the way past it is used")
		return
	}
	s, err := bunstore.Open(t.Context(), bunstore.Options{URL: through})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for _, direct := range []string{"", p.url} {
		behind, done := place{through, s}, make(calls, 1000)
		o := behind.doing(done.do)
		o.Database.DirectURL = direct
		works := jobs.New(o)
		if err := works.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			behind.add(t, mails(100)...)
			for range 100 {
				done.next(t)
			}
		}
		stop(t, works)
	}
}

func TestWithoutItsDatabaseAServerDoesNotStart(t *testing.T) {
	p := place{store: opened(t, "postgres://nobody:hidden@127.0.0.1:1/none")}
	if err := jobs.New(p.doing(nil)).Start(t.Context()); err == nil {
		t.Error("it works")
	}
}
