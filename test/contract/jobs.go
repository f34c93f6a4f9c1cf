package contract

import (
	"context"
	"errors"
	"testing"

	"tickt/domain"
	"tickt/ports"
)

// jobs holds a store to what it promises of the queue as far as the port shows it. That jobs are done is promised by
// whoever works them: adapters/jobs has tests of its own, with each database.
func jobs(t *testing.T, d desk) {
	t.Run("no jobs are fine", func(t *testing.T) {
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Jobs.Add(ctx) })
	})
	t.Run("an Update may leave one job, or many, among other writes", func(t *testing.T) {
		for _, n := range []int{1, 2, 500} {
			a := someAccount()
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				return errors.Join(tx.Accounts.Add(ctx, a), tx.Jobs.Add(ctx, mails(n)...), tx.Throttle.Clear(ctx, "none"), tx.Jobs.Add(ctx, mails(n)...))
			})
			getAccount(t, d, a.ID)
		}
	})
	t.Run("outside an Update nothing is left to be done", func(t *testing.T) {
		for name, call := range d.calls() {
			err := call(t.Context(), func(tx ports.Tx) error { return tx.Jobs.Add(t.Context(), mails(1)...) })
			if (err == nil) != (name == "Update") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	t.Run("many leave jobs at once", func(t *testing.T) {
		for _, err := range together(16, func(int) error {
			return d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Jobs.Add(ctx, mails(20)...) })
		}) {
			must(t, err)
		}
	})
}

// mails are n jobs of one kind.
func mails(n int) []ports.Job {
	all := make([]ports.Job, n)
	for i := range all {
		all[i] = ports.Job{Kind: ports.MailJob, ID: domain.ID(unique("job"))}
	}
	return all
}
