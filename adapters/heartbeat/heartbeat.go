// Package heartbeat lets every process that runs on a database be seen there: each renews a row of the table processes, and
// removes it when it stops. Commands that must not run beside such a process ask Running. All times are those of the
// database.
package heartbeat

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"tickt/domain"
	"tickt/ports"
)

var _ ports.Server = (*Beat)(nil)

// Intervals between renewals. On SQLite each costs a page of the write-ahead log, and the processes are on one machine,
// where a process that died is noticed at once.
const (
	postgresInterval = 30 * time.Second
	sqliteInterval   = 2 * time.Minute
	staleFactor      = 3 // a row that was not renewed for that many intervals belongs to a process that died
	writeTimeout     = 5 * time.Second
)

// Process is one process that runs on a database.
type Process struct {
	ID      domain.ID
	Command string // serve or work
	Version string // of the build
	Host    string
	PID     int
	SeenAgo time.Duration // since it renewed its row
	space   string        // where PID names a process; "" if that is not known
}

// String describes the process for an operator.
func (p Process) String() string {
	return fmt.Sprintf("tickt %s on %s (process %d, version %s), seen %s ago", p.Command, p.Host, p.PID, p.Version,
		p.SeenAgo.Round(time.Second))
}

// Options configure a Beat.
type Options struct {
	Database Database
	Process  Process       // ID, Command, Version
	Every    time.Duration // 0 means the interval of the engine
	Log      *zap.Logger
}

// Beat is a ports.Server that renews the row of this process between Start and Stop. That the database cannot be written
// does not stop the process; it is logged, and tried again at the next renewal.
type Beat struct {
	o      Options
	end    context.CancelFunc
	ended  sync.WaitGroup
	failed bool
}

// New returns a Beat for this process.
func New(o Options) *Beat {
	if o.Every == 0 {
		o.Every = o.Database.interval()
	}
	o.Process.Host, o.Process.PID, o.Process.space = thisProcess()
	return &Beat{o: o}
}

// Start writes the row and begins to renew it. It also removes the rows of processes that died long ago.
func (b *Beat) Start(ctx context.Context) error {
	b.renew(ctx)
	if !b.failed {
		_ = b.o.Database.Forget(ctx) // the next start tries again
	}
	running, end := context.WithCancel(context.WithoutCancel(ctx))
	b.end = end
	b.ended.Go(func() {
		ticker := time.NewTicker(b.o.Every)
		defer ticker.Stop()
		for {
			select {
			case <-running.Done():
				return
			case <-ticker.C:
				b.renew(running)
			}
		}
	})
	return nil
}

// Stop removes the row. If that fails, the process seems to run until its row is stale.
func (b *Beat) Stop(ctx context.Context) error {
	if b.end == nil {
		return nil
	}
	b.end()
	b.ended.Wait()
	_, err := b.o.Database.DB.ExecContext(ctx, `DELETE FROM processes WHERE id = $1`, string(b.o.Process.ID))
	return err
}

// renew writes the row. It logs the first of consecutive failures.
func (b *Beat) renew(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	p, now := b.o.Process, b.o.Database.now()
	//nolint:gosec // a fixed text for each engine
	renewal := `INSERT INTO processes (id, command, version, host, pid, pid_space, started_at, seen_at)
 VALUES ($1, $2, $3, $4, $5, $6, ` + now + `, ` + now + `) ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`
	_, err := b.o.Database.DB.ExecContext(ctx, renewal,
		string(p.ID), p.Command, p.Version, p.Host, p.PID, p.space)
	if err != nil && !b.failed && !errors.Is(err, context.Canceled) {
		b.o.Log.Warn("the heartbeat of this process cannot be stored", zap.Error(err))
	}
	b.failed = err != nil
}

// Database is a connection to a database.
type Database struct {
	DB       *sql.DB
	Postgres bool
}

func (d Database) interval() time.Duration {
	if d.Postgres {
		return postgresInterval
	}
	return sqliteInterval
}

// now returns an expression of the time of the database, in the form in which its columns hold times.
func (d Database) now() string {
	if d.Postgres {
		return `clock_timestamp()`
	}
	return `strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')`
}

// age returns an expression of the milliseconds since a process was seen.
func (d Database) age() string {
	if d.Postgres {
		return `CAST(EXTRACT(EPOCH FROM clock_timestamp() - seen_at) * 1000 AS bigint)`
	}
	return `CAST((julianday('now') - julianday(substr(seen_at, 1, 23))) * 86400000 AS INTEGER)`
}

// exists is a query for the number of tables processes. A schema from before migration 18 has none.
func (d Database) exists() string {
	if d.Postgres {
		return `SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'processes'`
	}
	return `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'processes'`
}

// Running returns the processes that run on a database, those that began first at the beginning. A process of a release
// without heartbeats is not among them.
func (d Database) Running(ctx context.Context) (all []Process, err error) {
	var tables int
	if err := d.DB.QueryRowContext(ctx, d.exists()).Scan(&tables); err != nil || tables == 0 {
		return nil, err
	}
	//nolint:gosec // a fixed text for each engine
	query := `SELECT id, command, version, host, pid, pid_space, ` + d.age() + ` FROM processes ORDER BY started_at, id`
	found, err := d.DB.QueryContext(ctx, query) //nolint:gosec // a fixed text for each engine
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	for found.Next() {
		var p Process
		var milliseconds int64
		if err := found.Scan(&p.ID, &p.Command, &p.Version, &p.Host, &p.PID, &p.space, &milliseconds); err != nil {
			return nil, err
		}
		p.SeenAgo = max(0, time.Duration(milliseconds)*time.Millisecond)
		if p.SeenAgo < staleFactor*d.interval() && !p.died() {
			all = append(all, p)
		}
	}
	return all, found.Err()
}

// Forget removes the rows of processes that died long ago.
func (d Database) Forget(ctx context.Context) error {
	removal := `DELETE FROM processes WHERE ` + d.age() + ` > $1`        //nolint:gosec // as above
	_, err := d.DB.ExecContext(ctx, removal, forgetAfter.Milliseconds()) //nolint:gosec // a fixed text for each engine
	return err
}

// forgetAfter is how long the row of a process that died is kept.
const forgetAfter = 24 * time.Hour
