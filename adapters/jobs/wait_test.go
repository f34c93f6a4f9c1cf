package jobs_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tickt/adapters/jobs"
	"tickt/domain"
	"tickt/ports"
)

// TestWaitingJobOccupiesNoWorker has more jobs wait than there are workers, and lets another one end that.
func TestWaitingJobOccupiesNoWorker(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		var free atomic.Bool
		done := make(calls, 100)
		o := p.options(done.record)
		o.Workers = map[ports.JobQueue]int{ports.MailQueue: 2}
		o.Kinds[ports.MailJob] = jobs.Kind{Do: done.record, Wait: func(_ context.Context, id domain.ID) (bool, error) {
			return id != "first" && !free.Load(), nil
		}}
		p.add(t, mailJobs(10)...)
		p.add(t, mailJob("first"))
		start(t, o)
		if got := done.next(t); got != (call{"first", 1}) {
			t.Fatalf("worked %v", got)
		}
		free.Store(true)
		seen := map[domain.ID]bool{}
		for range 10 {
			got := done.next(t)
			if got.attempt != 1 || seen[got.id] {
				t.Errorf("worked %v", got)
			}
			seen[got.id] = true
		}
	})
}

// soonEnough is less than the time after which SQLite looks into the queue by itself.
const soonEnough = 4 * time.Second

// TestJobWaitsForTwoMinutesAtMost moves the time at which the job began to wait.
func TestJobWaitsForTwoMinutesAtMost(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		waits, done := make(calls, 1000), make(calls, 10)
		o := p.options(done.record)
		o.Kinds[ports.MailJob] = jobs.Kind{Do: done.record, Wait: func(_ context.Context, id domain.ID) (bool, error) {
			select {
			case waits <- call{id, 0}:
			default:
			}
			return true, nil
		}}
		p.add(t, mailJob("m"))
		start(t, o)
		waits.next(t)
		began := time.Now()
		for range 2 {
			waits.next(t)
		}
		if took := time.Since(began); took > soonEnough {
			t.Errorf("it was looked at twice within %v", took)
		}
		select {
		case x := <-done:
			t.Fatalf("worked %v at once", x)
		default:
		}
		since := time.Now().Add(-2 * time.Minute).UTC().Format(time.RFC3339)
		text := `UPDATE river_job SET metadata = jsonb_set(metadata, '{output,waitingSince}', to_jsonb($1::text)) WHERE kind = 'mail'`
		if c := p.store.Connections(); c.Postgres != nil {
			_, err := c.Postgres.Exec(t.Context(), text, since)
			fatal(t, err)
		} else {
			_, err := c.Writes.ExecContext(t.Context(),
				`UPDATE river_job SET metadata = jsonb(json_set(json(metadata), '$.output.waitingSince', ?)) WHERE kind = 'mail'`, since)
			fatal(t, err)
		}
		if got := done.next(t); got != (call{"m", 1}) {
			t.Errorf("worked %v", got)
		}
	})
}

func TestJobWhoseWaitFailsIsRetried(t *testing.T) {
	onEachEngine(t, func(t *testing.T, p testDB) {
		var once sync.Once
		done := make(calls, 10)
		o := p.options(done.record)
		o.Kinds[ports.MailJob] = jobs.Kind{Do: done.record, Wait: func(context.Context, domain.ID) (wait bool, err error) {
			once.Do(func() { err = errors.New("no database") })
			return false, err
		}}
		p.add(t, mailJob("m"))
		start(t, o)
		if got := done.next(t); got != (call{"m", 2}) {
			t.Errorf("worked %v", got)
		}
	})
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
