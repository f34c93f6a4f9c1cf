package servicelevel

import (
	"cmp"
	"context"
	"errors"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// forecastBatch is how many tickets a forecast reads at a time. It locks none of them.
const forecastBatch = 1000

// forecastTime is how long a forecast may take within a request.
const forecastTime = 5 * time.Second

// Forecast returns what Recompute would do, without doing it. left holds the errors of tickets that were left out, which
// Apply would leave out too: 100 of them with their ticket numbers, and a count of the others. A forecast that takes too
// long for a request goes on in the background, as an operation; f is then incomplete.
func (s *Policies) Forecast(ctx context.Context, actor access.Actor, id domain.ID) (
	f sla.Forecast, left []error, more *sla.Operation, err error,
) {
	if err := actor.MayRepromise(); err != nil {
		return f, nil, nil, err
	}
	return s.forecast(ctx, actor, sla.Source{PolicyID: id})
}

// ForecastPriority returns what RecomputePriority would do, as Forecast does for a policy.
func (s *Policies) ForecastPriority(ctx context.Context, actor access.Actor, id domain.ID) (
	f sla.Forecast, left []error, more *sla.Operation, err error,
) {
	if err := actor.MayRepromise(); err != nil {
		return f, nil, nil, err
	}
	return s.forecast(ctx, actor, sla.Source{PriorityID: id})
}

// forecast returns what applying a source would do.
func (s *Policies) forecast(ctx context.Context, actor access.Actor, from sla.Source) (
	f sla.Forecast, left []error, more *sla.Operation, err error,
) {
	x := sla.NewOperation(s.NewID(), actor.ID, from, s.Clock())
	patience, cancel := context.WithTimeout(ctx, cmp.Or(s.ForecastTime, forecastTime))
	defer cancel()
	left, err = s.run(ctx, &x, func() (bool, error) { return patience.Err() == nil, nil })
	if err != nil || x.State == sla.OperationDone {
		return x.Forecast(), left, nil, err
	}
	return x.Forecast(), left, &x, s.Store.Update(ctx, func(tx ports.Tx) error {
		n, err := activeTickets(ctx, tx)
		if err != nil {
			return err
		}
		x.Expect(n)
		return errors.Join(tx.Operations.Add(ctx, x), tx.Jobs.Add(ctx, ports.Job{Kind: ports.ForecastJob, ID: x.ID}))
	})
}

// run processes the open tickets that are left of an operation until they end, or until goOn, which is called after each
// batch, returns false.
func (s *Policies) run(ctx context.Context, x *sla.Operation, goOn func() (bool, error)) (left []error, err error) {
	run := forecastRun{Policies: s, from: x.Source(), now: s.Clock(), sum: x.Forecast()}
	run.promised, err = usecase.View(ctx, s.Store, func(tx ports.Tx) (promises, error) {
		if err := exists(ctx, tx, run.from); err != nil {
			return promises{}, err
		}
		return currentPromises(ctx, tx)
	})
	for more, ok := true, true; more && ok && err == nil; {
		last := x.After
		err = s.Store.View(ctx, func(tx ports.Tx) (err error) {
			run.tx = tx
			last, more, err = run.forecastNext(ctx, x.After, forecastBatch)
			return err
		})
		if err != nil {
			break
		}
		x.Advance(run.processed, cmp.Or(last, x.After), run.sum, s.Clock())
		if run.processed = 0; more {
			ok, err = goOn()
		} else {
			x.End(sla.OperationDone, s.Clock())
		}
	}
	if err != nil {
		return nil, err
	}
	return run.left.errs(), nil
}

// exists fails as NotFound if there is no such source.
func exists(ctx context.Context, tx ports.Tx, x sla.Source) (err error) {
	if x.PolicyID != "" {
		_, err = tx.Policies.Get(ctx, x.PolicyID)
	} else {
		_, err = tx.Priorities.Get(ctx, x.PriorityID)
	}
	return err
}

// activeTickets returns how many tickets are active.
func activeTickets(ctx context.Context, tx ports.Tx) (n int, err error) {
	counts, err := tx.Dashboard.Counts(ctx, access.EveryTicket)
	if err != nil {
		return 0, err
	}
	statuses, err := usecase.All(ctx, tx.Statuses.List)
	active := map[domain.ID]bool{}
	for _, x := range statuses {
		active[x.ID] = x.StatusType.Active()
	}
	for _, c := range counts.ByStatus {
		if active[c.ID] {
			n += c.Tickets
		}
	}
	return n, err
}

// forecastRun is one run of Forecast.
type forecastRun struct {
	*Policies
	tx       ports.Tx
	from     sla.Source
	promised promises
	now      time.Time

	sum       sla.Forecast
	left      ticketErrors
	processed int // tickets, those that were left out included
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
	read := 0
	sum, err := recoverPanic(func() (sla.Forecast, error) {
		sum := r.sum
		all, err := r.tx.Tickets.Active(ctx, after, n)
		if err != nil || len(all) == 0 {
			return sum, err
		}
		last, more, read = all[len(all)-1].ID, len(all) == n, len(all)
		return sum, r.recompute(ctx, r.tx, r.from, r.promised, all,
			func(v ticket.View, l *sla.Ledger, today sla.Terms, moves []ticket.StatusChange) {
				sum.Add(l, func() { v.Recompute(l, today, moves, r.now) }, r.now)
			})
	})
	if err == nil {
		r.sum = sum
		r.processed += read
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
	r.processed++
	return refs[0].ID, true, nil
}
