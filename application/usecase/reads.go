package usecase

import (
	"context"
	"errors"
	"strings"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// Lookup finds what an input names by its id as it came. It returns nil if the input names nothing.
func Lookup[T any](ctx context.Context, text string, get func(context.Context, domain.ID) (T, error)) (*T, error) {
	id, ok := domain.ParseID(strings.TrimSpace(text))
	if !ok {
		return nil, nil
	}
	return Known(get(ctx, id))
}

// Known turns domain.ErrNotFound into nil.
func Known[T any](x T, err error) (*T, error) {
	switch {
	case errors.Is(err, domain.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &x, nil
}

// PermissionsOf returns what a role permits.
func PermissionsOf(ctx context.Context, tx ports.Tx, role domain.ID) ([]access.RolePermission, error) {
	views, err := tx.RolePermissions.Of(ctx, []domain.ID{role})
	out := make([]access.RolePermission, len(views))
	for i, v := range views {
		out[i] = v.RolePermission
	}
	return out, err
}

// rolesPage is how many roles are read at a time.
const rolesPage = 100

// RolesByName returns every role by its name.
func RolesByName(ctx context.Context, tx ports.Tx) (map[string]ports.RoleView, error) {
	byName := map[string]ports.RoleView{}
	for page := (ports.Page{Number: 1, Size: rolesPage}); ; page.Number++ {
		roles, count, err := tx.Roles.List(ctx, page)
		if err != nil {
			return nil, err
		}
		for _, r := range roles {
			byName[r.Name] = r
		}
		if page.Offset()+len(roles) >= count || len(roles) == 0 {
			return byName, nil
		}
	}
}
