package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"tickt/domain"
	"tickt/ports"
)

// Queue is the jobs of a database as whoever looks after it sees them.
type Queue struct {
	database Database
	client   client
}

// NewQueue makes a Queue. It does not connect yet.
func NewQueue(d Database) (*Queue, error) {
	c, err := d.client(d.Postgres, &river.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	return &Queue{d, c}, nil
}

// Failure is a job that failed at least once and is not done.
type Failure struct {
	Number      int64 // of the job
	Kind        ports.JobKind
	ID          domain.ID // what the job is about
	Attempts    int       // made so far
	MaxAttempts int
	Error       string    // the last one
	Next        time.Time // when it is tried again; zero where it was given up
}

// failing are the jobs that were tried and will be again, or that were given up.
const failing = `(state IN ('retryable', 'discarded') OR (state = 'available' AND attempt > 0) OR (state = 'running' AND attempt > 1))`

// page is how many jobs are read at once.
const page = 500

// Failed hands out, by rising number, the jobs that failed and are not done. An error of each ends it.
func (q *Queue) Failed(ctx context.Context, each func(Failure) error) error {
	params := river.NewJobListParams().First(page).Where(failing).
		States(rivertype.JobStateAvailable, rivertype.JobStateDiscarded, rivertype.JobStateRetryable, rivertype.JobStateRunning)
	for {
		found, err := q.client.JobList(ctx, params)
		if err != nil {
			return err
		}
		for _, job := range found.Jobs {
			if err := each(failure(job)); err != nil {
				return err
			}
		}
		if len(found.Jobs) < page {
			return nil
		}
		params = params.After(found.LastCursor)
	}
}

func failure(job *rivertype.JobRow) Failure {
	f := Failure{
		Number: job.ID, Kind: ports.JobKind(job.Kind), ID: about(job), Attempts: job.Attempt, MaxAttempts: job.MaxAttempts,
	}
	if n := len(job.Errors); n > 0 {
		f.Error = job.Errors[n-1].Error
	}
	if job.State != rivertype.JobStateDiscarded {
		f.Next = job.ScheduledAt.UTC()
	}
	return f
}

// about returns what a job is about; "" if that cannot be read.
func about(job *rivertype.JobRow) domain.ID {
	var a args
	if err := json.Unmarshal(job.EncodedArgs, &a); err != nil {
		return ""
	}
	return a.ID
}

// Retry lets a job that failed be tried at once; one that was given up, once more. It fails as NotFound where there is no
// such job, and as Conflict where it has not failed.
func (q *Queue) Retry(ctx context.Context, number int64) error {
	job, err := q.client.JobGet(ctx, number)
	if errors.Is(err, rivertype.ErrNotFound) {
		return domain.Fail(domain.NotFound, fmt.Sprintf("There is no job %d.", number))
	}
	if err != nil {
		return err
	}
	if !failed(job) {
		return domain.Fail(domain.Conflict, fmt.Sprintf("Job %d has not failed; it is %s.", number, job.State))
	}
	_, err = q.client.JobRetry(ctx, number)
	return err
}

// RetryAll lets every job that failed be tried at once, and gives how many those are.
func (q *Queue) RetryAll(ctx context.Context) (n int, err error) {
	err = q.Failed(ctx, func(f Failure) error {
		n++
		_, err := q.client.JobRetry(ctx, f.Number)
		return err
	})
	return n, err
}

// failed says of a job what the condition failing says.
func failed(job *rivertype.JobRow) bool {
	switch job.State {
	case rivertype.JobStateRetryable, rivertype.JobStateDiscarded:
		return true
	case rivertype.JobStateAvailable:
		return job.Attempt > 0
	case rivertype.JobStateRunning:
		return job.Attempt > 1
	default:
		return false
	}
}

// Depth counts the jobs that are not done by their state, as River names it. Those that were done are not counted.
func (q *Queue) Depth(ctx context.Context) (map[string]int, error) {
	found, err := q.database.Reads.QueryContext(ctx, `SELECT CAST(state AS TEXT), count(*) FROM river_job
 WHERE state IN ('available', 'pending', 'running', 'retryable', 'scheduled', 'discarded') GROUP BY state`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }()
	depth := map[string]int{"available": 0, "running": 0, "retryable": 0, "discarded": 0}
	for found.Next() {
		var (
			state string
			n     int
		)
		if err := found.Scan(&state, &n); err != nil {
			return nil, err
		}
		depth[state] = n
	}
	return depth, found.Err()
}
