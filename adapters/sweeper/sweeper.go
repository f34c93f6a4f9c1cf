// Package sweeper is the way in of time: it asks the application, again and again, to do what has become due.
// It knows neither what that is nor what kept it from being done earlier.
package sweeper

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"tickt/ports"
)

var _ ports.Server = (*Sweeper)(nil)

// How often the work is asked for, and how long one call may take.
const (
	SweepInterval = time.Second
	callTimeout   = 30 * time.Second
)

// maxRounds bounds how often Sweep is called in a row, so that work which never gets less does not keep a
// processor busy.
const maxRounds = 1000

// Options are the work. Every field must be there.
type Options struct {
	// Sweep takes a batch of what is due and returns how much that was. If it had to set tickets aside, its error
	// holds ports.SweepFailures.
	Sweep func(context.Context) (int, error)
	Log   *zap.Logger
}

// Sweeper works between Start and Stop; it is a ports.Server. Any number may work on one store.
type Sweeper struct {
	Options
	failures atomic.Int64
	quit     chan struct{} // closed to end the work after the present call
	done     chan struct{} // closed when it has ended
	cancel   context.CancelFunc
}

// New makes a Sweeper that does not work yet.
func New(o Options) *Sweeper {
	return &Sweeper{Options: o, quit: make(chan struct{}), done: make(chan struct{})}
}

// Start begins to work at once. It must be called once.
func (s *Sweeper) Start(ctx context.Context) error {
	ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go s.work(ctx)
	return nil
}

// Stop lets the call that runs come to its end, or cuts it short when the context ends. It must be called once.
func (s *Sweeper) Stop(ctx context.Context) error {
	if s.cancel == nil {
		return nil
	}
	defer s.cancel()
	close(s.quit)
	select {
	case <-s.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Sweeper) work(ctx context.Context) {
	defer close(s.done)
	sweeps := time.NewTicker(SweepInterval)
	defer sweeps.Stop()
	for sweep := (task{name: "sweep", log: s.Log}); !s.stopping(); {
		sweep.run(ctx, s.sweepAll)
		select {
		case <-s.quit:
		case <-sweeps.C:
		}
	}
}

// sweepAll takes one batch after the other until nothing is due.
func (s *Sweeper) sweepAll(ctx context.Context) error {
	for round := range maxRounds {
		n, err := s.sweep(ctx)
		var failures ports.SweepFailures
		if errors.As(err, &failures) {
			s.report(failures)
			if _, only := err.(ports.SweepFailures); only { //nolint:errorlint // whether there is anything else
				err = nil
			}
		}
		if err != nil {
			return fmt.Errorf("batch %d: %w", round+1, err)
		}
		if n == 0 || s.stopping() {
			return nil
		}
	}
	return nil
}

// report logs and counts the tickets that were set aside.
func (s *Sweeper) report(failures ports.SweepFailures) {
	s.failures.Add(int64(len(failures)))
	for _, f := range failures {
		s.Log.Error("a ticket is set aside", zap.String("ticket", f.Number), zap.String("ticketId", string(f.TicketID)),
			zap.Int("attempts", f.Attempts), zap.Time("retryAt", f.RetryAt), zap.Error(f.Err))
	}
}

// Failures returns how often a ticket was set aside since the process started.
func (s *Sweeper) Failures() int64 { return s.failures.Load() }

// sweep makes one call, which takes no longer than callWithin.
func (s *Sweeper) sweep(ctx context.Context) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return s.Sweep(ctx)
}

func (s *Sweeper) stopping() bool {
	select {
	case <-s.quit:
		return true
	default:
		return false
	}
}

// task logs when its work begins to fail and when it succeeds again, and nothing in between.
type task struct {
	name   string
	log    *zap.Logger
	failed bool
}

func (t *task) run(ctx context.Context, work func(context.Context) error) {
	err := work(ctx)
	switch {
	case ctx.Err() != nil: // cut short by Stop, which says so itself
		return
	case err != nil && !t.failed:
		t.log.Error("background work fails", zap.String("work", t.name), zap.Error(err))
	case err == nil && t.failed:
		t.log.Info("background work succeeds again", zap.String("work", t.name))
	}
	t.failed = err != nil
}
