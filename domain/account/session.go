package account

import (
	"time"

	"tickt/domain"
)

// How long tokens live, and how long a refresh token that was just replaced may still be asked with.
const (
	AccessLifetime  = 5 * time.Minute
	RefreshLifetime = 7 * 24 * time.Hour
	RefreshGrace    = 10 * time.Second
)

// Session is one sign-in: a chain of refresh tokens of which only the newest works (RFC 9700 §4.14.2).
type Session struct {
	ID         domain.ID
	AccountID  domain.ID
	RefreshID  domain.ID // the jti of the refresh token that works
	PreviousID domain.ID // the one that it replaced; "" before the first refresh
	RotatedAt  time.Time // when RefreshID was issued
	CreatedAt  time.Time
	ExpiresAt  time.Time
	RevokedAt  time.Time // zero while the session lives
}

// NewSession starts a session with its first refresh token.
func NewSession(id, account, refresh domain.ID, now time.Time) Session {
	return Session{ID: id, AccountID: account, RefreshID: refresh, RotatedAt: now, CreatedAt: now, ExpiresAt: now.Add(RefreshLifetime)}
}

// Alive says whether the session's tokens may be used.
func (s Session) Alive(now time.Time) bool { return s.RevokedAt.IsZero() && now.Before(s.ExpiresAt) }

// Rotation is what asking with a refresh token comes to.
type Rotation uint8

// The outcomes of Session.Rotate.
const (
	Refused  Rotation = iota // the session does not live, or no token was named
	Rotated                  // a new refresh token replaces the one that was used
	Repeated                 // the answer was lost: the same refresh token is answered again
	Reused                   // an old token came back: the session is revoked
)

// Rotate decides what happens to the session when a refresh token is used; next becomes the new token's id.
func (s *Session) Rotate(used, next domain.ID, now time.Time) Rotation {
	switch {
	case used == "" || !s.Alive(now):
		return Refused
	case used == s.RefreshID:
		s.PreviousID, s.RefreshID, s.RotatedAt, s.ExpiresAt = s.RefreshID, next, now, now.Add(RefreshLifetime)
		return Rotated
	case used == s.PreviousID && now.Sub(s.RotatedAt) <= RefreshGrace:
		return Repeated
	default:
		s.RevokedAt = now
		return Reused
	}
}

// Accepts says whether a refresh token would be answered, without using it.
func (s Session) Accepts(used domain.ID, now time.Time) bool {
	r := s.Rotate(used, used, now)
	return r == Rotated || r == Repeated
}

// Revoke ends the session; a second call changes nothing.
func (s *Session) Revoke(now time.Time) {
	if s.RevokedAt.IsZero() {
		s.RevokedAt = now
	}
}
