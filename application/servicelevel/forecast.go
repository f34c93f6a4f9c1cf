package servicelevel

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// forecastBatch is how many tickets a forecast reads at a time. It locks none of them.
const forecastBatch = 1000

// Forecast returns what Recompute would do, without doing it. left holds the errors of tickets that were left out, which
// Apply would leave out too: 100 of them with their ticket numbers, and a count of the others.
func (s *Policies) Forecast(ctx context.Context, actor access.Actor, id domain.ID) (f sla.Forecast, left []error, err error) {
	return s.forecast(ctx, actor, sla.Source{PolicyID: id}, func(tx ports.Tx) error {
		_, err := tx.Policies.Get(ctx, id)
		return err
	})
}

// ForecastPriority returns what RecomputePriority would do, as Forecast does for a policy.
func (s *Policies) ForecastPriority(ctx context.Context, actor access.Actor, id domain.ID) (f sla.Forecast, left []error, err error) {
	return s.forecast(ctx, actor, sla.Source{PriorityID: id}, func(tx ports.Tx) error {
		_, err := tx.Priorities.Get(ctx, id)
		return err
	})
}

// forecast returns what applying a source would do. exists fails if there is no such source.
func (s *Policies) forecast(
	ctx context.Context, actor access.Actor, from sla.Source, exists func(ports.Tx) error,
) (f sla.Forecast, left []error, err error) {
	if err := actor.MayRepromise(); err != nil {
		return f, nil, err
	}
	err = s.Store.View(ctx, func(tx ports.Tx) error {
		if err := exists(tx); err != nil {
			return err
		}
		promised, err := currentPromises(ctx, tx)
		if err != nil {
			return err
		}
		run := forecastRun{Policies: s, tx: tx, from: from, promised: promised, now: s.Clock()}
		for after, more := domain.ID(""), true; more; {
			if after, more, err = run.forecastNext(ctx, after, forecastBatch); err != nil {
				return err
			}
		}
		f, left = run.sum, run.left.errs()
		return nil
	})
	return f, left, err
}

// forecastRun is one run of Forecast.
type forecastRun struct {
	*Policies
	tx       ports.Tx
	from     sla.Source
	promised promises
	now      time.Time

	sum  sla.Forecast
	left ticketErrors
}

// forecastNext adds the next n open tickets after a ticket, and returns the last of them and whether there may be more.
// If they cannot be processed together, it adds one half after the other; a single ticket that fails is left out.
func (r *forecastRun) forecastNext(ctx context.Context, after domain.ID, n int) (last domain.ID, more bool, err error) {
	last, more, err = r.tryBatch(ctx, after, n)
	switch {
	case err == nil || isTransient(ctx, err):
		return last, more, err
	case n == 1:
		return r.leaveOut(ctx, after, err)
	}
	if last, more, err = r.forecastNext(ctx, after, n/2); err != nil || !more {
		return last, more, err
	}
	return r.forecastNext(ctx, last, n-n/2)
}

// tryBatch adds the next n open tickets after a ticket: all of them or, if it fails, none.
func (r *forecastRun) tryBatch(ctx context.Context, after domain.ID, n int) (last domain.ID, more bool, err error) {
	sum, err := recoverPanic(func() (sla.Forecast, error) {
		sum := r.sum
		all, err := r.tx.Tickets.Active(ctx, after, n)
		if err != nil || len(all) == 0 {
			return sum, err
		}
		last, more = all[len(all)-1].ID, len(all) == n
		return sum, r.recompute(ctx, r.tx, r.from, r.promised, all,
			func(v ticket.View, l *sla.Ledger, today sla.Terms, moves []ticket.StatusChange) {
				sum.Add(l, func() { v.Recompute(l, today, moves, r.now) }, r.now)
			})
	})
	if err == nil {
		r.sum = sum
	}
	return last, more, err
}

// leaveOut skips the next open ticket, which failed with cause.
func (r *forecastRun) leaveOut(ctx context.Context, after domain.ID, cause error) (last domain.ID, more bool, err error) {
	refs, err := r.tx.Tickets.ActiveRefs(ctx, after, 1)
	if err != nil || len(refs) == 0 {
		return after, false, err
	}
	r.left.add("forecast", refs[0], cause)
	return refs[0].ID, true, nil
}
