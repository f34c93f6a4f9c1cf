package permissions

import (
	"context"
	"errors"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Menus are the use cases of the menu tree. The tree is small, always read as a whole, and changed under one lock, so
// that no name and no URL can be taken between the check and the commit.
type Menus struct{ usecase.Base }

// Tree returns all menus, hidden ones included, each with the menus below it.
func (s *Menus) Tree(ctx context.Context, actor access.Actor) ([]access.MenuBranch, error) {
	if err := usecase.May(actor, access.MenusMenu, access.MayView); err != nil {
		return nil, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) ([]access.MenuBranch, error) {
		all, err := tx.Menus.All(ctx)
		return access.WholeTree(all), err
	})
}

// ForTickets returns the menus that a ticket can be given: those that are visible and active, in the order of the tree.
func (s *Menus) ForTickets(ctx context.Context, actor access.Actor) ([]access.MenuView, error) {
	if err := actor.RequireTicketWork(); err != nil {
		return nil, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) ([]access.MenuView, error) {
		all, err := tx.Menus.All(ctx)
		return access.VisibleMenus(all), err
	})
}

// Get returns one menu.
func (s *Menus) Get(ctx context.Context, actor access.Actor, id domain.ID) (access.MenuView, error) {
	if err := usecase.May(actor, access.MenusMenu, access.MayView); err != nil {
		return access.MenuView{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (access.MenuView, error) {
		all, err := tx.Menus.All(ctx)
		if err != nil {
			return access.MenuView{}, err
		}
		m, ok := access.FindMenu(all, id)
		if !ok {
			return access.MenuView{}, domain.ErrNotFound
		}
		return m.ViewIn(all), nil
	})
}

// Create creates a menu. At first only superusers may do anything on it.
func (s *Menus) Create(ctx context.Context, actor access.Actor, c access.MenuPatch, once *usecase.Idempotency) (access.MenuView, error) {
	if err := usecase.MayCreate(ctx, s.Base, actor, access.MenusMenu, once); err != nil {
		return access.MenuView{}, err
	}
	return usecase.Create(ctx, s.Base, once, func(tx ports.Tx) (access.MenuView, error) {
		all, err := tx.Menus.LockAll(ctx)
		if err != nil {
			return access.MenuView{}, err
		}
		m, err := access.NewMenu(s.NewID(), c, all, s.Clock())
		if err != nil {
			return access.MenuView{}, err
		}
		return m.ViewIn(all), tx.Menus.Add(ctx, m)
	})
}

// Update changes the fields that are set in c. If a menu moves, the depths of the menus below it are updated.
func (s *Menus) Update(
	ctx context.Context, actor access.Actor, id domain.ID, c access.MenuPatch, match usecase.Match[access.MenuView],
) (access.MenuView, error) {
	if err := usecase.May(actor, access.MenusMenu, access.MayUpdate); err != nil {
		return access.MenuView{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (access.MenuView, error) {
		all, err := tx.Menus.LockAll(ctx)
		if err != nil {
			return access.MenuView{}, err
		}
		m, ok := access.FindMenu(all, id)
		if !ok {
			return access.MenuView{}, domain.ErrNotFound
		}
		if err := match.Holds(m.ViewIn(all)); err != nil {
			return access.MenuView{}, err
		}
		before := m
		moved, err := m.Apply(c, all, s.Clock())
		if err != nil {
			return access.MenuView{}, err
		}
		if err := actor.MayMove(before, m); err != nil {
			return access.MenuView{}, err
		}
		if domain.Same(before, m) {
			return m.ViewIn(all), nil
		}
		for _, x := range append(moved, m) {
			if err := tx.Menus.Save(ctx, x); err != nil {
				return access.MenuView{}, err
			}
		}
		return m.ViewIn(all), nil
	})
}

// Replace replaces the menu by c: absent fields return to their defaults.
func (s *Menus) Replace(
	ctx context.Context, actor access.Actor, id domain.ID, c access.MenuPatch, match usecase.Match[access.MenuView],
) (access.MenuView, error) {
	return s.Update(ctx, actor, id, c.Replacement(), match)
}

// Delete removes a menu. It fails as Conflict while there are menus below it, permissions on it, or SLA policies that
// refer to it. Tickets that refer to it are left without a menu, and their history records that.
func (s *Menus) Delete(ctx context.Context, actor access.Actor, id domain.ID, match usecase.Match[access.MenuView]) error {
	if err := usecase.May(actor, access.MenusMenu, access.MayDelete); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		all, err := tx.Menus.LockAll(ctx)
		if err != nil {
			return err
		}
		m, ok := access.FindMenu(all, id)
		if !ok {
			return domain.ErrNotFound
		}
		if err := match.Holds(m.ViewIn(all)); err != nil {
			return err
		}
		cause, err := ticket.CausedBy(actor, s.Clock())
		if err != nil {
			return err
		}
		if err := tx.History.LoseMenu(ctx, id, m.Name, cause); err != nil {
			return err
		}
		err = tx.Menus.Remove(ctx, id)
		if errors.Is(err, ports.ErrInUse) {
			return domain.FailFor(domain.ReasonInUse, "Menu has sub menus or permissions on it, or SLA policies name it.")
		}
		if err != nil {
			return err
		}
		return actor.MayMove(m, access.Menu{})
	})
}
