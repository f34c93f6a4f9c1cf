package contract

import (
	"context"
	"errors"
	"testing"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// policyClocks tests that a policy is not removed while clocks are open by it.
func policyClocks(t *testing.T, d suite) {
	g, p, other := d.addFixtures(t), d.somePolicy(t), d.somePolicy(t)
	p.IsActive, other.IsActive = false, false
	d.addPolicies(t, p, other)
	open := func(id domain.ID) (n int) {
		d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
			n, err = tx.Policies.OpenClocks(ctx, id)
			return err
		})
		return n
	}
	remove := func(id domain.ID) error {
		return d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Policies.Remove(ctx, id) })
	}
	// promised stores a ticket and its clock with a promise by a policy.
	promised := func(by domain.ID, state sla.State) (x ticket.Ticket, e sla.Entry, c sla.ClockState) {
		x = g.ticket()
		d.addTickets(t, x)
		e = clockEvent(x, 1, sla.Activated, 1)
		e.Promise.PolicyID = by
		c = sla.ClockState{TicketID: x.ID, Metric: e.Metric, Cycle: 1, State: state, PolicyID: by}
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Ledgers.Add(ctx, []sla.Entry{e}), tx.Ledgers.SaveClockStates(ctx, []sla.ClockState{c}))
		})
		return x, e, c
	}
	save := func(c sla.ClockState) {
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return tx.Ledgers.SaveClockStates(ctx, []sla.ClockState{c})
		})
	}

	_, _, running := promised(p.ID, sla.StateRunning)
	_, _, paused := promised(p.ID, sla.StatePaused)
	deleted, promise, late := promised(p.ID, sla.StateBreached)
	promised(other.ID, sla.StateRunning)
	same(t, []int{open(p.ID), open(other.ID), open(newID())}, []int{3, 1, 0})
	wantInUse(t, remove(p.ID))

	running.State, running.PolicyID, paused.PolicyID = sla.StateMet, "", other.ID // retargeted
	save(running)
	save(paused)
	same(t, open(p.ID), 1)
	deleted.DeletedAt = noon
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.Save(ctx, deleted) })
	same(t, open(p.ID), 0)
	must(t, remove(p.ID))

	// the ledger still has the promise
	all := read(t, d, func(ctx context.Context, tx ports.Tx) (map[domain.ID][]sla.Entry, error) {
		return tx.Ledgers.Of(ctx, []domain.ID{deleted.ID})
	})
	promise.Promise.PolicyGone = true
	same(t, all[deleted.ID], []sla.Entry{promise})
	late.State = sla.StateRunning
	err := d.try(t, func(ctx context.Context, tx ports.Tx) error {
		return tx.Ledgers.SaveClockStates(ctx, []sla.ClockState{late})
	})
	if !errors.Is(err, ports.ErrGone) {
		t.Errorf("a clock by a policy that was removed: %v", err)
	}
}

// policyRace stores clocks by policies while these are removed: of each pair, one fails.
func policyRace(t *testing.T, d suite) {
	g := d.addFixtures(t)
	for range 10 {
		p, x := d.somePolicy(t), g.ticket()
		p.IsActive = false
		d.addPolicies(t, p)
		d.addTickets(t, x)
		errs := concurrently(2, func(i int) error {
			return d.try(t, func(ctx context.Context, tx ports.Tx) error {
				if i == 0 {
					return tx.Ledgers.SaveClockStates(ctx, []sla.ClockState{
						{TicketID: x.ID, Metric: sla.Resolution, Cycle: 1, State: sla.StateRunning, PolicyID: p.ID},
					})
				}
				n, err := tx.Policies.OpenClocks(ctx, p.ID)
				if err != nil || n > 0 {
					return errors.Join(err, ports.ErrInUse)
				}
				return tx.Policies.Remove(ctx, p.ID)
			})
		})
		_, err := getPolicy(t, d, p.ID)
		switch {
		case errs[0] == nil && errors.Is(errs[1], ports.ErrInUse) && err == nil:
		case errors.Is(errs[0], ports.ErrGone) && errs[1] == nil && errors.Is(err, domain.ErrNotFound):
		default:
			t.Fatalf("stored: %v, removed: %v, read: %v", errs[0], errs[1], err)
		}
	}
}
