package identity

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// Sessions are the use cases of signing in, staying signed in and signing out.
type Sessions struct {
	usecase.Base
	Passwords ports.Passwords
	Tokens    ports.Tokens
}

// SignIn is what somebody who signed in gets.
type SignIn struct {
	Account      account.Account
	Role         string // the role's name; "" without a role
	AccessToken  string
	RefreshToken string
	Menus        []access.Menu // all of them; Grants say which ones to show
	Grants       access.Grants
}

// The failures of signing in. They do not say which part was wrong.
var (
	errNoSuchUser    = domain.Fail(domain.Unauthenticated, "Oops! We couldn't find any users.")
	errNoCredentials = domain.Fail(domain.Unauthenticated, "Authentication credentials were not provided.")
	errBadToken      = domain.Fail(domain.Unauthenticated, "Token is invalid or expired.")
)

// Login signs somebody in who comes from an address. Whatever is wrong, an unknown name included, it fails
// as the same Unauthenticated after one hash was worked out; after too many failures as Throttled, before any.
func (s *Sessions) Login(ctx context.Context, username, password, address string) (SignIn, error) {
	if err := requireCredentials(username, password); err != nil {
		return SignIn{}, err
	}
	attempt := attempt{key: domain.FoldCase(username), now: s.Clock()}
	attempt.throttle = account.ThrottleFor(attempt.key, address, digest)
	if err := s.lookUp(ctx, username, &attempt); err != nil {
		return SignIn{}, err
	}
	ok, rehash, err := s.Passwords.Verify(ctx, password, attempt.account.PasswordHash)
	if err != nil {
		return SignIn{}, err
	}
	if !ok || !attempt.account.MaySignIn(attempt.account.PasswordHash) {
		return SignIn{}, s.fail(ctx, attempt)
	}
	newHash := ""
	if rehash {
		if newHash, err = s.Passwords.Hash(ctx, password); err != nil {
			return SignIn{}, err
		}
	}
	return s.signIn(ctx, attempt, newHash)
}

// attempt is one try to sign in.
type attempt struct {
	key      string // the folded user name
	now      time.Time
	throttle account.Throttle
	account  account.Account // the zero value where nobody has the name
}

func requireCredentials(username, password string) error {
	var p domain.Problems
	if strings.TrimSpace(username) == "" {
		p.Add("username", domain.CodeBlank, domain.Params{"label": domain.TermUsername})
	}
	if password == "" {
		p.Add("password", domain.CodeBlank, domain.Params{"label": domain.TermPassword})
	}
	return p.Err()
}

// digest hides what was typed into the name field from whoever reads the store.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// lookUp finds who wants to sign in, unless too many attempts failed before.
func (s *Sessions) lookUp(ctx context.Context, username string, a *attempt) error {
	return s.Store.View(ctx, func(tx ports.Tx) error {
		if err := mayTry(ctx, tx, *a); err != nil {
			return err
		}
		key, possible := account.NameKey(username)
		if !possible {
			return nil
		}
		found, err := tx.Accounts.Named(ctx, key)
		if err != nil && !errors.Is(err, domain.ErrNotFound) {
			return err
		}
		a.account = found
		return nil
	})
}

// mayTry fails as Throttled while the attempt is blocked.
func mayTry(ctx context.Context, tx ports.Tx, a attempt) error {
	counts, err := tx.Throttle.Counts(ctx, a.throttle.Keys(), a.now.Add(-account.ThrottleWindow))
	if err != nil {
		return err
	}
	if wait, blocked := a.throttle.Blocked(counts, a.now); blocked {
		return throttled(wait)
	}
	return nil
}

func throttled(wait time.Duration) error {
	return &domain.Error{Kind: domain.Throttled, Message: "Too many failed login attempts. Please try again later.", RetryAfter: wait}
}

// fail counts a failed attempt. One that began beside too many others is told that it was one too many, so
// that a burst learns no more than the limit allows.
func (s *Sessions) fail(ctx context.Context, a attempt) error {
	counts, err := usecase.Update(ctx, s.Store, func(tx ports.Tx) ([]account.Count, error) {
		return tx.Throttle.Hit(ctx, a.throttle.Keys(), a.now, a.now.Add(-account.ThrottleWindow))
	})
	if err != nil {
		return err
	}
	if wait, over := a.throttle.Exceeded(counts, a.now); over {
		return throttled(wait)
	}
	return errNoSuchUser
}

// signIn starts a session for whoever knew the password. The counts are read again: a right guess within a
// burst of wrong ones is worth nothing once the burst has gone past a limit.
func (s *Sessions) signIn(ctx context.Context, a attempt, newHash string) (SignIn, error) {
	session := account.NewSession(s.NewID(), a.account.ID, s.NewID(), a.now)
	in, err := usecase.Update(ctx, s.Store, func(tx ports.Tx) (SignIn, error) {
		known, err := tx.Accounts.Lock(ctx, a.account.ID)
		if errors.Is(err, domain.ErrNotFound) || err == nil && !known.MaySignIn(a.account.PasswordHash) {
			return SignIn{}, errNoSuchUser
		}
		if err != nil {
			return SignIn{}, err
		}
		if err := mayTry(ctx, tx, a); err != nil {
			return SignIn{}, err
		}
		known.MarkLogin(a.now, newHash)
		return s.start(ctx, tx, a, known, session)
	})
	if err != nil {
		return SignIn{}, err
	}
	in.AccessToken, in.RefreshToken, err = s.tokens(session, a.now)
	return in, err
}

// start stores a sign-in and gives what the account may do.
func (s *Sessions) start(ctx context.Context, tx ports.Tx, a attempt, known account.Account, session account.Session) (SignIn, error) {
	if err := tx.Throttle.Clear(ctx, a.throttle.Pair.Key); err != nil {
		return SignIn{}, err
	}
	if err := tx.Accounts.Save(ctx, known); err != nil {
		return SignIn{}, err
	}
	if err := tx.Sessions.Add(ctx, session); err != nil {
		return SignIn{}, err
	}
	actor, err := tx.Sessions.Actor(ctx, session.ID, a.now)
	if err != nil {
		return SignIn{}, err
	}
	menus, err := tx.Menus.All(ctx)
	return SignIn{Account: known, Role: actor.RoleName, Menus: menus, Grants: actor.Grants}, err
}
