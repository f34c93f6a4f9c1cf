// Package token signs and parses the JSON Web Tokens of sessions: HS256, with exactly the claims of the contract. It does not
// check whether a session is still valid.
package token

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

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

// ownHeader is the encoded header of the tokens that Sign returns.
var ownHeader = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`))

// key returns the secrets, or an error if the header of the token is not acceptable.
func (s *Signer) key(t *jwt.Token) (any, error) {
	encoded, _, _ := strings.Cut(t.Raw, ".")
	if encoded == ownHeader {
		return s.keys, nil
	}
	text, err := s.parser.DecodeSegment(encoded)
	if err != nil {
		return nil, err
	}
	return s.keys, checkHeader(text)
}

// checkHeader fails if a header requires an extension, because this service knows none (RFC 7515 §4.1.11), changes what is
// signed (RFC 7797), does not say that the token is a JWT, or has a member twice. Other members are ignored, as RFC 7515
// demands; the parser has checked the algorithm.
func checkHeader(text []byte) error {
	header, err := members(text)
	if err != nil {
		return err
	}
	for _, name := range [...]string{"crit", "b64"} {
		if _, found := header[name]; found {
			return fmt.Errorf("token: %s in the header", name)
		}
	}
	var kind string
	if err := json.Unmarshal(header["typ"], &kind); err != nil || !strings.EqualFold(kind, "JWT") {
		return errors.New("token: not a JWT by its header")
	}
	return nil
}

// members returns the members of a JSON object by their exact names. It fails if a name occurs twice, because readers differ
// in which one they take (RFC 7515 §4, RFC 7519 §4).
func members(object []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, errors.New("token: not a JSON object")
	}
	all := map[string]json.RawMessage{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		if _, twice := all[name]; twice {
			return nil, fmt.Errorf("token: %q twice", name)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		all[name] = value
	}
	return all, nil
}

// claims is the payload of a token.
type claims struct {
	Type      ports.TokenType
	ExpiresAt *jwt.NumericDate
	IssuedAt  *jwt.NumericDate
	ID        domain.ID
	Account   domain.ID
	Session   domain.ID
}

// claim is the name of a claim, and a pointer to its value.
type claim struct {
	name  string
	value any
}

// all returns the claims in the order in which they are encoded.
func (c *claims) all() [6]claim {
	return [...]claim{
		{"token_type", &c.Type}, {"exp", &c.ExpiresAt}, {"iat", &c.IssuedAt}, {"jti", &c.ID}, {"user_id", &c.Account}, {"sid", &c.Session},
	}
}

// MarshalJSON implements json.Marshaler.
func (c *claims) MarshalJSON() ([]byte, error) {
	text := []byte("{")
	for i, x := range c.all() {
		value, err := json.Marshal(x.value)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = fmt.Appendf(text, "%q:%s", x.name, value)
	}
	return append(text, '}'), nil
}

// UnmarshalJSON implements json.Unmarshaler. Unlike the decoder for structs it distinguishes upper and lower case and
// refuses a claim that occurs twice, and unlike jwt.NumericDate a time that is a string.
func (c *claims) UnmarshalJSON(text []byte) error {
	found, err := members(text)
	if err != nil {
		return err
	}
	for _, x := range c.all() {
		raw, ok := found[x.name]
		if !ok {
			continue
		}
		if _, isTime := x.value.(**jwt.NumericDate); isTime && raw[0] == '"' {
			return fmt.Errorf("token: %s is a string", x.name)
		}
		if err := json.Unmarshal(raw, x.value); err != nil {
			return err
		}
	}
	return nil
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
