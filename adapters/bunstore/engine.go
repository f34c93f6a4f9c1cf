package bunstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"tickt/domain"
	"tickt/migrations"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// Options configure the database.
type Options struct {
	// URL is postgres://… or sqlite:path.
	URL string
	// Prepared makes PostgreSQL prepare hot statements, once per connection. A pooler in transaction mode supports
	// this only if it tracks prepared statements; otherwise the store stops preparing when it notices.
	Prepared bool
	// MaxConns limits the connections to PostgreSQL; 0 means 20. SQLite always has 1 writer and 8 readers.
	MaxConns int
	// JobAttempts is how many times a failing job is tried before it is discarded; 0 means 10.
	JobAttempts int
}

const (
	defaultConns   = 20
	sqliteReaders  = 8
	connectTimeout = 5 * time.Second
	idleTime       = 5 * time.Minute
	lifetime       = time.Hour
)

// discardUnknown makes bun ignore columns that this program does not know: a newer release may have added them.
var discardUnknown = bun.WithDiscardUnknownColumns()

// engine is PostgreSQL or SQLite, with everything in which they differ.
type engine struct {
	postgres bool
	prepared prepared // whether hot statements are prepared; only on PostgreSQL
	reads    *bun.DB
	writes   *bun.DB       // equals reads on PostgreSQL
	pool     *pgxpool.Pool // underlies reads and writes on PostgreSQL; nil on SQLite
	enqueue  enqueue
	added    chan struct{} // see Connections
	derive   chan struct{} // see Marked
	probe    *writeProbe
	indexed  atomic.Bool  // every ticket has its document; see isIndexed
	busyTime atomic.Int64 // how long Updates held a connection that writes, in nanoseconds
}

// conn is the engine in one View or Update; every store embeds one. In an Update, bun and raw use the same
// transaction: bun interpolates arguments into the text, raw binds them.
type conn struct {
	bun bun.IDB
	raw interface {
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	}
	session *sql.Conn // the connection of the transaction; nil in a View
	changed *bool     // set when a statement of the transaction has changed rows; nil outside of one
	queued  *bool     // set when the transaction has added jobs; nil outside of one
	marked  *bool     // set when the transaction has marked rows to be derived; nil outside of one

	searched map[domain.ID]searchedFields // of tickets that the transaction has locked; nil outside of one
	*engine
}

func open(ctx context.Context, o Options) (*engine, error) {
	if file, ok := migrations.File(o.URL); ok {
		return openSQLite(file, o)
	}
	if !migrations.Postgres(o.URL) {
		return nil, migrations.ErrURL
	}
	return openPostgres(ctx, o)
}

// openPostgres creates one pool. It keeps no session state beyond a transaction and sets nothing when it connects, so
// that it works behind a pooler in transaction mode.
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
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec // bun interpolates arguments: preparing would not help
	config.AfterConnect = prepareSession
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	// The pgx pool manages the connections and their limits, not database/sql.
	db := bun.NewDB(stdlib.OpenDBFromPool(pool), pgdialect.New(), discardUnknown)
	queue, err := postgresQueue(pool, o.JobAttempts)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	e := &engine{
		postgres: true, reads: db, writes: db, pool: pool, enqueue: queue, probe: newWriteProbe(),
		added: make(chan struct{}, 1), derive: make(chan struct{}, 1),
	}
	e.prepared.on.Store(o.Prepared)
	return e, nil
}

// prepareSession makes times be scanned in UTC. It refuses a server whose settings would change the meaning of the
// text that bun writes or that is read.
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

// SQLite has one writer at a time: writers queue for a single connection, which takes the write lock when it begins.
// Readers see the last commit and never wait. synchronous is FULL so that acknowledged writes are on disk.
const (
	sqliteOptions = "_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_time_format=sqlite&_timezone=UTC"
	writerOptions = sqliteOptions + "&_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	readerOptions = sqliteOptions + "&_txlock=deferred&_pragma=query_only(1)"
)

func openSQLite(file migrations.DatabaseFile, o Options) (*engine, error) {
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
		return bun.NewDB(db, sqlitedialect.New(), discardUnknown), nil
	}
	writes, err := pool(writerOptions, 1)
	if err != nil {
		return nil, err
	}
	reads, err := pool(readerOptions, sqliteReaders)
	if err != nil {
		return nil, errors.Join(err, writes.Close())
	}
	queue, err := sqliteQueue(writes.DB, o.JobAttempts)
	if err != nil {
		return nil, errors.Join(err, reads.Close(), writes.Close())
	}
	return &engine{
		reads: reads, writes: writes, enqueue: queue, probe: newWriteProbe(), added: make(chan struct{}, 1), derive: make(chan struct{}, 1),
	}, nil
}

func (e *engine) close() error {
	err := e.reads.Close()
	if e.postgres {
		e.pool.Close()
		return err
	}
	return errors.Join(err, e.writes.Close())
}

// PoolStats describes the use of the connections. WaitCount and WaitDuration count the waits for a connection since
// Open.
type PoolStats struct {
	Open, InUse, Idle, Max int
	WaitCount              int64
	WaitDuration           time.Duration
	// WriterBusy is how long Updates have held the only connection of SQLite that writes, since Open; 0 on PostgreSQL.
	WriterBusy time.Duration
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
		WriterBusy: time.Duration(e.busyTime.Load()),
	}
}
