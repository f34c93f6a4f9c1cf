package deriver_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"tickt/adapters/deriver"
	"tickt/ports"
)

// work counts the calls of Derive, whose result derive decides.
type work struct {
	calls  atomic.Int64
	marked chan struct{}
}

func start(t *testing.T, log *zap.Logger, derive func(call int64) (int, error)) (*work, *deriver.Deriver) {
	t.Helper()
	w := &work{marked: make(chan struct{}, 1)}
	d := deriver.New(deriver.Options{
		Derive: func(context.Context) (int, error) { return derive(w.calls.Add(1)) }, Marked: w.marked, Log: log,
	})
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w, d
}

func stop(t *testing.T, d *deriver.Deriver) {
	t.Helper()
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// wantCalls waits until the Deriver has nothing to do.
func (w *work) wantCalls(t *testing.T, n int64) {
	t.Helper()
	synctest.Wait()
	if got := w.calls.Load(); got != n {
		t.Errorf("%d calls, want %d", got, n)
	}
}

func TestEverythingIsDerivedAtStartThenAfterMarksAndTwiceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, d := start(t, zap.NewNop(), func(call int64) (int, error) { return int(max(0, 3-call)), nil })
		w.wantCalls(t, 3)
		w.marked <- struct{}{}
		w.wantCalls(t, 4)
		time.Sleep(time.Minute + time.Second)
		w.wantCalls(t, 6)
		stop(t, d)
		w.marked <- struct{}{}
		time.Sleep(time.Hour)
		w.wantCalls(t, 6)
	})
}

func TestWorkThatNeverEndsPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, d := start(t, zap.NewNop(), func(int64) (int, error) { return 1, nil })
		synctest.Wait()
		first := w.calls.Load()
		time.Sleep(1500 * time.Millisecond)
		w.wantCalls(t, 2*first)
		stop(t, d)
	})
}

func TestOutageIsLoggedOnceAtItsStartAndEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		core, logs := observer.New(zapcore.InfoLevel)
		_, d := start(t, zap.New(core), func(call int64) (int, error) {
			if call > 1 && call < 10 {
				return 0, errors.New("the database is away")
			}
			return 0, nil
		})
		time.Sleep(20 * deriver.Interval)
		stop(t, d)
		if all := logs.All(); len(all) != 2 || all[0].Level != zapcore.ErrorLevel || all[1].Level != zapcore.InfoLevel {
			t.Errorf("logged: %v", all)
		}
	})
}

func TestSickRowsAreLoggedAndCountedAndTheOthersGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		core, logs := observer.New(zapcore.InfoLevel)
		w, d := start(t, zap.New(core), func(call int64) (int, error) {
			if call == 1 {
				return 2, ports.DerivedFailures{{DerivedMark: ports.DerivedMark{Kind: "names", ID: "sick", Attempts: 1}, Err: errors.New("a gap")}}
			}
			return 0, nil
		})
		w.wantCalls(t, 2)
		stop(t, d)
		all := logs.All()
		if len(all) != 1 || all[0].Message != "row not derived" || all[0].ContextMap()["id"] != "sick" || d.Failures() != 1 {
			t.Errorf("logged %v; %d failures", all, d.Failures())
		}
	})
}

func TestStopWaitsForTheBatchAndCancelsItWhenItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		finished := false
		d := deriver.New(deriver.Options{Marked: nil, Log: zap.NewNop(), Derive: func(ctx context.Context) (int, error) {
			select {
			case <-time.After(3 * time.Second):
				finished = true
			case <-ctx.Done():
			}
			return 500, ctx.Err()
		}})
		if err := d.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		stop(t, d)
		if !finished {
			t.Error("the batch was canceled")
		}
		canceled := make(chan struct{})
		d = deriver.New(deriver.Options{Log: zap.NewNop(), Derive: func(ctx context.Context) (int, error) {
			<-ctx.Done()
			close(canceled)
			return 0, ctx.Err()
		}})
		if err := d.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := d.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		<-canceled
	})
}
