package bunstore

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"tickt/domain"
	"tickt/ports"
)

// Jobs are stored in the tables of River. Workers rely on this format: ports.Job.Kind is River's kind, and ports.Job.ID
// is the argument "id". Release 0.1.0 put every job into ports.DefaultQueue.

// defaultAttempts is how many times a job is tried. River waits attempt⁴ seconds after each failure, so the last
// attempt is four hours and a quarter after the first.
const defaultAttempts = 10

// jobArgs is ports.Job as arguments of River.
type jobArgs struct {
	kind ports.JobKind
	ID   domain.ID `json:"id"`
}

// Kind implements river.JobArgs.
func (a jobArgs) Kind() string { return string(a.kind) }

// enqueue adds jobs in the transaction of a conn.
type enqueue func(ctx context.Context, c conn, all []river.InsertManyParams) error

var errNoTransaction = errors.New("jobs can only be added in an Update")

type jobs struct{ conn }

func (s jobs) Add(ctx context.Context, all ...ports.Job) error {
	if len(all) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, len(all))
	for i, job := range all {
		params[i].Args = jobArgs{job.Kind, job.ID}
		params[i].InsertOpts = &river.InsertOpts{Queue: string(job.Kind.Queue())}
	}
	if s.queued != nil {
		*s.queued = true
	}
	return s.failed(s.enqueue(ctx, s.conn, params), "INSERT INTO river_job")
}

// newQueue returns a River client that only inserts jobs.
// A worker is notified of jobs of a queue at most once in cooldown; 0 means River's default.
func newQueue[T any](driver riverdriver.Driver[T], attempts int, cooldown time.Duration) (*river.Client[T], error) {
	if attempts == 0 {
		attempts = defaultAttempts
	}
	return river.NewClient(driver, &river.Config{
		MaxAttempts:   attempts,
		FetchCooldown: cooldown,
		Logger:        slog.New(slog.DiscardHandler), // errors are returned
	})
}

func sqliteQueue(db *sql.DB, attempts int) (enqueue, error) {
	client, err := newQueue(riversqlite.New(db), attempts, river.FetchCooldownMin) // other processes poll only every 5 seconds
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
	client, err := newQueue(riverpgxv5.New(pool), attempts, 0)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, c conn, all []river.InsertManyParams) error {
		if c.session == nil {
			return errNoTransaction
		}
		return c.session.Raw(func(driver any) error {
			_, err := client.InsertManyFastTx(ctx, ongoingTx{pgxOf(driver)}, all)
			return err
		})
	}, nil
}

type pgxConn = pgx.Conn

// ongoingTx presents the transaction that runs on a connection as a pgx.Tx. Only Store.transact may end it.
type ongoingTx struct{ *pgxConn }

var (
	_ pgx.Tx = ongoingTx{}

	errNotOurs = errors.New("the transaction belongs to the store")
)

func (ongoingTx) Begin(context.Context) (pgx.Tx, error) { return nil, errNotOurs }
func (ongoingTx) Commit(context.Context) error          { return errNotOurs }
func (ongoingTx) Rollback(context.Context) error        { return errNotOurs }
func (ongoingTx) LargeObjects() pgx.LargeObjects        { return pgx.LargeObjects{} }
func (b ongoingTx) Conn() *pgx.Conn                     { return b.pgxConn }

// Connections are the connections of the store, for the workers of the queue in the same database. They are closed
// with the store.
type Connections struct {
	Postgres *pgxpool.Pool // nil on SQLite
	Writes   *sql.DB       // a single connection on SQLite
	Reads    *sql.DB
	Added    <-chan struct{} // receives a value after an Update added jobs, at most one at a time
}

// Connections returns the connections of the store.
func (s *Store) Connections() Connections {
	return Connections{Postgres: s.engine.pool, Writes: s.engine.writes.DB, Reads: s.engine.reads.DB, Added: s.engine.added}
}
