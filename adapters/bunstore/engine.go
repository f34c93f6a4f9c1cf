package bunstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"tickt/migrations"

	_ "modernc.org/sqlite" // the driver of the embedded database
)

// Options say which database to use, and how.
type Options struct {
	// URL is postgres://… or sqlite:path.
	URL string
	// Prepared lets hot statements be prepared, once for each connection to PostgreSQL. Poolers in transaction
	// mode carry that only where they keep track of prepared statements.
	Prepared bool
	// MaxConns bounds the connections to PostgreSQL; 0 means 20. SQLite has one that writes and 8 that read.
	MaxConns int
	// JobAttempts is how often a job that fails is tried before it is given up; 0 means 10.
	JobAttempts int
}

const (
	defaultConns   = 20
	fileReaders    = 8
	connectTimeout = 5 * time.Second
	idleTime       = 5 * time.Minute
	lifetime       = time.Hour
)

// ahead lets a database have columns that this program does not know: a newer one may have migrated it already.
var ahead = bun.WithDiscardUnknownColumns()

// engine is the database with all in which PostgreSQL and SQLite differ.
type engine struct {
	postgres bool
	hot      pgx.QueryExecMode // of hot statements on PostgreSQL
	reads    *bun.DB
	writes   *bun.DB       // the same as reads on PostgreSQL
	pool     *pgxpool.Pool // below both on PostgreSQL
	enqueue  enqueue
}

// conn is the engine as one View or Update sees it; every store holds one. Its bun and raw lead into the
// same transaction, where there is one: bun writes its arguments into the text, raw binds them.
type conn struct {
	bun bun.IDB
	raw interface {
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	}
	session *sql.Conn // what the transaction runs on, where there is one
	*engine
}

func open(ctx context.Context, o Options) (*engine, error) {
	if file, ok := migrations.File(o.URL); ok {
		return openFile(file, o)
	}
	if !migrations.Postgres(o.URL) {
		return nil, migrations.ErrURL
	}
	return openPostgres(ctx, o)
}

// openPostgres makes one pool. Nothing in it needs a session that outlives a transaction, nor asks for settings
// when it connects, so that it works behind a pooler in transaction mode.
func openPostgres(ctx context.Context, o Options) (*engine, error) {
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, err
	}
	config.MaxConns = defaultConns
	if o.MaxConns > 0 {
		config.MaxConns = int32(min(o.MaxConns, 10_000)) //nolint:gosec // bounded
	}
	config.MaxConnIdleTime, config.MaxConnLifetime, config.MaxConnLifetimeJitter = idleTime, lifetime, lifetime/10
	config.PingTimeout = connectTimeout
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec // what bun writes is new each time: nothing to prepare
	config.AfterConnect = prepareSession
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	// The pool below keeps the connections, sets the limits and does the waiting.
	db := bun.NewDB(stdlib.OpenDBFromPool(pool), pgdialect.New(), ahead)
	queue, err := postgresQueue(pool, o.JobAttempts)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	e := &engine{postgres: true, hot: pgx.QueryExecModeExec, reads: db, writes: db, pool: pool, enqueue: queue}
	if o.Prepared {
		e.hot = pgx.QueryExecModeCacheStatement
	}
	return e, nil
}

// prepareSession makes times come back in UTC, and refuses a server whose settings would change the meaning of what
// bun writes or of what is read as text.
func prepareSession(_ context.Context, c *pgx.Conn) error {
	for setting, want := range map[string]string{"standard_conforming_strings": "on", "client_encoding": "UTF8", "DateStyle": "ISO"} {
		if has := c.PgConn().ParameterStatus(setting); !strings.HasPrefix(has, want) {
			return fmt.Errorf("the server's %s is %q, it must be %s", setting, has, want)
		}
	}
	c.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID,
		Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

// SQLite lets one write at a time: writers queue for one connection, which takes the write lock when it begins.
// Readers see the last commit and never wait. synchronous is FULL because what was acknowledged must be on the disk.
const (
	fileOptions   = "_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_time_format=sqlite&_timezone=UTC"
	writerOptions = fileOptions + "&_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	readerOptions = fileOptions + "&_txlock=deferred&_pragma=query_only(1)"
)

func openFile(file migrations.DatabaseFile, o Options) (*engine, error) {
	if file == "" {
		return nil, migrations.ErrFile
	}
	pool := func(options string, conns int) (*bun.DB, error) {
		db, err := sql.Open("sqlite", file.URI(options))
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(conns)
		db.SetMaxIdleConns(conns)
		return bun.NewDB(db, sqlitedialect.New(), ahead), nil
	}
	writes, err := pool(writerOptions, 1)
	if err != nil {
		return nil, err
	}
	reads, err := pool(readerOptions, fileReaders)
	if err != nil {
		return nil, errors.Join(err, writes.Close())
	}
	queue, err := fileQueue(writes.DB, o.JobAttempts)
	if err != nil {
		return nil, errors.Join(err, reads.Close(), writes.Close())
	}
	return &engine{reads: reads, writes: writes, enqueue: queue}, nil
}

func (e *engine) close() error {
	err := e.reads.Close()
	if e.postgres {
		e.pool.Close()
		return err
	}
	return errors.Join(err, e.writes.Close())
}

// PoolStats is how the connections are used. WaitCount and WaitDuration count, since Open, how often and how long
// somebody waited for one.
type PoolStats struct {
	Open, InUse, Idle, Max int
	WaitCount              int64
	WaitDuration           time.Duration
}

func (e *engine) stats() PoolStats {
	if e.postgres {
		s := e.pool.Stat()
		return PoolStats{
			Open: int(s.TotalConns()), InUse: int(s.AcquiredConns()), Idle: int(s.IdleConns()), Max: int(s.MaxConns()),
			WaitCount: s.EmptyAcquireCount(), WaitDuration: s.EmptyAcquireWaitTime(),
		}
	}
	r, w := e.reads.Stats(), e.writes.Stats()
	return PoolStats{
		Open: r.OpenConnections + w.OpenConnections, InUse: r.InUse + w.InUse, Idle: r.Idle + w.Idle,
		Max: r.MaxOpenConnections + w.MaxOpenConnections, WaitCount: r.WaitCount + w.WaitCount, WaitDuration: r.WaitDuration + w.WaitDuration,
	}
}
