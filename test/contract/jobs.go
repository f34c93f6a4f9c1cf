package contract

import (
	"context"
	"errors"
	"slices"
	"testing"

	"tickt/domain"
	"tickt/ports"
)

// jobs holds a store to what it promises of the queue. That jobs are done is promised by whoever works them:
// adapters/jobs has tests of its own, on each database.
func jobs(waiting func(*testing.T, ports.Store) []ports.Job) func(*testing.T, desk) {
	return func(t *testing.T, d desk) {
		left := func() []ports.Job { return waiting(t, d.store) }
		t.Run("no jobs are fine", func(t *testing.T) {
			d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Jobs.Add(ctx) })
			same(t, len(left()), 0)
		})
		t.Run("an Update leaves one job, or many, among other writes", func(t *testing.T) {
			for _, n := range []int{1, 2, 500} {
				before, a, first, second := left(), someAccount(), mails(n), []ports.Job{{Kind: ports.RecomputeJob, ID: domain.ID(unique("policy"))}}
				d.update(t, func(ctx context.Context, tx ports.Tx) error {
					return errors.Join(tx.Accounts.Add(ctx, a), tx.Jobs.Add(ctx, first...), tx.Throttle.Clear(ctx, "none"), tx.Jobs.Add(ctx, second...))
				})
				getAccount(t, d, a.ID)
				same(t, left(), slices.Concat(before, first, second))
			}
		})
		t.Run("a job waits as it was left", func(t *testing.T) {
			before := left()
			for round := range Rounds[ports.Job]() {
				job := Filled[ports.Job](round, nil)
				d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Jobs.Add(ctx, job) })
				before = append(before, job)
				same(t, left(), before)
			}
		})
		t.Run("an Update that does not end well leaves none", func(t *testing.T) {
			before, refused := left(), errors.New("refused")
			err := d.try(t, func(ctx context.Context, tx ports.Tx) error {
				return errors.Join(tx.Jobs.Add(ctx, mails(3)...), refused)
			})
			if !errors.Is(err, refused) {
				t.Errorf("got %v", err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			if err := d.store.Update(ctx, func(tx ports.Tx) error {
				defer cancel()
				return tx.Jobs.Add(ctx, mails(3)...)
			}); err == nil {
				t.Error("it was committed")
			}
			same(t, left(), before)
		})
		t.Run("outside an Update none can be left", func(t *testing.T) {
			before := left()
			for name, call := range d.calls() {
				err := call(t.Context(), func(tx ports.Tx) error { return tx.Jobs.Add(t.Context(), mails(1)...) })
				if (err == nil) != (name == "Update") {
					t.Errorf("%s: %v", name, err)
				}
			}
			same(t, len(left()), len(before)+1)
		})
		t.Run("many Updates leave jobs at once", func(t *testing.T) {
			before := left()
			for _, err := range together(16, func(int) error {
				return d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Jobs.Add(ctx, mails(20)...) })
			}) {
				must(t, err)
			}
			same(t, len(left()), len(before)+16*20)
		})
	}
}

// mails are n jobs of one kind.
func mails(n int) []ports.Job {
	all := make([]ports.Job, n)
	for i := range all {
		all[i] = ports.Job{Kind: ports.MailJob, ID: domain.ID(unique("job"))}
	}
	return all
}
