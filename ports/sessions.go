package ports

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
)

// Sessions are the sign-ins.
type Sessions interface {
	Add(ctx context.Context, s account.Session) error
	Get(ctx context.Context, id domain.ID) (account.Session, error)
	Lock(ctx context.Context, id domain.ID) (account.Session, error)
	Save(ctx context.Context, s account.Session) error
	// Actor returns the actor of a session that is valid at now and whose account is active, with its effective grants, in
	// one round trip; domain.ErrNotFound if there is none.
	Actor(ctx context.Context, session domain.ID, now time.Time) (access.Actor, error)
	// ListOf returns the sessions of an account that are neither expired nor revoked, the newest first, and how many there are
	// in total.
	ListOf(ctx context.Context, holder domain.ID, now time.Time, page Page) ([]account.Session, int, error)
	// RevokeOf revokes the sessions of an account that are neither expired nor revoked, but not the session kept, in one round
	// trip.
	RevokeOf(ctx context.Context, account, kept domain.ID, now time.Time) error
	// RevokeOldest revokes the oldest sessions of an account that are neither expired nor revoked, so that keep of them are
	// left: at most limit sessions, those that follow the newest keep. It takes one round trip.
	RevokeOldest(ctx context.Context, holder domain.ID, keep, limit int, now time.Time) error
	// RevokeAll revokes all sessions that are neither expired nor revoked, and returns how many.
	RevokeAll(ctx context.Context, now time.Time) (int, error)
	// Purge removes at most limit sessions that ended before a time, and returns how many.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
}
