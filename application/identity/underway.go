package identity

import (
	"context"
	"sync"
	"time"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

// Guard verifies the passwords of attempts to sign in, a limited number at a time for each account and address, so that one
// client does not fill the queue of ports.Passwords. The limits hold in one process. Its methods may be called concurrently.
type Guard struct {
	passwords ports.Passwords
	mu        sync.Mutex
	underway  map[string]int // by key of the limit; no entry is 0
}

// NewGuard returns a Guard of passwords.
func NewGuard(passwords ports.Passwords) *Guard {
	return &Guard{passwords: passwords, underway: map[string]int{}}
}

// verify reports whether a password matches the hash of the attempt's account, as ports.Passwords.Verify does. The attempt is
// under way until the caller calls leave, which is never nil. If too many are, it fails as Throttled without computing a hash.
func (g *Guard) verify(ctx context.Context, a attempt, password string) (ok, rehash bool, leave func(), err error) {
	limits := a.throttle.Underway(a.known)
	if !g.enter(limits) {
		return false, false, stay, errTooManyUnderway
	}
	leave = func() { g.leave(limits) }
	ok, rehash, err = g.passwords.Verify(ctx, password, a.account.PasswordHash)
	return ok, rehash, leave, err
}

// errTooManyUnderway is the error of an attempt that is not processed because of others that are. It counts as no failure.
var errTooManyUnderway = &domain.Error{
	Kind: domain.Throttled, Message: "Too many sign-ins at the same time. Please try again.", RetryAfter: time.Second,
}

// stay is the leave of what is not under way.
func stay() {}

// enter counts an attempt under all limits, or under none if one of them is reached.
func (g *Guard) enter(limits []account.Limit) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, l := range limits {
		if g.underway[l.Key] >= l.Max {
			return false
		}
	}
	for _, l := range limits {
		g.underway[l.Key]++
	}
	return true
}

func (g *Guard) leave(limits []account.Limit) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, l := range limits {
		if g.underway[l.Key]--; g.underway[l.Key] == 0 {
			delete(g.underway, l.Key)
		}
	}
}
