package memory

import (
	"cmp"
	"context"
	"math"
	"slices"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

type rolePermissions struct{ *tx }

func newRolePermissions() *table[domain.ID, access.RolePermission] {
	return newTable(uniqueOn("menuId", func(p access.RolePermission) string { return string(p.RoleID + "/" + p.MenuID) }))
}

func (s rolePermissions) Get(_ context.Context, id domain.ID) (ports.RolePermissionView, error) {
	p, err := s.rolePermissions.get(id)
	if err != nil {
		return ports.RolePermissionView{}, err
	}
	return s.view(p), nil
}

func (s rolePermissions) view(p access.RolePermission) ports.RolePermissionView {
	return ports.RolePermissionView{RolePermission: p, Role: s.roles.rows[p.RoleID].Name, Menu: s.menus.rows[p.MenuID].Name}
}

func (s rolePermissions) Lock(ctx context.Context, id domain.ID) (ports.RolePermissionView, error) {
	if err := s.log.writable(); err != nil {
		return ports.RolePermissionView{}, err
	}
	return s.Get(ctx, id)
}

func (s rolePermissions) Save(_ context.Context, p access.RolePermission) error {
	return s.rolePermissions.save(s.log, p.ID, p)
}

func (s rolePermissions) Remove(_ context.Context, id domain.ID) error {
	return s.rolePermissions.remove(s.log, id)
}

func (s rolePermissions) Replace(_ context.Context, role domain.ID, set []access.RolePermission) error {
	_, err := s.rolePermissions.removeWhere(s.log, math.MaxInt, func(p access.RolePermission) bool { return p.RoleID == role })
	for _, p := range set {
		if err == nil {
			err = s.rolePermissions.add(s.log, p.ID, p)
		}
	}
	return err
}

func (s rolePermissions) Of(_ context.Context, roles []domain.ID) ([]ports.RolePermissionView, error) {
	held := s.rolePermissions.where(func(p access.RolePermission) bool { return slices.Contains(roles, p.RoleID) })
	slices.SortFunc(held, func(a, b access.RolePermission) int {
		am, bm := s.menus.rows[a.MenuID], s.menus.rows[b.MenuID]
		return cmp.Or(cmp.Compare(a.RoleID, b.RoleID), cmp.Compare(am.URL, bm.URL), cmp.Compare(am.NameKey, bm.NameKey))
	})
	views := []ports.RolePermissionView{}
	for _, p := range held {
		views = append(views, s.view(p))
	}
	return views, nil
}

type accountPermissions struct{ *tx }

func newAccountPermissions() *table[domain.ID, access.AccountPermission] {
	return newTable(uniqueOn("menuId", func(p access.AccountPermission) string { return string(p.AccountID + "/" + p.MenuID) }))
}

func (s accountPermissions) Add(_ context.Context, p access.AccountPermission) error {
	return s.accountPermissions.add(s.log, p.ID, p)
}

func (s accountPermissions) Get(_ context.Context, id domain.ID) (ports.AccountPermissionView, error) {
	p, err := s.accountPermissions.get(id)
	if err != nil {
		return ports.AccountPermissionView{}, err
	}
	return s.view(p), nil
}

func (s accountPermissions) view(p access.AccountPermission) ports.AccountPermissionView {
	return ports.AccountPermissionView{
		AccountPermission: p,
		Account:           s.accounts.rows[p.AccountID].Username,
		Menu:              s.menus.rows[p.MenuID].Name,
		Assigner:          s.accounts.rows[p.AssignedBy].Username,
	}
}

func (s accountPermissions) Lock(ctx context.Context, id domain.ID) (ports.AccountPermissionView, error) {
	if err := s.log.writable(); err != nil {
		return ports.AccountPermissionView{}, err
	}
	return s.Get(ctx, id)
}

func (s accountPermissions) Save(_ context.Context, p access.AccountPermission) error {
	return s.accountPermissions.save(s.log, p.ID, p)
}

func (s accountPermissions) Remove(_ context.Context, id domain.ID) error {
	return s.accountPermissions.remove(s.log, id)
}

func (s accountPermissions) List(_ context.Context, page ports.Page) ([]ports.AccountPermissionView, int, error) {
	all := s.accountPermissions.where(func(access.AccountPermission) bool { return true })
	slices.SortFunc(all, func(a, b access.AccountPermission) int { return newestFirst(a.CreatedAt, b.CreatedAt, a.ID, b.ID) })
	views := []ports.AccountPermissionView{}
	for _, p := range pageOf(all, page) {
		views = append(views, s.view(p))
	}
	return views, len(all), nil
}
