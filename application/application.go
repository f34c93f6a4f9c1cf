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
	Mailer    ports.Mailer   // nil: mail is off

	schedules *schedules // set by New
}

// App is every use case, by area. Methods that take an Actor refuse, as Forbidden, one who may not.
type App struct {
	Sessions         *Sessions
	Accounts         *Accounts
	AccountRoles     *AccountRoles
	Roles            *Roles
	Menus            *Menus
	Permissions      *Permissions
	Tickets          *Tickets
	Comments         *Comments
	Statuses         *Statuses
	Priorities       *Priorities
	Calendars        *Calendars
	Policies         *Policies
	Dashboard        *Dashboard
	NotificationLogs *NotificationLogs
	Inbox            *Inbox
	Replies          *Replies
	Setup            *Setup
}

// New puts the use cases together.
func New(d Deps) *App {
	d.schedules = &schedules{}
	return &App{
		Sessions:         &Sessions{d},
		Accounts:         &Accounts{d},
		AccountRoles:     &AccountRoles{d},
		Roles:            &Roles{d},
		Menus:            &Menus{d},
		Permissions:      &Permissions{d},
		Tickets:          &Tickets{d},
		Comments:         &Comments{d},
		Statuses:         newStatuses(d),
		Priorities:       newPriorities(d),
		Calendars:        &Calendars{d},
		Policies:         &Policies{d},
		Dashboard:        &Dashboard{d},
		NotificationLogs: &NotificationLogs{d},
		Inbox:            &Inbox{d},
		Replies:          &Replies{d},
		Setup:            &Setup{d},
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

// purge removes batch after batch, each in its own transaction, so that nobody waits long for a lock.
func purge(ctx context.Context, s ports.Store, batch func(ports.Tx) (int, error)) error {
	for {
		n, err := update(ctx, s, batch)
		if err != nil || n < purgeBatch {
			return err
		}
	}
}

// purgeBatch is how many rows one transaction of purge removes.
const purgeBatch = 500

// List is one page of a list, with the count of all.
type List[T any] struct {
	Items []T
	Count int
}

// may is the first line of every use case that needs a permission.
func may(actor access.Actor, menu string, actions access.Actions) error {
	return actor.Require(menu, actions)
}
