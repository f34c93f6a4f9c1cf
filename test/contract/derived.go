package contract

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/domain"
	"tickt/ports"
)

// derivedRows tests the marks and walks of a kind that nothing else uses.
func derivedRows(t *testing.T, d suite) {
	const kind, other = ports.DerivedKind("test rows"), ports.DerivedKind("test rows of another kind")
	marks := func(kind ports.DerivedKind, now time.Time, limit int) []ports.DerivedMark {
		return read(t, d, func(ctx context.Context, tx ports.Tx) ([]ports.DerivedMark, error) {
			return tx.Derived.Marks(ctx, kind, now, limit)
		})
	}
	idsOf := func(all []ports.DerivedMark) []domain.ID {
		ids := []domain.ID{}
		for _, m := range all {
			ids = append(ids, m.ID)
		}
		return ids
	}
	count := func() int {
		return read(t, d, func(ctx context.Context, tx ports.Tx) (map[ports.DerivedKind]int, error) {
			return tx.Derived.CountMarks(ctx)
		})[kind]
	}
	t.Run("marks are in order, and a row may have several", func(t *testing.T) {
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			for _, id := range []domain.ID{"b", "a", "b"} {
				must(t, tx.Derived.Postpone(ctx, ports.DerivedMark{Kind: kind, ID: id}))
			}
			return tx.Derived.Postpone(ctx, ports.DerivedMark{Kind: other, ID: "c"})
		})
		same(t, idsOf(marks(kind, noon, 10)), []domain.ID{"a", "b", "b"})
		same(t, idsOf(marks(kind, noon, 2)), []domain.ID{"a", "b"})
		same(t, count(), 3)
		for _, m := range marks(kind, noon, 10) {
			same(t, m, ports.DerivedMark{Seq: m.Seq, Kind: kind, ID: m.ID})
		}
	})
	t.Run("a postponed mark is taken at its time", func(t *testing.T) {
		a := marks(kind, noon, 1)[0]
		a.Attempts, a.RetryAt = 2, noon.Add(time.Hour)
		fresh := ports.DerivedMark{Kind: kind, ID: "d", Attempts: 1, RetryAt: noon.Add(time.Minute)}
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Derived.Postpone(ctx, a), tx.Derived.Postpone(ctx, fresh))
		})
		same(t, idsOf(marks(kind, noon, 10)), []domain.ID{"b", "b"})
		late := marks(kind, noon.Add(time.Hour), 10)
		same(t, idsOf(late), []domain.ID{"b", "b", "d", "a"})
		same(t, late[3], a)
		fresh.Seq = late[2].Seq
		same(t, late[2], fresh)
	})
	t.Run("Unmark removes only the marks that it gets", func(t *testing.T) {
		for range 2 {
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				taken, err := tx.Derived.LockMarks(ctx, kind, noon, 1)
				if err != nil {
					return err
				}
				return errors.Join(tx.Derived.Unmark(ctx, taken), tx.Derived.Unmark(ctx, taken))
			})
		}
		same(t, idsOf(marks(kind, noon, 10)), []domain.ID{})
		same(t, count(), 2)
		kinds := read(t, d, func(ctx context.Context, tx ports.Tx) ([]ports.DerivedKind, error) {
			return tx.Derived.MarkedKinds(ctx, noon)
		})
		same(t, kinds, []ports.DerivedKind{other})
		kinds = read(t, d, func(ctx context.Context, tx ports.Tx) ([]ports.DerivedKind, error) {
			return tx.Derived.MarkedKinds(ctx, noon.Add(time.Hour))
		})
		same(t, kinds, []ports.DerivedKind{kind, other})
	})
	t.Run("a walk is remembered", func(t *testing.T) {
		want := ports.DerivedWalk{Kind: kind}
		for _, next := range []ports.DerivedWalk{{Kind: kind, Rule: 1, Position: "k"}, {Kind: kind, Rule: 2, Done: true}} {
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				w, ok, err := tx.Derived.LockWalk(ctx, kind)
				same(t, []any{w, ok}, []any{want, true})
				return errors.Join(err, tx.Derived.SaveWalk(ctx, next))
			})
			want = next
		}
		walks := read(t, d, func(ctx context.Context, tx ports.Tx) (map[ports.DerivedKind]ports.DerivedWalk, error) {
			return tx.Derived.Walks(ctx)
		})
		same(t, walks[kind], want)
	})
	t.Run("two Updates never hold the same walk or mark", func(t *testing.T) {
		first := make(chan struct{})
		second := make(chan struct{})
		var held []domain.ID
		errs := make(chan error, 1)
		go func() {
			errs <- d.try(t, func(ctx context.Context, tx ports.Tx) error {
				_, _, err := tx.Derived.LockWalk(ctx, kind)
				_, markErr := tx.Derived.LockMarks(ctx, other, noon, 10)
				close(first)
				select {
				case <-second:
				case <-time.After(200 * time.Millisecond): // a store that runs one Update at a time
				}
				return errors.Join(err, markErr, tx.Derived.Postpone(ctx, ports.DerivedMark{Kind: other, ID: "first"}))
			})
		}()
		<-first
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			defer close(second)
			_, locked, err := tx.Derived.LockWalk(ctx, kind)
			taken, markErr := tx.Derived.LockMarks(ctx, other, noon, 10)
			held = idsOf(taken)
			if locked != (len(held) == 2) { // it waited for the other, or got nothing
				t.Errorf("the walk is locked: %v, with the marks of %v", locked, held)
			}
			return errors.Join(err, markErr)
		})
		must(t, <-errs)
		if len(held) == 1 {
			t.Errorf("both locked %v", held)
		}
	})
}
