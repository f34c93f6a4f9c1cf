package jobs

import (
	"context"
	"database/sql"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"
)

// Database is where jobs wait. The application's own connections to it do.
type Database struct {
	// Postgres is the pool of a PostgreSQL; nil where the database is SQLite.
	Postgres *pgxpool.Pool
	// DirectURL leads to the same PostgreSQL past a pooler in transaction mode, which lets nobody LISTEN; "" where
	// Postgres does. Without a way to listen new jobs are found by asking, once a second.
	DirectURL string
	// Writes is the one connection of SQLite that may write.
	Writes *sql.DB
	// Reads are connections to either database that need not write.
	Reads *sql.DB
}

// client is what is needed of a river.Client, whatever its transactions are.
type client interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
	JobGet(ctx context.Context, id int64) (*rivertype.JobRow, error)
	JobList(ctx context.Context, params *river.JobListParams) (*river.JobListResult, error)
	JobRetry(ctx context.Context, id int64) (*rivertype.JobRow, error)
}

// client makes a client of River; listen is the pool of PostgreSQL that it listens with.
func (d Database) client(listen *pgxpool.Pool, c *river.Config) (client, error) {
	if d.Postgres == nil {
		driver := apart[*sql.Tx]{riversqlite.New(d.Writes), riversqlite.New(d.Reads)}
		return river.NewClient[*sql.Tx](driver, c)
	}
	driver := apart[pgx.Tx]{riverpgxv5.New(d.Postgres), riverpgxv5.New(listen)}
	return river.NewClient[pgx.Tx](driver, c)
}

// apart is a driver that listens on other connections than it works on: on SQLite, where listening is asking twenty
// times a second, so that it never waits for who writes; on PostgreSQL, so that it can be past a pooler.
type apart[T any] struct {
	riverdriver.Driver[T]
	listens riverdriver.Driver[T]
}

func (d apart[T]) GetListener(p *riverdriver.GetListenenerParams) riverdriver.Listener {
	return d.listens.GetListener(p)
}

// listenConns is how many connections listening takes: one, and another while that is replaced.
const (
	listenConns    = 2
	connectTimeout = 5 * time.Second
)

// listening gives the pool to listen with, and what closes it.
func (d Database) listening(ctx context.Context) (pool *pgxpool.Pool, end func(), err error) {
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
