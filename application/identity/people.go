package identity

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
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
	if err := s.throttle(ctx, actor.ID); err != nil {
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

// throttle counts a call of an account, and fails as Throttled if there were too many.
func (s *People) throttle(ctx context.Context, id domain.ID) error {
	now, limit := s.Clock(), account.PeopleLimit(id, digest)
	counts, err := usecase.Update(ctx, s.Store, func(tx ports.Tx) ([]account.Count, error) {
		return tx.Throttle.Hit(ctx, []account.Limit{limit}, now, now.Add(-account.PeopleWindow))
	})
	if err != nil {
		return err
	}
	if wait, over := limit.Exceeded(counts, account.PeopleWindow, now); over {
		return &domain.Error{Kind: domain.Throttled, Message: "Too many requests. Please try again later.", RetryAfter: wait}
	}
	return nil
}
