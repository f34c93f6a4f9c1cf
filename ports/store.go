package ports

import (
	"context"
	"errors"
	"time"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/ticket"
)

// Store is everything that the application remembers. Every store keeps the same promises; test/contract tests them on
// each.
type Store interface {
	// View runs fn, which only reads. Each read sees what was committed when it ran.
	View(ctx context.Context, fn func(Tx) error) error
	// Update runs fn in a transaction: it stores everything that fn wrote or, if fn or the commit fails, nothing. After a
	// conflict with another Update it may run fn again from the start. Updates must not be nested.
	Update(ctx context.Context, fn func(Tx) error) error
	// NextNumber returns the next number of a day (YYYYMMDD), from 1. No number is returned twice or reused, whatever runs
	// in parallel or crashes. It is not part of an Update, so that clients that open tickets never wait for each other.
	NextNumber(ctx context.Context, day string) (int, error)
	// Ready returns nil if the store can be used: it is reachable, it takes writes, and its schema is the one that this
	// program was built for. Otherwise it fails as Unavailable. It may try a write, but not at each call.
	Ready(ctx context.Context) error
}

// Tx is the stores inside View or Update. It must not outlive the call.
type Tx struct {
	Clock              SharedClock
	Setup              Setup
	Accounts           Accounts
	Sessions           Sessions
	Throttle           Throttle
	KnownAddresses     KnownAddresses
	AccountMails       AccountMails
	Roles              Roles
	Menus              Menus
	RolePermissions    RolePermissions
	AccountPermissions AccountPermissions
	Statuses           Catalog[ticket.Status]
	Priorities         Catalog[ticket.Priority]
	Tickets            Tickets
	AccountRoles       AccountRoles
	NotificationLogs   NotificationLogs
	Inbox              Inbox
	SetAsides          SetAsides
	Comments           Comments
	Documents          Documents
	History            History
	Ledgers            Ledgers
	Calendars          Calendars
	Policies           Policies
	Operations         Operations
	Dashboard          Dashboard
	IdempotencyRecords IdempotencyRecords
	Imports            Imports
	Derived            Derived
	NameKeys           NameKeys
	Jobs               Jobs
}

// SharedClock is a clock that all replicas of the service read, whatever their own clocks say.
type SharedClock interface {
	// Now returns the time of the database at the moment, not of the start of the transaction, to the millisecond.
	Now(ctx context.Context) (time.Time, error)
}

// Rules of all stores: Get and Lock fail with domain.ErrNotFound if there is nothing to return. Lock works only inside
// Update; it also prevents every other Update from changing what it returned until this one ends. Save writes back what
// Lock returned. Save and Remove fail with domain.ErrNotFound if there is nothing to save or remove. Lists are in the
// documented order, and never nil.

// Taken is the error of Add and Save if a value that must be unique belongs to another entry, also in a race. Field is
// the name that clients use.
type Taken struct{ Field string }

func (t *Taken) Error() string { return t.Field + " is taken" }

// ErrGone is the error of Update if something that it stored refers to an entry that was removed in the meantime.
var ErrGone = errors.New("gone")

// ErrInUse is the error of Remove if something still refers to the entry.
var ErrInUse = errors.New("in use")

// Page is the part of a list that is wanted.
type Page = domain.Page

// Setup records how far the store has been set up, and with which keys it is used.
type Setup interface {
	// Lock returns the version of the seeds in the store, 0 if it is new, and makes every other Setup.Lock wait until this
	// Update ends.
	Lock(ctx context.Context) (seeds int, err error)
	SetSeeds(ctx context.Context, version int) error
	// KeyChecks returns the check values of the keys in order, none in a new store.
	KeyChecks(ctx context.Context) ([]account.KeyCheck, error)
	// SetKeyChecks replaces the check values by others, none twice.
	SetKeyChecks(ctx context.Context, all []account.KeyCheck) error
}
