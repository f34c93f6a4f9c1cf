// Package sweeper calls the sweep of the application every second. It does not know what the sweep does.
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

// The interval of the sweep, and the timeout of one call.
const (
	SweepInterval = time.Second
	callTimeout   = 30 * time.Second
)

// maxRounds limits how often Sweep is called in a row, so that work that never ends does not keep a processor busy.
const maxRounds = 1000

// Options configure a Sweeper. Every field is required.
type Options struct {
	// Sweep processes a batch of due tickets and returns their number. If it set tickets aside, its error contains
	// ports.SweepFailures.
	Sweep func(context.Context) (int, error)
	Log   *zap.Logger
}

// Sweeper is a ports.Server that sweeps between Start and Stop. Any number of them may work on one store.
type Sweeper struct {
	Options
	failures atomic.Int64
	quit     chan struct{} // closed to stop after the current call
	done     chan struct{} // closed when the goroutine has ended
	cancel   context.CancelFunc
}

// New returns a Sweeper that has not started.
func New(o Options) *Sweeper {
	return &Sweeper{Options: o, quit: make(chan struct{}), done: make(chan struct{})}
}

// Start starts sweeping at once. It must be called only once.
func (s *Sweeper) Start(ctx context.Context) error {
	ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go s.work(ctx)
	return nil
}

// Stop waits for the current call, and cancels it when ctx ends. It must be called only once.
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

// sweepAll sweeps batch after batch until nothing is due.
func (s *Sweeper) sweepAll(ctx context.Context) error {
	for round := range maxRounds {
		n, err := s.sweep(ctx)
		var failures ports.SweepFailures
		if errors.As(err, &failures) {
			s.report(failures)
			if _, only := err.(ports.SweepFailures); only { //nolint:errorlint // whether there are other errors too
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
		s.Log.Error("ticket set aside", zap.String("ticket", f.Number), zap.String("ticketId", string(f.TicketID)),
			zap.Int("attempts", f.Attempts), zap.Time("retryAt", f.RetryAt), zap.Error(f.Err))
	}
}

// Failures returns how often this Sweeper has seen a ticket set aside.
func (s *Sweeper) Failures() int64 { return s.failures.Load() }

// sweep calls Sweep once, with a timeout.
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

// task logs the first failure of its work and the next success, and nothing in between.
type task struct {
	name   string
	log    *zap.Logger
	failed bool
}

func (t *task) run(ctx context.Context, work func(context.Context) error) {
	err := work(ctx)
	switch {
	case ctx.Err() != nil: // canceled by Stop, which returns the error
		return
	case err != nil && !t.failed:
		t.log.Error("background work failed; will retry", zap.String("work", t.name), zap.Error(err))
	case err == nil && t.failed:
		t.log.Info("background work succeeded again", zap.String("work", t.name))
	}
	t.failed = err != nil
}
