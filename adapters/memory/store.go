// Package memory keeps what the application remembers on maps, for tests and for trying things out. It is a
// real store: one writer at a time, all or nothing, every promise of the ports. What it holds ends with the
// process. It decides nothing and may know no other adapter.
package memory

import (
	"context"
	"fmt"
	"math"

	"golang.org/x/sync/semaphore"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Store implements ports.Store. Reads run beside each other; an Update runs alone, so that nobody sees
// what it has not committed and nothing has to be locked one by one.
type Store struct {
	turns *semaphore.Weighted // a read holds one, an Update all
	data  data
}

const allTurns = math.MaxInt64

var _ ports.Store = (*Store)(nil)

// data is everything that is remembered. Its maps change through a journal only.
type data struct {
	seeds              *table[string, int] // under seedsKey
	accounts           *table[domain.ID, account.Account]
	sessions           *table[domain.ID, account.Session]
	counts             *table[string, account.Count]
	roles              *table[domain.ID, access.Role]
	menus              *table[domain.ID, access.Menu]
	rolePermissions    *table[domain.ID, access.RolePermission]
	accountPermissions *table[domain.ID, access.AccountPermission]
	statuses           *table[domain.ID, ticket.Status]
	priorities         *table[domain.ID, ticket.Priority]
	tickets            *table[domain.ID, ticket.Ticket]
	numbers            *table[string, int] // the last one given, by day
	notificationLogs   *table[domain.ID, notification.Log]
	replies            *table[string, ports.IdempotencyRecord]
	setAsides          *table[domain.ID, ports.SetAside]
	comments           *table[domain.ID, ticket.Comment]
	history            *table[domain.ID, ticket.Entry]
	clocks             *table[string, sla.ClockState] // under clockKey
	ledgers            *table[domain.ID, []sla.Entry] // by ticket
	calendars          *table[domain.ID, sla.Calendar]
	editions           *table[domain.ID, sla.CalendarVersion]
	policies           *table[domain.ID, sla.Policy]
	queue              *queue
}

// New makes a store that is empty but for the calendar that is always open.
func New() *Store {
	return &Store{turns: semaphore.NewWeighted(allTurns), data: data{
		seeds:              newTable[string, int](),
		accounts:           newAccounts(),
		sessions:           newTable[domain.ID, account.Session](),
		counts:             newTable[string, account.Count](),
		roles:              newRoles(),
		menus:              newMenus(),
		rolePermissions:    newRolePermissions(),
		accountPermissions: newAccountPermissions(),
		statuses:           newTable(statusKeys.unique()...),
		priorities:         newTable(priorityKeys.unique()...),
		tickets:            newTickets(),
		numbers:            newTable[string, int](),
		notificationLogs:   newTable[domain.ID, notification.Log](),
		replies:            newTable[string, ports.IdempotencyRecord](),
		setAsides:          newTable[domain.ID, ports.SetAside](),
		comments:           newTable[domain.ID, ticket.Comment](),
		history:            newTable[domain.ID, ticket.Entry](),
		clocks:             newTable[string, sla.ClockState](),
		ledgers:            newTable[domain.ID, []sla.Entry](),
		calendars:          newCalendars(),
		editions:           newCalendarVersions(),
		policies:           newPolicies(),
		queue:              &queue{},
	}}
}

// Ready fails only where the context has ended: a store in memory is always reachable.
func (s *Store) Ready(ctx context.Context) error { return ctx.Err() }

// View hands out reads. They see one moment, which is more than is asked for.
func (s *Store) View(ctx context.Context, fn func(ports.Tx) error) error {
	if err := s.wait(ctx, 1); err != nil {
		return err
	}
	defer s.turns.Release(1)
	return fn((&tx{data: s.data}).ports())
}

// Update keeps everything that fn wrote, or nothing where fn fails, panics, or outlives its context.
func (s *Store) Update(ctx context.Context, fn func(ports.Tx) error) error {
	if err := s.wait(ctx, allTurns); err != nil {
		return err
	}
	defer s.turns.Release(allTurns)
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

// NextNumber counts for itself: what it gives stays given.
func (s *Store) NextNumber(ctx context.Context, day string) (int, error) {
	if err := s.wait(ctx, allTurns); err != nil {
		return 0, err
	}
	defer s.turns.Release(allTurns)
	n := s.data.numbers.rows[day] + 1
	return n, s.data.numbers.put(&journal{}, day, n)
}

func (s *Store) wait(ctx context.Context, turns int64) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("memory: %w", err)
	}
	if err := s.turns.Acquire(ctx, turns); err != nil {
		return fmt.Errorf("memory: wait for a turn: %w", err)
	}
	return nil
}

// tx is the data as one call sees it; without a journal it may only be read.
type tx struct {
	data
	log *journal
}

func (t *tx) ports() ports.Tx {
	return ports.Tx{
		Setup:              setup{t},
		Accounts:           accounts{t},
		Sessions:           sessions{t},
		Throttle:           throttle{t},
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
		Dashboard:          dashboard{t},
		Imports:            imports{t},
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
