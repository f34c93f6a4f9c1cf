// Package permissions holds the use cases of roles, menus, and the permissions of roles and accounts.
package permissions

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// Permissions are the use cases of the permissions of roles, and of the assignments that replace them for one account.
// No actor grants more than it holds, or changes what holds more.
type Permissions struct{ usecase.Base }

// RolePermissions holds what a role permits.
type RolePermissions struct {
	Role  access.Role
	Menus []ports.RolePermissionView
}

// ListForRoles returns a page of the roles, newest first, each with its permissions. If role is set, it returns only
// that role, or none if it does not exist.
func (s *Permissions) ListForRoles(
	ctx context.Context, actor access.Actor, role domain.ID, page ports.Page,
) (usecase.List[RolePermissions], error) {
	if err := usecase.May(actor, access.RolePermissionsMenu, access.MayView); err != nil {
		return usecase.List[RolePermissions]{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (usecase.List[RolePermissions], error) {
		roles, n, err := rolesOf(ctx, tx, role, page)
		if err != nil {
			return usecase.List[RolePermissions]{}, err
		}
		out := usecase.List[RolePermissions]{Items: make([]RolePermissions, len(roles)), Count: n}
		ids, at := make([]domain.ID, len(roles)), map[domain.ID]int{}
		for i, r := range roles {
			out.Items[i] = RolePermissions{Role: r.Role, Menus: []ports.RolePermissionView{}}
			ids[i], at[r.ID] = r.ID, i
		}
		permissions, err := tx.RolePermissions.Of(ctx, ids)
		for _, p := range permissions {
			if i, ok := at[p.RoleID]; ok {
				out.Items[i].Menus = append(out.Items[i].Menus, p)
			}
		}
		return out, err
	})
}

// GetForRole returns one permission of a role.
func (s *Permissions) GetForRole(ctx context.Context, actor access.Actor, id domain.ID) (ports.RolePermissionView, error) {
	if err := usecase.May(actor, access.RolePermissionsMenu, access.MayView); err != nil {
		return ports.RolePermissionView{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (ports.RolePermissionView, error) { return tx.RolePermissions.Get(ctx, id) })
}

// AssignToRole replaces all permissions of a role by a set, and returns how many the role now has.
func (s *Permissions) AssignToRole(
	ctx context.Context, actor access.Actor, set access.PermissionSet, once *usecase.Idempotency,
) (int, error) {
	if err := usecase.MayCreate(ctx, s.Base, actor, access.RolePermissionsMenu, once); err != nil {
		return 0, err
	}
	return usecase.Create(ctx, s.Base, once, func(tx ports.Tx) (int, error) {
		role, err := usecase.Lookup(ctx, set.RoleID, tx.Roles.Lock)
		if err != nil {
			return 0, err
		}
		all, err := tx.Menus.LockAll(ctx)
		if err != nil {
			return 0, err
		}
		var before []access.RolePermission
		if role != nil {
			if before, err = repermitted(ctx, tx, actor, *role); err != nil {
				return 0, err
			}
		}
		after, err := set.Permissions(role, all, s.NewID, s.Clock())
		if err != nil {
			return 0, err
		}
		if err := mayPermit(ctx, tx, actor, *role, all, before, after); err != nil {
			return 0, err
		}
		kept, changed := access.Kept(before, after)
		if !changed {
			return len(kept), nil
		}
		return len(kept), tx.RolePermissions.Replace(ctx, role.ID, kept)
	})
}

// UpdateForRole changes the flags that are set in c of one permission of a role.
func (s *Permissions) UpdateForRole(
	ctx context.Context, actor access.Actor, id domain.ID, c access.ActionsPatch, match usecase.Match[ports.RolePermissionView],
) (ports.RolePermissionView, error) {
	if err := usecase.May(actor, access.RolePermissionsMenu, access.MayUpdate); err != nil {
		return ports.RolePermissionView{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (ports.RolePermissionView, error) {
		role, p, err := lockRolePermission(ctx, tx, id)
		if err != nil {
			return p, err
		}
		if _, err := repermitted(ctx, tx, actor, role); err != nil {
			return p, err
		}
		if err := match.Holds(p); err != nil {
			return p, err
		}
		before := []access.RolePermission{p.RolePermission}
		if err := p.Apply(c, s.Clock()); err != nil {
			return p, err
		}
		all, err := tx.Menus.All(ctx)
		if err != nil {
			return p, err
		}
		if err := mayPermit(ctx, tx, actor, role, all, before, []access.RolePermission{p.RolePermission}); err != nil {
			return p, err
		}
		if domain.Same(p.RolePermission, before[0]) {
			return p, nil
		}
		return p, tx.RolePermissions.Save(ctx, p.RolePermission)
	})
}

// ReplaceForRole sets all flags of one permission of a role: absent flags return to their defaults.
func (s *Permissions) ReplaceForRole(
	ctx context.Context, actor access.Actor, id domain.ID, c access.ActionsPatch, match usecase.Match[ports.RolePermissionView],
) (ports.RolePermissionView, error) {
	return s.UpdateForRole(ctx, actor, id, c.Replacement(), match)
}

// RemoveFromRole removes one permission of a role.
func (s *Permissions) RemoveFromRole(
	ctx context.Context, actor access.Actor, id domain.ID, match usecase.Match[ports.RolePermissionView],
) error {
	if err := usecase.May(actor, access.RolePermissionsMenu, access.MayDelete); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		role, p, err := lockRolePermission(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := repermitted(ctx, tx, actor, role); err != nil {
			return err
		}
		if err := match.Holds(p); err != nil {
			return err
		}
		if err := mayWeaken(ctx, tx, actor, role); err != nil {
			return err
		}
		return tx.RolePermissions.Remove(ctx, id)
	})
}

// repermitted returns the permissions of a locked role. It fails unless the actor may change them.
func repermitted(ctx context.Context, tx ports.Tx, actor access.Actor, role access.Role) ([]access.RolePermission, error) {
	permitted, err := usecase.PermissionsOf(ctx, tx, role.ID)
	if err != nil {
		return nil, err
	}
	return permitted, actor.MayRepermit(role, permitted)
}

// mayPermit fails unless the actor may replace permissions of a locked role, before, by others, after.
func mayPermit(
	ctx context.Context, tx ports.Tx, actor access.Actor, role access.Role, all []access.Menu, before, after []access.RolePermission,
) error {
	if err := actor.MayPermit(all, after); err != nil || !access.Weakens(before, after) {
		return err
	}
	return mayWeaken(ctx, tx, actor, role)
}

// mayWeaken fails unless the actor may take something from a locked role.
func mayWeaken(ctx context.Context, tx ports.Tx, actor access.Actor, role access.Role) error {
	own, err := tx.Accounts.OwnInRole(ctx, role.ID)
	if err != nil {
		return err
	}
	return actor.MayWeaken(own)
}

// rolesOf returns a page of the roles, or the one role that is asked for.
func rolesOf(ctx context.Context, tx ports.Tx, role domain.ID, page ports.Page) ([]ports.RoleView, int, error) {
	if role == "" {
		return tx.Roles.List(ctx, page)
	}
	r, err := usecase.Known(tx.Roles.Get(ctx, role))
	switch {
	case err != nil || r == nil:
		return nil, 0, err
	case page.Offset() > 0:
		return nil, 1, nil
	}
	return []ports.RoleView{*r}, 1, nil
}

// lockRolePermission locks a permission and, before it, its role. Everything that locks both keeps this order.
func lockRolePermission(ctx context.Context, tx ports.Tx, id domain.ID) (access.Role, ports.RolePermissionView, error) {
	p, err := tx.RolePermissions.Get(ctx, id)
	if err != nil {
		return access.Role{}, p, err
	}
	role, err := tx.Roles.Lock(ctx, p.RoleID)
	if err != nil {
		return role, p, err
	}
	p, err = tx.RolePermissions.Lock(ctx, id)
	return role, p, err
}
