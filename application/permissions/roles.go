package permissions

import (
	"context"
	"errors"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// Roles are the use cases of roles. No actor changes or deletes a role that holds more than it does.
type Roles struct{ usecase.Base }

// List returns a page of the roles, newest first.
func (s *Roles) List(ctx context.Context, actor access.Actor, page ports.Page) (usecase.List[ports.RoleView], error) {
	if err := usecase.May(actor, access.RolesMenu, access.MayView); err != nil {
		return usecase.List[ports.RoleView]{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (usecase.List[ports.RoleView], error) {
		return usecase.Listed(tx.Roles.List(ctx, page))
	})
}

// Get returns one role.
func (s *Roles) Get(ctx context.Context, actor access.Actor, id domain.ID) (ports.RoleView, error) {
	if err := usecase.May(actor, access.RolesMenu, access.MayView); err != nil {
		return ports.RoleView{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (ports.RoleView, error) { return tx.Roles.Get(ctx, id) })
}

// Create creates a role that permits nothing yet.
func (s *Roles) Create(ctx context.Context, actor access.Actor, c access.RolePatch, once *usecase.Idempotency) (ports.RoleView, error) {
	if err := usecase.MayCreate(ctx, s.Base, actor, access.RolesMenu, once); err != nil {
		return ports.RoleView{}, err
	}
	return usecase.Create(ctx, s.Base, once, func(tx ports.Tx) (ports.RoleView, error) {
		r, err := access.NewRole(s.NewID(), c, s.Clock())
		if err != nil {
			return ports.RoleView{}, err
		}
		if err := actor.MayScope(access.Role{}, r, 0, nil); err != nil {
			return ports.RoleView{}, err
		}
		return ports.RoleView{Role: r}, roleTaken(r, tx.Roles.Add(ctx, r))
	})
}

// Update changes the fields that are set in c. It fails as Conflict if the role is predefined.
func (s *Roles) Update(ctx context.Context, actor access.Actor, id domain.ID, c access.RolePatch,
	match usecase.Match[ports.RoleView],
) (ports.RoleView, error) {
	if err := usecase.May(actor, access.RolesMenu, access.MayUpdate); err != nil {
		return ports.RoleView{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (ports.RoleView, error) {
		r, err := tx.Roles.Lock(ctx, id)
		if err != nil {
			return ports.RoleView{}, err
		}
		if err := mayTouchRole(ctx, tx, actor, r); err != nil {
			return ports.RoleView{}, err
		}
		if err := s.unchanged(ctx, tx, id, match); err != nil {
			return ports.RoleView{}, err
		}
		before := r
		if err := r.Apply(c, s.Clock()); err != nil {
			return ports.RoleView{}, err
		}
		if err := checkScope(ctx, tx, actor, before, r); err != nil {
			return ports.RoleView{}, err
		}
		if !domain.Same(before, r) {
			if err := roleTaken(r, tx.Roles.Save(ctx, r)); err != nil {
				return ports.RoleView{}, err
			}
		}
		return tx.Roles.Get(ctx, id)
	})
}

// Replace replaces the role by c: absent fields return to their defaults.
func (s *Roles) Replace(ctx context.Context, actor access.Actor, id domain.ID, c access.RolePatch,
	match usecase.Match[ports.RoleView],
) (ports.RoleView, error) {
	return s.Update(ctx, actor, id, c.Replacement(), match)
}

// Delete removes a role with its permissions. It fails as Conflict if the role is predefined or accounts hold it.
func (s *Roles) Delete(ctx context.Context, actor access.Actor, id domain.ID, match usecase.Match[ports.RoleView]) error {
	if err := usecase.May(actor, access.RolesMenu, access.MayDelete); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		r, err := tx.Roles.Lock(ctx, id)
		if err != nil {
			return err
		}
		if err := mayTouchRole(ctx, tx, actor, r); err != nil {
			return err
		}
		if err := s.unchanged(ctx, tx, id, match); err != nil {
			return err
		}
		if err := r.MayChange(); err != nil {
			return err
		}
		err = tx.Roles.Remove(ctx, id)
		if errors.Is(err, ports.ErrInUse) {
			return domain.FailFor(domain.ReasonInUse, "Role is in use by accounts.")
		}
		return err
	})
}

// unchanged fails as Stale if the locked role is not the one that the client saw.
func (s *Roles) unchanged(ctx context.Context, tx ports.Tx, id domain.ID, match usecase.Match[ports.RoleView]) error {
	return match.Still(func() (ports.RoleView, error) { return tx.Roles.Get(ctx, id) })
}

// mayTouchRole fails unless a locked role is within the actor's reach.
func mayTouchRole(ctx context.Context, tx ports.Tx, actor access.Actor, r access.Role) error {
	permitted, err := usecase.PermissionsOf(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	return actor.MayTouchRole(r, permitted)
}

// checkScope fails unless the actor may give a role its new scope, which changes what its accounts may do.
func checkScope(ctx context.Context, tx ports.Tx, actor access.Actor, before, after access.Role) error {
	if before.TicketScope == after.TicketScope {
		return nil
	}
	if before.TicketScope == access.ScopeAll {
		if err := mayWeaken(ctx, tx, actor, after); err != nil {
			return err
		}
	}
	all, err := tx.Menus.All(ctx)
	if err != nil {
		return err
	}
	now, err := tx.Roles.Get(ctx, after.ID)
	if err != nil {
		return err
	}
	return actor.MayScope(before, after, now.AccountCount, all)
}

// roleTaken turns a lost race for the name of a role into the error of an ordinary duplicate.
func roleTaken(r access.Role, err error) error {
	return usecase.Raced(err, func(p *domain.Problems, field string) {
		p.Add(field, domain.CodeTakenBy, domain.Params{"thing": domain.TermRole, "by": domain.TermName, "value": r.Name})
	})
}
