package ports

import (
	"context"
	"errors"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/query"
	"tickt/domain/ticket"
)

// Store is all that the application remembers. Every store keeps the same promises; test/contract
// holds them all to it.
type Store interface {
	// View hands out reads that each see what was committed when they ran.
	View(ctx context.Context, fn func(Tx) error) error
	// Update keeps everything that fn wrote, or, where fn or the commit fails, nothing. After a
	// collision with another Update it may run fn again from the start. Never nest it.
	Update(ctx context.Context, fn func(Tx) error) error
	// NextNumber counts the tickets of a day (YYYYMMDD) from 1. No number is given twice, whatever runs in parallel
	// or dies, nor given back: it is no part of an Update, so that those who open tickets never wait for each other.
	NextNumber(ctx context.Context, day string) (int, error)
	// Ready says whether the store can be used: reachable, and its schema is the one this program
	// was built for. It fails as Unavailable.
	Ready(ctx context.Context) error
}

// Tx is the stores, as seen from inside View or Update. It must not outlive the call.
type Tx struct {
	Setup              Setup
	Accounts           Accounts
	Sessions           Sessions
	Throttle           Throttle
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
	History            History
	Ledgers            Ledgers
	Calendars          Calendars
	Policies           Policies
	Dashboard          Dashboard
	IdempotencyRecords IdempotencyRecords
	Imports            Imports
	Jobs               Jobs
}

// Taken is what Add and Save answer where a value that must be unique is another's already, in a race
// too. Field is named as clients name it.
type Taken struct{ Field string }

func (t *Taken) Error() string { return t.Field + " is taken" }

// ErrGone is what Add and Save answer where something that a ticket refers to has been removed meanwhile.
var ErrGone = errors.New("gone")

// ErrInUse is what Remove answers where something still refers to what it should remove.
var ErrInUse = errors.New("in use")

// Every Get and Lock fails with domain.ErrNotFound where there is nothing. Lock, only inside Update, also
// keeps every other Update from changing what it gave until this one ends. Save writes what Lock gave
// back; it and Remove fail with domain.ErrNotFound where there is nothing. Lists are in the order named, never nil.

// Page asks for a part of a list.
type Page = domain.Page

// Setup remembers how far the store was prepared.
type Setup interface {
	// Lock keeps every other Setup.Lock waiting until this Update ends, and gives the version of the
	// seeds that were sown: 0 in a new store.
	Lock(ctx context.Context) (seeds int, err error)
	SetSeeds(ctx context.Context, version int) error
}

// Accounts are unique by folded user name ("username"), folded e-mail ("email") and phone ("phoneNumber").
type Accounts interface {
	Add(ctx context.Context, a account.Account) error
	Get(ctx context.Context, id domain.ID) (account.Account, error)
	// View is Get with the names beside the ids.
	View(ctx context.Context, id domain.ID) (AccountView, error)
	Lock(ctx context.Context, id domain.ID) (account.Account, error)
	// Named finds an account by its folded user name.
	Named(ctx context.Context, usernameKey string) (account.Account, error)
	Save(ctx context.Context, a account.Account) error
	// Taken lists which of the three unique values belong to another account than except, as Taken names
	// its fields, in the order username, email, phoneNumber.
	Taken(ctx context.Context, usernameKey, emailKey, phone string, except domain.ID) ([]string, error)
	// Remove takes the account's sessions and assignments along; it answers ErrInUse while anything else names it:
	// tickets, deleted ones included, their logs, and assignments that it made.
	Remove(ctx context.Context, id domain.ID) error
	// List gives the newest first, and how many match in all.
	List(ctx context.Context, f AccountFilter, page Page) ([]AccountView, int, error)
	// ActiveSuperusers counts the superusers that can sign in.
	ActiveSuperusers(ctx context.Context) (int, error)
	// LockSuperusers locks the superusers that can sign in and gives how many there are; until the Update ends no
	// other one takes one of them away.
	LockSuperusers(ctx context.Context) (int, error)
	// Grants gives, in one round trip, by id what the accounts hold that there are of those named; none is fine.
	Grants(ctx context.Context, ids []domain.ID) (map[domain.ID]Holding, error)
}

// Holding is what an account holds effectively, as Sessions.Actor gives it, whether or not it can sign in, and the scope
// of its tickets; of a superuser nothing but its own rows.
type Holding struct {
	Grants access.Grants
	Scope  access.Scope
}

// AccountView is an account with the name of its role, "" without one.
type AccountView struct {
	account.Account
	Role string
}

// AccountFilter says which accounts are wanted. All that is set must hold.
type AccountFilter struct {
	Active *bool
	Role   domain.ID
	Search []string // words as domain.Words gives them; each must begin a word of the account's search text
}

// ReadAccountFilter reads which accounts are wanted: the active ones, unless the query says otherwise.
func ReadAccountFilter(q *query.Query) AccountFilter {
	return AccountFilter{Active: readActive(q), Role: q.ID("role"), Search: q.Words("search")}
}

// readActive returns nil if accounts of both kinds are wanted.
func readActive(q *query.Query) *bool {
	const name = "is_active"
	text, given := q.One(name)
	active, ok := query.Bool(text)
	switch {
	case !given:
		active = true
	case strings.EqualFold(text, "all"):
		return nil
	case !ok:
		q.Add(name, domain.CodeFlagOrAll)
	}
	return &active
}

// AccountRoles are accounts as holders of roles.
type AccountRoles interface {
	// List gives the active accounts that hold a role, the newest first, and how many there are in all.
	List(ctx context.Context, page Page) ([]AccountView, int, error)
	// Lock locks the accounts that there are of those named, and gives them by id, in one round trip.
	Lock(ctx context.Context, ids []domain.ID) ([]account.Account, error)
	// Give puts accounts, which were locked, into a role in one round trip.
	Give(ctx context.Context, ids []domain.ID, role domain.ID, now time.Time) error
}

// Sessions are the sign-ins.
type Sessions interface {
	Add(ctx context.Context, s account.Session) error
	Get(ctx context.Context, id domain.ID) (account.Session, error)
	Lock(ctx context.Context, id domain.ID) (account.Session, error)
	Save(ctx context.Context, s account.Session) error
	// Actor gives, in one round trip, who stands behind a session that lives at now and whose account is
	// active, with effective grants; domain.ErrNotFound where there is none.
	Actor(ctx context.Context, session domain.ID, now time.Time) (access.Actor, error)
	// RevokeOf ends, in one round trip, every session of an account that lives; it is not revoked a second time.
	RevokeOf(ctx context.Context, account domain.ID, now time.Time) error
	// Purge removes at most limit sessions that ended before a moment; it gives how many.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
}

// Throttle counts failed sign-ins, one count for all replicas.
type Throttle interface {
	// Counts gives the counts under the keys, those whose window began at or before since left out.
	Counts(ctx context.Context, keys []string, since time.Time) ([]account.Count, error)
	// Hit adds one to each key and gives the new counts. A count whose window began at or before since
	// starts anew at now. Parallel hits all count.
	Hit(ctx context.Context, keys []string, now, since time.Time) ([]account.Count, error)
	Clear(ctx context.Context, key string) error
	// Purge removes at most limit counts whose window began before a moment; it gives how many.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
}

// Roles are unique by name ("name"). Remove answers ErrInUse while accounts hold the role; it takes the
// role's permissions along.
type Roles interface {
	Add(ctx context.Context, r access.Role) error
	Get(ctx context.Context, id domain.ID) (RoleView, error)
	Lock(ctx context.Context, id domain.ID) (access.Role, error)
	Save(ctx context.Context, r access.Role) error
	Remove(ctx context.Context, id domain.ID) error
	// List gives the newest first, and how many there are in all.
	List(ctx context.Context, page Page) ([]RoleView, int, error)
}

// RoleView is a role with the number of accounts that hold it.
type RoleView struct {
	access.Role
	AccountCount int
}

// Menus are unique by folded name ("menuName") and, but for "#", by URL ("menuUrl"). Remove answers ErrInUse
// while the menu has children or permissions; tickets that name it live on without a menu.
type Menus interface {
	Add(ctx context.Context, m access.Menu) error
	Save(ctx context.Context, m access.Menu) error
	Remove(ctx context.Context, id domain.ID) error
	// All gives the whole tree, parents before children, siblings by display order and name.
	All(ctx context.Context) ([]access.Menu, error)
	// LockAll gives the same inside Update and keeps every other LockAll waiting until it ends: a tree
	// changes one change at a time.
	LockAll(ctx context.Context) ([]access.Menu, error)
}

// RolePermissions are unique by role and menu ("menuId").
type RolePermissions interface {
	Get(ctx context.Context, id domain.ID) (RolePermissionView, error)
	Lock(ctx context.Context, id domain.ID) (RolePermissionView, error)
	Save(ctx context.Context, p access.RolePermission) error
	Remove(ctx context.Context, id domain.ID) error
	// Replace puts a role's whole set in the place of the one it had.
	Replace(ctx context.Context, role domain.ID, set []access.RolePermission) error
	// Of gives what the roles hold, by role and then in the order of the menu tree's URLs.
	Of(ctx context.Context, roles []domain.ID) ([]RolePermissionView, error)
}

// RolePermissionView is a permission with the names beside its ids.
type RolePermissionView struct {
	access.RolePermission
	Role string
	Menu string
}

// AccountPermissions are unique by account and menu ("menuId").
type AccountPermissions interface {
	Add(ctx context.Context, p access.AccountPermission) error
	Get(ctx context.Context, id domain.ID) (AccountPermissionView, error)
	Lock(ctx context.Context, id domain.ID) (AccountPermissionView, error)
	Save(ctx context.Context, p access.AccountPermission) error
	Remove(ctx context.Context, id domain.ID) error
	// List gives the newest first, and how many there are in all.
	List(ctx context.Context, page Page) ([]AccountPermissionView, int, error)
}

// AccountPermissionView is an assignment with the names beside its ids.
type AccountPermissionView struct {
	access.AccountPermission
	Account  string
	Menu     string
	Assigner string
}

// Catalog keeps statuses or priorities, unique by folded name ("name") and code ("code"), of which at most one is
// the default. Remove answers ErrInUse while tickets, deleted ones included, refer to it.
type Catalog[T any] interface {
	Add(ctx context.Context, x T) error
	Get(ctx context.Context, id domain.ID) (T, error)
	Lock(ctx context.Context, id domain.ID) (T, error)
	// LockDefault gives the default one, and keeps every other LockDefault waiting until this Update ends;
	// domain.ErrNotFound where there is none.
	LockDefault(ctx context.Context) (T, error)
	Save(ctx context.Context, x T) error
	Remove(ctx context.Context, id domain.ID) error
	// Used says whether tickets, deleted ones included, refer to the entry.
	Used(ctx context.Context, id domain.ID) (bool, error)
	// Taken lists which of "name" and "code" belong to another entry than except.
	Taken(ctx context.Context, nameKey, code string, except domain.ID) ([]string, error)
	// List gives statuses by weight and name, priorities by falling weight and name (folded names, then ids),
	// and how many there are in all.
	List(ctx context.Context, page Page) ([]T, int, error)
}

// Tickets are unique by number ("ticketNumber"). What a reach does not cover is not found; deleted tickets are found by nobody.
// What locks tickets, and nothing else, says in LastAt when the newest entry of each one's history was made, as of when it
// holds the lock.
type Tickets interface {
	// Find looks up, in one round trip, what a change names.
	Find(ctx context.Context, refs ticket.Refs) (ticket.Found, error)
	Add(ctx context.Context, t ticket.Ticket) error
	Get(ctx context.Context, id domain.ID, reach access.Reach) (ticket.View, error)
	Lock(ctx context.Context, id domain.ID, reach access.Reach) (ticket.View, error)
	// LockFor is Lock together with Find; a status or priority that refs does not name is the ticket's own.
	LockFor(ctx context.Context, id domain.ID, reach access.Reach, refs ticket.Refs) (ticket.View, ticket.Found, error)
	Save(ctx context.Context, t ticket.Ticket) error
	// List gives one page, in one round trip.
	List(ctx context.Context, reach access.Reach, q ticket.Query) (TicketPage, error)
	// Active gives at most limit tickets that somebody still has to do something about (ticket.StatusType.Active), by
	// rising id, from behind one; from the first where that is "".
	Active(ctx context.Context, after domain.ID, limit int) ([]ticket.View, error)
	// ActiveRefs is Active that reads nothing but the names.
	ActiveRefs(ctx context.Context, after domain.ID, limit int) ([]TicketRef, error)
	// LockActive is Active that also locks them.
	LockActive(ctx context.Context, after domain.ID, limit int) ([]ticket.View, error)
	// LockDue locks and returns at most limit tickets whose urgency the passing of time has changed (UrgencyUntil at or
	// before now). It leaves out those that another Update holds and those that are set aside.
	LockDue(ctx context.Context, now time.Time, limit int) ([]ticket.View, error)
	// Due names what LockDue would lock, without reading anything else of it, and locks nothing.
	Due(ctx context.Context, now time.Time, limit int) ([]TicketRef, error)
	// NextDue returns when passing time next changes, or should have changed, the urgency of a ticket: the earliest
	// UrgencyUntil of all that are not set aside; ticket.Never if there is none.
	NextDue(ctx context.Context) (time.Time, error)
	// SaveDue writes, all at once, what passing time changes in tickets, which is what ticket.Ticket.CopyTimeDerived takes.
	SaveDue(ctx context.Context, due []ticket.Ticket) error
}

// NotificationLogs are what was said to whom about which ticket. A log of a ticket that the reach does not cover, or
// that was deleted, is not found.
type NotificationLogs interface {
	Add(ctx context.Context, logs ...notification.Log) error
	Get(ctx context.Context, id domain.ID, reach access.Reach) (notification.View, error)
	Lock(ctx context.Context, id domain.ID, reach access.Reach) (notification.View, error)
	Save(ctx context.Context, l notification.Log) error
	// List gives the newest first, and how many match in all.
	List(ctx context.Context, reach access.Reach, f notification.Filter, page Page) ([]notification.View, int, error)
}

// IdempotencyRecord is what a client was answered to a request that it may repeat. Nobody but the way in that answered reads
// Code, Location and Body.
type IdempotencyRecord struct {
	Key         string // unique
	Fingerprint string // of the request
	Code        int    // of the answer, by the numbers of the way in
	Location    string // where to find what was made; "" if it is no single thing
	Body        []byte
	CreatedAt   time.Time
}

// ErrClaimed is what Claim answers while another Update holds the key.
var ErrClaimed = errors.New("claimed")

// IdempotencyRecords keep what was answered to requests that a client may repeat.
type IdempotencyRecords interface {
	// Get gives the reply kept under a key after a moment; domain.ErrNotFound where there is none.
	Get(ctx context.Context, key string, after time.Time) (IdempotencyRecord, error)
	// Claim is Get inside Update, and keeps every other Claim of the key off until the Update ends: it fails with
	// ErrClaimed, or waits where the store takes one Update at a time anyway.
	Claim(ctx context.Context, key string, after time.Time) (IdempotencyRecord, error)
	// Save keeps a reply under the key that was claimed, in the place of one that is too old to be given.
	Save(ctx context.Context, r IdempotencyRecord) error
	// Purge removes at most limit replies kept before a moment; it gives how many.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
}

// TicketRef names a ticket.
type TicketRef struct {
	ID     domain.ID
	Number string
}

// TicketPage is a part of a list of tickets.
type TicketPage struct {
	Tickets []ticket.View
	Count   int              // of all that match, where the query asked for it
	Next    *ticket.Position // where the next page begins; nil after the last, and where the query went by page number
}
