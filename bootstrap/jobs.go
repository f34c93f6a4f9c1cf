package bootstrap

import (
	"context"
	"errors"
	"strings"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"tickt/adapters/bunstore"
	"tickt/adapters/jobs"
	"tickt/application"
	"tickt/domain"
	"tickt/ports"
)

// jobKinds says what is done for each kind of job.
func jobKinds(app *application.App) map[ports.JobKind]jobs.Kind {
	return map[ports.JobKind]jobs.Kind{
		ports.RecomputeJob: {Timeout: 30 * time.Minute, Do: func(ctx context.Context, policy domain.ID, _ int) error {
			return app.Policies.Apply(ctx, policy)
		}},
		ports.MailJob: {Do: deliverMail(app)},
	}
}

// periodicJobs says what is due again and again.
func periodicJobs(app *application.App) []jobs.Periodic {
	return []jobs.Periodic{{Name: "purge", Every: time.Minute, Do: func(ctx context.Context) error {
		return errors.Join(app.Sessions.Purge(ctx), app.IdempotencyRecords.Purge(ctx), app.Dashboard.Compact(ctx))
	}}}
}

// jobsDatabase is the store's, listened to past the pooler where there is one.
func jobsDatabase(s Settings, store *bunstore.Store) jobs.Database {
	c := store.Connections()
	d := jobs.Database{Postgres: c.Postgres, Writes: c.Writes, Reads: c.Reads}
	if s.DatabaseDirectURL != s.DatabaseURL {
		d.DirectURL = string(s.DatabaseDirectURL)
	}
	return d
}

func newJobs(app *application.App, d jobs.Database, log *zap.Logger) *jobs.Server {
	return jobs.New(jobs.Options{Database: d, Kinds: jobKinds(app), Periodic: periodicJobs(app), Log: log})
}

type work struct{}

// Run works jobs until the context ends, as serve does beside the API.
func (work) Run(ctx context.Context, c Console) error {
	return c.serve(ctx, fx.Invoke(func(life fx.Lifecycle, w workers) { runServers(life, w) }))
}

type (
	jobsFailed struct{}
	jobsRetry  struct {
		Job int64 `arg:"" optional:"" help:"The number of a job."`
		All bool  `help:"Every job that has failed."`
	}
)

// Run lists the jobs that failed and are not done, one a line.
func (jobsFailed) Run(ctx context.Context, c Console) error {
	return c.withQueue(ctx, func(q *jobs.Queue) error {
		return q.Failed(ctx, func(f jobs.Failure) error {
			next := "given up"
			if !f.Next.IsZero() {
				next = f.Next.Format(time.RFC3339)
			}
			c.printf("%d  %s  %s  %d/%d  %s  %s", f.Number, f.Kind, dash(string(f.ID)), f.Attempts, f.MaxAttempts, next, oneLine(f.Error))
			return nil
		})
	})
}

// Run lets jobs that failed be done at once.
func (x jobsRetry) Run(ctx context.Context, c Console) error {
	if (x.Job != 0) == x.All {
		return usageError{errors.New("give either the number of a job, as tickt jobs failed lists it, or --all")}
	}
	return c.withQueue(ctx, func(q *jobs.Queue) error {
		if !x.All {
			return q.Retry(ctx, x.Job)
		}
		n, err := q.RetryAll(ctx)
		if err == nil {
			c.printf("%d jobs are tried again.", n)
		}
		return err
	})
}

// withQueue hands the jobs to a command, on a database whose schema is up to date.
func (c Console) withQueue(ctx context.Context, do func(*jobs.Queue) error) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	var q *jobs.Queue
	return c.withParts(ctx, s, nil, func() error { return do(q) }, &q)
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// maxErrorLine is how much of an error is shown, in characters.
const maxErrorLine = 300

// oneLine puts a text into one line that is not too long.
func oneLine(text string) string {
	line := []rune(strings.Join(strings.Fields(text), " "))
	if len(line) > maxErrorLine {
		line = append(line[:maxErrorLine], '…')
	}
	return string(line)
}
