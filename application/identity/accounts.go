// Package identity holds the use cases of accounts: who they are, which role they hold, and how they sign in.
package identity

import (
	"context"
	"errors"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// Accounts are the use cases of accounts. No account gets more permissions through them than the actor holds, none that
// holds more is changed, and at least one superuser that can sign in always remains.
type Accounts struct {
	drafts
	guard *Guard
}

// NewAccounts returns the use cases of accounts. The guard is that of the sign-ins.
func NewAccounts(mails Mails, fields Fields, guard *Guard) *Accounts {
	return &Accounts{drafts{mails, fields}, guard}
}

// List returns a page of the accounts that match the filter, newest first.
func (s *Accounts) List(
	ctx context.Context, actor access.Actor, f ports.AccountFilter, page ports.Page,
) (usecase.List[ports.AccountView], error) {
	if err := usecase.May(actor, access.AccountsMenu, access.MayView); err != nil {
		return usecase.List[ports.AccountView]{}, err
	}
	if e164, ok := s.Phones.Normalise(f.Phone); ok { // of trunk prefixes other than 0
		f.PhonePrefix = account.PhonePrefix(e164)
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (usecase.List[ports.AccountView], error) {
		return usecase.Listed(tx.Accounts.List(ctx, f, page))
	})
}

// Get returns one account.
func (s *Accounts) Get(ctx context.Context, actor access.Actor, id domain.ID) (ports.AccountView, error) {
	if err := usecase.May(actor, access.AccountsMenu, access.MayView); err != nil {
		return ports.AccountView{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (ports.AccountView, error) { return tx.Accounts.View(ctx, id) })
}

// Create creates an active account.
func (s *Accounts) Create(ctx context.Context, actor access.Actor, c account.Patch, once *usecase.Idempotency) (ports.AccountView, error) {
	if err := usecase.MayCreate(ctx, s.Base, actor, access.AccountsMenu, once); err != nil {
		return ports.AccountView{}, err
	}
	if err := c.Restrict(actor, account.Account{}); err != nil {
		return ports.AccountView{}, err
	}
	admit := func(r reads, a account.Account, invalid error) (*access.Role, error) {
		role, err := r.validate(ctx, account.Account{}, a, invalid)
		if err != nil {
			return nil, err
		}
		return role, r.mayGive(ctx, actor, access.Holder{}, a.RoleID, role)
	}
	a, err := s.draft(ctx, c, func(tx ports.Tx, a account.Account, invalid error) error {
		_, err := admit(reads{tx: tx, looks: s.LookAlikes}, a, invalid)
		return err
	})
	if err != nil {
		return ports.AccountView{}, usecase.UnlessReplayed(ctx, s.Base, once, err)
	}
	return usecase.Create(ctx, s.Base, once, func(tx ports.Tx) (ports.AccountView, error) {
		r := reads{tx: tx, lock: true, looks: s.LookAlikes}
		role, err := admit(r, a, nil)
		if err != nil {
			return ports.AccountView{}, err
		}
		v := ports.AccountView{Account: a}
		if role != nil {
			v.Role = role.Name
		}
		if err := accountTaken(tx.Accounts.Add(ctx, a)); err != nil {
			return ports.AccountView{}, err
		}
		return v, r.keepLook(ctx, account.Account{}, a)
	})
}

// Update changes the fields that are set in c. A new password ends the other sessions of the account. It is hashed before the
// transaction that stores it, and only if everything else is valid. The current password that c needs for the actor's own
// account (see account.Patch) is verified as in Me.ChangePassword. The former e-mail address is told about a new one.
func (s *Accounts) Update(
	ctx context.Context, actor access.Actor, id domain.ID, c account.Patch, match usecase.Match[ports.AccountView],
) (ports.AccountView, error) {
	if err := usecase.May(actor, access.AccountsMenu, access.MayUpdate); err != nil {
		return ports.AccountView{}, err
	}
	edit := accountEdit{drafts: s.drafts, guard: s.guard, actor: actor, id: id, change: c, match: match}
	p, leave, err := edit.prepare(ctx)
	defer leave()
	if err != nil {
		return ports.AccountView{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (ports.AccountView, error) {
		if err := edit.store(ctx, tx, p); err != nil {
			return ports.AccountView{}, err
		}
		return tx.Accounts.View(ctx, id)
	})
}

// Replace replaces the account by c: absent fields return to their defaults, except the password and the flags that the
// actor may not set.
func (s *Accounts) Replace(
	ctx context.Context, actor access.Actor, id domain.ID, c account.Patch, match usecase.Match[ports.AccountView],
) (ports.AccountView, error) {
	return s.Update(ctx, actor, id, c.ReplacementBy(actor), match)
}

// Delete removes an account. It fails as Conflict if the account is the actor's own, is the last active superuser, or
// is referred to by tickets or history.
func (s *Accounts) Delete(ctx context.Context, actor access.Actor, id domain.ID, match usecase.Match[ports.AccountView]) error {
	if err := usecase.May(actor, access.AccountsMenu, access.MayDelete); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		a, _, superusers, err := reads{tx: tx, lock: true}.account(ctx, actor, id, account.Account.IsActiveSuperuser, match)
		if err != nil {
			return err
		}
		if err := a.MayDelete(actor.ID, superusers); err != nil {
			return err
		}
		err = tx.Accounts.Remove(ctx, id)
		if errors.Is(err, ports.ErrInUse) {
			return domain.FailFor(domain.ReasonInUse, "Account is in use by tickets or history. Deactivate it instead.")
		}
		return err
	})
}

// Unlock clears the counts of failed sign-ins that block an account: of the account from anywhere, and from each address. It
// keeps the counts of addresses, which are not of one account. It does the same whether or not anything blocks the account.
// It fails as Conflict if the account is the actor's own.
func (s *Accounts) Unlock(ctx context.Context, actor access.Actor, id domain.ID) error {
	if err := usecase.May(actor, access.AccountsMenu, access.MayUpdate); err != nil {
		return err
	}
	never := func(account.Account) bool { return false }
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		a, _, _, err := reads{tx: tx, lock: true}.account(ctx, actor, id, never, nil)
		if err != nil {
			return err
		}
		if err := a.MayUnlock(actor.ID); err != nil {
			return err
		}
		return unlock(ctx, tx, a)
	})
}

// Toggle deactivates an active account, which ends its sessions and voids the links that were mailed to it for good, and
// activates an inactive one. c says who gets the tickets of the account that is deactivated; that needs update on tickets with
// scope all. It fails as Conflict if it would deactivate the actor's own account or the last active superuser.
func (s *Accounts) Toggle(
	ctx context.Context, actor access.Actor, id domain.ID, c HandOver, match usecase.Match[ports.AccountView],
) (Toggled, error) {
	if err := usecase.May(actor, access.AccountsMenu, access.MayUpdate); err != nil {
		return Toggled{}, err
	}
	if err := c.permitted(actor); err != nil {
		return Toggled{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (Toggled, error) {
		a, _, superusers, err := reads{tx: tx, lock: true}.account(ctx, actor, id, account.Account.IsActiveSuperuser, match)
		if err != nil {
			return Toggled{}, err
		}
		if a.IsActive {
			if err := a.MayDeactivate(actor.ID, superusers); err != nil {
				return Toggled{}, err
			}
		}
		a.Toggle(s.Clock())
		if err := c.add(ctx, tx, a, actor); err != nil {
			return Toggled{}, err
		}
		if err := tx.Accounts.Save(ctx, a); err != nil {
			return Toggled{}, err
		}
		if !a.IsActive {
			if err := tx.Sessions.RevokeOf(ctx, id, "", s.Clock()); err != nil {
				return Toggled{}, err
			}
		}
		// Also when it is activated: a link may have been mailed in the same moment in which the account was deactivated, or
		// a replica of the previous release may have deactivated it.
		if err := tx.AccountMails.RemoveOf(ctx, id, account.LinkKinds...); err != nil {
			return Toggled{}, err
		}
		open, err := tx.Tickets.CountActiveOf(ctx, id)
		if err != nil {
			return Toggled{}, err
		}
		v, err := tx.Accounts.View(ctx, id)
		return Toggled{v, open}, err
	})
}
