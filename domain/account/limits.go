package account

import (
	"time"

	"tickt/domain"
	"tickt/domain/text"
)

// ThrottleWindow is how long failed sign-ins and other limited events are counted, from the first one.
const ThrottleWindow = 15 * time.Minute

// PeopleWindow is how long the lists of people that an account reads are counted, from the first one.
const PeopleWindow = time.Minute

// Count is how many events were counted under a key in the window that began at Start. The zero value counts none.
type Count struct {
	Key   string
	N     int
	Start time.Time
}

// Limit is the maximum of the count under a key. Counts of one group can be cleared together; "" is no group.
type Limit struct {
	Key   string
	Group string
	Max   int
}

// Limits are limits that hold together. An event counts under each of them, for Window from the first one.
type Limits struct {
	Each   []Limit
	Window time.Duration
}

// Keys returns the keys of the counts.
func (l Limits) Keys() []string {
	keys := make([]string, len(l.Each))
	for i := range l.Each {
		keys[i] = l.Each[i].Key
	}
	return keys
}

// Since returns the time after which the window of a count must have begun to hold now.
func (l Limits) Since(now time.Time) time.Time { return now.Add(-l.Window) }

// Blocked reports whether the next event must be refused, and for how long. It ignores counts whose window is over.
func (l Limits) Blocked(counts []Count, now time.Time) (wait time.Duration, blocked bool) {
	return l.reached(counts, now, 0)
}

// Exceeded reports whether counts that already include the present event exceed a limit, and for how long to wait.
func (l Limits) Exceeded(counts []Count, now time.Time) (wait time.Duration, over bool) {
	return l.reached(counts, now, 1)
}

// reached reports whether a count is at its maximum, with own present events on top.
func (l Limits) reached(counts []Count, now time.Time, own int) (wait time.Duration, reached bool) {
	for _, one := range l.Each {
		for _, c := range counts {
			if end := c.Start.Add(l.Window); c.Key == one.Key && now.Before(end) && c.N >= one.Max+own {
				wait, reached = max(wait, end.Sub(now)), true
			}
		}
	}
	return wait, reached
}

// Underway returns how many attempts to sign in may be under way at the same time in one process: of an account from an
// address, and of all accounts for which the address is not known. Events do not count under these limits, and there is no
// window.
func (t Throttle) Underway(known bool) []Limit {
	pair := Limit{Key: t.Pair.Key, Max: 4}
	if known {
		return []Limit{pair}
	}
	return []Limit{pair, {Key: t.Address.Key, Max: 32}}
}

// ForgottenLimits returns the limits of requests for a forgotten password: by what was typed to identify the account, whether
// or not there is one, and by IP address. by tells user names from e-mail addresses.
func ForgottenLimits(by, typed, address string, hash func(string) string) Limits {
	return Limits{Window: ThrottleWindow, Each: []Limit{
		{Key: hash("forgotten\x00" + by + "\x00" + text.Key(typed)), Max: 5},
		{Key: hash("forgotten from\x00" + networkKey(address)), Max: 50},
	}}
}

// LinkLimits returns the limits of links that do not work, by IP address.
func LinkLimits(address string, hash func(string) string) Limits {
	return oneLimit(hash("link\x00"+networkKey(address)), 50, ThrottleWindow)
}

// EmailChangeLimits returns the limits of the mails that an account may cause by changing its address.
func EmailChangeLimits(id domain.ID, hash func(string) string) Limits {
	return oneLimit(hash("email change\x00"+string(id)), 5, ThrottleWindow)
}

// PhoneChangeLimits returns the limits of the phone numbers that an account may ask for: each response reports whether another
// account has the number.
func PhoneChangeLimits(id domain.ID, hash func(string) string) Limits {
	return oneLimit(hash("phone change\x00"+string(id)), 5, ThrottleWindow)
}

// PeopleLimits returns the limits of the lists of people that an account may read.
func PeopleLimits(id domain.ID, hash func(string) string) Limits {
	return oneLimit(hash("people\x00"+string(id)), 120, PeopleWindow)
}

func oneLimit(key string, most int, window time.Duration) Limits {
	return Limits{Each: []Limit{{Key: key, Max: most}}, Window: window}
}
