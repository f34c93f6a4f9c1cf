package usecase

import (
	"context"
	"errors"
	"strings"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// Lookup reads what an input refers to by an id, which may be malformed. It returns nil if there is no such thing.
func Lookup[T any](ctx context.Context, text string, get func(context.Context, domain.ID) (T, error)) (*T, error) {
	id, ok := domain.ParseID(strings.TrimSpace(text))
	if !ok {
		return nil, nil
	}
	return Known(get(ctx, id))
}

// Known turns domain.ErrNotFound into a nil pointer.
func Known[T any](x T, err error) (*T, error) {
	switch {
	case errors.Is(err, domain.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &x, nil
}

// PermissionsOf returns the permissions of a role.
func PermissionsOf(ctx context.Context, tx ports.Tx, role domain.ID) ([]access.RolePermission, error) {
	views, err := tx.RolePermissions.Of(ctx, []domain.ID{role})
	out := make([]access.RolePermission, len(views))
	for i, v := range views {
		out[i] = v.RolePermission
	}
	return out, err
}

// allPage is how many rows All reads at a time.
const allPage = 100

// All returns every row of a short list, such as the roles or the priorities. list is a method of a port.
func All[T any](ctx context.Context, list func(context.Context, ports.Page) ([]T, int, error)) (all []T, err error) {
	for page := (ports.Page{Number: 1, Size: allPage}); ; page.Number++ {
		rows, count, err := list(ctx, page)
		if err != nil {
			return nil, err
		}
		if all = append(all, rows...); len(all) >= count || len(rows) == 0 {
			return all, nil
		}
	}
}

// RolesByName returns all roles by their names.
func RolesByName(ctx context.Context, tx ports.Tx) (map[string]ports.RoleView, error) {
	roles, err := All(ctx, tx.Roles.List)
	byName := make(map[string]ports.RoleView, len(roles))
	for _, r := range roles {
		byName[r.Name] = r
	}
	return byName, err
}
