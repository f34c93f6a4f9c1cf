package application

import (
	"context"
	"errors"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// Accounts are the use cases of accounts. Nobody gets more through them than whoever asks holds, and somebody who may
// do everything always remains.
type Accounts struct{ Deps }

// List gives a page of the accounts that the filter wants, newest first.
func (s *Accounts) List(ctx context.Context, actor access.Actor, f ports.AccountFilter, page ports.Page) (List[ports.AccountView], error) {
	if err := may(actor, access.AccountsMenu, access.MayView); err != nil {
		return List[ports.AccountView]{}, err
	}
	return view(ctx, s.Store, func(tx ports.Tx) (List[ports.AccountView], error) {
		items, n, err := tx.Accounts.List(ctx, f, page)
		return List[ports.AccountView]{items, n}, err
	})
}

// Get gives one account.
func (s *Accounts) Get(ctx context.Context, actor access.Actor, id domain.ID) (ports.AccountView, error) {
	if err := may(actor, access.AccountsMenu, access.MayView); err != nil {
		return ports.AccountView{}, err
	}
	return view(ctx, s.Store, func(tx ports.Tx) (ports.AccountView, error) { return tx.Accounts.View(ctx, id) })
}

// Create makes an active account.
func (s *Accounts) Create(ctx context.Context, actor access.Actor, c account.Change, once *Once) (ports.AccountView, error) {
	if err := s.mayCreate(ctx, actor, access.AccountsMenu, once); err != nil {
		return ports.AccountView{}, err
	}
	if err := c.Restrict(actor, account.Account{}); err != nil {
		return ports.AccountView{}, err
	}
	admit := func(r reads, a account.Account, invalid error) (*access.Role, error) {
		role, err := r.settle(ctx, a, "", invalid)
		if err != nil {
			return nil, err
		}
		return role, r.mayGive(ctx, actor, access.Holder{}, a.RoleID, role)
	}
	a, err := s.draftAccount(ctx, c, func(tx ports.Tx, a account.Account, invalid error) error {
		_, err := admit(reads{tx: tx}, a, invalid)
		return err
	})
	if err != nil {
		return ports.AccountView{}, s.unlessAnswered(ctx, once, err)
	}
	return create(ctx, s.Deps, once, func(tx ports.Tx) (ports.AccountView, error) {
		role, err := admit(reads{tx: tx, lock: true}, a, nil)
		if err != nil {
			return ports.AccountView{}, err
		}
		v := ports.AccountView{Account: a}
		if role != nil {
			v.Role = role.Name
		}
		return v, accountTaken(tx.Accounts.Add(ctx, a))
	})
}

// Change changes the fields that c names and leaves the others as they are. A new password ends the sessions of the
// account. It is hashed before the transaction that stores it, and only where everything else is in order.
func (s *Accounts) Change(ctx context.Context, actor access.Actor, id domain.ID, c account.Change, match Match[ports.AccountView]) (ports.AccountView, error) {
	if err := may(actor, access.AccountsMenu, access.MayUpdate); err != nil {
		return ports.AccountView{}, err
	}
	edit := accountEdit{Deps: s.Deps, actor: actor, id: id, change: c, match: match}
	hash, err := edit.hash(ctx)
	if err != nil {
		return ports.AccountView{}, err
	}
	return update(ctx, s.Store, func(tx ports.Tx) (ports.AccountView, error) {
		a, err := edit.apply(ctx, reads{tx: tx, lock: true})
		if err != nil {
			return ports.AccountView{}, err
		}
		if hash != "" {
			a.SetPassword(hash, s.Clock())
			if err := tx.Sessions.RevokeOf(ctx, id, s.Clock()); err != nil {
				return ports.AccountView{}, err
			}
		}
		if err := accountTaken(tx.Accounts.Save(ctx, a)); err != nil {
			return ports.AccountView{}, err
		}
		return tx.Accounts.View(ctx, id)
	})
}

// Replace puts c in the place of the whole account, but for the password and for flags that the actor may not set:
// what it leaves out returns to its default.
func (s *Accounts) Replace(ctx context.Context, actor access.Actor, id domain.ID, c account.Change, match Match[ports.AccountView]) (ports.AccountView, error) {
	return s.Change(ctx, actor, id, c.ReplacedBy(actor), match)
}

// Delete removes an account; a Conflict where it is the actor's own, the last superuser's, or named on record.
func (s *Accounts) Delete(ctx context.Context, actor access.Actor, id domain.ID, match Match[ports.AccountView]) error {
	if err := may(actor, access.AccountsMenu, access.MayDelete); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		a, superusers, err := reads{tx: tx, lock: true}.account(ctx, id, account.Account.IsActiveSuperuser, match)
		if err != nil {
			return err
		}
		if err := actor.MayTouch(holderOf(a)); err != nil {
			return err
		}
		if err := a.MayDelete(actor.ID, superusers); err != nil {
			return err
		}
		err = tx.Accounts.Remove(ctx, id)
		if errors.Is(err, ports.ErrInUse) {
			return domain.Fail(domain.Conflict, "Account is in use by tickets or history. Deactivate it instead.")
		}
		return err
	})
}

// Toggle deactivates an active account, which ends its sessions, and activates any other; a Conflict where it would
// deactivate the actor's own or the last superuser's.
func (s *Accounts) Toggle(ctx context.Context, actor access.Actor, id domain.ID, match Match[ports.AccountView]) (ports.AccountView, error) {
	if err := may(actor, access.AccountsMenu, access.MayUpdate); err != nil {
		return ports.AccountView{}, err
	}
	return update(ctx, s.Store, func(tx ports.Tx) (ports.AccountView, error) {
		a, superusers, err := reads{tx: tx, lock: true}.account(ctx, id, account.Account.IsActiveSuperuser, match)
		if err != nil {
			return ports.AccountView{}, err
		}
		if err := mayToggle(ctx, tx, actor, a, superusers); err != nil {
			return ports.AccountView{}, err
		}
		a.Toggle(s.Clock())
		if err := tx.Accounts.Save(ctx, a); err != nil {
			return ports.AccountView{}, err
		}
		if !a.IsActive {
			if err := tx.Sessions.RevokeOf(ctx, id, s.Clock()); err != nil {
				return ports.AccountView{}, err
			}
		}
		return tx.Accounts.View(ctx, id)
	})
}

func mayToggle(ctx context.Context, tx ports.Tx, actor access.Actor, a account.Account, superusers int) error {
	if !a.IsActive {
		return mayEmpower(ctx, tx, actor, holderOf(a))
	}
	if err := actor.MayTouch(holderOf(a)); err != nil {
		return err
	}
	return a.MayDeactivate(actor.ID, superusers)
}
