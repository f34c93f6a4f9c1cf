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

// limits returns limits without a group.
func limits(keys ...string) []account.Limit {
	all := make([]account.Limit, len(keys))
	for i, k := range keys {
		all[i].Key = k
	}
	return all
}

// countsOf returns the counts of keys.
func countsOf(ctx context.Context, tx ports.Tx, keys []string, since time.Time) ([]account.Count, error) {
	counts, _, err := tx.Throttle.Counts(ctx, keys, since, "", "")
	return counts, err
}

func throttle(t *testing.T, d suite) {
	counts := func(t *testing.T, since time.Time, keys ...string) map[string]account.Count {
		return byKey(read(t, d, func(ctx context.Context, tx ports.Tx) ([]account.Count, error) {
			return countsOf(ctx, tx, keys, since)
		}))
	}
	hit := func(t *testing.T, now, since time.Time, keys ...string) (out map[string]account.Count) {
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			all, err := tx.Throttle.Hit(ctx, limits(keys...), now, since)
			out = byKey(all)
			return err
		})
		return out
	}
	window := time.Hour
	t.Run("hits are counted by key", func(t *testing.T) {
		a, b, c := unique("a"), unique("b"), unique("c")
		later := noon.Add(time.Minute)
		same(t, counts(t, noon.Add(-window), a, b), map[string]account.Count{})
		same(t, hit(t, noon, noon.Add(-window), a), map[string]account.Count{a: {Key: a, N: 1, Start: noon}})
		both := map[string]account.Count{a: {Key: a, N: 2, Start: noon}, b: {Key: b, N: 1, Start: later}}
		same(t, hit(t, later, later.Add(-window), a, b), both)
		same(t, counts(t, later.Add(-window), a, b, c), both)
	})
	t.Run("an expired window no longer counts and starts again", func(t *testing.T) {
		a := unique("a")
		hit(t, noon, noon.Add(-window), a)
		justOpen, over := noon.Add(window-time.Microsecond), noon.Add(window)
		same(t, counts(t, justOpen.Add(-window), a), map[string]account.Count{a: {Key: a, N: 1, Start: noon}})
		same(t, counts(t, over.Add(-window), a), map[string]account.Count{})
		same(t, hit(t, over, over.Add(-window), a), map[string]account.Count{a: {Key: a, N: 1, Start: over}})
	})
	t.Run("Clear removes keys; an unknown key is fine", func(t *testing.T) {
		a, b, c := unique("a"), unique("b"), unique("c")
		hit(t, noon, noon.Add(-window), a, b, c)
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Throttle.Clear(ctx, []string{c, a}), tx.Throttle.Clear(ctx, []string{unique("d")}), tx.Throttle.Clear(ctx, nil))
		})
		same(t, counts(t, noon.Add(-window), a, b, c), map[string]account.Count{b: {Key: b, N: 1, Start: noon}})
	})
	t.Run("ClearGroup removes the counts of one group", func(t *testing.T) {
		a, b, c, e, group := unique("a"), unique("b"), unique("c"), unique("e"), unique("group")
		hit(t, noon, noon.Add(-window), b, c) // b gets its group with a later hit
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.Throttle.Hit(ctx, []account.Limit{{Key: a, Group: group}, {Key: b, Group: group}, {Key: e, Group: unique("other")}},
				noon, noon.Add(-window))
			return err
		})
		for range 2 {
			d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Throttle.ClearGroup(ctx, group) })
			same(t, counts(t, noon.Add(-window), a, b, c, e), map[string]account.Count{
				c: {Key: c, N: 1, Start: noon}, e: {Key: e, N: 1, Start: noon},
			})
		}
	})
	t.Run("Purge removes old windows up to its limit", func(t *testing.T) {
		old, keys := noon.Add(-50*time.Hour), []string{unique("a"), unique("b"), unique("c")}
		kept := unique("d")
		hit(t, old.Add(-time.Microsecond), old.Add(-window), keys...)
		hit(t, old, old.Add(-window), kept)
		for _, want := range []int{2, 1, 0} {
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				n, err := tx.Throttle.Purge(ctx, old, 2)
				if n != want {
					t.Errorf("purged %d counts, want %d", n, want)
				}
				return err
			})
		}
		same(t, counts(t, old.Add(-window), append(keys, kept)...), map[string]account.Count{kept: {Key: kept, N: 1, Start: old}})
	})
}

func byKey(counts []account.Count) map[string]account.Count {
	out := map[string]account.Count{}
	for _, c := range counts {
		out[c.Key] = c
	}
	return out
}

// signedIn returns when an account last signed in from a known address.
func signedIn(t *testing.T, d suite, id domain.ID, address string) time.Time {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) (time.Time, error) {
		counts, k, err := tx.Throttle.Counts(ctx, []string{address}, noon, id, address)
		same(t, len(counts), 0)
		if k.AccountID != id || k.Address != address {
			t.Errorf("got %+v", k)
		}
		return k.SignedInAt, err
	})
}

func knownAddresses(t *testing.T, d suite) {
	never := time.Time{}
	save := func(t *testing.T, all ...account.KnownAddress) {
		d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
			for _, k := range all {
				err = errors.Join(err, tx.KnownAddresses.Save(ctx, k))
			}
			return err
		})
	}
	a, b := someAccount(), someAccount()
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Accounts.Add(ctx, a), tx.Accounts.Add(ctx, b))
	})

	t.Run("Save adds an address and moves its time forward only", func(t *testing.T) {
		x, y := unique("x"), unique("y")
		for _, step := range []struct{ at, want time.Time }{
			{noon, noon}, {noon.Add(time.Hour), noon.Add(time.Hour)}, {noon.Add(time.Minute), noon.Add(time.Hour)},
		} {
			save(t, account.KnownAddress{AccountID: a.ID, Address: x, SignedInAt: step.at})
			same(t, signedIn(t, d, a.ID, x), step.want)
		}
		same(t, signedIn(t, d, a.ID, y), never)
		same(t, signedIn(t, d, b.ID, x), never)
		same(t, signedIn(t, d, "", x), never)
	})
	t.Run("Forget removes the addresses of one account", func(t *testing.T) {
		x, y := unique("x"), unique("y")
		save(t, account.KnownAddress{AccountID: a.ID, Address: x, SignedInAt: noon},
			account.KnownAddress{AccountID: a.ID, Address: y, SignedInAt: noon},
			account.KnownAddress{AccountID: b.ID, Address: x, SignedInAt: noon})
		for range 2 {
			d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.KnownAddresses.Forget(ctx, a.ID) })
			same(t, signedIn(t, d, a.ID, x), never)
			same(t, signedIn(t, d, a.ID, y), never)
			same(t, signedIn(t, d, b.ID, x), noon)
		}
	})
	t.Run("ForgetOldest removes addresses of one account but the latest, up to its limit", func(t *testing.T) {
		c, x, y, z := someAccount(), unique("x"), unique("y"), unique("z")
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, c) })
		save(t, account.KnownAddress{AccountID: b.ID, Address: x, SignedInAt: noon})
		for i, address := range []string{z, y, x} { // z is the oldest
			save(t, account.KnownAddress{AccountID: c.ID, Address: address, SignedInAt: noon.Add(time.Duration(i) * time.Minute)})
		}
		for _, step := range []struct {
			keep, limit int
			left        string
		}{{3, 9, x + y + z}, {1, 1, x + z}, {1, 9, x}, {1, 9, x}, {0, 9, ""}} {
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				return tx.KnownAddresses.ForgetOldest(ctx, c.ID, step.keep, step.limit)
			})
			left := ""
			for _, address := range []string{x, y, z} {
				if !signedIn(t, d, c.ID, address).IsZero() {
					left += address
				}
			}
			same(t, left, step.left)
		}
		same(t, signedIn(t, d, b.ID, x), noon)
	})
	t.Run("the addresses of an account are removed with it", func(t *testing.T) {
		x, c := unique("x"), someAccount()
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, c) })
		save(t, account.KnownAddress{AccountID: c.ID, Address: x, SignedInAt: noon})
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Remove(ctx, c.ID) })
		same(t, signedIn(t, d, c.ID, x), never)
	})
	t.Run("Purge removes old addresses up to its limit", func(t *testing.T) {
		old, kept := noon.Add(-1000*time.Hour), unique("kept")
		all := []account.KnownAddress{{AccountID: a.ID, Address: kept, SignedInAt: old}}
		for _, x := range []string{unique("x"), unique("y"), unique("z")} {
			all = append(all, account.KnownAddress{AccountID: a.ID, Address: x, SignedInAt: old.Add(-time.Microsecond)})
		}
		save(t, all...)
		for _, want := range []int{2, 1, 0} {
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				n, err := tx.KnownAddresses.Purge(ctx, old, 2)
				same(t, n, want)
				return err
			})
		}
		for _, k := range all[1:] {
			same(t, signedIn(t, d, a.ID, k.Address), never)
		}
		same(t, signedIn(t, d, a.ID, kept), old)
	})
}
