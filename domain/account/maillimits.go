package account

import (
	"time"

	"tickt/domain"
)

// Limits are limits that hold together. All of them count within ThrottleWindow.
type Limits []Limit

// Keys returns the keys of the counts.
func (l Limits) Keys() []string {
	keys := make([]string, len(l))
	for i := range l {
		keys[i] = l[i].Key
	}
	return keys
}

// Exceeded reports whether counts that already include the present event exceed a limit, and for how long to wait.
func (l Limits) Exceeded(counts []Count, now time.Time) (wait time.Duration, over bool) {
	return l.reached(counts, now, 1)
}

// Blocked reports whether the next event would exceed a limit, and for how long to wait.
func (l Limits) Blocked(counts []Count, now time.Time) (wait time.Duration, blocked bool) {
	return l.reached(counts, now, 0)
}

func (l Limits) reached(counts []Count, now time.Time, own int) (wait time.Duration, reached bool) {
	for _, one := range l {
		if w, hit := one.reached(counts, ThrottleWindow, now, one.Max+own); hit {
			wait, reached = max(wait, w), true
		}
	}
	return wait, reached
}

// ForgottenLimits returns the limits of requests for a forgotten password: by what was typed to identify the account, whether
// or not there is one, and by IP address. by tells user names from e-mail addresses.
func ForgottenLimits(by, typed, address string, hash func(string) string) Limits {
	return Limits{
		{Key: hash("forgotten\x00" + by + "\x00" + domain.FoldCase(typed)), Max: 5},
		{Key: hash("forgotten from\x00" + networkKey(address)), Max: 50},
	}
}

// LinkLimits returns the limits of links that do not work, by IP address.
func LinkLimits(address string, hash func(string) string) Limits {
	return Limits{{Key: hash("link\x00" + networkKey(address)), Max: 50}}
}

func networkKey(address string) string {
	network, _ := networkOf(address)
	return network
}

// EmailChangeLimits returns the limits of the mails that an account may cause by changing its address.
func EmailChangeLimits(id domain.ID, hash func(string) string) Limits {
	return Limits{{Key: hash("email change\x00" + string(id)), Max: 5}}
}
