package account_test

import (
	"testing"
	"time"

	"tickt/domain/account"
)

func TestLimitsTellHowLongToWait(t *testing.T) {
	same := func(text string) string { return text }
	l := account.ForgottenLimits("username", "ANITA", "2001:db8::7", same)
	if got := account.ForgottenLimits("username", "anita", "2001:db8::8", same); got.Each[0] != l.Each[0] || got.Each[1] != l.Each[1] {
		t.Errorf("%v and %v differ", l, got)
	}
	if got := account.ForgottenLimits("email", "anita", "192.0.2.1", same); got.Each[0] == l.Each[0] || got.Each[1] == l.Each[1] {
		t.Errorf("%v and %v are equal", l, got)
	}
	counts := func(name, address int) []account.Count {
		return []account.Count{{Key: l.Each[0].Key, N: name, Start: now}, {Key: l.Each[1].Key, N: address, Start: now.Add(-5 * time.Minute)}}
	}
	for _, c := range []struct {
		name, address    int
		wait             time.Duration
		blocked, exceeds bool
	}{
		{4, 49, 0, false, false},
		{5, 49, 15 * time.Minute, true, false},
		{6, 49, 15 * time.Minute, true, true},
		{4, 50, 10 * time.Minute, true, false},
		{4, 51, 10 * time.Minute, true, true},
		{6, 51, 15 * time.Minute, true, true},
	} {
		wait, blocked := l.Blocked(counts(c.name, c.address), now)
		if blocked != c.blocked || wait != c.wait {
			t.Errorf("%+v: blocked %v for %v", c, blocked, wait)
		}
		if _, exceeds := l.Exceeded(counts(c.name, c.address), now); exceeds != c.exceeds {
			t.Errorf("%+v: exceeded %v", c, exceeds)
		}
		if _, blocked := l.Blocked(counts(c.name, c.address), now.Add(15*time.Minute)); blocked {
			t.Errorf("%+v: blocked after the window", c)
		}
	}
}
