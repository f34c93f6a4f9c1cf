// Package jobs works the job queue on River (https://riverqueue.com) and runs periodic work. Its caller says what to do for
// each kind of job; the package does not know the application.
package jobs

import (
	"cmp"
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

// Defaults and limits.
const (
	defaultWorkers = 20                    // of ports.DefaultQueue
	queueWorkers   = 4                     // of every other queue
	fetchInterval  = 25 * time.Millisecond // between fetches of new jobs, at least
	defaultTimeout = time.Minute
	// A job that has run for this many times its timeout belongs to a process that died, since its context would have ended
	// long ago. It is given to another worker.
	rescueFactor = 5.0 / 2
	// How long completed jobs are kept, for inspection, and jobs without attempts left, until somebody looks at them.
	keepDone   = time.Hour
	keepFailed = 30 * 24 * time.Hour
	// The attempts of one run of periodic work.
	periodicAttempts = 5
)

// Kind describes how the jobs of one kind are worked.
type Kind struct {
	// Do works the job with the given subject. After an error it is called again after 1, 16, 81, … seconds, so it must be
	// idempotent. After domain.NotFound the job counts as done. attempt starts at 1.
	Do func(ctx context.Context, id domain.ID, attempt int) error
	// Wait is called before Do and reports whether the job must wait for another one. It is asked again every half a second, for two
	// minutes at most; meanwhile the job occupies no worker. It may be nil.
	Wait func(ctx context.Context, id domain.ID) (bool, error)
	// Timeout limits one call of Do; its context ends then. 0 means Options.Timeout.
	Timeout time.Duration
}

// Periodic is work that is done at intervals, by one worker at a time of all that work on a database.
type Periodic struct {
	Name  string // must differ from every kind of job
	Every time.Duration
	Do    func(context.Context) error
}

// Options configure a Server.
type Options struct {
	Database Database
	// Kinds has every kind of job. Jobs of other kinds fail.
	Kinds    map[ports.JobKind]Kind
	Periodic []Periodic
	// Workers is the number of jobs of each queue that are worked at the same time; 0 means 20 for ports.DefaultQueue and 4 for
	// any other queue. Which queues there are follows from Kinds.
	Workers map[ports.JobQueue]int
	// Timeout is the timeout of jobs whose Kind has none; 0 means a minute. If a process dies, another one takes over its jobs
	// two and a half times Timeout after they started, or after the timeout of their Kind if that is longer.
	Timeout time.Duration
	// Observe is called after each attempt of a job, with its kind and duration; failed is true after an error or a panic, false if
	// Stop interrupted it. It may be nil.
	Observe func(kind string, took time.Duration, failed bool)
	Log     *zap.Logger
}

// Server is a ports.Server that works jobs between Start and Stop. Any number of servers may work on one database.
type Server struct {
	o             Options
	client        client
	closeListener func()
}

// New returns a Server that has not started.
func New(o Options) *Server {
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	o.Database.soon = make(chan struct{}, 1)
	return &Server{o: o}
}

// Start starts the workers. It fails if the database cannot be reached; if the connection is lost later, the server
// recovers by itself.
func (s *Server) Start(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	listen, closeListener, err := s.o.Database.listenPool(ctx)
	if err != nil {
		return err
	}
	c, err := s.o.Database.client(listen, s.o.config())
	if err == nil {
		err = c.Start(ctx)
	}
	if err != nil {
		closeListener()
		return err
	}
	s.client, s.closeListener = c, closeListener
	s.o.Log.Info("job workers started", zap.Any("atOnce", s.o.atOnce()))
	return nil
}

// Stop takes no more jobs and waits for those that run. After three quarters of the time until the deadline of ctx it
// cancels them: they are worked again later, and the attempt does not count.
func (s *Server) Stop(ctx context.Context) error {
	if s.client == nil {
		return nil
	}
	defer s.closeListener()
	soft, cancel := threeQuarters(ctx)
	defer cancel()
	if err := s.client.Stop(soft); err == nil {
		return nil
	}
	return s.client.StopAndCancel(ctx)
}

// threeQuarters returns a context that ends after three quarters of the time until the deadline of ctx.
func threeQuarters(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, limited := ctx.Deadline()
	if !limited {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, time.Until(deadline)*3/4)
}

// atOnce returns the number of jobs of each queue that are worked at the same time.
func (o Options) atOnce() map[ports.JobQueue]int {
	all := map[ports.JobQueue]int{ports.DefaultQueue: cmp.Or(o.Workers[ports.DefaultQueue], defaultWorkers)}
	for kind := range o.Kinds {
		if q := kind.Queue(); all[q] == 0 {
			all[q] = cmp.Or(o.Workers[q], queueWorkers)
		}
	}
	return all
}

func (o Options) config() *river.Config {
	workers := river.NewWorkers()
	for kind, k := range o.Kinds {
		w := o.worker(k.Do, kind.Queue())
		w.timeout, w.wait = k.Timeout, k.Wait
		river.AddWorkerArgs(workers, args{kind: string(kind)}, w)
	}
	queues := map[string]river.QueueConfig{}
	for q, n := range o.atOnce() {
		queues[string(q)] = river.QueueConfig{MaxWorkers: n}
	}
	periodic := make([]*river.PeriodicJob, len(o.Periodic))
	for i, p := range o.Periodic {
		do := func(ctx context.Context, _ domain.ID, _ int) error { return p.Do(ctx) }
		river.AddWorkerArgs(workers, args{kind: p.Name}, o.worker(do, ports.DefaultQueue))
		periodic[i] = p.job()
	}
	return &river.Config{
		Queues:                      queues,
		Workers:                     workers,
		PeriodicJobs:                periodic,
		FetchCooldown:               fetchInterval,
		JobTimeout:                  o.Timeout,
		RescueStuckJobsAfter:        time.Duration(float64(o.Timeout) * rescueFactor),
		CompletedJobRetentionPeriod: keepDone,
		DiscardedJobRetentionPeriod: keepFailed,
		ErrorHandler:                failureLogger{o.Log},
		Logger:                      riverLogger(o.Log),
	}
}

func (o Options) worker(do func(context.Context, domain.ID, int) error, queue ports.JobQueue) *worker {
	w := &worker{do: do, queue: queue, move: o.Database.move, soon: o.Database.lookSoon, observe: o.Observe}
	if w.observe == nil {
		w.observe = func(string, time.Duration, bool) {}
	}
	return w
}

// job returns the periodic job that River's leader, one of all clients on a database, adds when it starts and then at every
// interval, unless the previous one is not done yet.
func (p Periodic) job() *river.PeriodicJob {
	unfinished := []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning,
		rivertype.JobStateScheduled,
	}
	return river.NewPeriodicJob(river.PeriodicInterval(p.Every), func() (river.JobArgs, *river.InsertOpts) {
		unique := river.UniqueOpts{ByQueue: true, ByState: unfinished}
		return args{kind: p.Name}, &river.InsertOpts{MaxAttempts: periodicAttempts, UniqueOpts: unique}
	}, &river.PeriodicJobOpts{ID: p.Name, RunOnStart: true})
}

// riverLogger returns the logger for River: warnings and errors only. While a database is away River repeats itself, so each
// message is logged once a minute.
func riverLogger(log *zap.Logger) *slog.Logger {
	core := log.Core()
	if core.Enabled(zapcore.InfoLevel) {
		if quiet, err := zapcore.NewIncreaseLevelCore(core, zapcore.WarnLevel); err == nil {
			core = quiet
		}
	}
	return slog.New(zapslog.NewHandler(zapcore.NewSamplerWithOptions(core, time.Minute, 1, 0)))
}
