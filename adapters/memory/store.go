// Package memory implements ports.Store in maps, for tests and experiments. It keeps every promise of the ports: one
// writer at a time, transactions that are applied completely or not at all. Its content is lost when the process
// ends. It holds no business rules and imports no other adapter.
package memory

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"golang.org/x/sync/semaphore"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Store implements ports.Store. Reads run concurrently; an Update runs alone, so that no read sees uncommitted
// changes and rows need no locks.
type Store struct {
	slots *semaphore.Weighted // a View holds one slot, an Update all of them
	data  data
}

const allSlots = math.MaxInt64

var _ ports.Store = (*Store)(nil)

// data is the content of a store. It is only changed through a journal.
type data struct {
	seeds              *table[string, int] // only the key seedsKey
	keyChecks          *table[account.KeyCheck, account.KeyCheck]
	accounts           *table[domain.ID, account.Account]
	sessions           *table[domain.ID, account.Session]
	counts             *table[string, storedCount]
	knownAddresses     *table[string, account.KnownAddress] // by knownKey
	accountMails       *table[domain.ID, account.Mail]
	roles              *table[domain.ID, access.Role]
	menus              *table[domain.ID, access.Menu]
	rolePermissions    *table[domain.ID, access.RolePermission]
	accountPermissions *table[domain.ID, access.AccountPermission]
	statuses           *table[domain.ID, ticket.Status]
	priorities         *table[domain.ID, ticket.Priority]
	tickets            *table[domain.ID, ticket.Ticket]
	numbers            *table[string, int] // the last number assigned, by day
	notificationLogs   *table[domain.ID, notification.Log]
	idempotencyRecords *table[string, ports.IdempotencyRecord]
	setAsides          *table[domain.ID, ports.SetAside]
	comments           *table[domain.ID, ticket.Comment]
	commentVersions    *table[domain.ID, ticket.CommentVersion]
	history            *table[domain.ID, ticket.Entry]
	clocks             *table[string, sla.ClockState] // by clockKey
	ledgers            *table[domain.ID, []sla.Entry] // by ticket
	calendars          *table[domain.ID, sla.Calendar]
	calendarVersions   *table[domain.ID, sla.CalendarVersion]
	policies           *table[domain.ID, sla.Policy]
	operations         *table[domain.ID, sla.Operation]
	skeletons          *table[domain.ID, string]         // of the user names of accounts
	derivedMarks       *table[string, ports.DerivedMark] // by markKey
	derivedWalks       *table[ports.DerivedKind, ports.DerivedWalk]
	queue              *queue
}

// New returns a store that is empty except for the calendar that is always open.
func New() *Store {
	return &Store{slots: semaphore.NewWeighted(allSlots), data: data{
		seeds:              newTable[string, int](),
		keyChecks:          newTable[account.KeyCheck, account.KeyCheck](),
		accounts:           newAccounts(),
		sessions:           newTable[domain.ID, account.Session](),
		counts:             newTable[string, storedCount](),
		knownAddresses:     newTable[string, account.KnownAddress](),
		accountMails:       newTable[domain.ID, account.Mail](),
		roles:              newRoles(),
		menus:              newMenus(),
		rolePermissions:    newRolePermissions(),
		accountPermissions: newAccountPermissions(),
		statuses:           newTable(statusKeys.unique()...),
		priorities:         newTable(priorityKeys.unique()...),
		tickets:            newTickets(),
		numbers:            newTable[string, int](),
		notificationLogs:   newTable[domain.ID, notification.Log](),
		idempotencyRecords: newTable[string, ports.IdempotencyRecord](),
		setAsides:          newTable[domain.ID, ports.SetAside](),
		comments:           newTable[domain.ID, ticket.Comment](),
		commentVersions:    newTable[domain.ID, ticket.CommentVersion](),
		history:            newTable[domain.ID, ticket.Entry](),
		clocks:             newTable[string, sla.ClockState](),
		ledgers:            newTable[domain.ID, []sla.Entry](),
		calendars:          newCalendars(),
		calendarVersions:   newCalendarVersions(),
		policies:           newPolicies(),
		operations:         newTable[domain.ID, sla.Operation](),
		skeletons:          newTable[domain.ID, string](),
		derivedMarks:       newTable[string, ports.DerivedMark](),
		derivedWalks:       newTable[ports.DerivedKind, ports.DerivedWalk](),
		queue:              &queue{},
	}}
}

// Ready returns the error of ctx; a store in memory is always ready.
func (s *Store) Ready(ctx context.Context) error { return ctx.Err() }

// View implements ports.Store. All reads see one state, which is more than the interface promises.
func (s *Store) View(ctx context.Context, fn func(ports.Tx) error) error {
	if err := s.acquire(ctx, 1); err != nil {
		return err
	}
	defer s.slots.Release(1)
	return fn((&tx{data: s.data}).ports())
}

// Update implements ports.Store. It undoes all writes if fn returns an error or panics, or if the context has ended.
func (s *Store) Update(ctx context.Context, fn func(ports.Tx) error) error {
	if err := s.acquire(ctx, allSlots); err != nil {
		return err
	}
	defer s.slots.Release(allSlots)
	log := &journal{}
	defer log.undo()
	if err := fn((&tx{data: s.data, log: log}).ports()); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("memory: commit: %w", err)
	}
	log.commit()
	return nil
}

// NextNumber implements ports.Store. Numbers are assigned outside of transactions and never undone.
func (s *Store) NextNumber(ctx context.Context, day string) (int, error) {
	if err := s.acquire(ctx, allSlots); err != nil {
		return 0, err
	}
	defer s.slots.Release(allSlots)
	n := s.data.numbers.rows[day] + 1
	return n, s.data.numbers.put(&journal{}, day, n)
}

func (s *Store) acquire(ctx context.Context, n int64) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("memory: %w", err)
	}
	if err := s.slots.Acquire(ctx, n); err != nil {
		return fmt.Errorf("memory: wait for access: %w", err)
	}
	return nil
}

// clock is the clock of the process, which is the only one that uses the store.
type clock struct{}

// Now implements ports.SharedClock.
func (clock) Now(ctx context.Context) (time.Time, error) {
	return time.Now().UTC(), ctx.Err() //nolint:forbidigo // this is the clock of the store
}

// tx is the data in one View or Update. Without a journal it is read-only.
type tx struct {
	data
	log *journal
}

func (t *tx) ports() ports.Tx {
	return ports.Tx{
		Clock:              clock{},
		Setup:              setup{t},
		Accounts:           accounts{t},
		Sessions:           sessions{t},
		Throttle:           throttle{t},
		KnownAddresses:     knownAddresses{t},
		AccountMails:       accountMails{t},
		Roles:              roles{t},
		Menus:              menus{t},
		RolePermissions:    rolePermissions{t},
		AccountPermissions: accountPermissions{t},
		Statuses:           catalog[ticket.Status]{t, t.statuses, statusKeys},
		Priorities:         catalog[ticket.Priority]{t, t.priorities, priorityKeys},
		Tickets:            tickets{t},
		AccountRoles:       accountRoles{t},
		NotificationLogs:   notificationLogs{t},
		IdempotencyRecords: idempotencyRecords{t},
		Inbox:              inbox{t},
		SetAsides:          setAsides{t},
		Comments:           comments{t},
		History:            history{t},
		Ledgers:            ledgers{t},
		Calendars:          calendars{t},
		Policies:           policies{t},
		Operations:         operations{t},
		Dashboard:          dashboard{t},
		Imports:            imports{t},
		Derived:            derivedRows{t},
		NameKeys:           nameKeys{t},
		Documents:          documents{t},
		Jobs:               jobs{t},
	}
}

type setup struct{ *tx }

const seedsKey = "seeds"

func (s setup) Lock(context.Context) (int, error) {
	return s.seeds.rows[seedsKey], s.log.writable()
}

func (s setup) SetSeeds(_ context.Context, version int) error {
	return s.seeds.put(s.log, seedsKey, version)
}

func (s setup) KeyChecks(context.Context) ([]account.KeyCheck, error) {
	all := s.keyChecks.where(func(account.KeyCheck) bool { return true })
	slices.Sort(all)
	return all, nil
}

func (s setup) SetKeyChecks(_ context.Context, all []account.KeyCheck) error {
	if err := s.log.writable(); err != nil {
		return err
	}
	every := func(account.KeyCheck) bool { return true }
	if _, err := s.keyChecks.removeWhere(s.log, math.MaxInt, every); err != nil {
		return err
	}
	for _, c := range all {
		if err := s.keyChecks.add(s.log, c, c); err != nil {
			return err
		}
	}
	return nil
}
