// Package jobs works what changes left to be done, on River (https://riverqueue.com), and does what is due again and
// again. It is told what is to be done for each kind of job and knows nothing of the application.
package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"go.uber.org/zap"
	"go.uber.org/zap/exp/zapslog"
	"go.uber.org/zap/zapcore"

	"tickt/domain"
	"tickt/ports"
)

var _ ports.Server = (*Server)(nil)

// How jobs are worked.
const (
	defaultWorkers = 20
	fetchEvery     = 25 * time.Millisecond // at most, while there is something to fetch
	defaultWithin  = time.Minute
	// A job that has run for so many times what it may take is one whose process has died: its context ended long ago.
	// It is given to another one.
	rescueFactor = 5.0 / 2
	// What was done is kept a little, to be looked at; what failed in the end, until a person had a month to see it.
	keepDone   = time.Hour
	keepFailed = 30 * 24 * time.Hour
	// How often a call of a periodic work is tried before the next one has its turn.
	periodicAttempts = 5
)

// Kind is what is done for the jobs of one kind.
type Kind struct {
	// Do does a job. Where it fails it is called again later, after 1, 16, 81 seconds and so on; so it must bear being
	// called twice. Where it fails with domain.NotFound there is nothing left to do, and the job is done. attempt
	// counts from 1.
	Do func(ctx context.Context, id domain.ID, attempt int) error
	// Within is how long a call may take before its context ends; 0 means a minute.
	Within time.Duration
}

// Periodic is work that is due again and again. One of all who work on a database does it at a time.
type Periodic struct {
	Name  string // that no kind of job has
	Every time.Duration
	Do    func(context.Context) error
}

// Options say what is worked and how.
type Options struct {
	Database Database
	// Kinds has every kind of job. One that it lacks fails as any other job does that cannot be done.
	Kinds    map[ports.JobKind]Kind
	Periodic []Periodic
	// Workers is how many jobs are worked at once; 0 means 20.
	Workers int
	// Within is what a job may take whose kind does not say; 0 means a minute. Two and a half times as long after a
	// process died, another one takes its jobs over.
	Within time.Duration
	Log    *zap.Logger
}

// Server works jobs between Start and Stop; it is a ports.Server. Any number may work on one database.
type Server struct {
	o      Options
	client client
	end    func() // closes what is the server's own
}

// New makes a Server that does not work yet.
func New(o Options) *Server {
	if o.Workers == 0 {
		o.Workers = defaultWorkers
	}
	if o.Within == 0 {
		o.Within = defaultWithin
	}
	return &Server{o: o}
}

// Start begins to work; it fails where the database cannot be reached. Later the server bears that by itself.
func (s *Server) Start(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	listen, end, err := s.o.Database.listening(ctx)
	if err != nil {
		return err
	}
	c, err := s.o.Database.client(listen, s.o.config())
	if err == nil {
		err = c.Start(ctx)
	}
	if err != nil {
		end()
		return err
	}
	s.client, s.end = c, end
	s.o.Log.Info("jobs are worked", zap.Int("atOnce", s.o.Workers))
	return nil
}

// Stop takes no more jobs and lets those that run come to their end. When three quarters of the time are over it cuts
// them short: whoever works next does them again, as if they had not been tried.
func (s *Server) Stop(ctx context.Context) error {
	if s.client == nil {
		return nil
	}
	defer s.end()
	soft, cancel := threeQuarters(ctx)
	defer cancel()
	if err := s.client.Stop(soft); err == nil {
		return nil
	}
	return s.client.StopAndCancel(ctx)
}

// threeQuarters is a context that ends when a quarter of the time of another one is left.
func threeQuarters(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, limited := ctx.Deadline()
	if !limited {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, time.Until(deadline)*3/4)
}

func (o Options) config() *river.Config {
	workers := river.NewWorkers()
	for kind, k := range o.Kinds {
		river.AddWorkerArgs(workers, args{kind: string(kind)}, &worker{do: k.Do, within: k.Within})
	}
	periodic := make([]*river.PeriodicJob, len(o.Periodic))
	for i, p := range o.Periodic {
		do := func(ctx context.Context, _ domain.ID, _ int) error { return p.Do(ctx) }
		river.AddWorkerArgs(workers, args{kind: p.Name}, &worker{do: do})
		periodic[i] = p.job()
	}
	return &river.Config{
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: o.Workers}},
		Workers:                     workers,
		PeriodicJobs:                periodic,
		FetchCooldown:               fetchEvery,
		JobTimeout:                  o.Within,
		RescueStuckJobsAfter:        time.Duration(float64(o.Within) * rescueFactor),
		CompletedJobRetentionPeriod: keepDone,
		DiscardedJobRetentionPeriod: keepFailed,
		ErrorHandler:                failures{o.Log},
		Logger:                      warnings(o.Log),
	}
}

// job is the work as River's leader, one of all clients on a database, enqueues it: at once, and then every so often,
// unless the one before is not done yet.
func (p Periodic) job() *river.PeriodicJob {
	waiting := []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning,
		rivertype.JobStateScheduled,
	}
	return river.NewPeriodicJob(river.PeriodicInterval(p.Every), func() (river.JobArgs, *river.InsertOpts) {
		return args{kind: p.Name}, &river.InsertOpts{MaxAttempts: periodicAttempts, UniqueOpts: river.UniqueOpts{ByQueue: true, ByState: waiting}}
	}, &river.PeriodicJobOpts{ID: p.Name, RunOnStart: true})
}

// warnings is the log for River, whose news of every day are nobody's concern. While a database is away it says the same
// again and again: each sentence is logged once a minute.
func warnings(log *zap.Logger) *slog.Logger {
	core := log.Core()
	if core.Enabled(zapcore.InfoLevel) {
		if quiet, err := zapcore.NewIncreaseLevelCore(core, zapcore.WarnLevel); err == nil {
			core = quiet
		}
	}
	return slog.New(zapslog.NewHandler(zapcore.NewSamplerWithOptions(core, time.Minute, 1, 0)))
}
