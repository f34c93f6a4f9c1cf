// Package password hashes passwords with argon2id and still checks the PBKDF2 hashes that Django made.
// It knows neither accounts nor stores; what makes a password acceptable is the domain's to say.
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

// Hasher is ports.Passwords. It works on a bounded number of hashes at a time, since each one takes a
// processor and 19 MiB for some tens of milliseconds; the others wait for their turn, first come, first served.
type Hasher struct {
	slots   chan struct{}
	waiting atomic.Int64
	decoy   storedHash // what unreadable hashes are checked against
}

// New makes a Hasher that works on at most slots hashes at a time; less than 1 counts as 1.
func New(slots int) *Hasher {
	return &Hasher{
		slots: make(chan struct{}, max(1, slots)),
		decoy: argonHash{cost: currentCost, salt: randomBytes(saltLength), key: randomBytes(keyLength)},
	}
}

// Hash makes a hash with the current parameters and a new salt.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	release, err := h.acquire(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	s := argonHash{cost: currentCost, salt: randomBytes(saltLength)}
	s.key = s.derive(password, keyLength)
	return s.String(), nil
}

// Verify checks a password against a hash, as ports.Passwords promises. It always works one hash out.
func (h *Hasher) Verify(ctx context.Context, password, hash string) (ok, rehash bool, err error) {
	kept, readable := parse(hash)
	if !readable {
		kept = h.decoy
	}
	release, err := h.acquire(ctx)
	if err != nil {
		return false, false, err
	}
	defer release()
	ok = kept.matches(password) && readable
	return ok, ok && !kept.current(), nil
}

// Readable implements ports.Passwords.
func (h *Hasher) Readable(hash string) bool {
	_, ok := parse(hash)
	return ok
}

// Waiting is how many hashes wait for their turn at the moment.
func (h *Hasher) Waiting() int { return int(h.waiting.Load()) }

// acquire waits for a free slot; release gives it back.
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

// storedHash is a stored hash that could be read.
type storedHash interface {
	matches(password string) bool
	current() bool // made with the current parameters
}

// parse reads a stored hash of either kind; ok is false for any other text and for one that would cost too much.
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

// maxLength is the length of the longest stored hash that is looked at, in bytes.
const maxLength = 512

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: it stops the program instead
	return b
}
