package contract

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

func getSession(t *testing.T, d suite, id domain.ID) (account.Session, error) {
	return attempt(t, d, func(ctx context.Context, tx ports.Tx) (account.Session, error) { return tx.Sessions.Get(ctx, id) })
}

func sessions(t *testing.T, d suite) {
	owner := someAccount()
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, owner) })

	t.Run("a session is read as it was added or saved", func(t *testing.T) {
		s := someSession(owner.ID)
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Sessions.Add(ctx, s) })
		got, err := getSession(t, d, s.ID)
		must(t, err)
		same(t, got, s)
		s.Rotate(s.RefreshID, newID(), noon.Add(time.Hour))
		s.Revoke(noon.Add(2 * time.Hour))
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.Sessions.Lock(ctx, s.ID)
			return errors.Join(err, tx.Sessions.Save(ctx, s))
		})
		got, err = getSession(t, d, s.ID)
		must(t, err)
		same(t, got, s)
	})
	t.Run("an unknown session is not found", func(t *testing.T) {
		_, err := getSession(t, d, newID())
		wantMissing(t, err)
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.Sessions.Lock(ctx, newID())
			return err
		}))
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Sessions.Save(ctx, someSession(owner.ID)) }))
	})
	t.Run("the shared clock is the current time, also later in a transaction", func(t *testing.T) {
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			first, err := tx.Clock.Now(ctx)
			must(t, err)
			for later := first; !later.After(first); {
				later, err = tx.Clock.Now(ctx)
				must(t, err)
			}
			if off := time.Since(first).Abs(); off > time.Minute || first.Location() != time.UTC {
				t.Errorf("%v is off by %v", first, off)
			}
			return nil
		})
	})
	t.Run("the shared clock is read from the database", func(t *testing.T) {
		err := d.try(t, func(ctx context.Context, tx ports.Tx) error {
			ctx, stop := context.WithCancel(ctx)
			stop()
			_, err := tx.Clock.Now(ctx)
			return err
		})
		if !errors.Is(err, context.Canceled) && domain.KindOf(err) != domain.Unavailable {
			t.Errorf("with a cancelled context: %v", err)
		}
	})
	t.Run("ListOf returns the live sessions of one account, the newest first", func(t *testing.T) { listedSessions(t, d) })
	t.Run("RevokeOf revokes the live sessions of one account, but one", func(t *testing.T) { revokedSessions(t, d, owner.ID) })
	t.Run("RevokeAll revokes the live sessions of all accounts", func(t *testing.T) { allRevoked(t, d, owner.ID) })
	t.Run("RevokeOldest revokes live sessions of one account but the newest, up to its limit", func(t *testing.T) {
		oldestRevoked(t, d)
	})
	t.Run("Purge removes sessions that ended before a time, up to its limit", func(t *testing.T) { purgedSessions(t, d, owner.ID) })
}

func listedSessions(t *testing.T, d suite) {
	owner, other := someAccount(), someAccount()
	begun := func(of domain.ID, after time.Duration) account.Session {
		s := account.NewSession(newID(), of, newID(), noon.Add(after))
		s.SeenFrom(account.Client{Address: "2001:db8::7", UserAgent: "Élan/1 '日本語'"})
		return s
	}
	old, young, sameAge := begun(owner.ID, 0), begun(owner.ID, time.Minute), begun(owner.ID, time.Minute)
	revoked, expired, foreign := begun(owner.ID, 0), begun(owner.ID, -account.RefreshLifetime), begun(other.ID, 0)
	revoked.Revoke(noon)
	if sameAge.ID > young.ID {
		young, sameAge = sameAge, young
	}
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		err := errors.Join(tx.Accounts.Add(ctx, owner), tx.Accounts.Add(ctx, other))
		for _, s := range []account.Session{old, young, sameAge, revoked, expired, foreign} {
			err = errors.Join(err, tx.Sessions.Add(ctx, s))
		}
		return err
	})
	for _, tc := range []struct {
		of   domain.ID
		page ports.Page
		want []account.Session
		n    int
	}{
		{owner.ID, ports.Page{Number: 1, Size: 10}, []account.Session{young, sameAge, old}, 3},
		{owner.ID, ports.Page{Number: 2, Size: 2}, []account.Session{old}, 3},
		{owner.ID, ports.Page{Number: 3, Size: 2}, []account.Session{}, 3},
		{other.ID, ports.Page{Number: 1, Size: 10}, []account.Session{foreign}, 1},
		{newID(), ports.Page{Number: 1, Size: 10}, []account.Session{}, 0},
	} {
		var n int
		got := read(t, d, func(ctx context.Context, tx ports.Tx) (found []account.Session, err error) {
			found, n, err = tx.Sessions.ListOf(ctx, tc.of, noon, tc.page)
			return found, err
		})
		same(t, got, tc.want)
		same(t, n, tc.n)
	}
}

func revokedSessions(t *testing.T, d suite, owner domain.ID) {
	other, later := someAccount(), noon.Add(time.Hour)
	alive, alive2, kept, revoked, expired, foreign := someSession(owner), someSession(owner), someSession(owner), someSession(owner),
		someSession(owner), someSession(other.ID)
	revoked.Revoke(noon)
	expired.ExpiresAt = later
	all := []*account.Session{&alive, &alive2, &kept, &revoked, &expired, &foreign}
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		err := tx.Accounts.Add(ctx, other)
		for _, s := range all {
			err = errors.Join(err, tx.Sessions.Add(ctx, *s))
		}
		return err
	})
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Sessions.RevokeOf(ctx, owner, kept.ID, later), tx.Sessions.RevokeOf(ctx, newID(), "", later))
	})
	alive.Revoke(later)
	alive2.Revoke(later)
	for _, want := range all {
		got, err := getSession(t, d, want.ID)
		must(t, err)
		same(t, got, *want)
	}
}

func oldestRevoked(t *testing.T, d suite) {
	owner, other, later := someAccount(), someAccount(), noon.Add(time.Hour)
	var all []*account.Session
	session := func(of domain.ID, age time.Duration) *account.Session {
		s := someSession(of)
		s.CreatedAt = noon.Add(-age * time.Minute)
		all = append(all, &s)
		return &s
	}
	oldest, third, second, newest := session(owner.ID, 4), session(owner.ID, 3), session(owner.ID, 2), session(owner.ID, 1)
	foreign, revoked, expired := session(other.ID, 5), session(owner.ID, 0), session(owner.ID, 0)
	revoked.Revoke(noon)
	expired.ExpiresAt = later
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		err := errors.Join(tx.Accounts.Add(ctx, owner), tx.Accounts.Add(ctx, other))
		for _, s := range all {
			err = errors.Join(err, tx.Sessions.Add(ctx, *s))
		}
		return err
	})
	for _, step := range []struct {
		keep, limit int
		ended       []*account.Session
	}{
		{4, 9, nil},
		{2, 1, []*account.Session{third}},
		{2, 9, []*account.Session{oldest}},
		{2, 9, nil},
		{0, 9, []*account.Session{second, newest}},
	} {
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return tx.Sessions.RevokeOldest(ctx, owner.ID, step.keep, step.limit, later)
		})
		for _, s := range step.ended {
			s.Revoke(later)
		}
		for _, want := range all {
			got, err := getSession(t, d, want.ID)
			must(t, err)
			same(t, got, *want)
		}
	}
	same(t, foreign.RevokedAt.IsZero(), true)
}

// allRevoked revokes sessions at a time at which all others of the store have expired.
func allRevoked(t *testing.T, d suite, owner domain.ID) {
	other, now := someAccount(), noon.AddDate(50, 0, 0)
	session := func(of domain.ID) account.Session {
		s := someSession(of)
		s.ExpiresAt = now.Add(time.Microsecond)
		return s
	}
	alive, foreign, revoked, expired := session(owner), session(other.ID), session(owner), session(owner)
	revoked.Revoke(noon)
	expired.ExpiresAt = now
	all := []*account.Session{&alive, &foreign, &revoked, &expired}
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		err := tx.Accounts.Add(ctx, other)
		for _, s := range all {
			err = errors.Join(err, tx.Sessions.Add(ctx, *s))
		}
		return err
	})
	for _, want := range []int{2, 0} {
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			n, err := tx.Sessions.RevokeAll(ctx, now)
			if n != want {
				t.Errorf("revoked %d sessions, want %d", n, want)
			}
			return err
		})
	}
	alive.Revoke(now)
	foreign.Revoke(now)
	for _, want := range all {
		got, err := getSession(t, d, want.ID)
		must(t, err)
		same(t, got, *want)
	}
}

func purgedSessions(t *testing.T, d suite, owner domain.ID) {
	before := noon.Add(-100 * time.Hour)
	ended := func(expires, revoked time.Time) account.Session {
		s := someSession(owner)
		s.ExpiresAt, s.RevokedAt = expires, revoked
		return s
	}
	gone := []account.Session{
		ended(before.Add(-time.Microsecond), time.Time{}),
		ended(before.Add(-time.Hour), time.Time{}),
		ended(before.Add(time.Hour), before.Add(-time.Microsecond)),
	}
	kept := []account.Session{
		ended(before, time.Time{}),
		ended(before.Add(time.Hour), time.Time{}),
		ended(before.Add(time.Hour), before),
	}
	d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
		for _, s := range append(gone, kept...) {
			err = errors.Join(err, tx.Sessions.Add(ctx, s))
		}
		return err
	})
	for _, want := range []int{2, 1, 0} {
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			n, err := tx.Sessions.Purge(ctx, before, 2)
			if n != want {
				t.Errorf("purged %d sessions, want %d", n, want)
			}
			return err
		})
	}
	for _, s := range gone {
		_, err := getSession(t, d, s.ID)
		wantMissing(t, err)
	}
	for _, s := range kept {
		_, err := getSession(t, d, s.ID)
		must(t, err)
	}
}
