package identity

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// People are the use cases of choosing people.
type People struct{ usecase.Base }

// List returns at most size people, and whether more follow. It fails as Throttled if the actor calls it too often.
func (s *People) List(
	ctx context.Context, actor access.Actor, f ports.PeopleFilter, size int,
) (people []ports.Person, more bool, err error) {
	if err := actor.RequireTicketWork(); err != nil {
		return nil, false, err
	}
	if err := countWithin(ctx, s.Base, account.PeopleLimits(actor.ID, digest)); err != nil {
		return nil, false, err
	}
	people, err = usecase.View(ctx, s.Store, func(tx ports.Tx) ([]ports.Person, error) {
		return tx.Accounts.People(ctx, actor.Reach(), f, size+1)
	})
	if err != nil || len(people) <= size {
		return people, false, err
	}
	return people[:size], true, nil
}
