package identity

import (
	"context"
	"errors"
	"slices"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// AccessToken returns an access token that was sent as a bearer token. It fails as Unauthenticated if the token is missing or
// invalid. It reads no data: whether the session of the token lives on is checked by ActorOf.
func (s *Sessions) AccessToken(bearer string) (ports.Token, error) {
	if bearer == "" {
		return ports.Token{}, errNoCredentials
	}
	t, err := s.Tokens.Read(bearer)
	if err == nil && t.Type != ports.AccessToken {
		err = ports.ErrTokenInvalid
	}
	return t, err
}

// ActorOf returns the actor of an access token that came by way of via. It fails as Unauthenticated if the session has ended.
func (s *Sessions) ActorOf(ctx context.Context, t ports.Token, via access.Via) (access.Actor, error) {
	actor, err := usecase.View(ctx, s.Store, func(tx ports.Tx) (access.Actor, error) { return s.actor(ctx, tx, t) })
	actor.Via = via
	return actor, err
}

// actor returns the actor of a token that was read.
func (s *Sessions) actor(ctx context.Context, tx ports.Tx, t ports.Token) (access.Actor, error) {
	a, err := tx.Sessions.Actor(ctx, t.Session, s.Clock())
	if err != nil {
		return access.Actor{}, revokedIfGone(err)
	}
	if a.ID != t.Account {
		return access.Actor{}, ports.ErrTokenInvalid
	}
	return a, nil
}

// revokedIfGone turns domain.ErrNotFound into the error of a session that has ended.
func revokedIfGone(err error) error {
	if errors.Is(err, domain.ErrNotFound) {
		return ports.ErrSessionRevoked
	}
	return err
}

// Refresh returns new tokens for a refresh token, which stops working. If it is used again within account.RefreshGrace,
// the same new refresh token is returned again. If it is used later, the session ends, because somebody else has the
// token too (RFC 9700 §4.14.2).
func (s *Sessions) Refresh(
	ctx context.Context, refreshToken string, client account.Client,
) (accessToken, newRefreshToken string, err error) {
	if err := requireToken("refreshToken", domain.TermRefreshToken, refreshToken); err != nil {
		return "", "", err
	}
	t, err := s.Tokens.Read(refreshToken)
	if err != nil {
		return "", "", err
	}
	if t.Type != ports.RefreshToken {
		return "", "", ports.ErrTokenInvalid
	}
	next := s.NewID()
	var session account.Session
	rotation, err := usecase.Update(ctx, s.Store, func(tx ports.Tx) (account.Rotation, error) {
		var err error
		if session, err = s.lockSession(ctx, tx, t); err != nil {
			return account.Refused, err
		}
		now, err := tx.Clock.Now(ctx) // of the database, because another replica may have rotated the session
		if err != nil {
			return account.Refused, err
		}
		rotation := session.Rotate(t.ID, next, now)
		if rotation == account.Rotated {
			session.SeenFrom(client)
		}
		if rotation == account.Rotated || rotation == account.Reused {
			err = tx.Sessions.Save(ctx, session)
		}
		return rotation, err
	})
	if err != nil {
		return "", "", err
	}
	if rotation != account.Rotated && rotation != account.Repeated {
		return "", "", ports.ErrSessionRevoked
	}
	return s.tokens(session, s.Clock())
}

// lockSession locks the session of a refresh token. It fails as Unauthenticated if the account of the token
// may not use it.
func (s *Sessions) lockSession(ctx context.Context, tx ports.Tx, t ports.Token) (account.Session, error) {
	session, err := tx.Sessions.Lock(ctx, t.Session)
	if err != nil {
		return session, revokedIfGone(err)
	}
	holder, err := tx.Accounts.Get(ctx, session.AccountID)
	if err != nil {
		return session, revokedIfGone(err)
	}
	if holder.ID != t.Account {
		return session, ports.ErrTokenInvalid
	}
	if !holder.IsActive {
		return session, ports.ErrSessionRevoked
	}
	return session, nil
}

// tokens signs a new access token and the session's refresh token; the latter is the same text each time until the
// session is rotated.
func (s *Sessions) tokens(session account.Session, now time.Time) (accessToken, refreshToken string, err error) {
	t := ports.Token{
		Type: ports.AccessToken, ID: s.NewID(), Session: session.ID, Account: session.AccountID,
		IssuedAt: now, ExpiresAt: now.Add(account.AccessLifetime),
	}
	if accessToken, err = s.Tokens.Sign(t); err != nil {
		return "", "", err
	}
	t.Type, t.ID = ports.RefreshToken, session.RefreshID
	t.IssuedAt, t.ExpiresAt = session.RotatedAt, session.ExpiresAt
	refreshToken, err = s.Tokens.Sign(t)
	return accessToken, refreshToken, err
}

// Verify returns the content of a token that is valid at the moment. Otherwise it fails as Unauthenticated, or as Invalid
// if the token is missing.
func (s *Sessions) Verify(ctx context.Context, token string) (ports.Token, error) {
	if err := requireToken("token", domain.TermToken, token); err != nil {
		return ports.Token{}, err
	}
	t, err := s.Tokens.Read(token)
	if err != nil {
		return ports.Token{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (ports.Token, error) {
		if _, err := s.actor(ctx, tx, t); err != nil || t.Type == ports.AccessToken {
			return t, err
		}
		session, err := tx.Sessions.Get(ctx, t.Session)
		if err != nil {
			return ports.Token{}, revokedIfGone(err)
		}
		now, err := tx.Clock.Now(ctx)
		if err != nil {
			return ports.Token{}, err
		}
		if !session.Accepts(t.ID, now) {
			return ports.Token{}, ports.ErrTokenInvalid
		}
		return t, nil
	})
}

func requireToken(field string, label domain.Term, token string) error {
	if token != "" {
		return nil
	}
	var p domain.Problems
	p.Add(field, domain.CodeBlank, domain.Params{"label": label})
	return p.Err()
}

// Logout ends the session of a refresh token that belongs to the actor, and the session of the actor itself.
func (s *Sessions) Logout(ctx context.Context, actor access.Actor, refreshToken string) error {
	if err := actor.RequireAccount(); err != nil {
		return err
	}
	if refreshToken == "" {
		return domain.Fail(domain.Invalid, "Refresh token is required for logout.")
	}
	t, err := s.Tokens.Read(refreshToken)
	if err != nil {
		return err
	}
	if t.Type != ports.RefreshToken || t.Account != actor.ID {
		return ports.ErrTokenInvalid
	}
	ids := []domain.ID{t.Session, actor.Session}
	slices.Sort(ids) // so that parallel logouts of the same two sessions do not deadlock
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		for _, id := range slices.Compact(ids) {
			if err := s.revoke(ctx, tx, id, actor.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// revoke ends a session of an account. A session that does not exist has ended.
func (s *Sessions) revoke(ctx context.Context, tx ports.Tx, id, holder domain.ID) error {
	session, err := tx.Sessions.Lock(ctx, id)
	if errors.Is(err, domain.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if session.AccountID != holder {
		return ports.ErrTokenInvalid
	}
	session.Revoke(s.Clock())
	return tx.Sessions.Save(ctx, session)
}

// Purge removes sessions that have ended, and counts of failed sign-ins and known addresses that no longer matter. It has no
// actor: the service itself calls it.
func (s *Sessions) Purge(ctx context.Context) error {
	now := s.Clock()
	err := usecase.Purge(ctx, s.Store, func(tx ports.Tx) (int, error) { return tx.Sessions.Purge(ctx, now, usecase.PurgeBatch) })
	if err != nil {
		return err
	}
	err = usecase.Purge(ctx, s.Store, func(tx ports.Tx) (int, error) {
		return tx.Throttle.Purge(ctx, now.Add(-account.ThrottleWindow), usecase.PurgeBatch)
	})
	if err != nil {
		return err
	}
	return usecase.Purge(ctx, s.Store, func(tx ports.Tx) (int, error) {
		return tx.KnownAddresses.Purge(ctx, now.Add(-account.KnownFor), usecase.PurgeBatch)
	})
}
