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

// Queue lists, retries and counts the jobs of a database, for operators.
type Queue struct {
	database Database
	client   client
}

// NewQueue returns a Queue. It does not connect yet.
func NewQueue(d Database) (*Queue, error) {
	c, err := d.client(d.Postgres, &river.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	return &Queue{d, c}, nil
}

// Failure is a job that has failed at least once and is not done.
type Failure struct {
	Number      int64 // of the job
	Kind        ports.JobKind
	ID          domain.ID // of the subject of the job
	Attempts    int       // made so far
	MaxAttempts int
	Error       string    // of the last attempt
	Next        time.Time // the time of the next attempt; zero if there will be none
}

// failedCondition is the SQL condition of jobs that failed and wait for, or are in, another attempt, or have none left.
// hasFailed is the same in Go.
const failedCondition = `(state IN ('retryable', 'discarded') OR (state = 'available' AND attempt > 0)
 OR (state = 'running' AND attempt > 1))`

// pageSize is the number of jobs that are read at once.
const pageSize = 500

// Failed calls each for every job that has failed and is not done, by ascending number. It stops at the first error of each
// and returns it.
func (q *Queue) Failed(ctx context.Context, each func(Failure) error) error {
	params := river.NewJobListParams().First(pageSize).Where(failedCondition).
		States(rivertype.JobStateAvailable, rivertype.JobStateDiscarded, rivertype.JobStateRetryable, rivertype.JobStateRunning)
	for {
		found, err := q.client.JobList(ctx, params)
		if err != nil {
			return err
		}
		for _, job := range found.Jobs {
			if err := each(failureOf(job)); err != nil {
				return err
			}
		}
		if len(found.Jobs) < pageSize {
			return nil
		}
		params = params.After(found.LastCursor)
	}
}

func failureOf(job *rivertype.JobRow) Failure {
	f := Failure{
		Number: job.ID, Kind: ports.JobKind(job.Kind), ID: subject(job), Attempts: job.Attempt, MaxAttempts: job.MaxAttempts,
	}
	if n := len(job.Errors); n > 0 {
		f.Error = job.Errors[n-1].Error
	}
	if job.State != rivertype.JobStateDiscarded {
		f.Next = job.ScheduledAt.UTC()
	}
	return f
}

// subject returns the id of the subject of a job; "" if the arguments of the job cannot be read.
func subject(job *rivertype.JobRow) domain.ID {
	var a args
	if err := json.Unmarshal(job.EncodedArgs, &a); err != nil {
		return ""
	}
	return a.ID
}

// Retry makes a failed job due at once. A job without attempts left gets one more. It returns NotFound if there is no such
// job and Conflict if it has not failed.
func (q *Queue) Retry(ctx context.Context, number int64) error {
	job, err := q.client.JobGet(ctx, number)
	if errors.Is(err, rivertype.ErrNotFound) {
		return domain.Fail(domain.NotFound, fmt.Sprintf("There is no job %d.", number))
	}
	if err != nil {
		return err
	}
	if !hasFailed(job) {
		return domain.Fail(domain.Conflict, fmt.Sprintf("Job %d has not failed; it is %s.", number, job.State))
	}
	_, err = q.client.JobRetry(ctx, number)
	return err
}

// RetryAll makes every failed job due at once and returns their number.
func (q *Queue) RetryAll(ctx context.Context) (n int, err error) {
	err = q.Failed(ctx, func(f Failure) error {
		n++
		_, err := q.client.JobRetry(ctx, f.Number)
		return err
	})
	return n, err
}

// hasFailed reports whether a job meets failedCondition.
func hasFailed(job *rivertype.JobRow) bool {
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

// Depth returns the number of jobs by state, as River names the states, without completed and cancelled jobs.
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
