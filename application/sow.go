package application

import (
	"context"
	"errors"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// rolesPage is how many roles are read at a time.
const rolesPage = 100

func (s *Setup) sowRoles(ctx context.Context, tx ports.Tx) error {
	known, err := roleIDs(ctx, tx)
	if err != nil {
		return err
	}
	for _, r := range seedRoles {
		if _, ok := known[r.name]; ok {
			continue
		}
		if err := tx.Roles.Add(ctx, access.PredefinedRole(s.NewID(), r.name, r.scope, s.Clock())); err != nil {
			return err
		}
	}
	return nil
}

// roleIDs gives the roles that there are, by name.
func roleIDs(ctx context.Context, tx ports.Tx) (map[string]domain.ID, error) {
	known := map[string]domain.ID{}
	for page := (ports.Page{Number: 1, Size: rolesPage}); ; page.Number++ {
		roles, count, err := tx.Roles.List(ctx, page)
		if err != nil {
			return nil, err
		}
		for _, r := range roles {
			known[r.Name] = r.ID
		}
		if page.Offset()+len(roles) >= count || len(roles) == 0 {
			return known, nil
		}
	}
}

func (s *Setup) sowMenus(ctx context.Context, tx ports.Tx) error {
	all, err := tx.Menus.LockAll(ctx)
	if err != nil {
		return err
	}
	place := map[domain.ID]domain.ID{} // of a seed in the store
	for _, seed := range seedMenus {
		if there, ok := seed.among(all); ok {
			place[seed.id] = there.ID
			continue
		}
		m, err := access.NewMenu(seed.id, seed.change(place[seed.parent]), all, s.Clock())
		if err != nil {
			return err
		}
		if err := tx.Menus.Add(ctx, m); err != nil {
			return err
		}
		place[seed.id] = m.ID
		all = append(all, m)
	}
	return nil
}

// among finds the menu that stands for the seed: of its id, else of its URL, else of its name.
func (m seedMenu) among(all []access.Menu) (access.Menu, bool) {
	if there, ok := access.FindMenu(all, m.id); ok {
		return there, true
	}
	for _, there := range all {
		if there.URL == m.url && m.url != access.NoURL || there.NameKey == domain.Fold(m.name) {
			return there, true
		}
	}
	return access.Menu{}, false
}

// sowPermissions lets the admin role do everything on the menus that it holds nothing on.
func (s *Setup) sowPermissions(ctx context.Context, tx ports.Tx) error {
	roles, err := roleIDs(ctx, tx)
	if err != nil {
		return err
	}
	admin := roles[adminRole]
	held, err := tx.RolePermissions.Of(ctx, []domain.ID{admin})
	if err != nil {
		return err
	}
	set := make([]access.RolePermission, 0, len(seedMenus))
	for _, p := range held {
		set = append(set, p.RolePermission)
	}
	menus, err := tx.Menus.All(ctx)
	if err != nil {
		return err
	}
	for _, m := range menus {
		if access.PermittedOn(set, m.ID) == access.MayNothing {
			set = append(set, access.NewRolePermission(s.NewID(), admin, m.ID, access.MayEverything, s.Clock()))
		}
	}
	if len(set) == len(held) {
		return nil
	}
	return tx.RolePermissions.Replace(ctx, admin, set)
}

func (s *Setup) sowStatuses(ctx context.Context, tx ports.Tx) error {
	return newStatuses(s.Deps).sow(ctx, tx, seedStatuses)
}

func (s *Setup) sowPriorities(ctx context.Context, tx ports.Tx) error {
	return newPriorities(s.Deps).sow(ctx, tx, seedPriorities)
}

// sow adds the entries of which neither the name nor the code is there. None of them takes the default from
// an entry that has it.
func (s *Catalog[T, C]) sow(ctx context.Context, tx ports.Tx, seeds []C) error {
	_, err := s.store(tx).LockDefault(ctx)
	if err != nil && !errors.Is(err, domain.ErrNotFound) {
		return err
	}
	hasDefault := err == nil
	for _, seed := range seeds {
		x, err := s.make(s.NewID(), seed, s.Clock())
		if err != nil {
			return err
		}
		key := s.key(x)
		taken, err := s.store(tx).Taken(ctx, key.nameKey, key.code, key.id)
		if err != nil {
			return err
		}
		if len(taken) > 0 {
			continue
		}
		if hasDefault && key.isDefault {
			s.yield(&x, s.Clock())
		}
		if err := s.store(tx).Add(ctx, x); err != nil {
			return err
		}
	}
	return nil
}
