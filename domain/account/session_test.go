package account_test

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/account"
)

func TestRotateOutcomes(t *testing.T) {
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
		"the only one":                          {fresh, "r1", time.Hour, account.Rotated},
		"no token":                              {fresh, "", 0, account.Refused},
		"the newest":                            {rotated, "r2", time.Hour, account.Rotated},
		"the replaced one immediately":          {rotated, "r1", 0, account.Repeated},
		"the replaced one at the end of grace":  {rotated, "r1", account.RefreshGrace, account.Repeated},
		"the replaced one after grace":          {rotated, "r1", account.RefreshGrace + time.Microsecond, account.Reused},
		"an unknown one":                        {rotated, "r0", 0, account.Reused},
		"the newest just before it expires":     {rotated, "r2", account.RefreshLifetime - 1, account.Rotated},
		"the newest when it expires":            {rotated, "r2", account.RefreshLifetime, account.Refused},
		"the newest of a revoked session":       {revoked, "r2", 0, account.Refused},
		"the replaced one of a revoked session": {revoked, "r1", 0, account.Refused},
	} {
		t.Run(name, func(t *testing.T) {
			s, at := c.session, now.Add(c.after)
			accepted := s.Accepts(c.used, at)
			if s != c.session {
				t.Error("Accepts changed the session")
			}
			if got := s.Rotate(c.used, "next", at); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if accepted != (c.want == account.Rotated || c.want == account.Repeated) {
				t.Errorf("Accepts returned %v before %v", accepted, c.want)
			}
			if (c.want == account.Refused || c.want == account.Repeated) && s != c.session {
				t.Error("the session changed")
			}
			if c.want == account.Reused && (s.RevokedAt != at || s.Alive(at)) {
				t.Error("the session is still alive")
			}
			if c.want == account.Rotated && (s.RefreshID != "next" || s.RotatedAt != at || s.ExpiresAt != at.Add(account.RefreshLifetime)) {
				t.Errorf("got %+v", s)
			}
		})
	}
}

func TestRevokeTwiceKeepsFirstTime(t *testing.T) {
	s := account.NewSession("s", "a", "r1", now)
	s.Revoke(now)
	first := s
	s.Revoke(now.Add(time.Hour))
	if s != first {
		t.Errorf("got %+v, want %+v", s, first)
	}
}

// TestAtMostOneRefreshTokenWorksAfterGrace uses all tokens that were issued, as a client and a thief might do, in random
// order and at random times.
func TestAtMostOneRefreshTokenWorksAfterGrace(t *testing.T) {
	for seed := range uint64(2000) {
		random := rand.New(rand.NewPCG(seed, 1))
		at := now
		issued := []domain.ID{"r0"}
		s := account.NewSession("s", "a", "r0", at)
		for step := range 12 {
			at = at.Add(time.Duration(random.Int64N(int64(2 * account.RefreshGrace))))
			used := issued[random.IntN(len(issued))]
			next := domain.ID("r" + strconv.Itoa(step+1))
			before := s
			outcome := s.Rotate(used, next, at)
			if outcome == account.Rotated {
				issued = append(issued, next)
			}
			old := used != before.RefreshID && used != before.PreviousID
			if old && before.Alive(at) && outcome != account.Reused {
				t.Fatalf("seed %d: the outcome of the old token %s is %v", seed, used, outcome)
			}
			if outcome == account.Reused && s.Alive(at) {
				t.Fatalf("seed %d: reuse did not revoke the session", seed)
			}
			checkAccepted(t, seed, s, issued, at)
		}
	}
}

func checkAccepted(t *testing.T, seed uint64, s account.Session, issued []domain.ID, at time.Time) {
	t.Helper()
	working := func(at time.Time) (ids []domain.ID) {
		for _, id := range issued {
			if s.Accepts(id, at) {
				ids = append(ids, id)
			}
		}
		return ids
	}
	later := s.RotatedAt.Add(account.RefreshGrace + time.Microsecond)
	if within, outside := working(at), working(later); len(within) > 2 || len(outside) > 1 {
		t.Fatalf("seed %d: %v work within grace, %v after it", seed, within, outside)
	}
	if s.RevokedAt.IsZero() != (len(working(later)) == 1) {
		t.Fatalf("seed %d: a session must have one working token until it is revoked, and none afterwards", seed)
	}
}
