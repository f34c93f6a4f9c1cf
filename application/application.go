// Package application holds the use cases. Each is a method of its area: it authorises the actor,
// opens a transaction, lets the domain decide, and stores what was decided. It depends on ports only
// and logs nothing; whoever calls it does.
package application

import (
	"context"
	"time"

	"tickt/domain/access"
	"tickt/ports"
)

// Deps are what the use cases need from outside.
type Deps struct {
	Store     ports.Store
	Clock     ports.Clock
	NewID     ports.NewID
	Passwords ports.Passwords
	Tokens    ports.Tokens
	Phones    ports.Phones
	Zone      *time.Location // of the service: its days number the tickets
}

// App is every use case, by area. Methods that take an Actor refuse, as Forbidden, one who may not.
type App struct {
	Sessions    *Sessions
	Roles       *Roles
	Menus       *Menus
	Permissions *Permissions
	Tickets     *Tickets
	Statuses    *Statuses
	Priorities  *Priorities
	Setup       *Setup
}

// New puts the use cases together.
func New(d Deps) *App {
	return &App{
		Sessions:    &Sessions{d},
		Roles:       &Roles{d},
		Menus:       &Menus{d},
		Permissions: &Permissions{d},
		Tickets:     &Tickets{d},
		Statuses:    newStatuses(d),
		Priorities:  newPriorities(d),
		Setup:       &Setup{d},
	}
}

// view runs one read, or several that need not agree.
func view[T any](ctx context.Context, s ports.Store, fn func(ports.Tx) (T, error)) (out T, err error) {
	err = s.View(ctx, func(tx ports.Tx) (err error) {
		out, err = fn(tx)
		return err
	})
	return out, err
}

// update runs one change: all or nothing.
func update[T any](ctx context.Context, s ports.Store, fn func(ports.Tx) (T, error)) (out T, err error) {
	err = s.Update(ctx, func(tx ports.Tx) (err error) {
		out, err = fn(tx)
		return err
	})
	return out, err
}

// List is one page of a list, with the count of all.
type List[T any] struct {
	Items []T
	Count int
}

// may is the first line of every use case that needs a permission.
func may(actor access.Actor, menu string, actions access.Actions) error {
	return actor.Require(menu, actions)
}
