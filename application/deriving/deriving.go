// Package deriving derives columns again that programs have written which do not keep them: rows that an older release
// wrote, and rows from before there was a rule. It works in small transactions, on any number of replicas, and goes on
// where it was interrupted.
package deriving

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/ports"
)

// Kind is what is derived from the rows of one table. Deriving is idempotent: doing it twice changes nothing.
type Kind struct {
	Name ports.DerivedKind
	// Rule is the number of the rule; a higher one makes every row be derived again. A store that a higher rule has derived is
	// left alone.
	Rule int
	// Batch is how many rows one transaction derives; 0 means 200.
	Batch int
	// List returns at most limit ids of rows greater than after, in their order.
	List func(ctx context.Context, tx ports.Tx, after domain.ID, limit int) ([]domain.ID, error)
	// CountAfter returns how many rows have an id greater than after.
	CountAfter func(ctx context.Context, tx ports.Tx, after domain.ID) (int, error)
	// Derive derives from those of the rows that exist. It must lock what it reads, so that nothing that others write meanwhile
	// is lost.
	Derive func(ctx context.Context, tx ports.Tx, ids []domain.ID) error
}

const defaultBatch = 200

func (k Kind) batch() int {
	if k.Batch > 0 {
		return k.Batch
	}
	return defaultBatch
}

// The first and the greatest delay after which a row that failed is tried again. The delay doubles with each failure.
const (
	firstRetryAfter = time.Minute
	lastRetryAfter  = time.Hour
)

// Deriver is the use cases of deriving. They have no actor: the service itself calls them.
type Deriver struct {
	usecase.Base
	Kinds []Kind
}

// New returns a Deriver of all kinds. conflict, which may be nil, is called when a row does not get the key of its name.
func New(base usecase.Base, looks ports.LookAlikes, conflict func(ports.NameConflict)) *Deriver {
	return &Deriver{base, slices.Concat(nameKinds(conflict), []Kind{lookKind(looks)}, searchedKinds)}
}

// Derive derives one batch of rows, marked ones first, and returns how many it took; 0 if nothing is left to do for this
// process. Every replica may call it at any time. If the batch fails, its rows are derived one by one, and those that fail
// are tried again after a growing delay; the error is then ports.DerivedFailures.
func (d *Deriver) Derive(ctx context.Context) (int, error) {
	now := d.Clock()
	var walks map[ports.DerivedKind]ports.DerivedWalk
	marked, err := usecase.View(ctx, d.Store, func(tx ports.Tx) (map[ports.DerivedKind]bool, error) {
		var err error
		if walks, err = tx.Derived.Walks(ctx); err != nil {
			return nil, err
		}
		kinds, err := tx.Derived.MarkedKinds(ctx, now)
		marked := make(map[ports.DerivedKind]bool, len(kinds))
		for _, k := range kinds {
			marked[k] = true
		}
		return marked, err
	})
	if err != nil {
		return 0, err
	}
	for _, k := range d.Kinds {
		if marked[k.Name] && walks[k.Name].Rule <= k.Rule {
			if n, err := d.deriveMarked(ctx, k, now); n > 0 || err != nil {
				return n, err
			}
		}
	}
	for _, k := range d.Kinds {
		if w := walks[k.Name]; w.Rule < k.Rule || w.Rule == k.Rule && !w.Done {
			if n, err := d.walk(ctx, k); n > 0 || err != nil {
				return n, err
			}
		}
	}
	return 0, nil
}

// deriveMarked derives a batch of marked rows and removes their marks.
func (d *Deriver) deriveMarked(ctx context.Context, k Kind, now time.Time) (int, error) {
	n, err := together(func() (int, error) {
		return usecase.Update(ctx, d.Store, func(tx ports.Tx) (int, error) {
			marks, err := tx.Derived.LockMarks(ctx, k.Name, now, k.batch())
			if err != nil || len(marks) == 0 {
				return 0, err
			}
			if err := k.Derive(ctx, tx, rowsOf(marks)); err != nil {
				return 0, err
			}
			return len(marks), tx.Derived.Unmark(ctx, marks)
		})
	})
	if err == nil || isTransient(ctx, err) {
		return n, err
	}
	marks, listErr := usecase.View(ctx, d.Store, func(tx ports.Tx) ([]ports.DerivedMark, error) {
		return tx.Derived.Marks(ctx, k.Name, now, k.batch())
	})
	if listErr != nil || len(marks) == 0 {
		return 0, errors.Join(err, listErr)
	}
	return d.deriveEach(ctx, k, marks)
}

// rowsOf returns the rows that marks are of, each once.
func rowsOf(marks []ports.DerivedMark) []domain.ID {
	ids, seen := make([]domain.ID, 0, len(marks)), make(map[domain.ID]bool, len(marks))
	for _, m := range marks {
		if !seen[m.ID] {
			ids, seen[m.ID] = append(ids, m.ID), true
		}
	}
	return ids
}

// walk derives the next rows of the walk of a kind, or ends it. It does nothing if another replica is at it.
func (d *Deriver) walk(ctx context.Context, k Kind) (int, error) {
	n, err := together(func() (int, error) {
		return usecase.Update(ctx, d.Store, func(tx ports.Tx) (int, error) {
			return step(ctx, tx, k)
		})
	})
	if err == nil || isTransient(ctx, err) {
		return n, err
	}
	w, alone, listErr := d.next(ctx, k)
	if listErr != nil || len(alone) == 0 {
		return 0, errors.Join(err, listErr)
	}
	n, err = d.deriveEach(ctx, k, alone)
	if n < len(alone) {
		return n, err
	}
	passErr := d.Store.Update(ctx, func(tx ports.Tx) error { return pass(ctx, tx, w) })
	if passErr != nil {
		return 0, errors.Join(err, passErr)
	}
	return n, err
}

// next returns the rows that a step of a walk derives, as marks that are not stored, and the walk after that step.
func (d *Deriver) next(ctx context.Context, k Kind) (w ports.DerivedWalk, alone []ports.DerivedMark, err error) {
	err = d.Store.View(ctx, func(tx ports.Tx) error {
		walks, err := tx.Derived.Walks(ctx)
		if err != nil {
			return err
		}
		w = begun(walks[k.Name], k)
		ids, err := k.List(ctx, tx, w.Position, k.batch())
		for _, id := range ids {
			alone, w.Position = append(alone, ports.DerivedMark{Kind: k.Name, ID: id}), id
		}
		return err
	})
	return w, alone, err
}

// begun returns a walk by the rule of a kind: w, or a new one if w follows a lower rule.
func begun(w ports.DerivedWalk, k Kind) ports.DerivedWalk {
	if w.Rule < k.Rule {
		return ports.DerivedWalk{Kind: k.Name, Rule: k.Rule}
	}
	return w
}

// step derives the next rows of a walk and moves it on.
func step(ctx context.Context, tx ports.Tx, k Kind) (int, error) {
	w, ok, err := tx.Derived.LockWalk(ctx, k.Name)
	if err != nil || !ok || w.Rule > k.Rule || w.Rule == k.Rule && w.Done {
		return 0, err
	}
	w = begun(w, k)
	ids, err := k.List(ctx, tx, w.Position, k.batch())
	if err != nil {
		return 0, err
	}
	if len(ids) == 0 {
		w.Done = true
		return 0, tx.Derived.SaveWalk(ctx, w)
	}
	if err := k.Derive(ctx, tx, ids); err != nil {
		return 0, err
	}
	w.Position = ids[len(ids)-1]
	return len(ids), tx.Derived.SaveWalk(ctx, w)
}

// pass moves a walk on to w, unless another replica has moved it further.
func pass(ctx context.Context, tx ports.Tx, w ports.DerivedWalk) error {
	at, ok, err := tx.Derived.LockWalk(ctx, w.Kind)
	if err != nil || !ok || at.Rule > w.Rule || at.Rule == w.Rule && at.Position >= w.Position {
		return err
	}
	return tx.Derived.SaveWalk(ctx, w)
}

// deriveEach derives rows one by one and removes their marks. It returns how many it has passed: it stops at the first error that
// does not concern a single row.
func (d *Deriver) deriveEach(ctx context.Context, k Kind, marks []ports.DerivedMark) (int, error) {
	var failures ports.DerivedFailures
	for i, m := range marks {
		_, err := together(func() (int, error) {
			return 0, d.Store.Update(ctx, func(tx ports.Tx) error {
				if err := k.Derive(ctx, tx, []domain.ID{m.ID}); err != nil {
					return err
				}
				return tx.Derived.Unmark(ctx, []ports.DerivedMark{m})
			})
		})
		if err == nil {
			continue
		}
		if isTransient(ctx, err) {
			return i, withFailures(err, failures)
		}
		m.Attempts++
		m.RetryAt = d.Clock().Add(retryAfter(m.Attempts))
		if postponeErr := d.Store.Update(ctx, func(tx ports.Tx) error { return tx.Derived.Postpone(ctx, m) }); postponeErr != nil {
			return i, withFailures(errors.Join(err, postponeErr), failures)
		}
		failures = append(failures, ports.DerivedFailure{DerivedMark: m, Err: err})
	}
	if len(failures) == 0 {
		return len(marks), nil
	}
	return len(marks), failures
}

// withFailures joins an error with the failures before it, if there are any.
func withFailures(err error, failures ports.DerivedFailures) error {
	if len(failures) == 0 {
		return err
	}
	return errors.Join(err, failures)
}

func retryAfter(attempts int) time.Duration {
	delay := firstRetryAfter
	for range attempts - 1 {
		if delay *= 2; delay >= lastRetryAfter {
			return lastRetryAfter
		}
	}
	return delay
}

// isTransient reports whether an error tells nothing about the rows: the work was interrupted, or the store cannot be
// reached.
func isTransient(ctx context.Context, err error) bool {
	return ctx.Err() != nil || domain.KindOf(err) == domain.Unavailable ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// together calls fn and returns its panic as an error, so that one damaged row does not end the process.
func together(fn func() (int, error)) (n int, err error) {
	defer func() {
		if p := recover(); p != nil {
			n, err = 0, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return fn()
}

// Left returns how many rows of each kind are still to be derived, in the order of the kinds.
func (d *Deriver) Left(ctx context.Context) ([]ports.DerivedLeft, error) {
	return usecase.View(ctx, d.Store, func(tx ports.Tx) ([]ports.DerivedLeft, error) {
		walks, err := tx.Derived.Walks(ctx)
		if err != nil {
			return nil, err
		}
		marks, err := tx.Derived.CountMarks(ctx)
		if err != nil {
			return nil, err
		}
		left := make([]ports.DerivedLeft, len(d.Kinds))
		for i, k := range d.Kinds {
			left[i] = ports.DerivedLeft{Kind: k.Name, Marked: marks[k.Name]}
			w := walks[k.Name]
			if w.Rule > k.Rule || w.Rule == k.Rule && w.Done {
				continue
			}
			if left[i].Ahead, err = k.CountAfter(ctx, tx, begun(w, k).Position); err != nil {
				return nil, err
			}
		}
		return left, nil
	})
}
