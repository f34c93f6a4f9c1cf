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
	// Read returns the content of a token; ok is false if the token is malformed, forged or expired.
	Read(text string) (t Token, ok bool)
}
