package desk

import (
	"context"
	"strings"
	"sync/atomic"

	"tickt/application/identity"
	"tickt/domain/access"
)

// Home is the address from which everybody signs in.
const Home = "192.0.2.1"

// SignIn signs in whoever has a user name and Password.
func (d *Desk) SignIn(name string) identity.SignIn {
	d.T.Helper()
	return Must(d.Sessions.Login(d.ctx(), name, Password, Home))(d.T)
}

// Token signs somebody in and returns the access token, which lives for five minutes of the desk's clock.
func (d *Desk) Token(name string) string {
	d.T.Helper()
	return d.SignIn(name).AccessToken
}

// Actor is somebody who signs in, as the next request will see it.
func (d *Desk) Actor(name string) access.Actor {
	d.T.Helper()
	return d.Bearer(d.Token(name))
}

// Bearer is whoever sends a request with an access token.
func (d *Desk) Bearer(token string) access.Actor {
	d.T.Helper()
	return Must(d.Sessions.Actor(d.ctx(), token, access.ViaAPI))(d.T)
}

// Passwords are a ports.Passwords that hashes without hiding anything: tests have no time for more. It counts its work.
type Passwords struct {
	Hashed, Verified   atomic.Int64
	Hashing, Verifying func() // if set, called in the middle of the work
}

// What a hash is in front of the password: an outdated one is made again when its owner signs in.
const (
	current  = "plain:"
	Outdated = "old:"
)

func hashed(password string) string { return current + password }

// Hash is ports.Passwords.Hash.
func (p *Passwords) Hash(_ context.Context, password string) (string, error) {
	p.Hashed.Add(1)
	if p.Hashing != nil {
		p.Hashing()
	}
	return hashed(password), nil
}

// Verify is ports.Passwords.Verify.
func (p *Passwords) Verify(_ context.Context, password, hash string) (ok, rehash bool, err error) {
	p.Verified.Add(1)
	if p.Verifying != nil {
		p.Verifying()
	}
	old := hash == Outdated+password
	return old || hash == hashed(password), old, nil
}

// Readable is ports.Passwords.Readable.
func (*Passwords) Readable(hash string) bool {
	return strings.HasPrefix(hash, current) || strings.HasPrefix(hash, Outdated)
}

// phones take every number that is written with "+", and those of ten digits as Nepal's.
type phones struct{}

const nepal = "+977"

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
