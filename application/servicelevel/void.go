package servicelevel

import (
	"context"

	"tickt/application/record"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/ports"
)

// Void makes the breach of a clock of a ticket void, and returns the report of the ticket.
func (s *ServiceLevels) Void(ctx context.Context, actor access.Actor, id domain.ID, d sla.VoidDraft) (Report, error) {
	if err := actor.MayRepromise(); err != nil {
		return Report{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (Report, error) {
		v, err := tx.Tickets.Lock(ctx, id, actor.Reach())
		if err != nil {
			return Report{}, err
		}
		void, err := d.Void(actor.ID)
		if err != nil {
			return Report{}, err
		}
		now := s.Clocks.Now(v)
		before, err := s.Clocks.RecordDue(ctx, tx, v, now)
		if err != nil {
			return Report{}, err
		}
		ledger, err := s.Clocks.openLedgers(ctx, tx, []domain.ID{id})
		if err != nil {
			return Report{}, err
		}
		done := record.Change{Before: before, After: before, Actor: actor, At: now, Ledger: ledger(id)}
		if err := done.After.Void(done.Ledger, void, now); err != nil {
			return Report{}, err
		}
		if err := tx.Tickets.Save(ctx, done.After.Ticket); err != nil {
			return Report{}, err
		}
		if err := s.Clocks.Record(ctx, tx, done); err != nil {
			return Report{}, err
		}
		return s.report(ctx, tx, id)
	})
}
