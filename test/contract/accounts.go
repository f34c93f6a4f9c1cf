package contract

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/text"
	"tickt/ports"
)

func setup(t *testing.T, d suite) {
	t.Run("the version of the seeds is 0 at first, and is stored", func(t *testing.T) {
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			seeds, err := tx.Setup.Lock(ctx)
			if seeds != 0 {
				t.Errorf("a new store has seeds of version %d, want 0", seeds)
			}
			return errors.Join(err, tx.Setup.SetSeeds(ctx, 3))
		})
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			seeds, err := tx.Setup.Lock(ctx)
			if seeds != 3 {
				t.Errorf("seeds: %d", seeds)
			}
			return errors.Join(err, tx.Setup.SetSeeds(ctx, 4))
		})
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			seeds, err := tx.Setup.Lock(ctx)
			if seeds != 4 {
				t.Errorf("seeds: %d", seeds)
			}
			return err
		})
	})
	t.Run("there are no check values of keys at first; others replace them", func(t *testing.T) {
		for _, want := range [][]account.KeyCheck{{}, {"b"}, {"a", "b"}, {"B", "a"}, {}} {
			d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Setup.SetKeyChecks(ctx, slices.Clone(want)) })
			same(t, read(t, d, func(ctx context.Context, tx ports.Tx) ([]account.KeyCheck, error) { return tx.Setup.KeyChecks(ctx) }), want)
		}
	})
	t.Run("a migrated store is ready", func(t *testing.T) {
		if err := d.store.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func getAccount(t *testing.T, d suite, id domain.ID) account.Account {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) (account.Account, error) { return tx.Accounts.Get(ctx, id) })
}

func accounts(t *testing.T, d suite) {
	t.Run("an account is read as it was written", func(t *testing.T) {
		role := someRole()
		full, bare := someAccount(), bareAccount()
		full.RoleID = role.ID
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Roles.Add(ctx, role), tx.Accounts.Add(ctx, full), tx.Accounts.Add(ctx, bare))
		})
		same(t, getAccount(t, d, full.ID), full)
		same(t, getAccount(t, d, bare.ID), bare)
		named := read(t, d, func(ctx context.Context, tx ports.Tx) (account.Account, error) {
			return tx.Accounts.Named(ctx, lookup(full.Username))
		})
		same(t, named, full)
		mailed := read(t, d, func(ctx context.Context, tx ports.Tx) (account.Account, error) {
			return tx.Accounts.WithEmail(ctx, full.EmailKey)
		})
		same(t, mailed, full)
	})
	t.Run("Save writes every field", func(t *testing.T) {
		a, other := someAccount(), someAccount()
		other.ID, other.IsSuperuser, other.IsStaff, other.IsActive, other.LastLogin = a.ID, true, false, false, time.Time{}
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, a) })
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			locked, err := tx.Accounts.Lock(ctx, a.ID)
			same(t, locked, a)
			return errors.Join(err, tx.Accounts.Save(ctx, other))
		})
		same(t, getAccount(t, d, a.ID), other)
	})
	t.Run("an unknown account is not found", func(t *testing.T) { unknownAccount(t, d) })
	t.Run("the unique values of another account are taken, whatever their case", func(t *testing.T) { takenAccount(t, d) })
	t.Run("Taken returns the fields whose values another account has", func(t *testing.T) {
		a, b := someAccount(), someAccount()
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Accounts.Add(ctx, a), tx.Accounts.Add(ctx, b))
		})
		taken := func(name, email, phone string, except domain.ID) []string {
			x := account.Account{ID: except, Username: name, UsernameKey: text.Key(name), EmailKey: email, Phone: phone}
			return read(t, d, func(ctx context.Context, tx ports.Tx) ([]string, error) { return tx.Accounts.Taken(ctx, x) })
		}
		same(t, taken(a.Username, a.EmailKey, a.Phone, ""), []string{"username", "email", "phoneNumber"})
		same(t, taken(a.Username, a.EmailKey, a.Phone, a.ID), []string{})
		same(t, taken(a.Username, b.EmailKey, a.Phone, a.ID), []string{"email"})
		same(t, taken(b.Username, "new", a.Phone, ""), []string{"username", "phoneNumber"})
		same(t, taken("new", "new", "new", ""), []string{})
	})
}

func lookup(name string) account.Lookup {
	l, _ := account.LookupOf(name)
	return l
}

func unknownAccount(t *testing.T, d suite) {
	_, err := attempt(t, d, func(ctx context.Context, tx ports.Tx) (account.Account, error) { return tx.Accounts.Get(ctx, newID()) })
	wantMissing(t, err)
	_, err = attempt(t, d, func(ctx context.Context, tx ports.Tx) (account.Account, error) {
		return tx.Accounts.Named(ctx, lookup("nobody"))
	})
	wantMissing(t, err)
	wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.Accounts.Lock(ctx, newID())
		return err
	}))
	wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Save(ctx, someAccount()) }))
}

func takenAccount(t *testing.T, d suite) {
	a, b := someAccount(), someAccount()
	a.UsernameKey, a.EmailKey = domain.FoldCase("ÉLAN"), domain.FoldCase("ÉLAN@example.org")
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Accounts.Add(ctx, a), tx.Accounts.Add(ctx, b))
	})
	for field, clash := range map[string]func(*account.Account){
		"username":    func(x *account.Account) { x.UsernameKey = domain.FoldCase("élan") },
		"email":       func(x *account.Account) { x.EmailKey = domain.FoldCase("élan@example.org") },
		"phoneNumber": func(x *account.Account) { x.Phone = a.Phone },
	} {
		added, saved := someAccount(), b
		clash(&added)
		clash(&saved)
		wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, added) }), field)
		wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Save(ctx, saved) }), field)
	}
	same(t, getAccount(t, d, b.ID), b)
}
