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
	"tickt/domain/text"
	"tickt/ports"
)

// Sessions are the use cases of signing in, staying signed in and signing out.
type Sessions struct {
	usecase.Base
	Passwords ports.Passwords
	Tokens    ports.Tokens
	Guard     *Guard // of Passwords
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
// failures it fails as Throttled, without computing a hash; of parallel attempts, those above the limit compute one, whether
// the password is right or not. It also fails as Throttled, without computing a hash or counting a failure, while too many
// attempts are under way, see account.Throttle.Underway. If it fails, SignIn holds only the account of that name, for the log; the
// zero value if there is none.
func (s *Sessions) Login(ctx context.Context, username, password string, client account.Client) (SignIn, error) {
	if err := requireCredentials(username, password); err != nil {
		return SignIn{}, err
	}
	attempt, err := s.attempt(ctx, username, client)
	refused := SignIn{Account: attempt.account}
	if err != nil {
		return refused, err
	}
	ok, rehash, leave, err := s.Guard.verify(ctx, attempt, password)
	defer leave()
	if err != nil {
		return refused, err
	}
	right := ok && attempt.account.MaySignIn(attempt.account.PasswordHash)
	if err := settle(ctx, s.Store, &attempt, right, errNoSuchUser); err != nil {
		return refused, err
	}
	newHash := ""
	if rehash {
		if newHash, err = s.Passwords.Hash(ctx, password); err != nil {
			return refused, err
		}
	}
	in, err := s.signIn(ctx, attempt, newHash)
	if err != nil {
		return refused, err
	}
	return in, nil
}

// attempt is one attempt to sign in.
type attempt struct {
	now      time.Time
	client   account.Client
	throttle account.Throttle
	account  account.Account // the zero value if no account has the name
	known    bool            // whether the address is known for the account
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

// attempt returns an attempt with the account that it is for. It fails as Throttled if the attempt is blocked. It reads the
// same for a name that no account has.
func (s *Sessions) attempt(ctx context.Context, username string, client account.Client) (attempt, error) {
	lookup, possible := account.LookupOf(username)
	a := attempt{now: s.Clock(), client: client, throttle: account.ThrottleFor(lookup.Key, client.Address, digest)}
	err := s.Store.View(ctx, func(tx ports.Tx) (err error) {
		if possible {
			if a.account, err = tx.Accounts.Named(ctx, lookup); err != nil && !errors.Is(err, domain.ErrNotFound) {
				return err
			}
		}
		_, err = checkThrottle(ctx, tx, &a)
		return err
	})
	return a, err
}

// checkThrottle returns the counts of an attempt, and notes whether its address is known. It fails as Throttled while the
// attempt is blocked.
func checkThrottle(ctx context.Context, tx ports.Tx, a *attempt) ([]account.Count, error) {
	counts, address, err := tx.Throttle.Counts(ctx, a.throttle.Keys(), a.now.Add(-account.ThrottleWindow), a.account.ID, a.throttle.Network)
	if err != nil {
		return nil, err
	}
	a.known = address.Known(a.now)
	if wait, blocked := a.throttle.Limits(a.known).Blocked(counts, a.now); blocked {
		return nil, throttled(wait)
	}
	return counts, nil
}

func throttled(wait time.Duration) error {
	return &domain.Error{Kind: domain.Throttled, Message: "Too many failed login attempts. Please try again later.", RetryAfter: wait}
}

// settle ends an attempt after its password was verified: it returns nil if the password is right, or else counts the attempt
// and returns wrong. It reads the counts again: an attempt that parallel ones have carried above the limit is counted and fails
// as Throttled, so that a burst gets no more guesses than the limit allows. Such an attempt costs the same whether the password
// is right or not, and a caller computes no further hash before settle has accepted it: the time of the response tells nothing.
func settle(ctx context.Context, store ports.Store, a *attempt, right bool, wrong error) error {
	blocked := store.View(ctx, func(tx ports.Tx) error {
		_, err := checkThrottle(ctx, tx, a)
		return err
	})
	switch {
	case blocked == nil && right:
		return nil
	case blocked != nil && domain.KindOf(blocked) != domain.Throttled:
		return blocked
	}
	wait, over, err := hit(ctx, store, a.throttle.Limits(a.known), a.now)
	switch {
	case err != nil:
		return err
	case over:
		return throttled(wait)
	case blocked != nil:
		return blocked
	default:
		return wrong
	}
}

// signIn starts a session after settle has accepted the attempt. It reads the counts of failures once more, with the account
// locked: within a burst of wrong guesses, a right one is refused once the burst has exceeded a limit.
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
		counts, err := checkThrottle(ctx, tx, &a)
		if err != nil {
			return SignIn{}, err
		}
		if err := passThrottle(ctx, tx, a, counts); err != nil {
			return SignIn{}, err
		}
		known.MarkLogin(a.now, newHash)
		return s.storeSignIn(ctx, tx, a.now, known, session)
	})
	if err != nil {
		return SignIn{}, err
	}
	in.AccessToken, in.RefreshToken, err = s.tokens(session, a.now)
	return in, err
}

// passThrottle clears the counts of the account and address of a sign-in, if there are any, and makes the address known, if
// there is one.
func passThrottle(ctx context.Context, tx ports.Tx, a attempt, counts []account.Count) error {
	if keys := a.throttle.ToClear(counts); keys != nil {
		if err := tx.Throttle.Clear(ctx, keys); err != nil {
			return err
		}
	}
	if a.throttle.Network == "" {
		return nil
	}
	err := tx.KnownAddresses.Save(ctx, account.KnownAddress{AccountID: a.account.ID, Address: a.throttle.Network, SignedInAt: a.now})
	if err != nil || a.known {
		return err
	}
	return tx.KnownAddresses.ForgetOldest(ctx, a.account.ID, account.MaxKnownAddresses, excessBatch)
}

// unlock clears the counts of failed sign-ins of an account.
func unlock(ctx context.Context, tx ports.Tx, a account.Account) error {
	return tx.Throttle.ClearGroup(ctx, account.ThrottleGroup(text.Key(a.Username), digest))
}

// excessBatch is how many sessions, or known addresses, over the maximum one sign-in ends. More can exist only from before there
// was a maximum; later sign-ins end them.
const excessBatch = 300

// storeSignIn ends the oldest sessions over the maximum, stores a sign-in and returns what the account may do.
func (s *Sessions) storeSignIn(
	ctx context.Context, tx ports.Tx, now time.Time, known account.Account, session account.Session,
) (SignIn, error) {
	if err := tx.Accounts.Save(ctx, known); err != nil {
		return SignIn{}, err
	}
	if err := tx.Sessions.RevokeOldest(ctx, known.ID, account.MaxSessions-1, excessBatch, now); err != nil {
		return SignIn{}, err
	}
	if err := tx.Sessions.Add(ctx, session); err != nil {
		return SignIn{}, err
	}
	actor, err := tx.Sessions.Actor(ctx, session.ID, now)
	if err != nil {
		return SignIn{}, err
	}
	menus, err := tx.Menus.All(ctx)
	return SignIn{Account: known, Role: actor.RoleName, Menus: menus, Grants: actor.Grants}, err
}
