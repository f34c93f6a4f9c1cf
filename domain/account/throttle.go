package account

import (
	"net/netip"
	"time"
)

// ThrottleWindow is the time over which failed sign-ins are counted, from the first one on.
const ThrottleWindow = 15 * time.Minute

// Count is how many sign-ins failed under a key in the window that began at Start.
// The zero value is "none".
type Count struct {
	Key   string
	N     int
	Start time.Time
}

// Limit is a count that must not be passed.
type Limit struct {
	Key string
	Max int
}

// Throttle names the three counts of a sign-in: one account from one address, one account from
// anywhere, one address. The keys are opaque to the store; pair, name and address are made by Keys.
type Throttle struct {
	Pair, Name, Address Limit
}

// ThrottleFor gives the counts that a sign-in under a folded user name from an IP address falls under. An IPv6 client
// owns a whole /64, which counts as one address. hash hides what was typed: people type passwords into the name field.
func ThrottleFor(nameKey, address string, hash func(string) string) Throttle {
	address = networkOf(address)
	return Throttle{
		Pair:    Limit{Key: hash("pair\x00" + nameKey + "\x00" + address), Max: 5},
		Name:    Limit{Key: hash("name\x00" + nameKey), Max: 50},
		Address: Limit{Key: hash("address\x00" + address), Max: 100},
	}
}

// networkOf returns the /64 that an IPv6 address belongs to, and every other text as it is.
func networkOf(address string) string {
	parsed, err := netip.ParseAddr(address)
	if err != nil || !parsed.Is6() || parsed.Is4In6() {
		return address
	}
	return netip.PrefixFrom(parsed.WithZone(""), 64).Masked().Addr().String()
}

// Keys lists the keys of the three counts.
func (t Throttle) Keys() []string { return []string{t.Pair.Key, t.Name.Key, t.Address.Key} }

// Blocked says whether a further attempt must be refused, and for how long. Counts whose window
// is over do not matter.
func (t Throttle) Blocked(counts []Count, now time.Time) (time.Duration, bool) {
	return t.over(counts, now, 0)
}

// Exceeded says whether counts that hold the present failure already go past a limit.
func (t Throttle) Exceeded(counts []Count, now time.Time) (time.Duration, bool) {
	return t.over(counts, now, 1)
}

func (t Throttle) over(counts []Count, now time.Time, own int) (wait time.Duration, blocked bool) {
	for _, l := range []Limit{t.Pair, t.Name, t.Address} {
		for _, c := range counts {
			end := c.Start.Add(ThrottleWindow)
			if c.Key == l.Key && now.Before(end) && c.N >= l.Max+own {
				wait, blocked = max(wait, end.Sub(now)), true
			}
		}
	}
	return wait, blocked
}
