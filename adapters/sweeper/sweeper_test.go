package sweeper_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"tickt/adapters/sweeper"
	"tickt/ports"
)

// work counts the calls of sweep.
type work struct {
	sweeps atomic.Int64
	sweep  func(call int) (int, error)
}

func (w *work) options(log *zap.Logger) sweeper.Options {
	return sweeper.Options{
		Sweep: func(context.Context) (int, error) { return w.sweep(int(w.sweeps.Add(1))) },
		Log:   log,
	}
}

func nothingDue(int) (int, error) { return 0, nil }

func TestSweepRunsAtOnceAndEverySecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &work{sweep: nothingDue}
		s := start(t, w.options(zap.NewNop()))
		synctest.Wait()
		if w.sweeps.Load() != 1 {
			t.Errorf("at once: %d sweeps", w.sweeps.Load())
		}
		time.Sleep(120*sweeper.SweepInterval + sweeper.SweepInterval/2)
		synctest.Wait()
		if w.sweeps.Load() != 121 {
			t.Errorf("after two minutes: %d sweeps", w.sweeps.Load())
		}
		stop(t, s)
		time.Sleep(time.Hour)
		if w.sweeps.Load() != 121 {
			t.Error("it sweeps after Stop")
		}
	})
}

func TestSweepRepeatsUntilNothingIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &work{sweep: func(call int) (int, error) { return max(0, 500*(4-call)), nil }}
		s := start(t, w.options(zap.NewNop()))
		synctest.Wait()
		if w.sweeps.Load() != 4 {
			t.Errorf("%d sweeps, want three that find something and one that does not", w.sweeps.Load())
		}
		stop(t, s)
	})
}

func TestSweepPausesIfWorkNeverEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &work{sweep: func(int) (int, error) { return 1, nil }}
		s := start(t, w.options(zap.NewNop()))
		synctest.Wait()
		first := w.sweeps.Load()
		time.Sleep(sweeper.SweepInterval + time.Millisecond)
		synctest.Wait()
		if w.sweeps.Load() != 2*first {
			t.Errorf("%d sweeps, then %d", first, w.sweeps.Load())
		}
		stop(t, s)
	})
}

func TestOutageIsLoggedOnceAtItsStartAndEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		core, logs := observer.New(zapcore.InfoLevel)
		w := &work{sweep: func(call int) (int, error) {
			if call > 1 && call < 10 {
				return 0, errors.New("the database is away")
			}
			return 0, nil
		}}
		s := start(t, w.options(zap.New(core)))
		time.Sleep(30 * sweeper.SweepInterval)
		stop(t, s)
		if all := logs.All(); len(all) != 2 || all[0].Level != zapcore.ErrorLevel || all[1].Level != zapcore.InfoLevel {
			t.Errorf("logged: %v", all)
		}
	})
}

func TestTicketsSetAsideAreLoggedAndCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		core, logs := observer.New(zapcore.InfoLevel)
		failures := ports.SweepFailures{
			{SetAside: ports.SetAside{TicketID: "1", Number: "TKT-1", Attempts: 1}, Err: errors.New("a gap")},
			{SetAside: ports.SetAside{TicketID: "2", Number: "TKT-2", Attempts: 3}, Err: errors.New("a hole")},
		}
		away := errors.New("the database is away")
		w := &work{sweep: func(call int) (int, error) {
			switch call {
			case 1:
				return 500, failures
			case 2:
				return 3, errors.Join(away, failures[:1].Err())
			default:
				return 0, nil
			}
		}}
		s := start(t, w.options(zap.New(core)))
		synctest.Wait()
		if w.sweeps.Load() != 2 || s.Failures() != 3 {
			t.Errorf("%d sweeps, %d failures", w.sweeps.Load(), s.Failures())
		}
		stop(t, s)
		var logged []any
		for _, l := range logs.FilterMessage("ticket set aside").All() {
			logged = append(logged, l.ContextMap()["ticket"], l.ContextMap()["error"])
		}
		if want := []any{"TKT-1", "a gap", "TKT-2", "a hole", "TKT-1", "a gap"}; !slices.Equal(logged, want) {
			t.Errorf("logged %v", logged)
		}
		fails := logs.FilterMessage("background work failed; will retry").All()
		if len(fails) != 1 || !strings.HasPrefix(fmt.Sprint(fails[0].ContextMap()["error"]), "batch 2: the database is away") {
			t.Errorf("the outage was logged as %v", fails)
		}
	})
}

func TestStopWaitsForTheCurrentCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		finished := false
		w := &work{}
		o := w.options(zap.NewNop())
		o.Sweep = func(ctx context.Context) (int, error) {
			select {
			case <-time.After(3 * time.Second):
				finished = true
			case <-ctx.Done():
			}
			return 500, ctx.Err()
		}
		s := start(t, o)
		synctest.Wait()
		stop(t, s)
		if !finished {
			t.Error("the call was canceled")
		}
	})
}

func TestStopCancelsTheCallWhenItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		canceled := make(chan struct{})
		w := &work{}
		o := w.options(zap.NewNop())
		o.Sweep = func(ctx context.Context) (int, error) {
			<-ctx.Done()
			close(canceled)
			return 0, ctx.Err()
		}
		s := start(t, o)
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := s.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		<-canceled
	})
}

func TestStopWithoutStart(t *testing.T) {
	stop(t, sweeper.New((&work{sweep: nothingDue}).options(zap.NewNop())))
}

func start(t *testing.T, o sweeper.Options) *sweeper.Sweeper {
	t.Helper()
	s := sweeper.New(o)
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func stop(t *testing.T, s *sweeper.Sweeper) {
	t.Helper()
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}
