package ticketing

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// timeline returns at most size of what list reads about a ticket that the actor sees; list reads one more, if there is
// one. next is the place of the last that is returned, nil if it is the last of all.
func timeline[T any](
	ctx context.Context,
	b usecase.Base,
	actor access.Actor,
	of domain.ID,
	size int,
	list func(ports.Tx) ([]T, error),
	place func(T) ports.TimelinePosition,
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
	last := place(all[size-1])
	return all[:size], &last, nil
}
