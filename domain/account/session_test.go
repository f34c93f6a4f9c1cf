package account_test

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/account"
)

func TestWhatBecomesOfARefreshTokenThatIsUsed(t *testing.T) {
	fresh := account.NewSession("s", "a", "r1", now)
	rotated := fresh
	if got := rotated.Rotate("r1", "r2", now); got != account.Rotated {
		t.Fatal(got)
	}
	revoked := rotated
	revoked.Revoke(now)
	for name, c := range map[string]struct {
		session account.Session
		used    domain.ID
		after   time.Duration
		want    account.Rotation
	}{
		"the only one":                        {fresh, "r1", time.Hour, account.Rotated},
		"none":                                {fresh, "", 0, account.Refused},
		"the newest":                          {rotated, "r2", time.Hour, account.Rotated},
		"the replaced one at once":            {rotated, "r1", 0, account.Repeated},
		"the replaced one at the grace's end": {rotated, "r1", account.RefreshGrace, account.Repeated},
		"the replaced one after the grace":    {rotated, "r1", account.RefreshGrace + time.Microsecond, account.Reused},
		"one that was never given":            {rotated, "r0", 0, account.Reused},
		"the newest just before its end":      {rotated, "r2", account.RefreshLifetime - 1, account.Rotated},
		"the newest at its end":               {rotated, "r2", account.RefreshLifetime, account.Refused},
		"the newest of a revoked session":     {revoked, "r2", 0, account.Refused},
		"the replaced one of a revoked one":   {revoked, "r1", 0, account.Refused},
	} {
		t.Run(name, func(t *testing.T) {
			s, at := c.session, now.Add(c.after)
			accepted := s.Accepts(c.used, at)
			if s != c.session {
				t.Error("asking changed the session")
			}
			if got := s.Rotate(c.used, "next", at); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if accepted != (c.want == account.Rotated || c.want == account.Repeated) {
				t.Errorf("Accepts says %v before %v", accepted, c.want)
			}
			if (c.want == account.Refused || c.want == account.Repeated) && s != c.session {
				t.Error("the session changed")
			}
			if c.want == account.Reused && (s.RevokedAt != at || s.Alive(at)) {
				t.Error("the session lives on")
			}
			if c.want == account.Rotated && (s.RefreshID != "next" || s.RotatedAt != at || s.ExpiresAt != at.Add(account.RefreshLifetime)) {
				t.Errorf("got %+v", s)
			}
		})
	}
}

func TestASecondRevocationChangesNothing(t *testing.T) {
	s := account.NewSession("s", "a", "r1", now)
	s.Revoke(now)
	first := s
	s.Revoke(now.Add(time.Hour))
	if s != first {
		t.Errorf("got %+v, want %+v", s, first)
	}
}

// Whatever the order and the moments in which a client and a thief use the tokens that were ever given.
func TestAtMostOneRefreshTokenWorksOutsideTheGrace(t *testing.T) {
	for seed := range uint64(2000) {
		random := rand.New(rand.NewPCG(seed, 1))
		at := now
		given := []domain.ID{"r0"}
		s := account.NewSession("s", "a", "r0", at)
		for step := range 12 {
			at = at.Add(time.Duration(random.Int64N(int64(2 * account.RefreshGrace))))
			used := given[random.IntN(len(given))]
			next := domain.ID("r" + strconv.Itoa(step+1))
			before := s
			outcome := s.Rotate(used, next, at)
			if outcome == account.Rotated {
				given = append(given, next)
			}
			old := used != before.RefreshID && used != before.PreviousID
			if old && before.Alive(at) && outcome != account.Reused {
				t.Fatalf("seed %d: the old token %s came to %v", seed, used, outcome)
			}
			if outcome == account.Reused && s.Alive(at) {
				t.Fatalf("seed %d: reuse did not end the session", seed)
			}
			checkAccepted(t, seed, s, given, at)
		}
	}
}

func checkAccepted(t *testing.T, seed uint64, s account.Session, given []domain.ID, at time.Time) {
	t.Helper()
	working := func(at time.Time) (ids []domain.ID) {
		for _, id := range given {
			if s.Accepts(id, at) {
				ids = append(ids, id)
			}
		}
		return ids
	}
	later := s.RotatedAt.Add(account.RefreshGrace + time.Microsecond)
	if within, outside := working(at), working(later); len(within) > 2 || len(outside) > 1 {
		t.Fatalf("seed %d: %v work in the grace, %v outside", seed, within, outside)
	}
	if s.RevokedAt.IsZero() != (len(working(later)) == 1) {
		t.Fatalf("seed %d: a session must have one token that works until it is revoked, and none after", seed)
	}
}
