// Package ports says what the application needs from outside: a store, a clock, ids, passwords,
// tokens and phone numbers; and what a way in looks like. Adapters implement it; it imports the
// domain and nothing else.
package ports

import (
	"context"
	"time"

	"tickt/domain"
)

// Clock tells the time, in UTC and cut to microseconds, which is what every store keeps.
type Clock func() time.Time

// NewID makes an id that was never made before. Ids made later sort later.
type NewID func() domain.ID

// Passwords hashes and checks passwords. Both wait for their turn when many are asked at once and
// fail as Unavailable when the context ends first.
type Passwords interface {
	Hash(ctx context.Context, password string) (string, error)
	// Verify checks a password against a hash. rehash asks for a new hash, because the stored one was
	// made with other parameters. A hash that cannot be read, "" included, matches nothing and takes
	// as long as one that can.
	Verify(ctx context.Context, password, hash string) (ok, rehash bool, err error)
	// Readable says whether there is a password that Verify could find to match the hash.
	Readable(hash string) bool
}

// TokenType tells an access token from a refresh token.
type TokenType string

const (
	AccessToken  TokenType = "access"
	RefreshToken TokenType = "refresh"
)

// Token is what a signed token says.
type Token struct {
	Type      TokenType
	ID        domain.ID // jti
	Session   domain.ID // sid
	Account   domain.ID // user_id
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// Tokens signs and reads tokens.
type Tokens interface {
	Sign(Token) (string, error)
	// Read gives what a token says; ok is false where it is malformed, forged or expired, whatever the reason.
	Read(text string) (t Token, ok bool)
}

// Phones knows the numbering plans of the world.
type Phones interface {
	// Normalise gives the E.164 form of a number that is valid in the service's region or
	// international with "+"; ok is false for any other.
	Normalise(number string) (e164 string, ok bool)
	// National gives a number of the service's region as it is written there, digits only, and any
	// other one as it is.
	National(e164 string) string
}

// Server is a way in or a worker: something that runs between Start and Stop. Start returns when it
// is ready; Stop finishes what runs and returns at the latest when the context ends.
type Server interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
}
