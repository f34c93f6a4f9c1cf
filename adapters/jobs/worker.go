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
)

// args is a job as it stands in the queue; whoever enqueues writes the same.
type args struct {
	kind string
	ID   domain.ID `json:"id,omitempty"`
}

// Kind implements river.JobArgs.
func (a args) Kind() string { return a.kind }

// worker does the jobs of one kind.
type worker struct {
	river.WorkerDefaults[args]
	do     func(ctx context.Context, id domain.ID, attempt int) error
	within time.Duration
}

func (w *worker) Timeout(*river.Job[args]) time.Duration { return w.within }

func (w *worker) Work(ctx context.Context, job *river.Job[args]) error {
	err := w.do(ctx, job.Args.ID, job.Attempt)
	switch {
	case err == nil, domain.KindOf(err) == domain.NotFound:
		return nil
	case errors.Is(ctx.Err(), context.Canceled): // cut short by Stop, which is no failure, whatever it is taken for
		return errors.Join(ctx.Err(), err)
	default:
		return err
	}
}

// failures logs what failed, with the kind and the id of the job, by which it can be found again.
type failures struct{ log *zap.Logger }

// HandleError implements river.ErrorHandler.
func (f failures) HandleError(_ context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	f.say(job, zap.Error(err))
	return nil
}

// HandlePanic implements river.ErrorHandler.
func (f failures) HandlePanic(_ context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	f.say(job, zap.String("panic", fmt.Sprint(value)), zap.String("trace", trace))
	return nil
}

func (f failures) say(job *rivertype.JobRow, what ...zap.Field) {
	fields := append([]zap.Field{
		zap.Int64("job", job.ID), zap.String("kind", job.Kind), zap.String("id", string(about(job))), zap.Int("attempt", job.Attempt),
	}, what...)
	if job.Attempt >= job.MaxAttempts {
		f.log.Error("job has failed for good", fields...)
		return
	}
	f.log.Warn("job fails and will be tried again", fields...)
}
