package deriving_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"tickt/application/deriving"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/ports"
	"tickt/test/stores"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

const rule = 3

// bed is a store, and a table of rows beside it that counts how often each was derived.
type bed struct {
	*deriving.Deriver
	now  time.Time
	mu   sync.Mutex
	rows []domain.ID
	done map[domain.ID]int
	sick map[domain.ID]error
	max  int // the most rows of one call
}

func newBed(t *testing.T, rows int) *bed {
	t.Helper()
	b := &bed{now: noon, done: map[domain.ID]int{}, sick: map[domain.ID]error{}}
	for i := range rows {
		b.rows = append(b.rows, domain.ID(fmt.Sprintf("row %03d", i)))
	}
	kind := deriving.Kind{
		Name: "test", Rule: rule, Batch: 10,
		List: func(_ context.Context, _ ports.Tx, after domain.ID, limit int) ([]domain.ID, error) {
			rest := b.rows[b.after(after):]
			return rest[:min(limit, len(rest))], nil
		},
		CountAfter: func(_ context.Context, _ ports.Tx, after domain.ID) (int, error) {
			return len(b.rows) - b.after(after), nil
		},
		Derive: func(_ context.Context, _ ports.Tx, ids []domain.ID) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.max = max(b.max, len(ids))
			for _, id := range ids {
				if b.sick[id] != nil {
					return b.sick[id]
				}
			}
			for _, id := range ids {
				b.done[id]++
			}
			return nil
		},
	}
	base := usecase.Base{Store: stores.New(t), Clock: func() time.Time { return b.now }}
	b.Deriver = &deriving.Deriver{Base: base, Kinds: []deriving.Kind{kind}}
	return b
}

func (b *bed) after(id domain.ID) int {
	n, found := slices.BinarySearch(b.rows, id)
	if found {
		n++
	}
	return n
}

// all derives until nothing is left.
func (b *bed) all(t *testing.T) (calls int) {
	t.Helper()
	for ; ; calls++ {
		n, err := b.Derive(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return calls
		}
	}
}

func (b *bed) mark(t *testing.T, ids ...domain.ID) {
	t.Helper()
	err := b.Store.Update(t.Context(), func(tx ports.Tx) error {
		var errs []error
		for _, id := range ids {
			errs = append(errs, tx.Derived.Postpone(t.Context(), ports.DerivedMark{Kind: "test", ID: id}))
		}
		return errors.Join(errs...)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bed) left(t *testing.T) ports.DerivedLeft {
	t.Helper()
	left, err := b.Left(t.Context())
	if err != nil || len(left) != 1 {
		t.Fatalf("%v, %v", left, err)
	}
	return left[0]
}

func (b *bed) wantDone(t *testing.T, times int, ids ...domain.ID) {
	t.Helper()
	for _, id := range ids {
		if b.done[id] != times {
			t.Errorf("%s was derived %d times, want %d", id, b.done[id], times)
		}
	}
}

func TestWalkDerivesEveryRowOnceInSmallBatches(t *testing.T) {
	b := newBed(t, 35)
	if left := b.left(t); left != (ports.DerivedLeft{Kind: "test", Ahead: 35}) {
		t.Errorf("left: %+v", left)
	}
	if calls := b.all(t); calls != 4 || b.max != 10 {
		t.Errorf("%d batches of at most %d rows", calls, b.max)
	}
	b.wantDone(t, 1, b.rows...)
	if left := b.left(t); left != (ports.DerivedLeft{Kind: "test"}) {
		t.Errorf("left: %+v", left)
	}
	b.all(t)
	b.wantDone(t, 1, b.rows...)
}

func TestInterruptedWalkGoesOn(t *testing.T) {
	b := newBed(t, 35)
	for range 2 {
		if _, err := b.Derive(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if left := b.left(t); left.Ahead != 15 {
		t.Errorf("left: %+v", left)
	}
	died := errors.New("the process died in the third batch")
	b.sick[b.rows[25]] = &domain.Error{Kind: domain.Unavailable, Cause: died}
	if _, err := b.Derive(t.Context()); !errors.Is(err, died) {
		t.Fatalf("got %v", err)
	}
	if left := b.left(t); left.Ahead != 15 || left.Marked != 0 {
		t.Errorf("left: %+v", left)
	}
	clear(b.sick)
	again := &deriving.Deriver{Base: b.Base, Kinds: b.Kinds}
	b.Deriver = again
	b.all(t)
	b.wantDone(t, 1, b.rows...)
}

func TestHigherRuleWalksAgainAndALowerOneDoesNothing(t *testing.T) {
	b := newBed(t, 5)
	b.all(t)
	b.Kinds[0].Rule++
	b.all(t)
	b.wantDone(t, 2, b.rows...)
	b.Kinds[0].Rule = rule
	b.mark(t, b.rows[0])
	b.all(t)
	b.wantDone(t, 2, b.rows...)
	if left := b.left(t); left != (ports.DerivedLeft{Kind: "test", Marked: 1}) {
		t.Errorf("left: %+v", left)
	}
}

func TestMarkedRowsAreDerivedAndUnmarked(t *testing.T) {
	b := newBed(t, 35)
	b.all(t)
	b.mark(t, b.rows[3], b.rows[30], b.rows[3], "gone")
	b.all(t)
	b.wantDone(t, 2, b.rows[3], b.rows[30])
	b.wantDone(t, 1, b.rows[4])
	if left := b.left(t); left.Marked != 0 {
		t.Errorf("left: %+v", left)
	}
}

// What fails for one row must not stop the others, nor be tried again and again.
func TestSickRowIsSkippedAndTriedAgainLater(t *testing.T) {
	for name, begin := range map[string]func(*testing.T, *bed){
		"in a walk": func(*testing.T, *bed) {},
		"marked": func(t *testing.T, b *bed) {
			t.Helper()
			b.all(t)
			clear(b.done)
			b.mark(t, b.rows...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t, 25)
			begin(t, b)
			b.sick[b.rows[12]] = errors.New("half a character")
			var failed []ports.DerivedFailure
			for calls := 0; ; calls++ {
				n, err := b.Derive(t.Context())
				var failures ports.DerivedFailures
				if err != nil && !errors.As(err, &failures) {
					t.Fatal(err)
				}
				failed = append(failed, failures...)
				if n == 0 {
					break
				}
				if calls > 10 {
					t.Fatal("it is tried again and again")
				}
			}
			if len(failed) != 1 || failed[0].ID != b.rows[12] || failed[0].Attempts != 1 || !failed[0].RetryAt.Equal(noon.Add(time.Minute)) ||
				failed[0].Err.Error() == "" {
				t.Errorf("failed: %+v", failed)
			}
			b.wantDone(t, 1, slices.Delete(slices.Clone(b.rows), 12, 13)...)
			if left := b.left(t); left.Marked != 1 || left.Ahead != 0 {
				t.Errorf("left: %+v", left)
			}
			b.now = noon.Add(time.Minute)
			_, err := b.Derive(t.Context())
			var failures ports.DerivedFailures
			if !errors.As(err, &failures) || failures[0].Attempts != 2 || !failures[0].RetryAt.Equal(noon.Add(3*time.Minute)) {
				t.Errorf("got %v", err)
			}
			clear(b.sick)
			b.now = noon.Add(3 * time.Minute)
			b.all(t)
			b.wantDone(t, 1, b.rows[12])
			if left := b.left(t); left.Marked != 0 {
				t.Errorf("left: %+v", left)
			}
		})
	}
}

func TestReplicasDeriveEverythingTogether(t *testing.T) {
	b := newBed(t, 200)
	b.mark(t, b.rows[:50]...)
	var wg sync.WaitGroup
	errs := make([]error, 3)
	for i := range errs {
		wg.Go(func() {
			for idle := 0; idle < 3 && errs[i] == nil; {
				var n int
				if n, errs[i] = b.Derive(t.Context()); n == 0 {
					idle++
				}
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	b.all(t) // what a replica left to another one
	b.wantDone(t, 2, b.rows[:50]...)
	b.wantDone(t, 1, b.rows[50:]...)
	if left := b.left(t); left.Marked+left.Ahead != 0 {
		t.Errorf("left: %+v", left)
	}
}
