// Package password hashes passwords with argon2id, and also checks PBKDF2 hashes of Django. Which passwords are acceptable is
// decided in domain/account.
package password

import (
	"context"
	"crypto/rand"
	"sync/atomic"
	"time"

	"tickt/domain"
	"tickt/ports"
)

var _ ports.Passwords = (*Hasher)(nil)

// Hasher implements ports.Passwords. It computes a limited number of hashes at a time, since each one occupies a processor and
// 19 MiB for some tens of milliseconds. The others wait, first come, first served.
type Hasher struct {
	slots   chan struct{}
	waiting atomic.Int64
	decoy   storedHash // checked in place of an unreadable hash
}

// New returns a Hasher that computes at most slots hashes at a time; less than 1 counts as 1.
func New(slots int) *Hasher {
	return &Hasher{
		slots: make(chan struct{}, max(1, slots)),
		decoy: argonHash{cost: currentCost, salt: randomBytes(saltLength), key: randomBytes(keyLength)},
	}
}

// Hash returns a hash of the normalised form of a password with the current parameters and a new salt. A password that cannot be
// normalised is hashed as it is.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	release, err := h.acquire(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	s := argonHash{cost: currentCost, salt: randomBytes(saltLength)}
	s.key = s.derive(typedForms(password)[0], keyLength)
	return s.String(), nil
}

// Verify implements ports.Passwords. It computes one hash for each form of the password, whether or not the first one matches or
// the hash can be read: how long it takes depends only on what was typed.
func (h *Hasher) Verify(ctx context.Context, password, hash string) (ok, rehash bool, err error) {
	stored, readable := parse(hash)
	if !readable {
		stored = h.decoy
	}
	release, err := h.acquire(ctx)
	if err != nil {
		return false, false, err
	}
	defer release()
	current := false
	for i, form := range typedForms(password) {
		if stored.matches(form) && readable {
			ok, current = true, current || i == 0 && stored.current()
		}
	}
	return ok, ok && !current, nil
}

// Readable implements ports.Passwords.
func (h *Hasher) Readable(hash string) bool {
	_, ok := parse(hash)
	return ok
}

// Waiting returns the number of hashes that wait for a slot.
func (h *Hasher) Waiting() int { return int(h.waiting.Load()) }

// acquire waits for a free slot. release frees it. If ctx ends first, the error is Unavailable.
func (h *Hasher) acquire(ctx context.Context) (release func(), err error) {
	h.waiting.Add(1)
	defer h.waiting.Add(-1)
	if err := ctx.Err(); err != nil {
		return nil, tooBusy(err)
	}
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, tooBusy(ctx.Err())
	}
}

func tooBusy(cause error) error {
	return &domain.Error{
		Kind: domain.Unavailable, Message: "Too many people sign in at the moment. Please try again.",
		RetryAfter: time.Second, Cause: cause,
	}
}

// storedHash is a parsed hash.
type storedHash interface {
	matches(password string) bool
	current() bool // made with the current parameters
}

// parse parses a stored hash of either kind. ok is false for any other text and for a hash beyond the limits.
func parse(text string) (s storedHash, ok bool) {
	if len(text) > maxLength {
		return nil, false
	}
	if s, ok := parseArgon(text); ok {
		return s, true
	}
	if s, ok := parseDjango(text); ok {
		return s, true
	}
	return nil, false
}

// maxLength is the length in bytes of the longest stored hash that is parsed.
const maxLength = 512

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: it stops the program instead
	return b
}
