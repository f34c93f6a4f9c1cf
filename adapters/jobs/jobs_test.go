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

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"tickt/adapters/bunstore"
	"tickt/adapters/jobs"
	"tickt/domain"
	"tickt/ports"
	"tickt/test/migrated"
)

// patience is how long a test waits for what must come before it takes it for lost. It is long because a job that is lost in
// mid-air is found by a search that runs every half minute, after a leader has been elected, on a machine that may be busy.
const patience = 3 * time.Minute

// place is a database with a queue, and a store on it.
type place struct {
	url   string
	store *bunstore.Store
}

// everywhere runs a test on a new database of each kind. A job is tried twice there.
func everywhere(t *testing.T, test func(*testing.T, place)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newPlace(t, migrated.File(t)))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newPlace(t, migrated.Postgres(t)))
	})
}

func newPlace(t testing.TB, url string) place {
	t.Helper()
	return place{url, opened(t, url)}
}

func opened(t testing.TB, url string) *bunstore.Store {
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
	return jobs.Database{Postgres: c.Postgres, Writes: c.Writes, Reads: c.Reads}
}

// add leaves jobs to be done.
func (p place) add(t testing.TB, all ...ports.Job) {
	t.Helper()
	if err := p.store.Update(t.Context(), func(tx ports.Tx) error { return tx.Jobs.Add(t.Context(), all...) }); err != nil {
		t.Fatal(err)
	}
}

func mail(id string) ports.Job { return ports.Job{Kind: ports.MailJob, ID: domain.ID(id)} }

func mails(n int) []ports.Job {
	all := make([]ports.Job, n)
	for i := range all {
		all[i] = mail(fmt.Sprintf("m%d", i))
	}
	return all
}

// doing are options under which mails are done by a function.
func (p place) doing(do func(context.Context, domain.ID, int) error) jobs.Options {
	return jobs.Options{Database: database(p.store), Kinds: map[ports.JobKind]jobs.Kind{ports.MailJob: {Do: do}}, Log: zap.NewNop()}
}

// start begins to work, until the test ends.
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

// call is one call for a job.
type call struct {
	id      domain.ID
	attempt int
}

// calls keeps them, in their order.
type calls chan call

func (c calls) do(_ context.Context, id domain.ID, attempt int) error {
	c <- call{id, attempt}
	return nil
}

// next waits for a call.
func (c calls) next(t *testing.T) call {
	t.Helper()
	select {
	case x := <-c:
		return x
	case <-time.After(patience):
		t.Fatal("nothing is done")
		return call{}
	}
}

// until waits for a condition of the database to hold.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}

func (p place) queue(t testing.TB) *jobs.Queue {
	t.Helper()
	q, err := jobs.NewQueue(database(p.store))
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func (p place) depth(t testing.TB) map[string]int {
	t.Helper()
	d, err := p.queue(t).Depth(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (p place) failed(t testing.TB) (all []jobs.Failure) {
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

func TestAJobIsDoneOnceItsUpdateIsCommittedAndNotBefore(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		done := make(calls, 10)
		start(t, p.doing(done.do))
		refused := errors.New("refused")
		err := p.store.Update(t.Context(), func(tx ports.Tx) error {
			return errors.Join(tx.Jobs.Add(t.Context(), mail("rolled back")), refused)
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		release := make(chan struct{})
		committed := make(chan error)
		go func() {
			committed <- p.store.Update(t.Context(), func(tx ports.Tx) error {
				err := tx.Jobs.Add(t.Context(), mail("kept"))
				<-release
				return err
			})
		}()
		if !strings.HasPrefix(p.url, "sqlite:") { // where nobody else writes meanwhile
			p.add(t, mail("before"))
			if got := done.next(t); got.id != "before" {
				t.Errorf("did %v", got)
			}
		}
		select {
		case early := <-done:
			t.Errorf("%v was done before the commit", early)
		default:
		}
		close(release)
		if err := <-committed; err != nil {
			t.Fatal(err)
		}
		if got := done.next(t); got != (call{"kept", 1}) {
			t.Errorf("did %v", got)
		}
	})
}

func TestManyJobsAreEachDoneOnceByWhoeverWorks(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		const n = 500
		done := [2]calls{make(calls, 2*n), make(calls, 2*n)}
		start(t, p.doing(done[0].do))
		other := place{p.url, p.store}
		if !strings.HasPrefix(p.url, "sqlite:") {
			other.store = opened(t, p.url) // another process
		}
		start(t, other.doing(done[1].do))
		p.add(t, mails(n)...)
		ids := map[domain.ID]bool{}
		for len(ids) < n {
			var c call
			select {
			case c = <-done[0]:
			case c = <-done[1]:
			case <-time.After(patience):
				t.Fatalf("only %d were done", len(ids))
			}
			if ids[c.id] {
				t.Errorf("%s was done twice", c.id)
			}
			ids[c.id] = true
		}
		until(t, "nothing left", func() bool { d := p.depth(t); return d["available"]+d["running"] == 0 })
		if left := len(done[0]) + len(done[1]); left > 0 {
			t.Errorf("%d were done twice", left)
		}
	})
}

func TestAJobThatFailsIsTriedAgainAndListedWithItsErrorUntilItSucceeds(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		core, logs := observer.New(zapcore.WarnLevel)
		seen := make(calls, 10)
		let := make(chan struct{})
		o := p.doing(func(_ context.Context, id domain.ID, attempt int) error {
			seen <- call{id, attempt}
			if attempt == 1 {
				return errors.New("the server\nis busy")
			}
			<-let
			return nil
		})
		o.Log = zap.New(core)
		start(t, o)
		p.add(t, mail("x"))
		if got := seen.next(t); got != (call{"x", 1}) {
			t.Errorf("first %v", got)
		}
		until(t, "it is listed", func() bool { return len(p.failed(t)) == 1 })
		if f := p.failed(t)[0]; f.Kind != ports.MailJob || f.ID != "x" || f.Attempts < 1 || f.MaxAttempts != 2 ||
			f.Error != "the server\nis busy" || f.Next.IsZero() {
			t.Errorf("listed as %+v", f)
		}
		if got := seen.next(t); got != (call{"x", 2}) {
			t.Errorf("then %v", got)
		}
		close(let)
		until(t, "it is listed no more", func() bool { return len(p.failed(t)) == 0 })
		if all := logs.All(); len(all) != 1 || all[0].Level != zapcore.WarnLevel || all[0].ContextMap()["kind"] != "mail" ||
			all[0].ContextMap()["id"] != "x" {
			t.Errorf("logged %v", all)
		}
	})
}

func TestAJobThatFailsForGoodIsGivenUpListedAndDoneWhenAPersonAsksForIt(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		core, logs := observer.New(zapcore.ErrorLevel)
		var mended sync.Map
		done := make(calls, 10)
		o := p.doing(func(ctx context.Context, id domain.ID, attempt int) error {
			if _, ok := mended.Load(id); ok {
				return done.do(ctx, id, attempt)
			}
			return errors.New("no such mailbox")
		})
		o.Log = zap.New(core)
		start(t, o)
		p.add(t, mail("a"), mail("b"))
		until(t, "both are given up", func() bool { return p.depth(t)["discarded"] == 2 })
		listed := p.failed(t)
		if len(listed) != 2 || !listed[0].Next.IsZero() || listed[0].Attempts != 2 || listed[0].Error != "no such mailbox" {
			t.Fatalf("listed as %+v", listed)
		}
		if all := logs.FilterMessage("job has failed for good").All(); len(all) != 2 {
			t.Errorf("logged %v", logs.All())
		}
		mended.Store(listed[0].ID, true)
		mended.Store(listed[1].ID, true)
		if err := p.queue(t).Retry(t.Context(), listed[0].Number); err != nil {
			t.Fatal(err)
		}
		if got := done.next(t); got.id != listed[0].ID {
			t.Errorf("did %v", got)
		}
		until(t, "one is left", func() bool { return len(p.failed(t)) == 1 })
		if err := p.queue(t).Retry(t.Context(), listed[0].Number); domain.KindOf(err) != domain.Conflict {
			t.Errorf("one that is done: %v", err)
		}
		if err := p.queue(t).Retry(t.Context(), 4711); domain.KindOf(err) != domain.NotFound {
			t.Errorf("one that is not there: %v", err)
		}
		if n, err := p.queue(t).RetryAll(t.Context()); n != 1 || err != nil {
			t.Errorf("the rest: %d, %v", n, err)
		}
		if got := done.next(t); got.id != listed[1].ID {
			t.Errorf("did %v", got)
		}
	})
}

func TestWhatIsAskedOfFailedJobsGoesBeyondOnePage(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		const n = 1100
		start(t, p.doing(func(context.Context, domain.ID, int) error { return errors.New("no") }))
		for all := range slices.Chunk(mails(n), 500) {
			p.add(t, all...)
		}
		until(t, "all are listed", func() bool { return len(p.failed(t)) == n })
	})
}

func TestThereIsNothingLeftToDoWhereWhatAJobIsAboutIsGone(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		seen := make(calls, 10)
		start(t, p.doing(func(ctx context.Context, id domain.ID, attempt int) error {
			return errors.Join(seen.do(ctx, id, attempt), fmt.Errorf("the log: %w", domain.ErrNotFound))
		}))
		p.add(t, mail("gone"))
		seen.next(t)
		until(t, "it is done", func() bool { d := p.depth(t); return d["available"]+d["running"]+d["retryable"] == 0 })
		if f := p.failed(t); len(f) != 0 || len(seen) != 0 {
			t.Errorf("failed %v, called again %d times", f, len(seen))
		}
	})
}

func TestAPanicAndAKindThatNobodyKnowsAreFailures(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		core, logs := observer.New(zapcore.ErrorLevel)
		o := p.doing(func(context.Context, domain.ID, int) error { panic("ouch") })
		o.Log = zap.New(core)
		start(t, o)
		p.add(t, mail("x"), ports.Job{Kind: "unheard-of", ID: "y"})
		until(t, "both are given up", func() bool { return p.depth(t)["discarded"] == 2 })
		said := map[ports.JobKind]string{}
		for _, f := range p.failed(t) {
			said[f.Kind] = f.Error
		}
		if said[ports.MailJob] != "ouch" || !strings.Contains(said["unheard-of"], "unheard-of") {
			t.Errorf("listed with %v", said)
		}
		for _, kind := range []string{"mail", "unheard-of"} {
			if logs.FilterMessage("job has failed for good").FilterField(zap.String("kind", kind)).Len() != 1 {
				t.Errorf("%s: logged %v", kind, logs.All())
			}
		}
	})
}

// On SQLite all of them, and River, share the one connection that writes.
func TestJobsThatChangeWhatIsStoredAndThoseWhoReadItDoNotStandInEachOthersWay(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		const n = 200
		followed := make(calls, 2*n)
		o := p.doing(func(ctx context.Context, id domain.ID, _ int) error {
			return p.store.Update(ctx, func(tx ports.Tx) error {
				if _, err := tx.Setup.Lock(ctx); err != nil {
					return err
				}
				return tx.Jobs.Add(ctx, ports.Job{Kind: ports.RecomputeJob, ID: id})
			})
		})
		o.Kinds[ports.RecomputeJob] = jobs.Kind{Do: followed.do}
		start(t, o)
		p.add(t, mails(n)...)
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
		until(t, "nothing left", func() bool { d := p.depth(t); return d["available"]+d["running"] == 0 })
		if f := p.failed(t); len(f) != 0 {
			t.Errorf("failed: %v", f)
		}
	})
}

func TestStopLetsWhatRunsComeToItsEnd(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		begun, let, finished := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		s := start(t, p.doing(func(ctx context.Context, _ domain.ID, _ int) error {
			close(begun)
			<-let
			finished <- ctx.Err()
			return nil
		}))
		p.add(t, mail("x"))
		<-begun
		stopped := make(chan struct{})
		go func() { defer close(stopped); stop(t, s) }()
		close(let)
		<-stopped
		if err := <-finished; err != nil {
			t.Errorf("it was cut short: %v", err)
		}
		if d := p.depth(t); d["available"]+d["running"]+d["retryable"] != 0 {
			t.Errorf("left: %v", d)
		}
	})
}

// hurried is a context that says of itself that it ends sooner than it does: what is timed by that is done in time even by a
// machine that is busy.
type hurried struct {
	context.Context
	deadline time.Time
}

func (h hurried) Deadline() (time.Time, bool) { return h.deadline, true }

func TestWhatStopCutsShortIsDoneByAnotherAsIfItHadNotBeenTried(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		begun := make(chan struct{})
		s := start(t, p.doing(func(ctx context.Context, _ domain.ID, _ int) error {
			close(begun)
			<-ctx.Done()
			return errors.New("interrupted") // as what wraps the end of its context
		}))
		p.add(t, mail("x"))
		<-begun
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		if err := s.Stop(hurried{ctx, time.Now().Add(2 * time.Second)}); err != nil {
			t.Fatal(err)
		}
		done := make(calls, 10)
		start(t, p.doing(done.do))
		if got := done.next(t); got != (call{"x", 1}) {
			t.Errorf("did %v", got)
		}
	})
}

func TestStopWithoutStartIsFine(t *testing.T) {
	stop(t, jobs.New(jobs.Options{}))
}

func TestOneOfAllWhoWorkDoesWhatIsDueAgainAndAgainAndNeverTwoAtOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		const every = time.Second
		begun := make(chan int, 100)
		var n atomic.Int32
		tick := jobs.Periodic{Name: "tick", Every: every, Do: func(ctx context.Context) error {
			i := int(n.Add(1))
			begun <- i
			if i == 1 { // takes longer than it is due again
				timer := time.NewTimer(5 * every / 2)
				defer timer.Stop()
				select {
				case <-timer.C:
				case <-ctx.Done():
				}
				if now := n.Load(); now != 1 {
					t.Errorf("it was begun %d times meanwhile", now)
				}
			}
			return nil
		}}
		for range 2 {
			o := p.doing(nil)
			o.Periodic = []jobs.Periodic{tick}
			start(t, o)
		}
		for i := 0; i < 3; {
			select {
			case i = <-begun:
			case <-time.After(patience):
				t.Fatalf("only %d times", i)
			}
		}
	})
}

func TestPeriodicWorkThatFailsIsListedLikeAnyOther(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		o := p.doing(nil)
		o.Periodic = []jobs.Periodic{{Name: "floor", Every: time.Minute, Do: func(context.Context) error { return errors.New("no broom") }}}
		start(t, o)
		until(t, "it is listed", func() bool { return len(p.failed(t)) == 1 })
		if f := p.failed(t)[0]; f.Kind != "floor" || f.ID != "" || f.Error != "no broom" {
			t.Errorf("listed as %+v", f)
		}
	})
}
