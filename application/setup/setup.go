// Package setup prepares a store: the roles, menus, permissions, statuses and priorities that a desk starts with.
package setup

import (
	"context"

	"tickt/application/ticketing"
	"tickt/application/usecase"
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
			s.sowRoles, s.sowMenus, s.sowPermissions, s.sowStatuses, s.sowPriorities,
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
