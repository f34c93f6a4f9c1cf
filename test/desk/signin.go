package desk

import (
	"context"
	"strings"
	"sync/atomic"

	"tickt/adapters/password"
	"tickt/application/identity"
	"tickt/domain/access"
	"tickt/domain/account"
)

// Home is the client with which all members sign in.
var Home = account.Client{Address: "192.0.2.1", UserAgent: "desk/1.0"}

// SignIn signs in the account with a user name and Password.
func (d *Desk) SignIn(name string) identity.SignIn {
	d.T.Helper()
	return Must(d.Sessions.Login(d.ctx(), name, Password, Home))(d.T)
}

// Token signs an account in and returns its access token, which expires after five minutes of the desk's clock.
func (d *Desk) Token(name string) string {
	d.T.Helper()
	return d.SignIn(name).AccessToken
}

// Actor signs an account in and returns it as the actor of a request.
func (d *Desk) Actor(name string) access.Actor {
	d.T.Helper()
	return d.Bearer(d.Token(name))
}

// Bearer returns the actor of a request with an access token.
func (d *Desk) Bearer(token string) access.Actor {
	d.T.Helper()
	return Must(ActorOf(d.ctx(), d.Sessions, token))(d.T)
}

// Passwords is a ports.Passwords whose hashes contain the password, because a real hash would make tests slow. It counts
// its calls.
type Passwords struct {
	Hashed, Verified   atomic.Int64
	Hashing, Verifying func() // if set, called before Hash and Verify return
}

// The prefixes of hashes. A hash with Outdated is replaced when its owner signs in.
const (
	current  = "plain:"
	Outdated = "old:"
)

func hashed(password string) string { return current + password }

// Normalise is ports.Passwords.Normalise.
func (*Passwords) Normalise(typed string) (string, error) { return password.Normalise(typed) }

// normalised returns the form of a typed password that is hashed.
func normalised(typed string) string {
	form, err := password.Normalise(typed)
	if err != nil {
		return typed
	}
	return form
}

// Hash is ports.Passwords.Hash.
func (p *Passwords) Hash(_ context.Context, password string) (string, error) {
	p.Hashed.Add(1)
	if p.Hashing != nil {
		p.Hashing()
	}
	return hashed(normalised(password)), nil
}

// Verify is ports.Passwords.Verify.
func (p *Passwords) Verify(_ context.Context, password, hash string) (ok, rehash bool, err error) {
	p.Verified.Add(1)
	if p.Verifying != nil {
		p.Verifying()
	}
	form := normalised(password)
	old := hash == Outdated+password || form != password && hash == hashed(password)
	return old || hash == hashed(form), old, nil
}

// Readable is ports.Passwords.Readable.
func (*Passwords) Readable(hash string) bool {
	return strings.HasPrefix(hash, current) || strings.HasPrefix(hash, Outdated)
}

// phones is a ports.Phones that accepts every number with "+", and takes numbers of ten digits as Nepalese.
type phones struct{}

const nepal = "+977"

func (phones) Region() string { return "NP" }

func (phones) Normalise(number string) (string, bool) {
	number = strings.TrimSpace(number)
	switch {
	case strings.HasPrefix(number, "+"):
		return number, true
	case len(number) == 10 && strings.Trim(number, "0123456789") == "":
		return nepal + number, true
	}
	return "", false
}

func (phones) National(e164 string) string { return strings.TrimPrefix(e164, nepal) }

// ActorOf returns the actor of a bearer token that came by way of the API.
func ActorOf(ctx context.Context, s *identity.Sessions, bearer string) (access.Actor, error) {
	t, err := s.AccessToken(bearer)
	if err != nil {
		return access.Actor{}, err
	}
	return s.ActorOf(ctx, t, access.ViaAPI)
}
