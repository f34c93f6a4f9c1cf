package permissions

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// ListForAccounts returns a page of the assignments of all accounts, newest first.
func (s *Permissions) ListForAccounts(
	ctx context.Context, actor access.Actor, page ports.Page,
) (usecase.List[ports.AccountPermissionView], error) {
	if err := usecase.May(actor, access.AccountPermissionsMenu, access.MayView); err != nil {
		return usecase.List[ports.AccountPermissionView]{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (usecase.List[ports.AccountPermissionView], error) {
		return usecase.Listed(tx.AccountPermissions.List(ctx, page))
	})
}

// GetForAccount returns one assignment.
func (s *Permissions) GetForAccount(ctx context.Context, actor access.Actor, id domain.ID) (ports.AccountPermissionView, error) {
	if err := usecase.May(actor, access.AccountPermissionsMenu, access.MayView); err != nil {
		return ports.AccountPermissionView{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (ports.AccountPermissionView, error) {
		return tx.AccountPermissions.Get(ctx, id)
	})
}

// AssignToAccount creates an assignment, which replaces what the account's role permits on its menu.
func (s *Permissions) AssignToAccount(
	ctx context.Context, actor access.Actor, c access.AssignmentPatch, once *usecase.Idempotency,
) (ports.AccountPermissionView, error) {
	if err := usecase.MayCreate(ctx, s.Base, actor, access.AccountPermissionsMenu, once); err != nil {
		return ports.AccountPermissionView{}, err
	}
	return usecase.Create(ctx, s.Base, once, func(tx ports.Tx) (out ports.AccountPermissionView, err error) {
		h, err := usecase.Lookup(ctx, c.AccountID.Value, lockHolder(tx))
		if err != nil {
			return out, err
		}
		all, err := tx.Menus.LockAll(ctx)
		if err != nil {
			return out, err
		}
		menu, err := usecase.Lookup(ctx, c.MenuID.Value, menuFinder(all))
		if err != nil {
			return out, err
		}
		p, err := access.NewAccountPermission(s.NewID(), c, h, menu, actor.ID, s.Clock())
		if err != nil {
			return out, err
		}
		if err := actor.MayAssign(*h, *menu, p.Actions); err != nil {
			return out, err
		}
		if err := assignmentTaken(tx.AccountPermissions.Add(ctx, p)); err != nil {
			return out, err
		}
		return tx.AccountPermissions.Get(ctx, p.ID)
	})
}

// UpdateForAccount changes the flags that are set in c of one assignment.
func (s *Permissions) UpdateForAccount(
	ctx context.Context, actor access.Actor, id domain.ID, c access.AssignmentPatch, match usecase.Match[ports.AccountPermissionView],
) (ports.AccountPermissionView, error) {
	if err := usecase.May(actor, access.AccountPermissionsMenu, access.MayUpdate); err != nil {
		return ports.AccountPermissionView{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (ports.AccountPermissionView, error) {
		h, menu, p, err := lockAssignment(ctx, tx, id)
		if err != nil {
			return p, err
		}
		if err := actor.MayAssign(h, menu, access.MayNothing); err != nil { // whatever is sent
			return p, err
		}
		if err := match.Holds(p); err != nil {
			return p, err
		}
		before := p.AccountPermission
		if err := p.Apply(c, s.Clock()); err != nil {
			return p, err
		}
		if err := actor.MayAssign(h, menu, p.Actions); err != nil {
			return p, err
		}
		if domain.Same(p.AccountPermission, before) {
			return p, nil
		}
		return p, tx.AccountPermissions.Save(ctx, p.AccountPermission)
	})
}

// ReplaceForAccount sets all flags of one assignment: absent flags return to their defaults.
func (s *Permissions) ReplaceForAccount(
	ctx context.Context, actor access.Actor, id domain.ID, c access.AssignmentPatch, match usecase.Match[ports.AccountPermissionView],
) (ports.AccountPermissionView, error) {
	return s.UpdateForAccount(ctx, actor, id, c.Replacement(), match)
}

// RemoveFromAccount removes an assignment: the account's role decides on its menu again.
func (s *Permissions) RemoveFromAccount(
	ctx context.Context, actor access.Actor, id domain.ID, match usecase.Match[ports.AccountPermissionView],
) error {
	if err := usecase.May(actor, access.AccountPermissionsMenu, access.MayDelete); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		h, menu, p, err := lockAssignment(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := actor.MayAssign(h, menu, access.MayNothing); err != nil {
			return err
		}
		if err := match.Holds(p); err != nil {
			return err
		}
		return tx.AccountPermissions.Remove(ctx, id)
	})
}

// lockHolder returns a function that locks an account with its role, so that what it holds does not change while it is
// checked.
func lockHolder(tx ports.Tx) func(context.Context, domain.ID) (access.Holder, error) {
	return func(ctx context.Context, id domain.ID) (access.Holder, error) {
		a, err := tx.Accounts.Lock(ctx, id)
		if err != nil {
			return access.Holder{}, err
		}
		if a.RoleID != "" {
			if _, err := tx.Roles.Lock(ctx, a.RoleID); err != nil {
				return access.Holder{}, err
			}
		}
		return usecase.HolderOf(ctx, tx, a)
	}
}

// menuFinder returns a function that finds a menu by its id.
func menuFinder(all []access.Menu) func(context.Context, domain.ID) (access.Menu, error) {
	return func(_ context.Context, id domain.ID) (access.Menu, error) {
		if m, ok := access.FindMenu(all, id); ok {
			return m, nil
		}
		return access.Menu{}, domain.ErrNotFound
	}
}

// lockAssignment locks an assignment and, before it, its account. Everything that locks both keeps this order.
func lockAssignment(
	ctx context.Context, tx ports.Tx, id domain.ID,
) (h access.Holder, menu access.Menu, p ports.AccountPermissionView, err error) {
	if p, err = tx.AccountPermissions.Get(ctx, id); err != nil {
		return h, menu, p, err
	}
	if h, err = lockHolder(tx)(ctx, p.AccountID); err != nil {
		return h, menu, p, err
	}
	if p, err = tx.AccountPermissions.Lock(ctx, id); err != nil {
		return h, menu, p, err
	}
	all, err := tx.Menus.All(ctx)
	if err != nil {
		return h, menu, p, err
	}
	menu, err = menuFinder(all)(ctx, p.MenuID)
	return h, menu, p, err
}

// assignmentTaken turns a lost race for an assignment on one menu into the error of an ordinary duplicate.
func assignmentTaken(err error) error {
	return usecase.Raced(err, func(p *domain.Problems, field string) { p.Add(field, domain.CodeAssignmentTaken) })
}
