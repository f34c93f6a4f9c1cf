package servicelevel

import (
	"context"
	"errors"

	"tickt/application/record"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// recomputeBatch is how many open tickets are looked at at a time, and locked: few enough that nobody waits long.
const recomputeBatch = 100

// Recompute has a policy applied to open tickets, in the background, and returns the policy.
func (s *Policies) Recompute(ctx context.Context, actor access.Actor, id domain.ID) (sla.Policy, error) {
	if err := usecase.May(actor, access.PoliciesMenu, access.MayUpdate); err != nil {
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

// Apply applies a policy to open tickets: to those that it is for today, and to those that it has promised something so far.
// Doing it twice changes nothing more. If a batch fails, its tickets are taken one by one; the error, once all others are
// done, names the first 100 that fail and counts the others. It has no actor: the service itself works.
func (s *Policies) Apply(ctx context.Context, id domain.ID) error {
	var failures leftOut
	for after := domain.ID(""); ; {
		last, err := s.applyBatch(ctx, id, after)
		if err != nil && !passes(ctx, err) {
			last, err = s.applyAlone(ctx, id, after, &failures)
		}
		if err != nil || last == "" {
			return errors.Join(append(failures.errs(), err)...)
		}
		after = last
	}
}

// applyBatch applies a policy to the open tickets behind one, in one transaction; it returns the last of them, "" if there
// is none.
func (s *Policies) applyBatch(ctx context.Context, policy, after domain.ID) (domain.ID, error) {
	return withoutPanic(func() (domain.ID, error) {
		return usecase.Update(ctx, s.Store, func(tx ports.Tx) (domain.ID, error) {
			batch, err := tx.Tickets.LockActive(ctx, after, recomputeBatch)
			if err != nil || len(batch) == 0 {
				return "", err
			}
			return batch[len(batch)-1].ID, s.applyTo(ctx, tx, policy, batch)
		})
	})
}

// applyAlone is applyBatch with a transaction for each ticket; those that fail are added to failed.
func (s *Policies) applyAlone(ctx context.Context, policy, after domain.ID, failed *leftOut) (last domain.ID, err error) {
	refs, err := usecase.View(ctx, s.Store, func(tx ports.Tx) ([]ports.TicketRef, error) {
		return tx.Tickets.ActiveRefs(ctx, after, recomputeBatch)
	})
	for _, x := range refs {
		_, one := withoutPanic(func() (struct{}, error) { return struct{}{}, s.applyOne(ctx, policy, x.ID) })
		switch {
		case one == nil:
		case passes(ctx, one):
			return x.ID, one
		default:
			failed.add("apply a policy to", x, one)
		}
		last = x.ID
	}
	return last, err
}

// applyOne applies a policy to a ticket, if that is still open.
func (s *Policies) applyOne(ctx context.Context, policy, id domain.ID) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		v, err := tx.Tickets.Lock(ctx, id, access.EveryTicket)
		if errors.Is(err, domain.ErrNotFound) || err == nil && !v.StatusType.Active() {
			return nil
		}
		if err != nil {
			return err
		}
		return s.applyTo(ctx, tx, policy, []ticket.View{v})
	})
}

func (s *Policies) applyTo(ctx context.Context, tx ports.Tx, id domain.ID, batch []ticket.View) error {
	var all []record.Change
	var moved []ticket.Ticket
	promised, err := promisedToday(ctx, tx)
	if err != nil {
		return err
	}
	err = s.recompute(ctx, tx, id, promised, batch, func(v ticket.View, l *sla.Ledger, today sla.Terms, moves []ticket.StatusChange) {
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

// recompute hands over those of a batch that a policy is for, or that it has promised something, with their ledgers and with
// what is promised to them today.
func (s *Policies) recompute(
	ctx context.Context,
	tx ports.Tx,
	id domain.ID,
	promised promises,
	batch []ticket.View,
	do func(ticket.View, *sla.Ledger, sla.Terms, []ticket.StatusChange),
) error {
	ids, today := make([]domain.ID, len(batch)), make([]sla.Terms, len(batch))
	for i, v := range batch {
		ids[i], today[i] = v.ID, sla.TermsFor(promised.policies, v.PriorityID, v.MenuID, promised.hours[v.PriorityID])
	}
	ledger, err := s.Clocks.ledgers(ctx, tx, ids, today...)
	if err != nil {
		return err
	}
	moves, err := tx.History.StatusChanges(ctx, ids)
	if err != nil {
		return err
	}
	for i, v := range batch {
		if l := ledger(v.ID); today[i].PolicyID == id || l.OpenUnder(id) {
			do(v, l, today[i], moves[v.ID])
		}
	}
	return nil
}

// promises are what is promised today, whatever the ticket: the active policies, and the hours of each priority.
type promises struct {
	policies []sla.Policy
	hours    map[domain.ID]int
}

func promisedToday(ctx context.Context, tx ports.Tx) (p promises, err error) {
	if p.policies, err = tx.Policies.Active(ctx); err != nil {
		return p, err
	}
	p.hours, err = hoursByPriority(ctx, tx)
	return p, err
}

// hoursByPriority returns the hours that each priority promises.
func hoursByPriority(ctx context.Context, tx ports.Tx) (map[domain.ID]int, error) {
	all, err := usecase.All(ctx, tx.Priorities.List)
	hours := make(map[domain.ID]int, len(all))
	for _, p := range all {
		hours[p.ID] = p.SLAHours
	}
	return hours, err
}
