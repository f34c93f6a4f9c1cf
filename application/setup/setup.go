// Package setup seeds a store with the roles, menus, permissions, statuses and priorities that a new desk starts with, and decides
// with which keys processes may start.
package setup

import (
	"context"

	"tickt/application/ticketing"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/text"
	"tickt/ports"
)

// Setup are the use cases of seeding and of starting. They have no actor: whoever can start the program may use them.
type Setup struct {
	usecase.Base
	Statuses   *ticketing.Statuses
	Priorities *ticketing.Priorities
}

// Added is what seeding added: how many entries of each kind, how many menus on which the admin role may now do everything,
// and what it granted to other roles.
type Added struct {
	Roles, Menus, Statuses, Priorities int
	AdminMenus                         int
	Permitted                          []Permitted
}

// Permitted is a permission that seeding granted to a role.
type Permitted struct {
	Role    string
	Menu    string
	Actions access.Actions
}

// Seed adds the seeds that are missing: roles, menus, the permissions of the admin role, statuses and priorities; in a
// new store also the permissions of the other roles. What exists stays unchanged. It adds all of them or none; seedings at
// the same time wait for each other.
func (s *Setup) Seed(ctx context.Context) (Added, error) { return s.seed(ctx, true, false) }

// SeedRoles is Seed that also grants their initial permissions to the predefined roles that hold none.
func (s *Setup) SeedRoles(ctx context.Context) (Added, error) { return s.seed(ctx, true, true) }

// EnsureSeeded seeds a store that was never seeded, or only with older seeds. It does not change any other store, so
// that what was removed on purpose does not come back.
func (s *Setup) EnsureSeeded(ctx context.Context) error {
	_, err := s.seed(ctx, false, false)
	return err
}

// seed adds missing seeds to a store that is not up to date or, if again is set, to any. It grants the roles their initial
// permissions if the store is new or roles is set.
func (s *Setup) seed(ctx context.Context, again, roles bool) (Added, error) {
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (added Added, err error) {
		version, err := tx.Setup.Lock(ctx)
		if err != nil || version >= seedVersion && !again {
			return added, err
		}
		for _, kind := range []struct {
			seed  func(context.Context, ports.Tx) (int, error)
			added *int
		}{
			{s.seedRoles, &added.Roles},
			{s.seedMenus, &added.Menus},
			{s.seedPermissions, &added.AdminMenus},
			{s.seedStatuses, &added.Statuses},
			{s.seedPriorities, &added.Priorities},
		} {
			if *kind.added, err = kind.seed(ctx, tx); err != nil {
				return Added{}, err
			}
		}
		if version == 0 || roles {
			if added.Permitted, err = s.permitRoles(ctx, tx); err != nil {
				return Added{}, err
			}
		}
		if version >= seedVersion {
			return added, nil
		}
		return added, tx.Setup.SetSeeds(ctx, seedVersion)
	})
}

func (s *Setup) seedRoles(ctx context.Context, tx ports.Tx) (added int, err error) {
	known, err := usecase.RolesByName(ctx, tx)
	if err != nil {
		return 0, err
	}
	for _, r := range initialRoles {
		if _, ok := known[r.name]; ok {
			continue
		}
		if err := tx.Roles.Add(ctx, access.PredefinedRole(s.NewID(), r.name, r.scope, s.Clock())); err != nil {
			return 0, err
		}
		added++
	}
	return added, nil
}

func (s *Setup) seedMenus(ctx context.Context, tx ports.Tx) (added int, err error) {
	all, err := tx.Menus.LockAll(ctx)
	if err != nil {
		return 0, err
	}
	stored := map[domain.ID]domain.ID{} // ids in the store, by the ids of the seeds
	for _, seed := range initialMenus {
		if existing, ok := seed.findIn(all); ok {
			stored[seed.id] = existing.ID
			continue
		}
		m, err := access.NewMenu(seed.id, seed.patch(stored[seed.parent]), all, s.Clock())
		if err != nil {
			return 0, err
		}
		if err := tx.Menus.Add(ctx, m); err != nil {
			return 0, err
		}
		stored[seed.id] = m.ID
		all = append(all, m)
		added++
	}
	return added, nil
}

// findIn finds the menu of the seed: by its id, otherwise by its URL or its name.
func (m initialMenu) findIn(all []access.Menu) (access.Menu, bool) {
	if x, ok := access.FindMenu(all, m.id); ok {
		return x, true
	}
	for _, x := range all {
		if x.URL == m.url && m.url != access.NoURL || x.NameKey == text.Key(m.name) {
			return x, true
		}
	}
	return access.Menu{}, false
}

// seedPermissions lets the admin role do everything on the menus on which it has no permission, and returns how many they are.
func (s *Setup) seedPermissions(ctx context.Context, tx ports.Tx) (added int, err error) {
	roles, err := usecase.RolesByName(ctx, tx)
	if err != nil {
		return 0, err
	}
	admin := roles[access.AdminRole].ID
	held, err := tx.RolePermissions.Of(ctx, []domain.ID{admin})
	if err != nil {
		return 0, err
	}
	set := make([]access.RolePermission, 0, len(initialMenus))
	for _, p := range held {
		set = append(set, p.RolePermission)
	}
	menus, err := tx.Menus.All(ctx)
	if err != nil {
		return 0, err
	}
	for _, m := range menus {
		if access.PermittedOn(set, m.ID) == access.MayNothing {
			set = append(set, access.NewRolePermission(s.NewID(), admin, m.ID, access.MayEverything, s.Clock()))
		}
	}
	if len(set) == len(held) {
		return 0, nil
	}
	return len(set) - len(held), tx.RolePermissions.Replace(ctx, admin, set)
}

// permitRoles grants their initial permissions to the predefined roles that hold none.
func (s *Setup) permitRoles(ctx context.Context, tx ports.Tx) (given []Permitted, err error) {
	roles, err := usecase.RolesByName(ctx, tx)
	if err != nil {
		return nil, err
	}
	menus, err := tx.Menus.All(ctx)
	if err != nil {
		return nil, err
	}
	for _, initial := range initialRoles {
		role := roles[initial.name].Role
		if !role.IsPredefined {
			continue
		}
		added, err := s.permitRole(ctx, tx, role, initial.permits, menus)
		if err != nil {
			return nil, err
		}
		given = append(given, added...)
	}
	return given, nil
}

// permitRole grants permissions, by the URLs of the menus, to a role that holds none.
func (s *Setup) permitRole(
	ctx context.Context, tx ports.Tx, role access.Role, permits map[string]access.Actions, menus []access.Menu,
) (given []Permitted, err error) {
	if _, err := tx.Roles.Lock(ctx, role.ID); err != nil {
		return nil, err
	}
	held, err := usecase.PermissionsOf(ctx, tx, role.ID)
	if err != nil || len(held) > 0 {
		return nil, err
	}
	var set []access.RolePermission
	for _, m := range menus {
		if actions := permits[m.URL]; actions != access.MayNothing {
			set = append(set, access.NewRolePermission(s.NewID(), role.ID, m.ID, actions, s.Clock()))
			given = append(given, Permitted{role.Name, m.Name, actions})
		}
	}
	return given, tx.RolePermissions.Replace(ctx, role.ID, set)
}

func (s *Setup) seedStatuses(ctx context.Context, tx ports.Tx) (added int, err error) {
	return s.Statuses.Seed(ctx, tx, initialStatuses)
}

func (s *Setup) seedPriorities(ctx context.Context, tx ports.Tx) (added int, err error) {
	return s.Priorities.Seed(ctx, tx, initialPriorities)
}
