package ticketing

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// timeline returns at most size entries about a ticket that the actor reaches. list reads the entries, one more than
// size if there are as many. next is the position of the last returned entry, nil if there are no more.
func timeline[T any](
	ctx context.Context,
	b usecase.Base,
	actor access.Actor,
	of domain.ID,
	size int,
	list func(ports.Tx) ([]T, error),
	position func(T) ports.TimelinePosition,
) (all []T, next *ports.TimelinePosition, err error) {
	if err := usecase.May(actor, access.TicketsMenu, access.MayView); err != nil {
		return nil, nil, err
	}
	all, err = usecase.View(ctx, b.Store, func(tx ports.Tx) ([]T, error) {
		if _, err := tx.Tickets.Get(ctx, of, actor.Reach()); err != nil {
			return nil, err
		}
		return list(tx)
	})
	if err != nil || len(all) <= size {
		return all, nil, err
	}
	last := position(all[size-1])
	return all[:size], &last, nil
}
