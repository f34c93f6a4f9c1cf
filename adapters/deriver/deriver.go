// Package deriver calls the use case that derives columns again: at start, when the store says that rows were marked, and twice
// a minute for what other programs write. It does not know what is derived.
package deriver

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"tickt/ports"
)

var _ ports.Server = (*Deriver)(nil)

// Interval is how long a mark of another process waits at most, and callTimeout how long one batch may take.
const (
	Interval    = 30 * time.Second
	callTimeout = time.Minute
)

// maxBatches limits how many batches are derived without a pause, so that work that never ends does not keep a processor
// busy. A walk through a large table goes on after the pause.
const (
	maxBatches = 10_000
	pause      = time.Second
)

// Options configure a Deriver. Every field is required.
type Options struct {
	// Derive derives a batch and returns how many rows it took. If single rows failed, its error contains ports.DerivedFailures.
	Derive func(context.Context) (int, error)
	Marked <-chan struct{} // receives when rows were marked
	Log    *zap.Logger
}

// Deriver is a ports.Server that derives between Start and Stop. Any number of them may work on one store.
type Deriver struct {
	Options
	failures atomic.Int64
	quit     chan struct{} // closed to stop after the current call
	done     chan struct{} // closed when the goroutine has ended
	cancel   context.CancelFunc
	failed   bool // whether the last call failed as a whole
}

// New returns a Deriver that has not started.
func New(o Options) *Deriver {
	return &Deriver{Options: o, quit: make(chan struct{}), done: make(chan struct{})}
}

// Start starts deriving at once. It must be called only once.
func (d *Deriver) Start(ctx context.Context) error {
	ctx, d.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go d.work(ctx)
	return nil
}

// Stop waits for the current call, and cancels it when ctx ends. It must be called only once.
func (d *Deriver) Stop(ctx context.Context) error {
	if d.cancel == nil {
		return nil
	}
	defer d.cancel()
	close(d.quit)
	select {
	case <-d.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Failures returns how often this Deriver has seen a row fail.
func (d *Deriver) Failures() int64 { return d.failures.Load() }

func (d *Deriver) work(ctx context.Context) {
	defer close(d.done)
	for !d.stopping() {
		wait := time.NewTimer(d.deriveAll(ctx))
		select {
		case <-d.quit:
		case <-d.Marked:
		case <-wait.C:
		}
		wait.Stop()
	}
}

// deriveAll derives batch after batch until nothing is left, and returns how long to wait then. After a failure it waits the whole
// interval, even if there are marks.
func (d *Deriver) deriveAll(ctx context.Context) time.Duration {
	for range maxBatches {
		n, err := d.derive(ctx)
		var failures ports.DerivedFailures
		if errors.As(err, &failures) {
			d.report(failures)
			if _, only := err.(ports.DerivedFailures); only { //nolint:errorlint // whether there are other errors too
				err = nil
			}
		}
		if ctx.Err() != nil { // canceled by Stop, which returns the error
			return Interval
		}
		d.note(err)
		if n == 0 || err != nil || d.stopping() {
			return Interval
		}
	}
	return pause
}

func (d *Deriver) derive(ctx context.Context) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return d.Derive(ctx)
}

// report logs and counts rows that failed.
func (d *Deriver) report(failures ports.DerivedFailures) {
	d.failures.Add(int64(len(failures)))
	for _, f := range failures {
		d.Log.Error("row not derived", zap.String("kind", string(f.Kind)), zap.String("id", string(f.ID)),
			zap.Int("attempts", f.Attempts), zap.Time("retryAt", f.RetryAt), zap.Error(f.Err))
	}
}

// note logs the first failure and the next success, and nothing in between.
func (d *Deriver) note(err error) {
	switch {
	case err != nil && !d.failed:
		d.Log.Error("background work failed; will retry", zap.String("work", "derive"), zap.Error(err))
	case err == nil && d.failed:
		d.Log.Info("background work succeeded again", zap.String("work", "derive"))
	}
	d.failed = err != nil
}

func (d *Deriver) stopping() bool {
	select {
	case <-d.quit:
		return true
	default:
		return false
	}
}
