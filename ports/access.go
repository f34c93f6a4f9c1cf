package ports

import (
	"context"

	"tickt/domain"
	"tickt/domain/access"
)

// Roles are unique by name ("name"). Remove also removes the role's permissions; it fails with ErrInUse if accounts hold
// the role.
type Roles interface {
	Add(ctx context.Context, r access.Role) error
	Get(ctx context.Context, id domain.ID) (RoleView, error)
	Lock(ctx context.Context, id domain.ID) (access.Role, error)
	Save(ctx context.Context, r access.Role) error
	Remove(ctx context.Context, id domain.ID) error
	// List returns the roles, the newest first, and how many there are in total.
	List(ctx context.Context, page Page) ([]RoleView, int, error)
}

// RoleView is a role with the number of accounts that hold it.
type RoleView struct {
	access.Role
	AccountCount int
}

// Menus are unique by folded name ("menuName") and, except for "#", by URL ("menuUrl"). Remove fails with ErrInUse if
// the menu has children or permissions, or if a policy refers to it; tickets that refer to it remain, without a menu.
type Menus interface {
	Add(ctx context.Context, m access.Menu) error
	Save(ctx context.Context, m access.Menu) error
	Remove(ctx context.Context, id domain.ID) error
	// All returns the whole tree, parents before children, siblings by display order and name.
	All(ctx context.Context) ([]access.Menu, error)
	// LockAll is All inside Update; it makes every other LockAll wait until this Update ends, so that changes of the tree
	// happen one at a time.
	LockAll(ctx context.Context) ([]access.Menu, error)
}

// RolePermissions are unique by role and menu ("menuId").
type RolePermissions interface {
	Get(ctx context.Context, id domain.ID) (RolePermissionView, error)
	Lock(ctx context.Context, id domain.ID) (RolePermissionView, error)
	Save(ctx context.Context, p access.RolePermission) error
	Remove(ctx context.Context, id domain.ID) error
	// Replace replaces all permissions of a role.
	Replace(ctx context.Context, role domain.ID, set []access.RolePermission) error
	// Of returns the permissions of the roles, by role, then by the URL of the menu.
	Of(ctx context.Context, roles []domain.ID) ([]RolePermissionView, error)
}

// RolePermissionView is a permission with the names that belong to its ids.
type RolePermissionView struct {
	access.RolePermission
	Role string
	Menu string
}

// AccountPermissions are unique by account and menu ("menuId").
type AccountPermissions interface {
	Add(ctx context.Context, p access.AccountPermission) error
	Get(ctx context.Context, id domain.ID) (AccountPermissionView, error)
	Lock(ctx context.Context, id domain.ID) (AccountPermissionView, error)
	Save(ctx context.Context, p access.AccountPermission) error
	Remove(ctx context.Context, id domain.ID) error
	// List returns the assignments, the newest first, and how many there are in total.
	List(ctx context.Context, page Page) ([]AccountPermissionView, int, error)
}

// AccountPermissionView is an assignment with the names that belong to its ids.
type AccountPermissionView struct {
	access.AccountPermission
	Account  string
	Menu     string
	Assigner string
}
