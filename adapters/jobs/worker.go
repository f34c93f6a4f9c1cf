package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"go.uber.org/zap"

	"tickt/domain"
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
	timeout time.Duration
	queue   ports.JobQueue // of the kind
	move    func(ctx context.Context, job int64, to ports.JobQueue) error
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
	defer func() { w.observe(job.Kind, time.Since(began), failed) }()
	err := w.do(ctx, job.Args.ID, job.Attempt)
	interrupted := errors.Is(ctx.Err(), context.Canceled)
	switch {
	case err == nil, domain.KindOf(err) == domain.NotFound:
		failed = false
		return nil
	case interrupted: // by Stop: River must see a cancellation, not a failure
		failed = false
		return errors.Join(ctx.Err(), err)
	default:
		return err
	}
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
