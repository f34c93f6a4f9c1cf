package contract

import (
	"context"
	"errors"
	"slices"
	"testing"

	"tickt/domain"
	"tickt/ports"
)

// jobs tests how jobs are added. That workers do them is tested in adapters/jobs, on each database.
func jobs(waiting func(*testing.T, ports.Store) []ports.Job) func(*testing.T, suite) {
	return func(t *testing.T, d suite) {
		queued := func() []ports.Job { return waiting(t, d.store) }
		t.Run("adding no jobs is fine", func(t *testing.T) {
			d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Jobs.Add(ctx) })
			same(t, len(queued()), 0)
		})
		t.Run("an Update adds one or many jobs, among other writes", func(t *testing.T) {
			for _, n := range []int{1, 2, 500} {
				before, a, first, second := queued(), someAccount(), mails(n), []ports.Job{{Kind: ports.RecomputeJob, ID: domain.ID(unique("policy"))}}
				d.update(t, func(ctx context.Context, tx ports.Tx) error {
					return errors.Join(tx.Accounts.Add(ctx, a), tx.Jobs.Add(ctx, first...), tx.Throttle.Clear(ctx, []string{"none"}),
						tx.Jobs.Add(ctx, second...))
				})
				getAccount(t, d, a.ID)
				same(t, queued(), slices.Concat(before, first, second))
			}
		})
		t.Run("a job is queued as it was added", func(t *testing.T) {
			before := queued()
			for round := range Rounds[ports.Job]() {
				job := Filled[ports.Job](round, nil)
				d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Jobs.Add(ctx, job) })
				before = append(before, job)
				same(t, queued(), before)
			}
		})
		t.Run("a failed Update adds no jobs", func(t *testing.T) {
			before, refused := queued(), errors.New("refused")
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
			same(t, queued(), before)
		})
		t.Run("jobs can only be added in an Update", func(t *testing.T) {
			before := queued()
			for name, call := range d.calls() {
				err := call(t.Context(), func(tx ports.Tx) error { return tx.Jobs.Add(t.Context(), mails(1)...) })
				if (err == nil) != (name == "Update") {
					t.Errorf("%s: %v", name, err)
				}
			}
			same(t, len(queued()), len(before)+1)
		})
		t.Run("concurrent Updates add jobs", func(t *testing.T) {
			before := queued()
			for _, err := range concurrently(16, func(int) error {
				return d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Jobs.Add(ctx, mails(20)...) })
			}) {
				must(t, err)
			}
			same(t, len(queued()), len(before)+16*20)
		})
	}
}

// mails returns n mail jobs.
func mails(n int) []ports.Job {
	all := make([]ports.Job, n)
	for i := range all {
		all[i] = ports.Job{Kind: ports.MailJob, ID: domain.ID(unique("job"))}
	}
	return all
}
