package servicelevel

import (
	"context"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// forecastBatch is how many tickets are looked at at a time where nothing is locked.
const forecastBatch = 1000

// Forecast returns what Recompute would do, and does nothing. left are the errors of tickets that the forecast had to leave
// out, as Apply would; at most 100 of them are named, and one error counts the others.
func (s *Policies) Forecast(ctx context.Context, actor access.Actor, id domain.ID) (f sla.Forecast, left []error, err error) {
	if err := usecase.May(actor, access.PoliciesMenu, access.MayUpdate); err != nil {
		return f, nil, err
	}
	err = s.Store.View(ctx, func(tx ports.Tx) error {
		if _, err := tx.Policies.Get(ctx, id); err != nil {
			return err
		}
		promised, err := promisedToday(ctx, tx)
		if err != nil {
			return err
		}
		run := forecasting{Policies: s, tx: tx, policy: id, promised: promised, now: s.Clock()}
		for after, more := domain.ID(""), true; more; {
			if after, more, err = run.span(ctx, after, forecastBatch); err != nil {
				return err
			}
		}
		f, left = run.sum, run.left.errs()
		return nil
	})
	return f, left, err
}

// forecasting is one run of Forecast.
type forecasting struct {
	*Policies
	tx       ports.Tx
	policy   domain.ID
	promised promises
	now      time.Time

	sum  sla.Forecast
	left leftOut
}

// span adds the next n open tickets behind one, and reports the last of them and whether there may be more. If they cannot
// be read or forecast together, it adds one half after the other; a single ticket that fails is left out.
func (r *forecasting) span(ctx context.Context, after domain.ID, n int) (last domain.ID, more bool, err error) {
	last, more, err = r.batch(ctx, after, n)
	switch {
	case err == nil || passes(ctx, err):
		return last, more, err
	case n == 1:
		return r.leaveOut(ctx, after, err)
	}
	if last, more, err = r.span(ctx, after, n/2); err != nil || !more {
		return last, more, err
	}
	return r.span(ctx, last, n-n/2)
}

// batch adds the next n open tickets behind one: all of them or, if it fails, none.
func (r *forecasting) batch(ctx context.Context, after domain.ID, n int) (last domain.ID, more bool, err error) {
	sum, err := withoutPanic(func() (sla.Forecast, error) {
		sum := r.sum
		all, err := r.tx.Tickets.Active(ctx, after, n)
		if err != nil || len(all) == 0 {
			return sum, err
		}
		last, more = all[len(all)-1].ID, len(all) == n
		return sum, r.recompute(ctx, r.tx, r.policy, r.promised, all,
			func(v ticket.View, l *sla.Ledger, today sla.Terms, moves []ticket.StatusChange) {
				sum.Add(l, func() { v.Recompute(l, today, moves, r.now) }, r.now)
			})
	})
	if err == nil {
		r.sum = sum
	}
	return last, more, err
}

// leaveOut goes on without the next open ticket, which failed with cause.
func (r *forecasting) leaveOut(ctx context.Context, after domain.ID, cause error) (last domain.ID, more bool, err error) {
	refs, err := r.tx.Tickets.ActiveRefs(ctx, after, 1)
	if err != nil || len(refs) == 0 {
		return after, false, err
	}
	r.left.add("forecast", refs[0], cause)
	return refs[0].ID, true, nil
}
