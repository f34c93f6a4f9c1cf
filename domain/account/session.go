package account

import (
	"time"

	"tickt/domain"
	"tickt/domain/text"
)

// The lifetimes of tokens, and how long a refresh token still works after it was replaced.
const (
	AccessLifetime  = 5 * time.Minute
	RefreshLifetime = 7 * 24 * time.Hour
	RefreshGrace    = 10 * time.Second
)

// MaxSessions is the maximum number of live sessions of an account. A further sign-in ends the oldest, so that all of them can
// always be ended at once.
const MaxSessions = 100

// Session is one sign-in: a chain of refresh tokens of which only the newest works (RFC 9700 §4.14.2).
type Session struct {
	ID         domain.ID
	AccountID  domain.ID
	RefreshID  domain.ID // the jti of the newest refresh token
	PreviousID domain.ID // the jti of the token that it replaced; "" before the first rotation
	RotatedAt  time.Time // when RefreshID was issued
	CreatedAt  time.Time
	ExpiresAt  time.Time
	RevokedAt  time.Time // zero if not revoked
	Address    string    // the IP address of the client at RotatedAt; "" if unknown
	UserAgent  string    // how the client described itself at RotatedAt; "" if unknown
}

// Client is the other end of a session.
type Client struct {
	Address   string // IP address; "" if unknown
	UserAgent string // as sent (RFC 9110 §10.1.5); "" if unknown
}

// maxUserAgent is the length in characters to which the description of a client is cut.
const maxUserAgent = 255

// SeenFrom records the client that got the newest refresh token. Its description becomes a line (text.Form.Repair).
func (s *Session) SeenFrom(c Client) {
	s.Address = c.Address
	s.UserAgent, _ = text.Cut(text.Line.Repair(c.UserAgent), maxUserAgent)
}

// NewSession returns a session whose first refresh token has the id refresh.
func NewSession(id, account, refresh domain.ID, now time.Time) Session {
	return Session{ID: id, AccountID: account, RefreshID: refresh, RotatedAt: now, CreatedAt: now, ExpiresAt: now.Add(RefreshLifetime)}
}

// Alive reports whether the session is neither revoked nor expired.
func (s Session) Alive(now time.Time) bool { return s.RevokedAt.IsZero() && now.Before(s.ExpiresAt) }

// Rotation is the outcome of using a refresh token.
type Rotation uint8

// The outcomes of Session.Rotate.
const (
	Refused  Rotation = iota // the session is not alive, or no token was given
	Rotated                  // a new refresh token replaces the used one
	Repeated                 // the token was replaced at most RefreshGrace ago; the client gets the same new token again
	Reused                   // an older token was used: the session is revoked
)

// Rotate decides the outcome of using the refresh token with the id used. If it is Rotated, next becomes the id of the
// newest token; if it is Reused, the session is revoked. Otherwise the session does not change.
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

// Accepts reports whether a refresh token works, without using it.
func (s Session) Accepts(used domain.ID, now time.Time) bool {
	r := s.Rotate(used, used, now)
	return r == Rotated || r == Repeated
}

// Revoke revokes the session. A second call changes nothing.
func (s *Session) Revoke(now time.Time) {
	if s.RevokedAt.IsZero() {
		s.RevokedAt = now
	}
}
