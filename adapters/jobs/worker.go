package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"go.uber.org/zap"

	"tickt/domain"
	"tickt/domain/text"
	"tickt/ports"
)

// args is a job as it is stored in the queue. The stores write jobs in the same form.
type args struct {
	kind string
	ID   domain.ID `json:"id,omitempty"`
}

// Kind implements river.JobArgs.
func (a args) Kind() string { return a.kind }

// worker works the jobs of one kind.
type worker struct {
	river.WorkerDefaults[args]
	do      func(ctx context.Context, id domain.ID, attempt int) error
	wait    func(ctx context.Context, id domain.ID) (bool, error) // may be nil
	timeout time.Duration
	queue   ports.JobQueue // of the kind
	move    func(ctx context.Context, job int64, to ports.JobQueue) error
	soon    func(time.Duration) // has the queue looked into after a time
	observe func(kind string, took time.Duration, failed bool)
}

func (w *worker) Timeout(*river.Job[args]) time.Duration { return w.timeout }

// moveAgain is the time after which moving a job is tried again.
const moveAgain = time.Second

// Work implements river.Worker. A job of another queue that an earlier release put into the default one is only moved: worked here,
// it could keep the workers of the default queue busy. Moving is not an attempt.
func (w *worker) Work(ctx context.Context, job *river.Job[args]) error {
	if job.Queue == string(ports.DefaultQueue) && w.queue != ports.DefaultQueue {
		if err := w.move(ctx, job.ID, w.queue); err != nil {
			return river.JobSnooze(moveAgain)
		}
		return river.JobSnooze(0)
	}
	began, failed := time.Now(), true // also after a panic
	defer func() {
		w.observe(job.Kind, time.Since(began), failed)
		if value := recover(); value != nil {
			panic(text.Lines.Repair(fmt.Sprint(value))) // River recovers it, with the stack of the first panic
		}
	}()
	wait, err := w.mustWait(ctx, job)
	if wait {
		failed = false
		w.soon(waitAgain)
		return river.JobSnooze(waitAgain)
	}
	if err == nil {
		err = w.do(ctx, job.Args.ID, job.Attempt)
	}
	interrupted := errors.Is(ctx.Err(), context.Canceled)
	switch {
	case err == nil, domain.KindOf(err) == domain.NotFound:
		failed = false
		return nil
	case interrupted: // by Stop: River must see a cancellation, not a failure
		failed = false
		return errors.Join(ctx.Err(), err)
	default:
		return storable{err}
	}
}

// storable is an error whose text can be stored. PostgreSQL stores no NUL, which a mail server, say, may send: the job could not be
// settled, nor those that River settles with it.
type storable struct{ error }

// Error returns the text of the error without the characters that a text may not hold.
func (e storable) Error() string { return text.Lines.Repair(e.error.Error()) }

func (e storable) Unwrap() error { return e.error }

// A job that waits for another one is looked at again after waitAgain, and waits for maxWait at most. It occupies no worker and makes
// no attempt meanwhile.
const (
	waitAgain = 500 * time.Millisecond
	maxWait   = 2 * time.Minute
)

// waiting is what is stored with a job that waits or has waited.
type waiting struct {
	Since time.Time `json:"waitingSince"`
}

// mustWait reports whether a job must wait for another one.
func (w *worker) mustWait(ctx context.Context, job *river.Job[args]) (bool, error) {
	if w.wait == nil {
		return false, nil
	}
	var stored waiting
	if raw := job.Output(); raw != nil {
		if err := json.Unmarshal(raw, &stored); err != nil {
			return false, err
		}
	}
	now := time.Now()
	if !stored.Since.IsZero() && now.Sub(stored.Since) > maxWait-waitAgain {
		return false, nil
	}
	wait, err := w.wait(ctx, job.Args.ID)
	if err != nil || !wait {
		return false, err
	}
	if stored.Since.IsZero() {
		err = river.RecordOutput(ctx, waiting{now})
	}
	return err == nil, err
}

// failureLogger logs jobs that failed, with the kind of the job and the id of its subject.
type failureLogger struct{ log *zap.Logger }

// HandleError implements river.ErrorHandler.
func (f failureLogger) HandleError(_ context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	f.report(job, zap.Error(err))
	return nil
}

// HandlePanic implements river.ErrorHandler.
func (f failureLogger) HandlePanic(_ context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	f.report(job, zap.String("panic", fmt.Sprint(value)), zap.String("trace", trace))
	return nil
}

func (f failureLogger) report(job *rivertype.JobRow, cause ...zap.Field) {
	fields := append([]zap.Field{
		zap.Int64("job", job.ID), zap.String("kind", job.Kind), zap.String("id", string(subject(job))), zap.Int("attempt", job.Attempt),
	}, cause...)
	if job.Attempt >= job.MaxAttempts {
		f.log.Error("job failed; no attempts left", fields...)
		return
	}
	f.log.Warn("job failed; will retry", fields...)
}
