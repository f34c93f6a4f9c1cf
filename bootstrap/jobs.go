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
	"tickt/domain/sla"
	"tickt/domain/text"
	"tickt/ports"
)

// mailsAtOnce is the number of mails that a process sends at the same time, each on a connection of its own: one that waits for
// a connection would use up its time on that.
const mailsAtOnce = 4

// recomputeTime is how long one attempt to apply a policy, or the hours of a priority, to all open tickets may take.
const recomputeTime = 30 * time.Minute

// jobKinds returns what is done for each kind of job.
func jobKinds(app *application.App) map[ports.JobKind]jobs.Kind {
	return map[ports.JobKind]jobs.Kind{
		ports.RecomputeJob: {Timeout: recomputeTime, Do: func(ctx context.Context, policy domain.ID, _ int) error {
			return app.Policies.Apply(ctx, sla.Source{PolicyID: policy})
		}},
		ports.RecomputePriorityJob: {Timeout: recomputeTime, Do: func(ctx context.Context, priority domain.ID, _ int) error {
			return app.Policies.Apply(ctx, sla.Source{PriorityID: priority})
		}},
		ports.AutoCloseJob: {Timeout: recomputeTime, Do: func(ctx context.Context, status domain.ID, _ int) error {
			return app.ServiceLevels.ScheduleClosing(ctx, status)
		}},
		ports.HandOverJob: {Do: func(ctx context.Context, handOver domain.ID, _ int) error {
			return app.Tickets.HandOver(ctx, handOver)
		}},
		ports.ForecastJob: {Timeout: recomputeTime, Do: app.Policies.CompleteForecast},
		ports.MailJob:     {Do: deliverMail(app), Wait: app.NotificationLogs.MustWait},
		ports.AccountMailJob: {Do: func(ctx context.Context, mail domain.ID, _ int) error {
			return app.AccountMails.Deliver(ctx, mail)
		}},
	}
}

// How often expired data is removed. On SQLite each run, with the job for it, writes some 100 KB.
const (
	purgeEvery       = time.Minute
	purgeEverySQLite = 10 * time.Minute
)

// periodicJobs returns the periodic work.
func periodicJobs(s Settings, app *application.App) []jobs.Periodic {
	every := purgeEvery
	if s.embedded() {
		every = purgeEverySQLite
	}
	return []jobs.Periodic{{Name: "purge", Every: every, Do: func(ctx context.Context) error {
		return errors.Join(app.Sessions.Purge(ctx), app.AccountMails.Purge(ctx), app.IdempotencyRecords.Purge(ctx),
			app.Policies.PurgeOperations(ctx), app.Dashboard.Compact(ctx))
	}}}
}

// jobsDatabase returns the connections of the store, and DATABASE_DIRECT_URL if it differs from DATABASE_URL.
func jobsDatabase(s Settings, store *bunstore.Store) jobs.Database {
	c := store.Connections()
	d := jobs.Database{Postgres: c.Postgres, Writes: c.Writes, Reads: c.Reads, Added: c.Added}
	if s.DatabaseDirectURL != s.DatabaseURL {
		d.DirectURL = string(s.DatabaseDirectURL)
	}
	return d
}

func newJobs(s Settings, app *application.App, d jobs.Database, m meters, log *zap.Logger) *jobs.Server {
	return jobs.New(jobs.Options{
		Database: d, Kinds: jobKinds(app), Periodic: periodicJobs(s, app), Log: log, Observe: m.observeJob,
		Workers: map[ports.JobQueue]int{ports.MailQueue: mailsAtOnce},
	})
}

type work struct{}

// Run runs the workers, as serve does beside the API, until ctx ends.
func (work) Run(ctx context.Context, c Console) error {
	runWorkers := func(life fx.Lifecycle, w workers) { runServers(life, w) }
	return c.serve(ctx, "work", Settings.listensForProbes, fx.Invoke(runWorkServer), fx.Invoke(runWorkers))
}

type (
	jobsFailed struct{}
	jobsRetry  struct {
		Job int64 `arg:"" optional:"" help:"Number of the job, from tickt jobs failed."`
		All bool  `help:"Retry every failed job."`
	}
)

// Run prints a line for each failed job: number, kind, id of its subject, attempts, time of the next attempt, and last error.
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

// Run makes failed jobs due at once.
func (x jobsRetry) Run(ctx context.Context, c Console) error {
	if (x.Job != 0) == x.All {
		return usageError{errors.New("give either the number of a job (see tickt jobs failed) or --all")}
	}
	return c.withQueue(ctx, func(q *jobs.Queue) error {
		if !x.All {
			err := q.Retry(ctx, x.Job)
			if err == nil {
				c.printf("Retrying %s.", counted(1, "job"))
			}
			return err
		}
		n, err := q.RetryAll(ctx)
		if err == nil {
			c.printf("Retrying %s.", counted(n, "job"))
		}
		return err
	})
}

// withQueue calls do with the job queue. It fails if migrations are pending.
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

// maxErrorLine is the maximum length of a printed error in characters.
const maxErrorLine = 300

// oneLine returns a text in one line of at most maxErrorLine characters and an ellipsis. It holds nothing that a terminal would obey.
func oneLine(s string) string {
	line, more := text.Cut(text.Line.Repair(strings.Join(strings.Fields(s), " ")), maxErrorLine)
	if more {
		line += "…"
	}
	return line
}
