package account_test

import (
	"math/rand/v2"
	"slices"
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
	if len(keys) != 3 || shared != 2 {
		t.Errorf("%d keys, of which %d are shared with others", len(keys), shared)
	}
	if a, b := throttle("a\x00b", "c"), throttle("a", "b\x00c"); a.Name.Key == b.Name.Key || a.Address.Key == b.Address.Key {
		t.Error("different names and addresses share a count")
	}
}

func TestThrottleCountsIPv6ByNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::", "2001:db8:1:2::": "2001:db8:1:2::", "fe80::1%eth0": "fe80::", "::1": "::",
		"203.0.113.7": "203.0.113.7", "::ffff:203.0.113.7": "::ffff:203.0.113.7", "invalid IP": "invalid IP", "": "",
	} {
		got := throttle("anita", address)
		if key := "address\x00" + want; got.Address.Key != key || got.Pair.Key != "pair\x00anita\x00"+want {
			t.Errorf("%s counts under %q and %q, want %q", address, got.Address.Key, got.Pair.Key, key)
		}
	}
}

func TestBlockedAndExceeded(t *testing.T) {
	th := throttle("anita", "192.0.2.1")
	half := account.ThrottleWindow / 2
	for name, c := range map[string]struct {
		counts   []account.Count
		blocked  time.Duration // 0: not blocked
		exceeded time.Duration
	}{
		"nothing failed":             {nil, 0, 0},
		"four failed":                {[]account.Count{{th.Pair.Key, 4, now}}, 0, 0},
		"five failed":                {[]account.Count{{th.Pair.Key, 5, now}}, account.ThrottleWindow, 0},
		"six failed":                 {[]account.Count{{th.Pair.Key, 6, now}}, account.ThrottleWindow, account.ThrottleWindow},
		"five failed a while ago":    {[]account.Count{{th.Pair.Key, 5, now.Add(-half)}}, account.ThrottleWindow - half, 0},
		"the window is about to end": {[]account.Count{{th.Pair.Key, 9, now.Add(-account.ThrottleWindow + 1)}}, 1, 1},
		"the window is over":         {[]account.Count{{th.Pair.Key, 9, now.Add(-account.ThrottleWindow)}}, 0, 0},
		"49 from anywhere":           {[]account.Count{{th.Name.Key, 49, now}}, 0, 0},
		"50 from anywhere":           {[]account.Count{{th.Name.Key, 50, now}}, account.ThrottleWindow, 0},
		"99 from the address":        {[]account.Count{{th.Address.Key, 99, now}}, 0, 0},
		"100 from the address":       {[]account.Count{{th.Address.Key, 100, now}}, account.ThrottleWindow, 0},
		"a count under another key":  {[]account.Count{{"other", 1000, now}}, 0, 0},
		"two limits at once": {
			[]account.Count{{th.Address.Key, 101, now.Add(-half)}, {th.Pair.Key, 6, now.Add(-time.Minute)}},
			account.ThrottleWindow - time.Minute, account.ThrottleWindow - time.Minute,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if wait, blocked := th.Blocked(c.counts, now); wait != c.blocked || blocked != (c.blocked > 0) {
				t.Errorf("blocked: %v, %v; want %v", wait, blocked, c.blocked)
			}
			if wait, over := th.Exceeded(c.counts, now); wait != c.exceeded || over != (c.exceeded > 0) {
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

func (c counts) add(keys []string, at time.Time) []account.Count {
	for _, k := range keys {
		x, ok := c[k]
		if !ok || !at.Before(x.Start.Add(account.ThrottleWindow)) {
			x = account.Count{Key: k, Start: at}
		}
		x.N++
		c[k] = x
	}
	return c.get(keys)
}

func TestFailuresNeverPassLimits(t *testing.T) {
	names, addresses := []string{"anita", "bina", "chandra"}, []string{"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"}
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 2))
		stored, at := counts{}, now
		for range 2000 {
			at = at.Add(time.Duration(random.Int64N(int64(5 * time.Second))))
			th := throttle(names[random.IntN(len(names))], addresses[random.IntN(len(addresses))])
			wait, blocked := th.Blocked(stored.get(th.Keys()), at)
			if blocked {
				if _, still := th.Blocked(stored.get(th.Keys()), at.Add(wait)); still || wait <= 0 || wait > account.ThrottleWindow {
					t.Fatalf("seed %d: blocked for %v, blocked after that: %v", seed, wait, still)
				}
				continue
			}
			if _, over := th.Exceeded(stored.add(th.Keys(), at), at); over {
				t.Fatalf("seed %d: an attempt that was not blocked exceeded a limit", seed)
			}
			for _, l := range []account.Limit{th.Pair, th.Name, th.Address} {
				if stored[l.Key].N > l.Max {
					t.Fatalf("seed %d: %d failures under a limit of %d", seed, stored[l.Key].N, l.Max)
				}
			}
		}
	}
}

func TestBurstGetsFiveAnswers(t *testing.T) {
	th, stored := throttle("anita", "192.0.2.1"), counts{}
	answered := 0
	for range 200 { // none of them was blocked, since all came before the first one failed
		if _, over := th.Exceeded(stored.add(th.Keys(), now), now); !over {
			answered++
		}
	}
	if answered != 5 {
		t.Errorf("%d guesses were answered, want 5", answered)
	}
}
