package jobs

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"tickt/ports"
)

// Database is the database with the queue. The connections of the application can be used.
type Database struct {
	// Postgres is the pool of a PostgreSQL database; nil if the database is SQLite.
	Postgres *pgxpool.Pool
	// DirectURL is the URL of the same PostgreSQL database without a pooler in transaction mode, through which LISTEN
	// does not work; "" if Postgres can LISTEN. If neither can, new jobs are found by polling once a second.
	DirectURL string
	// Writes is the only connection that may write; used with SQLite.
	Writes *sql.DB
	// Reads are connections to either database for reading.
	Reads *sql.DB
	// Added receives a value after jobs were added through the store, at most one at a time; used with SQLite. Without it, new jobs
	// are found within a second.
	Added <-chan struct{}

	soon chan struct{} // receives a value when a job that waited is due; used with SQLite
}

// lookSoon has the queue looked into after a time, which SQLite would do only after some seconds.
func (d Database) lookSoon(after time.Duration) {
	if d.Postgres != nil {
		return
	}
	time.AfterFunc(after, func() {
		select {
		case d.soon <- struct{}{}:
		default: // it is about to be
		}
	})
}

// client holds the methods of river.Client that are used, for any type of transaction.
type client interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
	JobGet(ctx context.Context, id int64) (*rivertype.JobRow, error)
	JobList(ctx context.Context, params *river.JobListParams) (*river.JobListResult, error)
	JobRetry(ctx context.Context, id int64) (*rivertype.JobRow, error)
}

// client returns a River client. listen is the pool that it listens on; nil with SQLite.
func (d Database) client(listen *pgxpool.Pool, c *river.Config) (client, error) {
	if d.Postgres == nil {
		c.FetchPollInterval = sqlitePoll
		return river.NewClient[*sql.Tx](sqliteDriver{riversqlite.New(d.Writes), d, slices.Collect(maps.Keys(c.Queues))}, c)
	}
	return river.NewClient[pgx.Tx](splitDriver{riverpgxv5.New(d.Postgres), riverpgxv5.New(listen)}, c)
}

// splitDriver is a driver that listens on other connections than it works on, which bypass a pooler.
type splitDriver struct {
	riverdriver.Driver[pgx.Tx]
	listener riverdriver.Driver[pgx.Tx]
}

func (d splitDriver) GetListener(p *riverdriver.GetListenenerParams) riverdriver.Listener {
	return d.listener.GetListener(p)
}

// The pool for listening: its size, one connection and a second one while the first is replaced; and how long connecting may
// take, unless DirectURL sets it.
const (
	listenConns    = 2
	connectTimeout = 5 * time.Second
)

// listenPool returns the pool to listen on, nil with SQLite, and a function that closes it if it was opened here.
func (d Database) listenPool(ctx context.Context) (pool *pgxpool.Pool, closePool func(), err error) {
	if d.Postgres == nil || d.DirectURL == "" {
		return d.Postgres, func() {}, nil
	}
	config, err := pgxpool.ParseConfig(d.DirectURL)
	if err != nil {
		return nil, nil, err
	}
	config.MaxConns = listenConns
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	pool, err = pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, nil, err
	}
	return pool, pool.Close, nil
}

// move puts a job into another queue. The job may be running.
func (d Database) move(ctx context.Context, job int64, to ports.JobQueue) error {
	const text = `UPDATE river_job SET queue = $1 WHERE id = $2`
	if d.Postgres == nil {
		_, err := d.Writes.ExecContext(ctx, text, string(to), job)
		return err
	}
	_, err := d.Postgres.Exec(ctx, text, string(to), job)
	return err
}
