package servicelevel

import (
	"context"

	"tickt/application/record"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// recomputeBatch is how many open tickets are read and locked at a time: few, so that nothing waits for them for long.
const recomputeBatch = 100

// Recompute adds a job that applies a policy to open tickets, and returns the policy.
func (s *Policies) Recompute(ctx context.Context, actor access.Actor, id domain.ID) (sla.Policy, error) {
	if err := actor.MayRepromise(); err != nil {
		return sla.Policy{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (sla.Policy, error) {
		x, err := tx.Policies.Get(ctx, id)
		if err != nil {
			return sla.Policy{}, err
		}
		return x, tx.Jobs.Add(ctx, ports.Job{Kind: ports.RecomputeJob, ID: id})
	})
}

// RecomputePriority adds a job that applies the hours of a priority to open tickets, and returns the priority. It concerns
// tickets to which the hours apply today, because no policy does, and those that have a promise from them.
func (s *Policies) RecomputePriority(ctx context.Context, actor access.Actor, id domain.ID) (ticket.Priority, error) {
	if err := actor.MayRepromise(); err != nil {
		return ticket.Priority{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (ticket.Priority, error) {
		x, err := tx.Priorities.Get(ctx, id)
		if err != nil {
			return ticket.Priority{}, err
		}
		return x, tx.Jobs.Add(ctx, ports.Job{Kind: ports.RecomputePriorityJob, ID: id})
	})
}

// Apply applies a policy, or the hours of a priority, to the open tickets to which it applies today, and to those that it has
// promised something. It is idempotent. Tickets that fail do not stop the others (batches.work). It has no actor: the service
// itself calls it.
func (s *Policies) Apply(ctx context.Context, from sla.Source) error {
	return batches{
		lock: func(ctx context.Context, tx ports.Tx, after domain.ID) ([]ticket.View, error) {
			return tx.Tickets.LockActive(ctx, after, recomputeBatch)
		},
		refs: func(ctx context.Context, tx ports.Tx, after domain.ID) ([]ports.TicketRef, error) {
			return tx.Tickets.ActiveRefs(ctx, after, recomputeBatch)
		},
		concerns: func(v ticket.View) bool { return v.StatusType.Active() },
		do: func(ctx context.Context, tx ports.Tx, batch []ticket.View) error {
			return s.applyTo(ctx, tx, from, batch)
		},
		what: "recompute the clocks of",
	}.work(ctx, s.Store)
}

func (s *Policies) applyTo(ctx context.Context, tx ports.Tx, from sla.Source, batch []ticket.View) error {
	var all []record.Change
	var moved []ticket.Ticket
	promised, err := currentPromises(ctx, tx)
	if err != nil {
		return err
	}
	err = s.recompute(ctx, tx, from, promised, batch, func(v ticket.View, l *sla.Ledger, today sla.Terms, moves []ticket.StatusChange) {
		now := s.Clocks.Now(v)
		c := record.Change{Before: v, Ledger: l, At: now}
		if v.Recompute(l, today, moves, now); len(l.Added()) == 0 {
			return
		}
		c.After = v
		all, moved = append(all, c), append(moved, v.Ticket)
	})
	if err != nil || len(all) == 0 {
		return err
	}
	if err := tx.Tickets.SaveDue(ctx, moved); err != nil {
		return err
	}
	return s.Clocks.Record(ctx, tx, all...)
}

// recompute calls do for the tickets of a batch to which the source applies today or has promised something, with their
// ledgers, the terms of today and, if a promise of these would start in the past, their past status changes.
func (s *Policies) recompute(
	ctx context.Context,
	tx ports.Tx,
	from sla.Source,
	promised promises,
	batch []ticket.View,
	do func(ticket.View, *sla.Ledger, sla.Terms, []ticket.StatusChange),
) error {
	ids, today := make([]domain.ID, len(batch)), make([]sla.Terms, len(batch))
	for i, v := range batch {
		ids[i], today[i] = v.ID, sla.TermsFor(promised.policies, v.PriorityID, v.MenuID, promised.hours[v.PriorityID])
	}
	ledger, err := s.Clocks.openLedgers(ctx, tx, ids, today...)
	if err != nil {
		return err
	}
	ledgers := make([]*sla.Ledger, len(batch)) // nil: the source does not concern the ticket
	var owing []domain.ID
	for i, v := range batch {
		l := ledger(v.ID)
		if today[i].Source() != from && !l.OpenUnder(from) {
			continue
		}
		if ledgers[i] = l; v.Owes(l, today[i]) {
			owing = append(owing, v.ID)
		}
	}
	moves := map[domain.ID][]ticket.StatusChange{}
	if len(owing) > 0 {
		if moves, err = tx.History.StatusChanges(ctx, owing); err != nil {
			return err
		}
	}
	for i, v := range batch {
		if ledgers[i] != nil {
			do(v, ledgers[i], today[i], moves[v.ID])
		}
	}
	return nil
}

// promises are what is promised today, whatever the ticket: the active policies, and the SLA hours of each priority.
type promises struct {
	policies []sla.Policy
	hours    map[domain.ID]int
}

func currentPromises(ctx context.Context, tx ports.Tx) (p promises, err error) {
	if p.policies, err = tx.Policies.Active(ctx); err != nil {
		return p, err
	}
	p.hours, err = hoursByPriority(ctx, tx)
	return p, err
}

// hoursByPriority returns the SLA hours of each priority.
func hoursByPriority(ctx context.Context, tx ports.Tx) (map[domain.ID]int, error) {
	all, err := usecase.All(ctx, tx.Priorities.List)
	hours := make(map[domain.ID]int, len(all))
	for _, p := range all {
		hours[p.ID] = p.SLAHours
	}
	return hours, err
}
