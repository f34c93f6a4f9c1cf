// Package application composes the use cases, which live in the packages below it, one for each area. A use case is a
// method of its area: it authorizes the actor, opens a transaction, lets the domain decide and stores the decision. Use
// cases depend on ports only and log nothing; their callers do.
//
// Every area may import usecase; the other areas that it may import are in parentheses. test/architecture enforces this.
//
//	usecase       what all areas share: transactions, conditional requests, idempotent requests
//	identity      sessions, tokens, accounts, the own account, the roles of accounts, superusers, the operator
//	permissions   roles, menus, the permissions of roles and accounts
//	notify        notifying people, the inbox, notification logs, delivery by mail
//	record        the one way by which changes of tickets are recorded and announced (notify)
//	servicelevel  calendars, policies, clocks, recomputing, reports, the sweep (record)
//	ticketing     tickets, comments, statuses and priorities, the dashboard (record, servicelevel)
//	setup         the seeds of a new desk, and the keys with which processes may start (ticketing)
//	importing     importing the data of another system (record)
//	deriving      deriving columns again that programs have written which do not keep them
//	checking      checking the data of a whole database; not part of App, since it needs no store
package application

import (
	"time"

	"tickt/application/deriving"
	"tickt/application/identity"
	"tickt/application/importing"
	"tickt/application/notify"
	"tickt/application/permissions"
	"tickt/application/record"
	"tickt/application/servicelevel"
	"tickt/application/setup"
	"tickt/application/ticketing"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/ports"
)

// Deps is what all use cases need from outside. New passes each area only what it needs.
type Deps struct {
	Store      ports.Store
	Clock      ports.Clock
	NewID      ports.NewID
	NewSecret  ports.NewSecret
	Passwords  ports.Passwords
	Tokens     ports.Tokens
	Phones     ports.Phones
	Addresses  ports.Addresses
	LookAlikes ports.LookAlikes
	Holidays   ports.HolidayReader
	Zone       *time.Location // of the service; its days are in the ticket numbers
	Mailer     ports.Mailer   // nil if mail is off

	MailSuspended func(account domain.ID)  // is called when mail to an account was suspended; may be nil
	NameConflict  func(ports.NameConflict) // is called when a row does not get the key of its name; may be nil
}

// App holds all use cases. Methods that take an actor fail as Forbidden if the actor lacks the permission.
type App struct {
	Sessions           *identity.Sessions
	Accounts           *identity.Accounts
	AccountRoles       *identity.AccountRoles
	Superusers         *identity.Superusers
	Recovery           *identity.Recovery
	AccountMails       *identity.AccountMails
	People             *identity.People
	Me                 *identity.Me
	Operator           *identity.Operator
	Roles              *permissions.Roles
	Menus              *permissions.Menus
	Permissions        *permissions.Permissions
	Tickets            *ticketing.Tickets
	Comments           *ticketing.Comments
	Statuses           *ticketing.Statuses
	Priorities         *ticketing.Priorities
	Dashboard          *ticketing.Dashboard
	Calendars          *servicelevel.Calendars
	Policies           *servicelevel.Policies
	ServiceLevels      *servicelevel.ServiceLevels
	NotificationLogs   *notify.NotificationLogs
	Inbox              *notify.Inbox
	IdempotencyRecords *usecase.IdempotencyRecords
	Setup              *setup.Setup
	Imports            *importing.Imports
	Deriver            *deriving.Deriver
}

// New composes the use cases.
func New(d Deps) *App {
	base := usecase.Base{Store: usecase.Named(d.Store), Clock: d.Clock, NewID: d.NewID}
	mails := identity.NewMails(base, d.Mailer)
	mails.Suspended = d.MailSuspended
	fields := identity.Fields{Passwords: d.Passwords, Phones: d.Phones, Addresses: d.Addresses, LookAlikes: d.LookAlikes}
	guard := identity.NewGuard(d.Passwords)
	teller := &notify.Teller{NewID: d.NewID, Mailer: d.Mailer}
	clocks := servicelevel.NewClocks(d.Clock, &record.Recorder{NewID: d.NewID, Teller: teller})
	statuses, priorities := ticketing.NewStatuses(base), ticketing.NewPriorities(base)
	return &App{
		Sessions:           &identity.Sessions{Base: base, Passwords: d.Passwords, Tokens: d.Tokens, Guard: guard},
		Accounts:           identity.NewAccounts(mails, fields, guard),
		AccountRoles:       &identity.AccountRoles{Base: base},
		Superusers:         identity.NewSuperusers(base, fields),
		Recovery:           identity.NewRecovery(mails, fields),
		AccountMails:       identity.NewAccountMails(mails, fields, d.NewSecret),
		People:             &identity.People{Base: base},
		Me:                 identity.NewMe(mails, fields, guard),
		Operator:           identity.NewOperator(mails, fields),
		Roles:              &permissions.Roles{Base: base},
		Menus:              &permissions.Menus{Base: base},
		Permissions:        &permissions.Permissions{Base: base},
		Tickets:            &ticketing.Tickets{Base: base, Clocks: clocks, Zone: d.Zone},
		Comments:           &ticketing.Comments{Base: base, Clocks: clocks},
		Statuses:           statuses,
		Priorities:         priorities,
		Dashboard:          &ticketing.Dashboard{Base: base, Zone: d.Zone},
		Calendars:          &servicelevel.Calendars{Base: base, Holidays: d.Holidays},
		Policies:           &servicelevel.Policies{Base: base, Clocks: clocks},
		ServiceLevels:      &servicelevel.ServiceLevels{Base: base, Clocks: clocks},
		NotificationLogs:   &notify.NotificationLogs{Base: base, Mailer: d.Mailer, Suspended: d.MailSuspended},
		Inbox:              &notify.Inbox{Base: base},
		IdempotencyRecords: &usecase.IdempotencyRecords{Base: base},
		Setup:              &setup.Setup{Base: base, Statuses: statuses, Priorities: priorities},
		Imports:            &importing.Imports{Base: base, Passwords: d.Passwords, Phones: d.Phones, Addresses: d.Addresses},
		Deriver:            deriving.New(base, d.LookAlikes, d.NameConflict),
	}
}
