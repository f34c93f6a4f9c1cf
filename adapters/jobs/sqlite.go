package jobs

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

// What River does by default on SQLite costs an idle process some 300 MB of writes a day, and 20 queries a second: a leader
// renews its lease every 5 seconds, and listening is polling. All processes are on one machine, and most often there is only
// one, so here the lease is renewed less often, and a process is woken by its own jobs.
const (
	sqlitePoll  = 5 * time.Second // between fetches, if nothing is heard
	sqliteHear  = time.Second     // between looks for notifications of other processes
	sqliteLease = time.Minute     // of a leader; after a crash, the next one follows when it is over
	// River trusts a lease for 15 seconds and renews it every 5. The lease in the database must be longer than that.
	sqliteRenewBefore = 20 * time.Second
	maxHeard          = 256 // notifications that are read at once
)

// sqliteDriver is River's driver for SQLite with a longer lease, and a listener that is woken.
type sqliteDriver struct {
	*riversqlite.Driver
	database Database
	queues   []string // whose jobs the client works
}

func (d sqliteDriver) GetExecutor() riverdriver.Executor {
	return &leasedExecutor{Executor: d.Driver.GetExecutor()}
}

func (d sqliteDriver) GetListener(p *riverdriver.GetListenenerParams) riverdriver.Listener {
	return &sqliteListener{schema: p.Schema, db: d.database.Reads, wake: d.database.Added, soon: d.database.soon, queues: d.queues}
}

// leasedExecutor renews the lease of a leader only when it is about to end.
type leasedExecutor struct {
	riverdriver.Executor
	mu     sync.Mutex
	leader *riverdriver.Leader
	renew  time.Time
}

// LeaderAttemptReelect implements riverdriver.Executor.
func (e *leasedExecutor) LeaderAttemptReelect(ctx context.Context, p *riverdriver.LeaderReelectParams) (*riverdriver.Leader, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := time.Now()
	if l := e.leader; l != nil && l.LeaderID == p.LeaderID && l.ElectedAt.Equal(p.ElectedAt) && now.Before(e.renew) {
		return l, nil
	}
	longer := *p
	longer.TTL = sqliteLease
	leader, err := e.Executor.LeaderAttemptReelect(ctx, &longer)
	if err != nil {
		e.leader = nil
		return nil, err
	}
	e.leader, e.renew = leader, now.Add(sqliteLease-sqliteRenewBefore)
	return leader, nil
}

// sqliteListener hears of the notifications that River stores in a table: at once if this process added the job, otherwise
// within sqliteHear.
type sqliteListener struct {
	schema string
	db     *sql.DB
	wake   <-chan struct{} // may be nil
	soon   <-chan struct{} // may be nil
	queues []string        // that are looked into after a wake

	mu     sync.Mutex
	last   int64            // the number of the last notification that was read
	topics map[string]int64 // with the number after which each is heard; nil while not connected
	heard  []notification
}

type notification struct {
	id int64
	riverdriver.Notification
}

var errNotConnected = errors.New("the listener is not connected")

func (l *sqliteListener) Schema() string             { return l.schema }
func (l *sqliteListener) SetAfterConnectExec(string) {}

func (l *sqliteListener) Ping(ctx context.Context) error { return l.db.PingContext(ctx) }

func (l *sqliteListener) Connect(ctx context.Context) error {
	newest, err := l.newest(ctx)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last, l.topics, l.heard = newest, map[string]int64{}, nil
	return nil
}

func (l *sqliteListener) Close(context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.topics, l.heard = nil, nil
	return nil
}

// newest returns the number of the newest notification, 0 if there is none.
func (l *sqliteListener) newest(ctx context.Context) (id int64, err error) {
	err = l.db.QueryRowContext(ctx, `SELECT COALESCE(max(id), 0) FROM river_notification`).Scan(&id)
	return id, err
}

func (l *sqliteListener) Listen(ctx context.Context, topic string) error {
	newest, err := l.newest(ctx)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.topics == nil {
		return errNotConnected
	}
	if _, known := l.topics[topic]; !known {
		l.topics[topic] = max(l.last, newest) // what is older may have been removed, and is not for this listener
	}
	return nil
}

func (l *sqliteListener) Unlisten(_ context.Context, topic string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.topics == nil {
		return errNotConnected
	}
	delete(l.topics, topic)
	return nil
}

// WaitForNotification returns the next notification of the topics.
func (l *sqliteListener) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		n, err := l.next(ctx)
		if n != nil || err != nil {
			return n, err
		}
		timer.Reset(sqliteHear)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-l.wake:
			l.pretend()
		case <-l.soon:
			l.pretend()
		case <-timer.C:
		}
	}
}

// insertTopic is River's topic of new jobs.
const insertTopic = "river_insert"

// pretend makes the listener hear of new jobs in every queue. River stores no notification for a job that is added shortly after
// another one.
func (l *sqliteListener) pretend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, q := range l.queues {
		l.heard = append(l.heard, notification{math.MaxInt64, riverdriver.Notification{
			Topic: insertTopic, Payload: `{"queue":"` + q + `"}`,
		}})
	}
}

// next returns the next notification of the topics, nil if there is none.
func (l *sqliteListener) next(ctx context.Context) (*riverdriver.Notification, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.topics == nil {
		return nil, errNotConnected
	}
	if len(l.heard) == 0 {
		if err := l.read(ctx); err != nil {
			return nil, err
		}
	}
	for i, n := range l.heard {
		if since, known := l.topics[n.Topic]; known && n.id > since {
			l.heard = l.heard[i+1:]
			return &n.Notification, nil
		}
	}
	l.heard = nil
	return nil, nil
}

// read reads the notifications after the last one that was read. SQLite has one writer, so numbers become visible in order.
func (l *sqliteListener) read(ctx context.Context) error {
	rows, err := l.db.QueryContext(ctx, `SELECT id, topic, payload FROM river_notification WHERE id > ? ORDER BY id LIMIT ?`, l.last, maxHeard)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var heard []notification
	for rows.Next() {
		var n notification
		if err := rows.Scan(&n.id, &n.Topic, &n.Payload); err != nil {
			return err
		}
		heard = append(heard, n)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if len(heard) > 0 {
		l.last = heard[len(heard)-1].id
	}
	l.heard = slices.Clip(heard)
	return nil
}
