// Package bunstore implements ports.Store on PostgreSQL and SQLite with bun: one set of stores for both. Most
// differences between the engines are in engine.go, dialect.go, search.go and errors.go. The package holds no business rules: it
// stores what it is given.
package bunstore

import (
	"context"
	"fmt"
	"time"

	"tickt/domain"
	"tickt/migrations"
	"tickt/ports"
)

// Store is the ports.Store on a database. It is safe for concurrent use.
type Store struct{ engine *engine }

// Open creates a Store. It does not connect yet: Ready reports whether the database can be used.
func Open(ctx context.Context, o Options) (*Store, error) {
	e, err := open(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return &Store{e}, nil
}

// Close closes all connections, each as soon as it is idle.
func (s *Store) Close() error { return s.engine.close() }

// Pool returns the current PoolStats.
func (s *Store) Pool() PoolStats { return s.engine.stats() }

// View implements ports.Store. Each read is a statement of its own, without the round trips of a transaction.
func (s *Store) View(ctx context.Context, fn func(ports.Tx) error) error {
	db := s.engine.reads
	view := func() error { return fn(stores(conn{bun: db, raw: db.DB, engine: s.engine})) }
	err := view()
	if unprepared(err) {
		err = view()
	}
	return settle(ctx, err)
}

// Update implements ports.Store.
func (s *Store) Update(ctx context.Context, fn func(ports.Tx) error) error {
	return s.transactAgain(ctx, func(c conn) error { return fn(stores(c)) })
}

// transactAgain is transact, again after a collision.
func (s *Store) transactAgain(ctx context.Context, fn func(conn) error) error {
	return s.retry(ctx, func() error { return s.transact(ctx, fn) })
}

// retry calls run, up to attempts times while it fails with a collision, or because its statements were prepared.
func (s *Store) retry(ctx context.Context, run func() error) error {
	var err error
	for attempt := range attempts {
		err = run()
		if !collided(err) && !unprepared(err) || attempt == attempts-1 || !pause(ctx, attempt) {
			break
		}
	}
	return settle(ctx, err)
}

// transact runs fn in one transaction, which is rolled back if fn fails or panics.
func (s *Store) transact(ctx context.Context, fn func(conn) error) error {
	session, err := s.engine.writes.Conn(ctx)
	if err != nil {
		return s.engine.failed(err, "connect")
	}
	began := time.Now()
	defer func() {
		s.engine.busyTime.Add(int64(time.Since(began)))
		_ = session.Close()
	}()
	tx, err := s.engine.begin(ctx, session)
	if err != nil {
		return s.engine.failed(err, "begin")
	}
	defer tx.rollback(ctx)
	var changed, queued, marked bool
	c := tx.conn()
	c.changed, c.queued, c.marked, c.searched = &changed, &queued, &marked, map[domain.ID]searchedFields{}
	if err := fn(c); err != nil {
		return err
	}
	err = tx.commit(ctx)
	if err == nil && changed {
		s.engine.probe.commit()
	}
	if err == nil && queued {
		signal(s.engine.added)
	}
	if err == nil && marked {
		signal(s.engine.derive)
	}
	return s.engine.failed(err, "commit")
}

// signal wakes the receiver of a channel that holds one signal at most.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default: // one is enough
	}
}

// Marked receives after the commit of an Update that has marked rows to be derived.
func (s *Store) Marked() <-chan struct{} { return s.engine.derive }

// Ready implements ports.Store. A schema that is newer than this program is accepted: during a rollout the new
// release migrates first, and the old one keeps serving until it is replaced.
func (s *Store) Ready(ctx context.Context) error {
	var version int64
	if err := s.engine.reads.DB.QueryRowContext(ctx, migrations.AppliedVersion).Scan(&version); err != nil {
		return s.engine.failed(unavailable(err), migrations.AppliedVersion)
	}
	if newest := migrations.Newest(); version < newest {
		return s.engine.failed(unavailable(pendingMigrations{version, newest}), migrations.AppliedVersion)
	}
	return s.engine.probe.check(ctx, s.tryWrite)
}

func stores(c conn) ports.Tx {
	return ports.Tx{
		Clock:              sharedClock{c},
		Setup:              setup{c},
		Accounts:           accounts{c},
		Sessions:           sessions{c},
		Throttle:           throttle{c},
		KnownAddresses:     knownAddresses{c},
		AccountMails:       accountMails{c},
		Roles:              roles{c},
		Menus:              menus{c},
		RolePermissions:    rolePermissions{c},
		AccountPermissions: accountPermissions{c},
		Statuses:           statuses(c),
		Priorities:         priorities(c),
		Tickets:            tickets{conn: c},
		AccountRoles:       accountRoles{c},
		NotificationLogs:   notificationLogs{c},
		Inbox:              inbox{c},
		SetAsides:          setAsides{c},
		Comments:           comments{c},
		History:            history{c},
		Ledgers:            ledgers{c},
		Calendars:          calendars{c},
		Policies:           policies{c},
		Operations:         operations{c},
		Dashboard:          dashboard{c},
		IdempotencyRecords: idempotencyRecords{c},
		Imports:            imports{c},
		Derived:            derivedRows{c},
		NameKeys:           nameKeys{c},
		Documents:          documents{c},
		Jobs:               jobs{c},
	}
}
