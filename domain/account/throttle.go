package account

import (
	"net/netip"
	"time"

	"tickt/domain"
)

// ThrottleWindow is how long failed sign-ins are counted, from the first one.
const ThrottleWindow = 15 * time.Minute

// PeopleWindow is how long the lists of people that an account reads are counted, from the first one.
const PeopleWindow = time.Minute

// Count is how many events were counted under a key in the window that began at Start. The zero value counts none.
type Count struct {
	Key   string
	N     int
	Start time.Time
}

// Limit is the maximum of the count under a key.
type Limit struct {
	Key string
	Max int
}

// PeopleLimit returns the limit of the lists of people that an account may read within PeopleWindow.
func PeopleLimit(id domain.ID, hash func(string) string) Limit {
	return Limit{Key: hash("people\x00" + string(id)), Max: 120}
}

// Exceeded reports whether counts that already include the present event exceed the limit, and for how long to wait.
func (l Limit) Exceeded(counts []Count, window time.Duration, now time.Time) (wait time.Duration, over bool) {
	return l.reached(counts, window, now, l.Max+1)
}

// reached reports whether the count is at least n, and for how long to wait. It ignores a count whose window is over.
func (l Limit) reached(counts []Count, window time.Duration, now time.Time, n int) (wait time.Duration, reached bool) {
	for _, c := range counts {
		end := c.Start.Add(window)
		if c.Key == l.Key && now.Before(end) && c.N >= n {
			wait, reached = max(wait, end.Sub(now)), true
		}
	}
	return wait, reached
}

// Throttle holds the limits of the three counts of a sign-in: by account and address, by account, and by address. The keys
// are opaque to the store.
type Throttle struct {
	Pair, Name, Address Limit
}

// ThrottleFor returns the throttle of a sign-in with a folded user name from an IP address. An IPv6 client usually has a
// whole /64 network, which counts as one address. The keys are hashed with hash, since people sometimes type a password
// into the field of the user name.
func ThrottleFor(nameKey, address string, hash func(string) string) Throttle {
	address = networkOf(address)
	return Throttle{
		Pair:    Limit{Key: hash("pair\x00" + nameKey + "\x00" + address), Max: 5},
		Name:    Limit{Key: hash("name\x00" + nameKey), Max: 50},
		Address: Limit{Key: hash("address\x00" + address), Max: 100},
	}
}

// networkOf returns the first address of the /64 network of an IPv6 address, and any other text unchanged.
func networkOf(address string) string {
	parsed, err := netip.ParseAddr(address)
	if err != nil || !parsed.Is6() || parsed.Is4In6() {
		return address
	}
	return netip.PrefixFrom(parsed.WithZone(""), 64).Masked().Addr().String()
}

// Keys returns the keys of the three counts.
func (t Throttle) Keys() []string { return []string{t.Pair.Key, t.Name.Key, t.Address.Key} }

// Blocked reports whether the next attempt must be refused, and for how long. It ignores counts whose window is over.
func (t Throttle) Blocked(counts []Count, now time.Time) (time.Duration, bool) {
	return t.exceeds(counts, now, 0)
}

// Exceeded reports whether counts that already include the present failure exceed a limit, and for how long to wait.
func (t Throttle) Exceeded(counts []Count, now time.Time) (time.Duration, bool) {
	return t.exceeds(counts, now, 1)
}

func (t Throttle) exceeds(counts []Count, now time.Time, own int) (wait time.Duration, blocked bool) {
	for _, l := range []Limit{t.Pair, t.Name, t.Address} {
		if w, reached := l.reached(counts, ThrottleWindow, now, l.Max+own); reached {
			wait, blocked = max(wait, w), true
		}
	}
	return wait, blocked
}
