package identity

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// Sessions returns a page of the sessions of the actor's account that have not ended, the newest first.
func (s *Me) Sessions(ctx context.Context, actor access.Actor, page ports.Page) (usecase.List[account.Session], error) {
	if err := actor.RequireAccount(); err != nil {
		return usecase.List[account.Session]{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (usecase.List[account.Session], error) {
		return usecase.Listed(tx.Sessions.ListOf(ctx, actor.ID, s.Clock(), page))
	})
}

// EndSession ends a session of the actor's account, which may be the one that the actor uses. A session of another account
// is not found, like one that does not exist or has ended.
func (s *Me) EndSession(ctx context.Context, actor access.Actor, id domain.ID, match usecase.Match[account.Session]) error {
	if err := actor.RequireAccount(); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		session, err := tx.Sessions.Lock(ctx, id)
		if err != nil {
			return err
		}
		if session.AccountID != actor.ID || !session.Alive(s.Clock()) {
			return domain.ErrNotFound
		}
		if err := match.Holds(session); err != nil {
			return err
		}
		session.Revoke(s.Clock())
		return tx.Sessions.Save(ctx, session)
	})
}

// EndOtherSessions ends all sessions of the actor's account except the one that the actor uses.
func (s *Me) EndOtherSessions(ctx context.Context, actor access.Actor) error {
	if err := actor.RequireAccount(); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error { return tx.Sessions.RevokeOf(ctx, actor.ID, actor.Session, s.Clock()) })
}
