package setup_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/desk"
)

func start(t *testing.T, d *desk.Desk, key, previous account.KeyCheck) bool {
	t.Helper()
	return desk.Must(d.Setup.CheckKeys(t.Context(), account.KeyChecks{Key: key, Previous: previous}))(t)
}

func keyChecks(d *desk.Desk) (all []account.KeyCheck) {
	d.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		all, err = tx.Setup.KeyChecks(ctx)
		return err
	})
	return all
}

func TestAStartNeedsAKeyOfTheLastStart(t *testing.T) {
	d := desk.New(t)
	for _, s := range []struct {
		key, previous account.KeyCheck
		may           bool
		stored        []account.KeyCheck
	}{
		{"a", "", true, []account.KeyCheck{"a"}},
		{"b", "", false, []account.KeyCheck{"a"}},
		{"a", "b", true, []account.KeyCheck{"a"}},
		{"b", "a", true, []account.KeyCheck{"a", "b"}},
		{"a", "", true, []account.KeyCheck{"a"}}, // a replica that is not replaced yet
		{"b", "a", true, []account.KeyCheck{"a", "b"}},
		{"b", "", true, []account.KeyCheck{"b"}},
		{"a", "", false, []account.KeyCheck{"b"}},
	} {
		if may := start(t, d, s.key, s.previous); may != s.may || !slices.Equal(keyChecks(d), s.stored) {
			t.Errorf("start with %q and %q: %v, stored %v", s.key, s.previous, may, keyChecks(d))
		}
	}
}

func TestOfStartsAtTheSameTimeWithDifferentKeysOneMay(t *testing.T) {
	d := desk.New(t)
	var may [8]bool
	var wg sync.WaitGroup
	for i := range may {
		wg.Go(func() {
			var err error
			may[i], err = d.Setup.CheckKeys(t.Context(), account.KeyChecks{Key: account.KeyCheck(strconv.Itoa(i))})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	winner := slices.Index(may[:], true)
	if winner < 0 || slices.Contains(may[winner+1:], true) ||
		!slices.Equal(keyChecks(d), []account.KeyCheck{account.KeyCheck(strconv.Itoa(winner))}) {
		t.Errorf("may start: %v, stored: %v", may, keyChecks(d))
	}
}

func TestAcceptingAKeyEndsAllSessions(t *testing.T) {
	d := desk.New(t)
	start(t, d, "a", "")
	mine, other := d.Token(desk.Agent), d.Token(desk.Customer)
	ended, err := d.Setup.AcceptKey(t.Context(), "b")
	if err != nil || ended < 2 {
		t.Errorf("ended %d sessions, %v", ended, err)
	}
	for _, token := range []string{mine, other} {
		if _, err := desk.ActorOf(t.Context(), d.Sessions, token); !errors.Is(err, ports.ErrSessionRevoked) {
			t.Errorf("got %v", err)
		}
	}
	if start(t, d, "a", "") || !start(t, d, "b", "") {
		t.Error("another key may start")
	}
	if ended, err := d.Setup.AcceptKey(t.Context(), "b"); err != nil || ended != 0 {
		t.Errorf("again: ended %d sessions, %v", ended, err)
	}
	d.Token(desk.Agent) // signing in works
}

// brokenSessions fail after revoking all sessions.
type brokenSessions struct {
	ports.Sessions
	err error
}

func (b brokenSessions) RevokeAll(ctx context.Context, now time.Time) (int, error) {
	n, err := b.Sessions.RevokeAll(ctx, now)
	return n, errors.Join(err, b.err)
}

func TestAcceptingAKeyIsAllOrNothing(t *testing.T) {
	d := desk.New(t)
	start(t, d, "a", "")
	token := d.Token(desk.Agent)
	broken := errors.New("broken")
	app := d.With(desk.Tap(func(tx *ports.Tx) { tx.Sessions = brokenSessions{tx.Sessions, broken} }))
	if _, err := app.Setup.AcceptKey(t.Context(), "b"); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	d.Bearer(token)
	if !start(t, d, "a", "") || start(t, d, "b", "") {
		t.Error("the key was replaced")
	}
}
