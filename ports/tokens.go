package ports

import (
	"time"

	"tickt/domain"
)

// TokenType distinguishes access tokens from refresh tokens.
type TokenType string

const (
	AccessToken  TokenType = "access"
	RefreshToken TokenType = "refresh"
)

// Token is the content of a signed token.
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
	// Read returns the content of a token. It fails with ErrTokenInvalid if the token is malformed or forged, and with
	// ErrTokenExpired if nothing but its time is wrong.
	Read(text string) (Token, error)
}

// The errors of Read. Both have the same message; programs tell them apart by the reason.
var (
	ErrTokenInvalid = domain.FailFor(domain.ReasonTokenInvalid, badToken)
	ErrTokenExpired = domain.FailFor(domain.ReasonTokenExpired, badToken)
	// ErrSessionRevoked is the error of a valid token whose session has ended.
	ErrSessionRevoked = domain.FailFor(domain.ReasonSessionRevoked, badToken)
)

const badToken = "Token is invalid or expired."
