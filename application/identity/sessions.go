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

// SignIn is what a client gets when it signs in.
type SignIn struct {
	Account      account.Account
	Role         string // name of the role; "" without a role
	AccessToken  string
	RefreshToken string
	Menus        []access.Menu // all menus; Grants tell which of them to show
	Grants       access.Grants
}

// The errors of signing in. They do not reveal which part was wrong.
var (
	errNoSuchUser    = domain.FailFor(domain.ReasonCredentialsInvalid, "Oops! We couldn't find any users.")
	errNoCredentials = domain.FailFor(domain.ReasonTokenMissing, "Authentication credentials were not provided.")
)

// Login signs in a user of a client. It fails as Invalid if the name or the password is missing. Whatever else
// is wrong, even an unknown name, it fails with the same Unauthenticated error after computing one hash. After too many
// failures it fails as Throttled, without computing a hash; of parallel attempts, those above the limit compute one.
func (s *Sessions) Login(ctx context.Context, username, password string, client account.Client) (SignIn, error) {
	if err := requireCredentials(username, password); err != nil {
		return SignIn{}, err
	}
	attempt := attempt{key: domain.FoldCase(username), now: s.Clock(), client: client}
	attempt.throttle = account.ThrottleFor(attempt.key, client.Address, digest)
	if err := s.findAccount(ctx, username, &attempt); err != nil {
		return SignIn{}, err
	}
	ok, rehash, err := s.Passwords.Verify(ctx, password, attempt.account.PasswordHash)
	if err != nil {
		return SignIn{}, err
	}
	if !ok || !attempt.account.MaySignIn(attempt.account.PasswordHash) {
		return SignIn{}, countFailure(ctx, s.Store, attempt, errNoSuchUser)
	}
	newHash := ""
	if rehash {
		if newHash, err = s.Passwords.Hash(ctx, password); err != nil {
			return SignIn{}, err
		}
	}
	return s.signIn(ctx, attempt, newHash)
}

// attempt is one attempt to sign in.
type attempt struct {
	key      string // the folded user name
	now      time.Time
	client   account.Client
	throttle account.Throttle
	account  account.Account // the zero value if no account has the name
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

// digest hides what was typed as the user name from those who can read the store.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// findAccount finds the account of an attempt, unless it is throttled.
func (s *Sessions) findAccount(ctx context.Context, username string, a *attempt) error {
	return s.Store.View(ctx, func(tx ports.Tx) error {
		if err := checkThrottle(ctx, tx, *a); err != nil {
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

// checkThrottle fails as Throttled while the attempt is blocked.
func checkThrottle(ctx context.Context, tx ports.Tx, a attempt) error {
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

// countFailure counts an attempt with a wrong password and returns wrong. Of parallel attempts, those above the limit fail
// as Throttled, so that a burst gets no more guesses than the limit allows.
func countFailure(ctx context.Context, store ports.Store, a attempt, wrong error) error {
	counts, err := usecase.Update(ctx, store, func(tx ports.Tx) ([]account.Count, error) {
		return tx.Throttle.Hit(ctx, a.throttle.Keys(), a.now, a.now.Add(-account.ThrottleWindow))
	})
	if err != nil {
		return err
	}
	if wait, over := a.throttle.Exceeded(counts, a.now); over {
		return throttled(wait)
	}
	return wrong
}

// signIn starts a session after the password was verified. It reads the counts of failures again: within a burst of
// wrong guesses, a right one is refused once the burst has exceeded a limit.
func (s *Sessions) signIn(ctx context.Context, a attempt, newHash string) (SignIn, error) {
	session := account.NewSession(s.NewID(), a.account.ID, s.NewID(), a.now)
	session.SeenFrom(a.client)
	in, err := usecase.Update(ctx, s.Store, func(tx ports.Tx) (SignIn, error) {
		known, err := tx.Accounts.Lock(ctx, a.account.ID)
		if errors.Is(err, domain.ErrNotFound) || err == nil && !known.MaySignIn(a.account.PasswordHash) {
			return SignIn{}, errNoSuchUser
		}
		if err != nil {
			return SignIn{}, err
		}
		if err := checkThrottle(ctx, tx, a); err != nil {
			return SignIn{}, err
		}
		known.MarkLogin(a.now, newHash)
		return s.storeSignIn(ctx, tx, a, known, session)
	})
	if err != nil {
		return SignIn{}, err
	}
	in.AccessToken, in.RefreshToken, err = s.tokens(session, a.now)
	return in, err
}

// storeSignIn stores a sign-in and returns what the account may do.
func (s *Sessions) storeSignIn(
	ctx context.Context, tx ports.Tx, a attempt, known account.Account, session account.Session,
) (SignIn, error) {
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
