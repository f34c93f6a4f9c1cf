package account

import (
	"time"

	"tickt/domain"
)

// KnownFor is how long an address stays known for an account after a sign-in.
const KnownFor = 30 * 24 * time.Hour

// MaxKnownAddresses is the maximum number of known addresses of an account. A further one replaces the oldest.
const MaxKnownAddresses = 100

// KnownAddress is an address, or the /64 network of an IPv6 address, from which an account signed in. Address is
// Throttle.Network, which hides it.
type KnownAddress struct {
	AccountID  domain.ID
	Address    string
	SignedInAt time.Time // last; zero: never
}

// Known reports whether the last sign-in was within KnownFor.
func (k KnownAddress) Known(now time.Time) bool {
	return !k.SignedInAt.IsZero() && now.Before(k.SignedInAt.Add(KnownFor))
}
