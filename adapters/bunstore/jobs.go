package bunstore

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"tickt/domain"
	"tickt/ports"
)

// The queue is River's. What stands in it is a contract with whoever works it: a job's kind is River's, its id
// the argument "id".

// defaultAttempts is how often a job is tried. With River's delays, the fourth power of the attempt in seconds, the
// last one is four hours and a quarter after the first.
const defaultAttempts = 10

// jobArgs is a ports.Job as River takes it.
type jobArgs struct {
	kind ports.JobKind
	ID   domain.ID `json:"id"`
}

// Kind implements river.JobArgs.
func (a jobArgs) Kind() string { return string(a.kind) }

// enqueue adds jobs within the transaction of a conn.
type enqueue func(ctx context.Context, c conn, all []river.InsertManyParams) error

var errNoTransaction = errors.New("jobs are added inside Update")

type jobs struct{ conn }

func (s jobs) Add(ctx context.Context, all ...ports.Job) error {
	if len(all) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, len(all))
	for i, job := range all {
		params[i].Args = jobArgs{job.Kind, job.ID}
	}
	return s.failed(s.enqueue(ctx, s.conn, params), "INSERT INTO river_job")
}

// newQueue makes a client of River that only adds jobs.
func newQueue[T any](driver riverdriver.Driver[T], attempts int) (*river.Client[T], error) {
	if attempts == 0 {
		attempts = defaultAttempts
	}
	return river.NewClient(driver, &river.Config{
		MaxAttempts: attempts,
		Logger:      slog.New(slog.DiscardHandler), // what fails is returned
	})
}

func fileQueue(db *sql.DB, attempts int) (enqueue, error) {
	client, err := newQueue(riversqlite.New(db), attempts)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, c conn, all []river.InsertManyParams) error {
		tx, ok := c.raw.(*sql.Tx)
		if !ok {
			return errNoTransaction
		}
		_, err := client.InsertManyFastTx(ctx, tx, all)
		return err
	}, nil
}

func postgresQueue(pool *pgxpool.Pool, attempts int) (enqueue, error) {
	client, err := newQueue(riverpgxv5.New(pool), attempts)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, c conn, all []river.InsertManyParams) error {
		if c.session == nil {
			return errNoTransaction
		}
		return c.session.Raw(func(driver any) error {
			_, err := client.InsertManyFastTx(ctx, begun{driver.(*stdlib.Conn).Conn()}, all)
			return err
		})
	}, nil
}

type pgxConn = pgx.Conn

// begun shows the transaction that runs on a connection as one of pgx. It is ended by who began it.
type begun struct{ *pgxConn }

var (
	_ pgx.Tx = begun{}

	errNotOurs = errors.New("the transaction is another's")
)

func (begun) Begin(context.Context) (pgx.Tx, error) { return nil, errNotOurs }
func (begun) Commit(context.Context) error          { return errNotOurs }
func (begun) Rollback(context.Context) error        { return errNotOurs }
func (begun) LargeObjects() pgx.LargeObjects        { return pgx.LargeObjects{} }
func (b begun) Conn() *pgx.Conn                     { return b.pgxConn }

// Connections are the store's own, for who works the queue that lives in the same database. They end with the store.
type Connections struct {
	Postgres *pgxpool.Pool // nil on SQLite
	Writes   *sql.DB       // one at a time on SQLite
	Reads    *sql.DB
}

// Connections gives those of the store.
func (s *Store) Connections() Connections {
	return Connections{Postgres: s.engine.pool, Writes: s.engine.writes.DB, Reads: s.engine.reads.DB}
}
