package account

import "net/netip"

// Throttle holds the limits of a sign-in. From an address that is not known for the account, three counts are limited: by
// account and address, by account, and by address. From a known address only its own count for the account is. The keys are
// opaque to the store. All counts of an account are in one group.
type Throttle struct {
	Pair, Name, Address Limit
	Known               Limit
	Network             string // the hidden address, as KnownAddress has it; "" if there is none, which is never known
}

// ThrottleFor returns the throttle of a sign-in with a folded user name from an IP address. An IPv6 client usually has a
// whole /64 network, which counts as one address. The keys are hashed with hash, since people sometimes type a password
// into the field of the user name.
func ThrottleFor(nameKey, address string, hash func(string) string) Throttle {
	address, valid := networkOf(address)
	network := ""
	if valid {
		network = hash("network\x00" + address)
	}
	group := ThrottleGroup(nameKey, hash)
	return Throttle{
		Pair:    Limit{Key: hash("pair\x00" + nameKey + "\x00" + address), Group: group, Max: 5},
		Name:    Limit{Key: group, Group: group, Max: 50},
		Address: Limit{Key: hash("address\x00" + address), Max: 100},
		Known:   Limit{Key: hash("known\x00" + nameKey + "\x00" + address), Group: group, Max: 10},
		Network: network,
	}
}

// ThrottleGroup returns the group of the counts of a folded user name.
func ThrottleGroup(nameKey string, hash func(string) string) string {
	return hash("name\x00" + nameKey)
}

// networkOf returns the first address of the /64 network of an IPv6 address, the IPv4 address of an IPv4-mapped one, and
// any other IPv4 address unchanged. valid is false for any other text, which it returns unchanged.
func networkOf(address string) (network string, valid bool) {
	parsed, err := netip.ParseAddr(address)
	if err != nil {
		return address, false
	}
	parsed = parsed.Unmap()
	if parsed.Is4() {
		return parsed.String(), true
	}
	return netip.PrefixFrom(parsed.WithZone(""), 64).Masked().Addr().String(), true
}

func networkKey(address string) string {
	network, _ := networkOf(address)
	return network
}

// Keys returns the keys of all counts.
func (t Throttle) Keys() []string {
	return []string{t.Pair.Key, t.Name.Key, t.Address.Key, t.Known.Key}
}

// Limits returns the limits that apply to an attempt. Its failure counts under these and under no other, so that wrong
// passwords from a known address do not lock out other accounts, nor the account from other addresses.
func (t Throttle) Limits(known bool) Limits {
	l := Limits{Each: []Limit{t.Pair, t.Name, t.Address}, Window: ThrottleWindow}
	if known {
		l.Each = []Limit{t.Known}
	}
	return l
}

// ToClear returns the keys of those counts that a sign-in clears: of its account and address.
func (t Throttle) ToClear(counts []Count) (keys []string) {
	for _, c := range counts {
		if c.Key == t.Pair.Key || c.Key == t.Known.Key {
			keys = append(keys, c.Key)
		}
	}
	return keys
}
