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

// withToken reads a mail by its token.
func withToken(c call, m account.Mail) (account.Mail, error) {
	return c.AccountMails.WithToken(c, m.TokenHash)
}

var persistedAccountMails = persisted[account.Mail]{
	given: func(r *referents, _ int) Fields { return Fields{"AccountID": r.account().ID} },
	fixed: []string{"ID"},
	adds: []addition[account.Mail]{
		{method: "AccountMails.Add", add: each(func(c call, m account.Mail) error { return c.AccountMails.Add(c, m) })},
	},
	changes: []change[account.Mail]{
		{method: "AccountMails.Save", change: each(func(c call, m account.Mail) error { return c.AccountMails.Save(c, m) })},
	},
	reads: []reading[account.Mail]{
		{"AccountMails.Lock", func(c call, m account.Mail) (account.Mail, error) { return c.AccountMails.Lock(c, m.ID) }},
		{"AccountMails.WithToken", withToken},
	},
}

func accountMails(t *testing.T, d suite) {
	owner, other := someAccount(), someAccount()
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Accounts.Add(ctx, owner), tx.Accounts.Add(ctx, other))
	})
	add := func(m account.Mail) account.Mail {
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.AccountMails.Add(ctx, m) })
		return m
	}
	forgotten := func(of domain.ID) account.Mail {
		m := account.NewForgotten(newID(), unique("name"), "", noon)
		m.AccountID, m.TokenHash = of, unique("hash")
		return m
	}
	lock := func(id domain.ID) (m account.Mail, err error) {
		err = d.try(t, func(ctx context.Context, tx ports.Tx) (err error) {
			m, err = tx.AccountMails.Lock(ctx, id)
			return err
		})
		return m, err
	}
	exists := func(m account.Mail, want bool) {
		t.Helper()
		if _, err := lock(m.ID); want {
			must(t, err)
		} else {
			wantMissing(t, err)
		}
	}
	t.Run("a mail without an account and without a token is read as it was added", func(t *testing.T) {
		m := add(account.NewForgotten(newID(), unique("name"), "", noon))
		add(account.NewForgotten(newID(), "", unique("mail"), noon)) // several may lack them
		got, err := lock(m.ID)
		must(t, err)
		same(t, got, m)
	})
	t.Run("a mail is not found by another token, nor after its removal", func(t *testing.T) {
		m := add(forgotten(owner.ID))
		find := func(hash string) error {
			_, err := attempt(t, d, func(ctx context.Context, tx ports.Tx) (account.Mail, error) {
				return tx.AccountMails.WithToken(ctx, hash)
			})
			return err
		}
		must(t, find(m.TokenHash))
		wantMissing(t, find(unique("hash")))
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.AccountMails.Remove(ctx, m.ID) })
		wantMissing(t, find(m.TokenHash))
		exists(m, false)
		for _, err := range []error{
			d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.AccountMails.Remove(ctx, m.ID) }),
			d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.AccountMails.Save(ctx, m) }),
		} {
			wantMissing(t, err)
		}
	})
	t.Run("RemoveOf removes the mails of one kind to one account", func(t *testing.T) {
		gone, foreign := []account.Mail{add(forgotten(owner.ID)), add(forgotten(owner.ID))}, add(forgotten(other.ID))
		notice := add(account.NewNotice(newID(), account.PasswordChanged, owner, noon))
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.AccountMails.RemoveOf(ctx, owner.ID, account.PasswordForgotten),
				tx.AccountMails.RemoveOf(ctx, newID(), account.PasswordForgotten))
		})
		for _, m := range gone {
			exists(m, false)
		}
		exists(foreign, true)
		exists(notice, true)
	})
	t.Run("RemoveOf removes the mails of several kinds to one account", func(t *testing.T) {
		confirmation := account.NewConfirmation(newID(), owner, unique("mail"), noon)
		gone, foreign := []account.Mail{add(forgotten(owner.ID)), add(confirmation)}, add(forgotten(other.ID))
		notice := add(account.NewNotice(newID(), account.PasswordChanged, owner, noon))
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return tx.AccountMails.RemoveOf(ctx, owner.ID, account.LinkKinds...)
		})
		for _, m := range gone {
			exists(m, false)
		}
		exists(foreign, true)
		exists(notice, true)
	})
	t.Run("the mails of an account are removed with it", func(t *testing.T) {
		leaver := someAccount()
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, leaver) })
		m, kept := add(forgotten(leaver.ID)), add(forgotten(owner.ID))
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Remove(ctx, leaver.ID) })
		exists(m, false)
		exists(kept, true)
	})
	t.Run("of parallel removals of one mail, one succeeds", func(t *testing.T) {
		m := add(forgotten(owner.ID))
		succeeded := 0
		for _, err := range concurrently(8, func(int) error {
			return d.try(t, func(ctx context.Context, tx ports.Tx) error {
				_, err := tx.AccountMails.Lock(ctx, m.ID)
				if err != nil {
					return err
				}
				return tx.AccountMails.Remove(ctx, m.ID)
			})
		}) {
			if err == nil {
				succeeded++
				continue
			}
			wantMissing(t, err)
		}
		same(t, succeeded, 1)
	})
	t.Run("Purge removes mails that expired before a time, up to its limit", func(t *testing.T) {
		before := noon.Add(-100 * time.Hour)
		until := func(expires time.Time) account.Mail {
			m := forgotten(owner.ID)
			m.ExpiresAt = expires
			return add(m)
		}
		gone := []account.Mail{until(before.Add(-time.Microsecond)), until(before.Add(-time.Hour)), until(before.Add(-time.Hour))}
		kept := []account.Mail{until(before), until(noon)}
		for _, want := range []int{2, 1, 0} {
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				n, err := tx.AccountMails.Purge(ctx, before, 2)
				same(t, n, want)
				return err
			})
		}
		for _, m := range gone {
			exists(m, false)
		}
		for _, m := range kept {
			exists(m, true)
		}
	})
}
