// Package setup prepares a store: the roles, menus, permissions, statuses and priorities that a desk starts with.
package setup

import (
	"context"

	"tickt/application/ticketing"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// Setup are the use cases of preparing a store. They have no actor: whoever can start the program may.
type Setup struct {
	usecase.Base
	Statuses   *ticketing.Statuses
	Priorities *ticketing.Priorities
}

// Seed adds what a desk starts with and is missing, by its key: roles, menus, the permissions of the admin
// role, statuses and priorities. What is there stays as it is. All or nothing; seeds sown at the same time wait.
func (s *Setup) Seed(ctx context.Context) error { return s.seed(ctx, true) }

// EnsureSeeded seeds a store that never was, or was by an older program. In any other one nothing changes,
// so that what was removed on purpose does not come back.
func (s *Setup) EnsureSeeded(ctx context.Context) error { return s.seed(ctx, false) }

func (s *Setup) seed(ctx context.Context, again bool) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		sown, err := tx.Setup.Lock(ctx)
		if err != nil || sown >= seedVersion && !again {
			return err
		}
		for _, sow := range []func(context.Context, ports.Tx) error{
			s.seedRoles, s.seedMenus, s.seedPermissions, s.seedStatuses, s.seedPriorities,
		} {
			if err := sow(ctx, tx); err != nil {
				return err
			}
		}
		if sown >= seedVersion {
			return nil
		}
		return tx.Setup.SetSeeds(ctx, seedVersion)
	})
}

func (s *Setup) seedRoles(ctx context.Context, tx ports.Tx) error {
	known, err := usecase.RolesByName(ctx, tx)
	if err != nil {
		return err
	}
	for _, r := range initialRoles {
		if _, ok := known[r.name]; ok {
			continue
		}
		if err := tx.Roles.Add(ctx, access.PredefinedRole(s.NewID(), r.name, r.scope, s.Clock())); err != nil {
			return err
		}
	}
	return nil
}

func (s *Setup) seedMenus(ctx context.Context, tx ports.Tx) error {
	all, err := tx.Menus.LockAll(ctx)
	if err != nil {
		return err
	}
	place := map[domain.ID]domain.ID{} // of a seed in the store
	for _, seed := range initialMenus {
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
func (m initialMenu) among(all []access.Menu) (access.Menu, bool) {
	if there, ok := access.FindMenu(all, m.id); ok {
		return there, true
	}
	for _, there := range all {
		if there.URL == m.url && m.url != access.NoURL || there.NameKey == domain.FoldCase(m.name) {
			return there, true
		}
	}
	return access.Menu{}, false
}

// seedPermissions lets the admin role do everything on the menus that it holds nothing on.
func (s *Setup) seedPermissions(ctx context.Context, tx ports.Tx) error {
	roles, err := usecase.RolesByName(ctx, tx)
	if err != nil {
		return err
	}
	admin := roles[access.AdminRole].ID
	held, err := tx.RolePermissions.Of(ctx, []domain.ID{admin})
	if err != nil {
		return err
	}
	set := make([]access.RolePermission, 0, len(initialMenus))
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

func (s *Setup) seedStatuses(ctx context.Context, tx ports.Tx) error {
	return s.Statuses.Seed(ctx, tx, initialStatuses)
}

func (s *Setup) seedPriorities(ctx context.Context, tx ports.Tx) error {
	return s.Priorities.Seed(ctx, tx, initialPriorities)
}
