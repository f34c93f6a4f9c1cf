package desk

import (
	"context"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// AddRole adds a role that permits nothing.
func (d *Desk) AddRole(name string, scope access.Scope) domain.ID {
	d.T.Helper()
	r := access.Role{ID: d.NewID(), Name: name, TicketScope: scope, CreatedAt: d.Now(), UpdatedAt: d.Now()}
	d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.Roles.Add(ctx, r) })
	return r.ID
}

// AddMenu adds a menu with a URL, which is also its name.
func (d *Desk) AddMenu(url string) access.Menu {
	d.T.Helper()
	m := Must(access.NewMenu(d.NewID(), access.MenuPatch{Name: domain.Some(url), URL: domain.Some(url)}, nil, d.Now()))(d.T)
	d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.Menus.Add(ctx, m) })
	return m
}

// Permit replaces the permissions of the role with a name by the actions on the menus with the URLs.
func (d *Desk) Permit(role string, actions access.Actions, urls ...string) {
	d.T.Helper()
	id := d.Role(role)
	var set []access.RolePermission
	for _, url := range urls {
		set = append(set, access.NewRolePermission(d.NewID(), id, d.Menu(url).ID, actions, d.Now()))
	}
	d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.RolePermissions.Replace(ctx, id, set) })
}

// Permitted returns the permissions of the role with a name.
func (d *Desk) Permitted(role string) (all []ports.RolePermissionView) {
	d.T.Helper()
	id := d.Role(role)
	d.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		all, err = tx.RolePermissions.Of(ctx, []domain.ID{id})
		return err
	})
	return all
}

// Assign adds an assignment for a member on the menu with a URL.
func (d *Desk) Assign(name, url string, actions access.Actions) {
	d.T.Helper()
	p := access.AccountPermission{
		ID: d.NewID(), AccountID: d.ID(name), MenuID: d.Menu(url).ID, Actions: actions,
		AssignedBy: d.ID(Root), AssignedAt: d.Now(), CreatedAt: d.Now(), UpdatedAt: d.Now(),
	}
	d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.AccountPermissions.Add(ctx, p) })
}
