// Package token signs and reads the JSON Web Tokens of sign-ins: HS256, with the claims of the contract and
// nothing else. It does not know whether a session still lives.
package token

import (
	"errors"

	"github.com/golang-jwt/jwt/v5"

	"tickt/domain"
	"tickt/ports"
)

var _ ports.Tokens = (*Signer)(nil)

// maxLength is the length of the longest text that is looked at, in bytes; tokens of this service have about 400.
const maxLength = 1024

// Signer is ports.Tokens.
type Signer struct {
	secret []byte
	parser *jwt.Parser
}

// New makes a Signer. Whoever knows the secret can make tokens for everybody; with an empty one nothing is
// signed and nothing read. Tokens expire by the clock.
func New(secret []byte, clock ports.Clock) *Signer {
	return &Signer{secret: secret, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(),
		jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(clock),
	)}
}

// Sign writes a token. Its times are kept to the second, cut: equal tokens have equal texts.
func (s *Signer) Sign(t ports.Token) (string, error) {
	if len(s.secret) == 0 {
		return "", errNoSecret
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS256, &claims{
		Type:      t.Type,
		ExpiresAt: jwt.NewNumericDate(t.ExpiresAt),
		IssuedAt:  jwt.NewNumericDate(t.IssuedAt),
		ID:        t.ID,
		Account:   t.Account,
		Session:   t.Session,
	}).SignedString(s.secret)
}

var errNoSecret = errors.New("token: no secret to sign with")

// Read gives what a token says, as ports.Tokens promises.
func (s *Signer) Read(text string) (ports.Token, bool) {
	if len(text) > maxLength || len(s.secret) == 0 {
		return ports.Token{}, false
	}
	var c claims
	if _, err := s.parser.ParseWithClaims(text, &c, s.key); err != nil || !c.valid() {
		return ports.Token{}, false
	}
	return ports.Token{
		Type: c.Type, ID: c.ID, Session: c.Session, Account: c.Account,
		IssuedAt: c.IssuedAt.UTC(), ExpiresAt: c.ExpiresAt.UTC(),
	}, true
}

func (s *Signer) key(*jwt.Token) (any, error) { return s.secret, nil }

// claims is the body of a token, in the order in which it is written.
type claims struct {
	Type      ports.TokenType  `json:"token_type"`
	ExpiresAt *jwt.NumericDate `json:"exp"`
	IssuedAt  *jwt.NumericDate `json:"iat"`
	ID        domain.ID        `json:"jti"`
	Account   domain.ID        `json:"user_id"`
	Session   domain.ID        `json:"sid"`
}

// valid says whether claims that carry our signature are ones that we could have written.
func (c *claims) valid() bool {
	known := c.Type == ports.AccessToken || c.Type == ports.RefreshToken
	return known && c.IssuedAt != nil && isID(c.ID) && isID(c.Account) && isID(c.Session)
}

func isID(id domain.ID) bool {
	_, ok := domain.ParseID(string(id))
	return ok
}

// What jwt.Claims asks for. Tokens carry neither issuer, subject, audience nor a time before which they do not count.

func (c *claims) GetExpirationTime() (*jwt.NumericDate, error) { return c.ExpiresAt, nil }
func (c *claims) GetIssuedAt() (*jwt.NumericDate, error)       { return c.IssuedAt, nil }
func (c *claims) GetNotBefore() (*jwt.NumericDate, error)      { return nil, nil }
func (c *claims) GetIssuer() (string, error)                   { return "", nil }
func (c *claims) GetSubject() (string, error)                  { return "", nil }
func (c *claims) GetAudience() (jwt.ClaimStrings, error)       { return nil, nil }
