package identity

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// AccountRoles are the use cases of the roles that accounts hold. For all of them except Assign, an account without a role
// does not exist.
type AccountRoles struct{ usecase.Base }

// List returns a page of the active accounts that hold a role, newest first.
func (s *AccountRoles) List(ctx context.Context, actor access.Actor, page ports.Page) (usecase.List[ports.AccountView], error) {
	if err := usecase.May(actor, access.AccountRolesMenu, access.MayView); err != nil {
		return usecase.List[ports.AccountView]{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (usecase.List[ports.AccountView], error) {
		return usecase.Listed(tx.AccountRoles.List(ctx, page))
	})
}

// Get returns one account that holds a role.
func (s *AccountRoles) Get(ctx context.Context, actor access.Actor, id domain.ID) (ports.AccountView, error) {
	if err := usecase.May(actor, access.AccountRolesMenu, access.MayView); err != nil {
		return ports.AccountView{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (ports.AccountView, error) {
		v, err := tx.Accounts.View(ctx, id)
		if err == nil && v.RoleID == "" {
			err = domain.ErrNotFound
		}
		return v, err
	})
}

// Assign assigns a role to accounts, to all of them or none, and returns their number; those that held it already are
// counted too.
func (s *AccountRoles) Assign(ctx context.Context, actor access.Actor, r account.RoleAssignment, once *usecase.Idempotency) (int, error) {
	if err := usecase.MayCreate(ctx, s.Base, actor, access.AccountRolesMenu, once); err != nil {
		return 0, err
	}
	return usecase.Create(ctx, s.Base, once, func(tx ports.Tx) (int, error) {
		found, err := tx.AccountRoles.Lock(ctx, r.IDs())
		if err != nil {
			return 0, err
		}
		holders, err := reachable(ctx, tx, actor, found)
		if err != nil {
			return 0, err
		}
		role, err := usecase.Lookup(ctx, r.RoleID, tx.Roles.Lock)
		if err != nil {
			return 0, err
		}
		members, err := r.Members(role, found)
		if err != nil {
			return 0, err
		}
		joining, err := accountsToAssign(ctx, tx, actor, members, holders, *role)
		if err != nil {
			return 0, err
		}
		return len(members), tx.AccountRoles.Give(ctx, joining, role.ID, s.Clock())
	})
}

// reachable returns what accounts hold, by their ids. It fails unless all of them are within the actor's reach.
func reachable(ctx context.Context, tx ports.Tx, actor access.Actor, found []account.Account) (map[domain.ID]access.Holder, error) {
	all, err := usecase.HoldersOf(ctx, tx, found)
	if err != nil {
		return nil, err
	}
	holders := make(map[domain.ID]access.Holder, len(all))
	for _, h := range all {
		if err := actor.MayTouch(h); err != nil {
			return nil, err
		}
		holders[h.ID] = h
	}
	return holders, nil
}

// accountsToAssign returns the accounts that do not hold the role yet. It fails unless the actor may give the role to
// all of them.
func accountsToAssign(
	ctx context.Context, tx ports.Tx, actor access.Actor, members []account.Account, holders map[domain.ID]access.Holder, role access.Role,
) ([]domain.ID, error) {
	all, permitted, err := menusAndPermissions(ctx, tx, role.ID)
	if err != nil {
		return nil, err
	}
	var ids []domain.ID
	for _, m := range members {
		h := holders[m.ID]
		if err := actor.MayGiveRole(h, role, all, permitted); err != nil {
			return nil, err
		}
		if h.RoleID != role.ID {
			ids = append(ids, h.ID)
		}
	}
	return ids, nil
}

// Update changes the role of an account that holds one.
func (s *AccountRoles) Update(
	ctx context.Context, actor access.Actor, id domain.ID, c account.RolePatch, match usecase.Match[ports.AccountView],
) (ports.AccountView, error) {
	if err := usecase.May(actor, access.AccountRolesMenu, access.MayUpdate); err != nil {
		return ports.AccountView{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (ports.AccountView, error) {
		a, was, err := lockMember(ctx, tx, id, access.Actor.MayTouch, actor, match)
		if err != nil {
			return ports.AccountView{}, err
		}
		role, err := usecase.Lookup(ctx, c.RoleID.Value, tx.Roles.Lock)
		if err != nil {
			return ports.AccountView{}, err
		}
		former := a
		if err := a.ChangeRole(c, role, s.Clock()); err != nil {
			return ports.AccountView{}, err
		}
		if err := (reads{tx: tx}).mayGive(ctx, actor, was, a.RoleID, role); err != nil {
			return ports.AccountView{}, err
		}
		if !domain.Same(a, former) {
			if err := tx.Accounts.Save(ctx, a); err != nil {
				return ports.AccountView{}, err
			}
		}
		return tx.Accounts.View(ctx, id)
	})
}

// Replace is Update, but the role must be present.
func (s *AccountRoles) Replace(
	ctx context.Context, actor access.Actor, id domain.ID, c account.RolePatch, match usecase.Match[ports.AccountView],
) (ports.AccountView, error) {
	return s.Update(ctx, actor, id, c.Replacement(), match)
}

// Delete takes its role from an account.
func (s *AccountRoles) Delete(ctx context.Context, actor access.Actor, id domain.ID, match usecase.Match[ports.AccountView]) error {
	if err := usecase.May(actor, access.AccountRolesMenu, access.MayDelete); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		a, _, err := lockMember(ctx, tx, id, access.Actor.MayTakeRole, actor, match)
		if err != nil {
			return err
		}
		a.LeaveRole(s.Clock())
		return tx.Accounts.Save(ctx, a)
	})
}

// lockMember locks an account that holds a role, and returns it with what it holds. It fails as Forbidden unless may allows
// the actor to change the account, then if it holds no role, and then as Stale if it is not the one that the client saw.
func lockMember(
	ctx context.Context, tx ports.Tx, id domain.ID, may func(access.Actor, access.Holder) error, actor access.Actor,
	match usecase.Match[ports.AccountView],
) (account.Account, access.Holder, error) {
	a, err := tx.Accounts.Lock(ctx, id)
	if err != nil {
		return a, access.Holder{}, err
	}
	h, err := usecase.HolderOf(ctx, tx, a)
	if err != nil {
		return a, h, err
	}
	if err := may(actor, h); err != nil {
		return a, h, err
	}
	if a.RoleID == "" {
		return a, h, domain.ErrNotFound
	}
	return a, h, match.Still(func() (ports.AccountView, error) { return tx.Accounts.View(ctx, id) })
}
