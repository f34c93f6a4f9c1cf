// Package token signs and parses the JSON Web Tokens of sessions: HS256, with exactly the claims of the contract. It does not
// check whether a session is still valid.
package token

import (
	"errors"

	"github.com/golang-jwt/jwt/v5"

	"tickt/domain"
	"tickt/ports"
)

var _ ports.Tokens = (*Signer)(nil)

// maxLength is the length in bytes of the longest text that is parsed. Tokens of this service have about 400.
const maxLength = 1024

// Signer implements ports.Tokens.
type Signer struct {
	secret []byte
	keys   jwt.VerificationKeySet // that Read accepts
	parser *jwt.Parser
}

// New returns a Signer, which also reads tokens that were signed with previous secrets. Anyone who knows a secret can make
// tokens for every account. With an empty secret, Sign fails and Read accepts nothing; empty previous secrets are left out.
// Tokens expire by the clock.
func New(secret []byte, clock ports.Clock, previous ...[]byte) *Signer {
	var keys jwt.VerificationKeySet
	for _, key := range append([][]byte{secret}, previous...) {
		if len(key) > 0 {
			keys.Keys = append(keys.Keys, key)
		}
	}
	return &Signer{secret: secret, keys: keys, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(),
		jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(clock),
	)}
}

// Sign returns a signed token. Its times are truncated to seconds. The same token always gets the same text.
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

// Read implements ports.Tokens.
func (s *Signer) Read(text string) (ports.Token, error) {
	if len(text) > maxLength || len(s.secret) == 0 {
		return ports.Token{}, ports.ErrTokenInvalid
	}
	var c claims
	_, err := s.parser.ParseWithClaims(text, &c, s.key)
	switch expired := errors.Is(err, jwt.ErrTokenExpired); {
	case err != nil && !expired, !c.valid():
		return ports.Token{}, ports.ErrTokenInvalid
	case expired:
		return ports.Token{}, ports.ErrTokenExpired
	}
	return ports.Token{
		Type: c.Type, ID: c.ID, Session: c.Session, Account: c.Account,
		IssuedAt: c.IssuedAt.UTC(), ExpiresAt: c.ExpiresAt.UTC(),
	}, nil
}

func (s *Signer) key(*jwt.Token) (any, error) { return s.keys, nil }

// claims is the payload of a token, in the order in which it is encoded.
type claims struct {
	Type      ports.TokenType  `json:"token_type"`
	ExpiresAt *jwt.NumericDate `json:"exp"`
	IssuedAt  *jwt.NumericDate `json:"iat"`
	ID        domain.ID        `json:"jti"`
	Account   domain.ID        `json:"user_id"`
	Session   domain.ID        `json:"sid"`
}

// valid reports whether claims with a good signature have the form of claims that Sign writes.
func (c *claims) valid() bool {
	known := c.Type == ports.AccessToken || c.Type == ports.RefreshToken
	return known && c.IssuedAt != nil && isID(c.ID) && isID(c.Account) && isID(c.Session)
}

func isID(id domain.ID) bool {
	_, ok := domain.ParseID(string(id))
	return ok
}

// The methods of jwt.Claims. Tokens have no issuer, subject, audience or not-before time.

func (c *claims) GetExpirationTime() (*jwt.NumericDate, error) { return c.ExpiresAt, nil }
func (c *claims) GetIssuedAt() (*jwt.NumericDate, error)       { return c.IssuedAt, nil }
func (c *claims) GetNotBefore() (*jwt.NumericDate, error)      { return nil, nil }
func (c *claims) GetIssuer() (string, error)                   { return "", nil }
func (c *claims) GetSubject() (string, error)                  { return "", nil }
func (c *claims) GetAudience() (jwt.ClaimStrings, error)       { return nil, nil }
