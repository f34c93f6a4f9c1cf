package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"tickt/adapters/bunstore"
	"tickt/adapters/jobs"
	"tickt/domain"
	"tickt/ports"
	"tickt/test/migrated"
)

// patience is how long a test waits for something before it fails. It is long because an interrupted job is found by a search
// that runs every half minute, after a leader has been elected, on a machine that may be busy.
const patience = 3 * time.Minute

// testDB is a migrated database and a store on it.
type testDB struct {
	url   string
	store *bunstore.Store
}

// onEachEngine runs a test on a new database of each engine, in which jobs have two attempts.
func onEachEngine(t *testing.T, test func(*testing.T, testDB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newTestDB(t, migrated.File(t)))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newTestDB(t, migrated.Postgres(t)))
	})
}

func newTestDB(t testing.TB, url string) testDB {
	t.Helper()
	return testDB{url, openStore(t, url)}
}

func openStore(t testing.TB, url string) *bunstore.Store {
	t.Helper()
	s, err := bunstore.Open(t.Context(), bunstore.Options{URL: url, Prepared: true, JobAttempts: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func database(s *bunstore.Store) jobs.Database {
	c := s.Connections()
	return jobs.Database{Postgres: c.Postgres, Writes: c.Writes, Reads: c.Reads, Added: c.Added}
}

// add adds jobs to the queue.
func (p testDB) add(t testing.TB, all ...ports.Job) {
	t.Helper()
	if err := p.store.Update(t.Context(), func(tx ports.Tx) error { return tx.Jobs.Add(t.Context(), all...) }); err != nil {
		t.Fatal(err)
	}
}

func mailJob(id string) ports.Job { return ports.Job{Kind: ports.MailJob, ID: domain.ID(id)} }

func mailJobs(n int) []ports.Job {
	all := make([]ports.Job, n)
	for i := range all {
		all[i] = mailJob(fmt.Sprintf("m%d", i))
	}
	return all
}

// options returns options under which do works the mail jobs.
func (p testDB) options(do func(context.Context, domain.ID, int) error) jobs.Options {
	return jobs.Options{Database: database(p.store), Kinds: map[ports.JobKind]jobs.Kind{ports.MailJob: {Do: do}}, Log: zap.NewNop()}
}

// start starts a server that is stopped when the test ends.
func start(t testing.TB, o jobs.Options) *jobs.Server {
	t.Helper()
	if o.Periodic == nil {
		o.Periodic = []jobs.Periodic{{Name: "nothing", Every: time.Hour, Do: func(context.Context) error { return nil }}}
	}
	s := jobs.New(o)
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t testing.TB, s *jobs.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.Stop(ctx); err != nil {
		t.Errorf("stop: %v", err)
	}
}

// call is one call of Kind.Do.
type call struct {
	id      domain.ID
	attempt int
}

// calls records calls in their order.
type calls chan call

func (c calls) record(_ context.Context, id domain.ID, attempt int) error {
	c <- call{id, attempt}
	return nil
}

// next waits for the next call.
func (c calls) next(t *testing.T) call {
	t.Helper()
	select {
	case x := <-c:
		return x
	case <-time.After(patience):
		t.Fatal("no job was worked")
		return call{}
	}
}

// until waits until a condition holds.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}

func (p testDB) queue(t testing.TB) *jobs.Queue {
	t.Helper()
	q, err := jobs.NewQueue(database(p.store))
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func (p testDB) depth(t testing.TB) map[string]int {
	t.Helper()
	d, err := p.queue(t).Depth(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (p testDB) failed(t testing.TB) (all []jobs.Failure) {
	t.Helper()
	err := p.queue(t).Failed(t.Context(), func(f jobs.Failure) error {
		all = append(all, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestJobIsWorkedAfterCommitOnly(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		done := make(calls, 10)
		start(t, p.options(done.record))
		refused := errors.New("refused")
		err := p.store.Update(t.Context(), func(tx ports.Tx) error {
			return errors.Join(tx.Jobs.Add(t.Context(), mailJob("rolled back")), refused)
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		release := make(chan struct{})
		committed := make(chan error)
		go func() {
			committed <- p.store.Update(t.Context(), func(tx ports.Tx) error {
				err := tx.Jobs.Add(t.Context(), mailJob("kept"))
				<-release
				return err
			})
		}()
		if !strings.HasPrefix(p.url, "sqlite:") { // on SQLite nothing else can write in the meantime
			p.add(t, mailJob("before"))
			if got := done.next(t); got.id != "before" {
				t.Errorf("worked %v", got)
			}
		}
		select {
		case early := <-done:
			t.Errorf("%v was worked before the commit", early)
		default:
		}
		close(release)
		if err := <-committed; err != nil {
			t.Fatal(err)
		}
		if got := done.next(t); got != (call{"kept", 1}) {
			t.Errorf("worked %v", got)
		}
	})
}

func TestSeveralWorkersDoEachJobOnce(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		const n = 500
		done := [2]calls{make(calls, 2*n), make(calls, 2*n)}
		start(t, p.options(done[0].record))
		other := testDB{p.url, p.store}
		if !strings.HasPrefix(p.url, "sqlite:") {
			other.store = openStore(t, p.url) // another process
		}
		start(t, other.options(done[1].record))
		p.add(t, mailJobs(n)...)
		ids := map[domain.ID]bool{}
		for len(ids) < n {
			var c call
			select {
			case c = <-done[0]:
			case c = <-done[1]:
			case <-time.After(patience):
				t.Fatalf("only %d jobs were worked", len(ids))
			}
			if ids[c.id] {
				t.Errorf("%s was worked twice", c.id)
			}
			ids[c.id] = true
		}
		until(t, "the queue is empty", func() bool { d := p.depth(t); return d["available"]+d["running"] == 0 })
		if left := len(done[0]) + len(done[1]); left > 0 {
			t.Errorf("%d jobs were worked twice", left)
		}
	})
}

func TestFailedJobIsRetriedAndListedUntilItSucceeds(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		core, logs := observer.New(zapcore.WarnLevel)
		seen := make(calls, 10)
		release := make(chan struct{})
		o := p.options(func(_ context.Context, id domain.ID, attempt int) error {
			seen <- call{id, attempt}
			if attempt == 1 {
				return errors.New("the server\nis busy")
			}
			<-release
			return nil
		})
		o.Log = zap.New(core)
		start(t, o)
		p.add(t, mailJob("x"))
		if got := seen.next(t); got != (call{"x", 1}) {
			t.Errorf("first attempt: %v", got)
		}
		until(t, "the job is listed", func() bool { return len(p.failed(t)) == 1 })
		if f := p.failed(t)[0]; f.Kind != ports.MailJob || f.ID != "x" || f.Attempts < 1 || f.MaxAttempts != 2 ||
			f.Error != "the server\nis busy" || f.Next.IsZero() {
			t.Errorf("listed as %+v", f)
		}
		if got := seen.next(t); got != (call{"x", 2}) {
			t.Errorf("second attempt: %v", got)
		}
		close(release)
		until(t, "the job is no longer listed", func() bool { return len(p.failed(t)) == 0 })
		if all := logs.All(); len(all) != 1 || all[0].Level != zapcore.WarnLevel || all[0].ContextMap()["kind"] != "mail" ||
			all[0].ContextMap()["id"] != "x" {
			t.Errorf("logged %v", all)
		}
	})
}

func TestJobWithoutAttemptsLeftIsListedAndCanBeRetried(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		core, logs := observer.New(zapcore.ErrorLevel)
		var mended sync.Map
		done := make(calls, 10)
		o := p.options(func(ctx context.Context, id domain.ID, attempt int) error {
			if _, ok := mended.Load(id); ok {
				return done.record(ctx, id, attempt)
			}
			return errors.New("no such\x00 mailbox") // a mail server may reply with any byte; a text of PostgreSQL has no NUL
		})
		o.Log = zap.New(core)
		start(t, o)
		p.add(t, mailJob("a"), mailJob("b"))
		until(t, "both jobs are discarded", func() bool { return p.depth(t)["discarded"] == 2 })
		listed := p.failed(t)
		if len(listed) != 2 || !listed[0].Next.IsZero() || listed[0].Attempts != 2 || listed[0].Error != "no such mailbox" {
			t.Fatalf("listed as %+v", listed)
		}
		if all := logs.FilterMessage("job failed; no attempts left").All(); len(all) != 2 {
			t.Errorf("logged %v", logs.All())
		}
		mended.Store(listed[0].ID, true)
		mended.Store(listed[1].ID, true)
		if err := p.queue(t).Retry(t.Context(), listed[0].Number); err != nil {
			t.Fatal(err)
		}
		if got := done.next(t); got.id != listed[0].ID {
			t.Errorf("worked %v", got)
		}
		until(t, "one failed job is left", func() bool { return len(p.failed(t)) == 1 })
		if err := p.queue(t).Retry(t.Context(), listed[0].Number); domain.KindOf(err) != domain.Conflict {
			t.Errorf("retrying a completed job: %v", err)
		}
		if err := p.queue(t).Retry(t.Context(), 4711); domain.KindOf(err) != domain.NotFound {
			t.Errorf("retrying an unknown job: %v", err)
		}
		if n, err := p.queue(t).RetryAll(t.Context()); n != 1 || err != nil {
			t.Errorf("retrying all: %d, %v", n, err)
		}
		if got := done.next(t); got.id != listed[1].ID {
			t.Errorf("worked %v", got)
		}
	})
}

func TestFailedJobsSpanSeveralPages(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		const n = 1100
		start(t, p.options(func(context.Context, domain.ID, int) error { return errors.New("no") }))
		for chunk := range slices.Chunk(mailJobs(n), 500) {
			p.add(t, chunk...)
		}
		until(t, "all jobs are listed", func() bool { return len(p.failed(t)) == n })
	})
}

func TestJobIsDoneIfItsSubjectIsGone(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		seen := make(calls, 10)
		start(t, p.options(func(ctx context.Context, id domain.ID, attempt int) error {
			return errors.Join(seen.record(ctx, id, attempt), fmt.Errorf("the log: %w", domain.ErrNotFound))
		}))
		p.add(t, mailJob("gone"))
		seen.next(t)
		until(t, "the job is done", func() bool { d := p.depth(t); return d["available"]+d["running"]+d["retryable"] == 0 })
		if f := p.failed(t); len(f) != 0 || len(seen) != 0 {
			t.Errorf("failed %v, called again %d times", f, len(seen))
		}
	})
}

func TestPanicsAndUnknownKindsAreFailures(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		core, logs := observer.New(zapcore.ErrorLevel)
		o := p.options(func(context.Context, domain.ID, int) error { panic("ou\x00ch") })
		o.Log = zap.New(core)
		start(t, o)
		p.add(t, mailJob("x"), ports.Job{Kind: "unheard-of", ID: "y"})
		until(t, "both jobs are discarded", func() bool { return p.depth(t)["discarded"] == 2 })
		errs := map[ports.JobKind]string{}
		for _, f := range p.failed(t) {
			errs[f.Kind] = f.Error
		}
		if errs[ports.MailJob] != "ouch" || !strings.Contains(errs["unheard-of"], "unheard-of") {
			t.Errorf("listed with %v", errs)
		}
		for _, kind := range []string{"mail", "unheard-of"} {
			if logs.FilterMessage("job failed; no attempts left").FilterField(zap.String("kind", kind)).Len() != 1 {
				t.Errorf("%s: logged %v", kind, logs.All())
			}
		}
	})
}

// On SQLite, the jobs and River share the only connection that writes.
func TestJobsThatWriteDoNotBlockReadersOrEachOther(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		const n = 200
		followed := make(calls, 2*n)
		o := p.options(func(ctx context.Context, id domain.ID, _ int) error {
			return p.store.Update(ctx, func(tx ports.Tx) error {
				if _, err := tx.Setup.Lock(ctx); err != nil {
					return err
				}
				return tx.Jobs.Add(ctx, ports.Job{Kind: ports.RecomputeJob, ID: id})
			})
		})
		o.Kinds[ports.RecomputeJob] = jobs.Kind{Do: followed.record}
		start(t, o)
		p.add(t, mailJobs(n)...)
		ids := map[domain.ID]bool{}
		for len(ids) < n {
			err := p.store.View(t.Context(), func(tx ports.Tx) error {
				_, err := tx.Accounts.Get(t.Context(), "nobody")
				return err
			})
			if !errors.Is(err, domain.ErrNotFound) {
				t.Fatal(err)
			}
			ids[followed.next(t).id] = true
		}
		until(t, "the queue is empty", func() bool { d := p.depth(t); return d["available"]+d["running"] == 0 })
		if f := p.failed(t); len(f) != 0 {
			t.Errorf("failed: %v", f)
		}
	})
}

func TestStopWaitsForRunningJobs(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		begun, release, finished := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		s := start(t, p.options(func(ctx context.Context, _ domain.ID, _ int) error {
			close(begun)
			<-release
			finished <- ctx.Err()
			return nil
		}))
		p.add(t, mailJob("x"))
		<-begun
		stopped := make(chan struct{})
		go func() { defer close(stopped); stop(t, s) }()
		close(release)
		<-stopped
		if err := <-finished; err != nil {
			t.Errorf("the job was interrupted: %v", err)
		}
		if d := p.depth(t); d["available"]+d["running"]+d["retryable"] != 0 {
			t.Errorf("left: %v", d)
		}
	})
}

// shortDeadline is a context with an earlier deadline than the one at which it ends, so that a busy machine still has time for
// what follows the deadline.
type shortDeadline struct {
	context.Context
	deadline time.Time
}

func (h shortDeadline) Deadline() (time.Time, bool) { return h.deadline, true }

func TestInterruptedAttemptDoesNotCount(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		begun := make(chan struct{})
		s := start(t, p.options(func(ctx context.Context, _ domain.ID, _ int) error {
			close(begun)
			<-ctx.Done()
			return errors.New("interrupted") // an error that hides the cancellation
		}))
		p.add(t, mailJob("x"))
		<-begun
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		if err := s.Stop(shortDeadline{ctx, time.Now().Add(2 * time.Second)}); err != nil {
			t.Fatal(err)
		}
		done := make(calls, 10)
		start(t, p.options(done.record))
		if got := done.next(t); got != (call{"x", 1}) {
			t.Errorf("worked %v", got)
		}
	})
}

func TestStopWithoutStart(t *testing.T) {
	stop(t, jobs.New(jobs.Options{}))
}

func TestPeriodicWorkRunsOnOneWorkerAtATime(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		const every = time.Second
		begun := make(chan int, 100)
		var n atomic.Int32
		tick := jobs.Periodic{Name: "tick", Every: every, Do: func(ctx context.Context) error {
			i := int(n.Add(1))
			begun <- i
			if i == 1 { // takes longer than the interval
				timer := time.NewTimer(5 * every / 2)
				defer timer.Stop()
				select {
				case <-timer.C:
				case <-ctx.Done():
				}
				if now := n.Load(); now != 1 {
					t.Errorf("%d runs started in the meantime", now)
				}
			}
			return nil
		}}
		for range 2 {
			o := p.options(nil)
			o.Periodic = []jobs.Periodic{tick}
			start(t, o)
		}
		for i := 0; i < 3; {
			select {
			case i = <-begun:
			case <-time.After(patience):
				t.Fatalf("only %d runs", i)
			}
		}
	})
}

func TestFailedPeriodicWorkIsListed(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		o := p.options(nil)
		o.Periodic = []jobs.Periodic{{Name: "floor", Every: time.Minute, Do: func(context.Context) error { return errors.New("no broom") }}}
		start(t, o)
		until(t, "the job is listed", func() bool { return len(p.failed(t)) == 1 })
		if f := p.failed(t)[0]; f.Kind != "floor" || f.ID != "" || f.Error != "no broom" {
			t.Errorf("listed as %+v", f)
		}
	})
}

// hanging returns Kinds whose mails hang until release is closed; began counts them.
func hanging(done calls, began *atomic.Int32, release chan struct{}) map[ports.JobKind]jobs.Kind {
	return map[ports.JobKind]jobs.Kind{
		ports.RecomputeJob: {Do: done.record},
		ports.MailJob: {Do: func(ctx context.Context, id domain.ID, attempt int) error {
			began.Add(1)
			<-release
			return done.record(ctx, id, attempt)
		}},
	}
}

func TestHangingMailsDelayNoJobOfAnotherQueue(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		const n, atOnce = 60, 3
		done, release := make(calls, 2*n), make(chan struct{})
		var began atomic.Int32
		o := p.options(nil)
		o.Kinds, o.Workers = hanging(done, &began, release), map[ports.JobQueue]int{ports.MailQueue: atOnce}
		start(t, o)
		p.add(t, mailJobs(n)...)
		until(t, "every mail worker hangs", func() bool { return began.Load() == atOnce })
		for i := range 30 { // more than there are workers
			id := domain.ID(fmt.Sprint("policy ", i))
			p.add(t, ports.Job{Kind: ports.RecomputeJob, ID: id})
			if got := done.next(t); got != (call{id, 1}) {
				t.Fatalf("worked %v", got)
			}
		}
		if got := began.Load(); got != atOnce {
			t.Errorf("%d mails at once", got)
		}
		close(release)
		for range n {
			done.next(t)
		}
	})
}

// addToDefaultQueue adds mail jobs as release 0.1.0 did.
func (p testDB) addToDefaultQueue(t *testing.T, n int) {
	t.Helper()
	c := p.store.Connections()
	if c.Postgres != nil {
		insertMails(t, riverpgxv5.New(c.Postgres), n)
	} else {
		insertMails(t, riversqlite.New(c.Writes), n)
	}
}

func insertMails[T any](t *testing.T, driver riverdriver.Driver[T], n int) {
	t.Helper()
	c, err := river.NewClient(driver, &river.Config{MaxAttempts: 2})
	if err != nil {
		t.Fatal(err)
	}
	params := make([]river.InsertManyParams, n)
	for i := range params {
		params[i].Args = mailArgs{domain.ID(fmt.Sprint("old ", i))}
	}
	if _, err := c.InsertManyFast(t.Context(), params); err != nil {
		t.Fatal(err)
	}
}

func TestJobsOfAnEarlierReleaseAreMovedToTheirQueueAndWorkedThere(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		const n = 60
		p.addToDefaultQueue(t, n)
		done, release := make(calls, 2*n), make(chan struct{})
		var began atomic.Int32
		o := p.options(nil)
		o.Kinds = hanging(done, &began, release)
		start(t, o)
		p.add(t, ports.Job{Kind: ports.RecomputeJob, ID: "policy"})
		if got := done.next(t); got != (call{"policy", 1}) {
			t.Errorf("worked %v", got)
		}
		until(t, "every mail worker hangs", func() bool { return began.Load() == 4 })
		close(release)
		ids := map[domain.ID]bool{}
		for range n {
			got := done.next(t)
			if got.attempt != 1 { // being moved is no attempt
				t.Errorf("worked %v", got)
			}
			ids[got.id] = true
		}
		if len(ids) != n || began.Load() != n {
			t.Errorf("%d different mails, %d in all", len(ids), began.Load())
		}
	})
}

func TestAttemptsAreObserved(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		type attempt struct {
			kind   string
			failed bool
		}
		seen := make(chan attempt, 10)
		o := p.options(func(_ context.Context, id domain.ID, n int) error {
			switch {
			case id == "panics" && n == 1:
				panic("ouch")
			case id == "gone":
				return domain.ErrNotFound
			case id == "fails" && n == 1:
				return errors.New("no")
			}
			return nil
		})
		o.Observe = func(kind string, took time.Duration, failed bool) {
			if took < 0 || took > patience {
				t.Errorf("took %v", took)
			}
			if kind == string(ports.MailJob) {
				seen <- attempt{kind, failed}
			}
		}
		start(t, o)
		for _, tc := range []struct {
			id       string
			failures int
		}{{"done", 0}, {"gone", 0}, {"fails", 1}, {"panics", 1}} {
			p.add(t, mailJob(tc.id))
			for failures := 0; ; failures++ {
				var got attempt
				select {
				case got = <-seen:
				case <-time.After(patience):
					t.Fatalf("%s: not observed", tc.id)
				}
				if !got.failed {
					if failures != tc.failures {
						t.Errorf("%s failed %d times", tc.id, failures)
					}
					break
				}
			}
		}
	})
}
