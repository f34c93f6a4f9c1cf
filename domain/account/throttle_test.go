package account_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"tickt/domain/account"
)

func throttle(name, address string) account.Throttle {
	return account.ThrottleFor(name, address, func(s string) string { return s })
}

func TestThrottleKeysAreDistinct(t *testing.T) {
	keys := throttle("anita", "192.0.2.1").Keys()
	others := slices.Concat(throttle("bina", "192.0.2.1").Keys(), throttle("anita", "192.0.2.2").Keys())
	shared := 0
	for _, k := range keys {
		if slices.Contains(others, k) {
			shared++
		}
	}
	if len(keys) != 4 || shared != 2 {
		t.Errorf("%d keys, of which %d are shared with others", len(keys), shared)
	}
	if a, b := throttle("a\x00b", "c"), throttle("a", "b\x00c"); a.Name.Key == b.Name.Key || a.Address.Key == b.Address.Key {
		t.Error("different names and addresses share a count")
	}
}

func TestThrottleCountsIPv6ByNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::", "2001:db8:1:2::": "2001:db8:1:2::", "fe80::1%eth0": "fe80::", "::1": "::",
		"203.0.113.7": "203.0.113.7", "::ffff:203.0.113.7": "203.0.113.7", "invalid IP": "invalid IP", "": "",
	} {
		got := throttle("anita", address)
		if key := "address\x00" + want; got.Address.Key != key || got.Pair.Key != "pair\x00anita\x00"+want ||
			got.Known.Key != "known\x00anita\x00"+want {
			t.Errorf("%s counts as %+v, want %q", address, got, key)
		}
	}
}

func TestThrottleGroupHoldsTheCountsOfOneName(t *testing.T) {
	hash := func(s string) string { return s }
	th, group := throttle("anita", "192.0.2.1"), account.ThrottleGroup("anita", hash)
	if th.Pair.Group != group || th.Name.Group != group || th.Known.Group != group || th.Address.Group != "" ||
		group == account.ThrottleGroup("bina", hash) {
		t.Errorf("got %+v", th)
	}
}

func TestAddressIsKnownForThirtyDays(t *testing.T) {
	const days = 30 * 24 * time.Hour
	for name, c := range map[string]struct {
		last time.Time
		want bool
	}{
		"never": {time.Time{}, false}, "now": {now, true}, "on a clock that is ahead": {now.Add(time.Minute), true},
		"just within": {now.Add(-days + 1), true}, "30 days ago": {now.Add(-days), false}, "long ago": {now.Add(-2 * days), false},
	} {
		if got := (account.KnownAddress{SignedInAt: c.last}).Known(now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestSignInClearsCountsOfItsAccountAndAddress(t *testing.T) {
	th := throttle("anita", "192.0.2.1")
	all := []account.Count{{th.Name.Key, 1, now}, {th.Known.Key, 1, now}, {th.Address.Key, 1, now}, {th.Pair.Key, 1, now}}
	if got := th.ToClear(all); !slices.Equal(got, []string{th.Known.Key, th.Pair.Key}) || th.ToClear(nil) != nil {
		t.Errorf("clears %q", got)
	}
}

func TestThrottleNamesTheNetworkOfValidAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"2001:db8:1:2:3:4:5:6": "network\x002001:db8:1:2::", "::ffff:203.0.113.7": "network\x00203.0.113.7",
		"203.0.113.7": "network\x00203.0.113.7",
		"invalid IP":  "", "": "",
	} {
		if got := throttle("anita", address).Network; got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestBlockedAndExceeded(t *testing.T) {
	th := throttle("anita", "192.0.2.1")
	half := account.ThrottleWindow / 2
	for name, c := range map[string]struct {
		known    bool
		counts   []account.Count
		blocked  time.Duration // 0: not blocked
		exceeded time.Duration
	}{
		"nothing failed":             {false, nil, 0, 0},
		"four failed":                {false, []account.Count{{th.Pair.Key, 4, now}}, 0, 0},
		"five failed":                {false, []account.Count{{th.Pair.Key, 5, now}}, account.ThrottleWindow, 0},
		"six failed":                 {false, []account.Count{{th.Pair.Key, 6, now}}, account.ThrottleWindow, account.ThrottleWindow},
		"five failed a while ago":    {false, []account.Count{{th.Pair.Key, 5, now.Add(-half)}}, account.ThrottleWindow - half, 0},
		"the window is about to end": {false, []account.Count{{th.Pair.Key, 9, now.Add(-account.ThrottleWindow + 1)}}, 1, 1},
		"the window is over":         {false, []account.Count{{th.Pair.Key, 9, now.Add(-account.ThrottleWindow)}}, 0, 0},
		"49 from anywhere":           {false, []account.Count{{th.Name.Key, 49, now}}, 0, 0},
		"50 from anywhere":           {false, []account.Count{{th.Name.Key, 50, now}}, account.ThrottleWindow, 0},
		"99 from the address":        {false, []account.Count{{th.Address.Key, 99, now}}, 0, 0},
		"100 from the address":       {false, []account.Count{{th.Address.Key, 100, now}}, account.ThrottleWindow, 0},
		"a count under another key":  {false, []account.Count{{"other", 1000, now}}, 0, 0},
		"two limits at once": {
			false,
			[]account.Count{{th.Address.Key, 101, now.Add(-half)}, {th.Pair.Key, 6, now.Add(-time.Minute)}},
			account.ThrottleWindow - time.Minute, account.ThrottleWindow - time.Minute,
		},
		"nine failed at a known address": {true, []account.Count{{th.Known.Key, 9, now}}, 0, 0},
		"ten failed at a known address":  {true, []account.Count{{th.Known.Key, 10, now}}, account.ThrottleWindow, 0},
		"eleven failed there":            {true, []account.Count{{th.Known.Key, 11, now}}, account.ThrottleWindow, account.ThrottleWindow},
		"other limits are reached, but the address is known": {
			true, []account.Count{{th.Pair.Key, 99, now}, {th.Name.Key, 99, now}, {th.Address.Key, 999, now}}, 0, 0,
		},
		"ten failed while the address was known": {false, []account.Count{{th.Known.Key, 10, now}}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if wait, blocked := th.Limits(c.known).Blocked(c.counts, now); wait != c.blocked || blocked != (c.blocked > 0) {
				t.Errorf("blocked: %v, %v; want %v", wait, blocked, c.blocked)
			}
			if wait, over := th.Limits(c.known).Exceeded(c.counts, now); wait != c.exceeded || over != (c.exceeded > 0) {
				t.Errorf("exceeded: %v, %v; want %v", wait, over, c.exceeded)
			}
		})
	}
}

// counts stores counts by key, as a store does.
type counts map[string]account.Count

func (c counts) get(keys []string) (out []account.Count) {
	for _, k := range keys {
		out = append(out, c[k])
	}
	return out
}

func (c counts) add(limits account.Limits, at time.Time) []account.Count {
	keys := []string{}
	for _, l := range limits.Each {
		x, ok := c[l.Key]
		if !ok || !at.Before(x.Start.Add(limits.Window)) {
			x = account.Count{Key: l.Key, Start: at}
		}
		x.N++
		c[l.Key] = x
		keys = append(keys, l.Key)
	}
	return c.get(keys)
}

// try is an attempt from a network that was known for the account or not.
type try struct {
	name, address string
	known         bool
	cleared       bool // by a later sign-in of its account from its network
	at            time.Time
}

// history lists failed attempts. It is the rule of the contract, told in another way than Throttle tells it.
type history []try

// failures counts the failures in a window like that of the count, which begins with the first failure.
func (h history) failures(now time.Time, counts func(try) bool) (n int) {
	var opened time.Time
	for _, x := range h {
		if !counts(x) {
			continue
		}
		if n == 0 || !x.at.Before(opened.Add(account.ThrottleWindow)) {
			n, opened = 0, x.at
		}
		n++
	}
	if !now.Before(opened.Add(account.ThrottleWindow)) {
		return 0
	}
	return n
}

// refuses returns the limit that an attempt is refused by, 0 if it is allowed.
func (h history) refuses(x try) int {
	pair := func(o try) bool {
		return !o.cleared && o.known == x.known && o.name == x.name && o.address == x.address
	}
	switch {
	case x.known && h.failures(x.at, pair) >= 10:
		return 10
	case x.known:
		return 0
	case h.failures(x.at, pair) >= 5:
		return 5
	case h.failures(x.at, func(o try) bool { return !o.known && o.name == x.name }) >= 50:
		return 50
	case h.failures(x.at, func(o try) bool { return !o.known && o.address == x.address }) >= 100:
		return 100
	}
	return 0
}

// TestThrottleFollowsTheHistory compares the throttle with the history of attempts: some fail, some succeed and make their
// address known, some passwords change.
func TestThrottleFollowsTheHistory(t *testing.T) {
	refusals := map[int]int{}
	for seed := range uint64(10) {
		random := rand.New(rand.NewPCG(seed, 3))
		few := func(n int) int { return random.IntN(random.IntN(n) + 1) } // mostly small
		stored, at, past, known := counts{}, now, history{}, map[[2]string]account.KnownAddress{}
		for step := range 3000 {
			at = at.Add(time.Duration(random.Int64N(int64(time.Second))))
			if random.IntN(1000) == 0 {
				at = at.Add(account.KnownFor / 2)
			}
			name, host := "name"+strconv.Itoa(few(40)), few(30)
			x := try{name: name, address: "192.0.2." + strconv.Itoa(host), at: at}
			th := throttle(name, x.address)
			if random.IntN(2) == 0 {
				th = throttle(name, "::ffff:"+x.address)
			}
			place := [2]string{name, th.Network}
			x.known = known[place].Known(at)
			_, refused := th.Limits(x.known).Blocked(stored.get(th.Keys()), at)
			limit := past.refuses(x)
			if refused != (limit > 0) {
				t.Fatalf("seed %d, step %d: %+v is refused: %v; want limit %d", seed, step, x, refused, limit)
			}
			refusals[limit]++
			switch {
			case refused:
			case random.IntN(60) == 0: // the right password
				for _, key := range th.ToClear(stored.get(th.Keys())) {
					delete(stored, key)
				}
				for i, o := range past {
					past[i].cleared = o.cleared || o.name == x.name && o.address == x.address
				}
				known[place] = account.KnownAddress{SignedInAt: at}
			case random.IntN(100) == 0: // a new password
				maps.DeleteFunc(known, func(k [2]string, _ account.KnownAddress) bool { return k[0] == name })
			default:
				past = append(past, x)
				if _, over := th.Limits(x.known).Exceeded(stored.add(th.Limits(x.known), at), at); over {
					t.Fatalf("seed %d, step %d: an attempt that was not blocked exceeded a limit", seed, step)
				}
			}
		}
	}
	for _, limit := range []int{0, 5, 10, 50, 100} {
		if refusals[limit] == 0 {
			t.Errorf("the limit %d never decided: %v", limit, refusals)
		}
	}
}

func TestFailuresNeverPassLimits(t *testing.T) {
	names, addresses := []string{"anita", "bina", "chandra"}, []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"}
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 2))
		stored, at := counts{}, now
		for range 2000 {
			at = at.Add(time.Duration(random.Int64N(int64(5 * time.Second))))
			th := throttle(names[random.IntN(len(names))], addresses[random.IntN(len(addresses))])
			known := random.IntN(3) == 0
			wait, blocked := th.Limits(known).Blocked(stored.get(th.Keys()), at)
			if blocked {
				if _, still := th.Limits(known).Blocked(stored.get(th.Keys()), at.Add(wait)); still || wait <= 0 || wait > account.ThrottleWindow {
					t.Fatalf("seed %d: blocked for %v, blocked after that: %v", seed, wait, still)
				}
				continue
			}
			if _, over := th.Limits(known).Exceeded(stored.add(th.Limits(known), at), at); over {
				t.Fatalf("seed %d: an attempt that was not blocked exceeded a limit", seed)
			}
			for _, l := range []account.Limit{th.Pair, th.Name, th.Address, th.Known} {
				if stored[l.Key].N > l.Max {
					t.Fatalf("seed %d: %d failures under a limit of %d", seed, stored[l.Key].N, l.Max)
				}
			}
		}
	}
}

func TestBurstGetsAsManyAnswersAsItsLimit(t *testing.T) {
	for known, want := range map[bool]int{false: 5, true: 10} {
		th, stored := throttle("anita", "192.0.2.1"), counts{}
		answered := 0
		for range 200 { // none of them was blocked, since all came before the first one failed
			if _, over := th.Limits(known).Exceeded(stored.add(th.Limits(known), now), now); !over {
				answered++
			}
		}
		if answered != want {
			t.Errorf("%d guesses were answered, want %d", answered, want)
		}
	}
}
