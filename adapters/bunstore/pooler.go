package bunstore

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// A pooler in transaction mode runs the statements of one client on many connections of the server. Unless it tracks
// prepared statements, one that a client has prepared is missing on other connections, or is there already. So nothing is
// prepared any more after the first sign of such a pooler.

// prepared is whether hot statements are prepared.
type prepared struct {
	on      atomic.Bool
	givenUp atomic.Pointer[func(cause error)] // is called once when on becomes false; nil for nothing
}

// mode returns how hot statements are executed.
func (p *prepared) mode() pgx.QueryExecMode {
	if p.on.Load() {
		return pgx.QueryExecModeCacheStatement
	}
	return pgx.QueryExecModeExec
}

// giveUp stops preparing statements.
func (p *prepared) giveUp(cause error) {
	if !p.on.CompareAndSwap(true, false) {
		return
	}
	if call := p.givenUp.Load(); call != nil {
		(*call)(cause)
	}
}

// lostCodes are the SQLSTATEs of a prepared statement that another client of the pooler is responsible for:
// invalid_sql_statement_name and duplicate_prepared_statement.
var lostCodes = []string{"26000", "42P05"}

// isLost reports whether a statement failed because it was prepared behind a pooler.
func isLost(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && slices.Contains(lostCodes, pg.Code)
}

// errUnprepared is the error of a View or Update that found out that statements cannot be prepared. It can be run again.
type errUnprepared struct{ cause error }

func (e *errUnprepared) Error() string {
	return "prepared statements are lost behind a pooler: " + e.cause.Error()
}
func (e *errUnprepared) Unwrap() error { return e.cause }

func unprepared(err error) bool {
	var e *errUnprepared
	return errors.As(err, &e)
}

const (
	probeName   = "tickt_probe"
	probeTime   = 3 * time.Second
	probeRounds = 5
)

// CheckPooler stops preparing statements if the database is behind a pooler that loses them. It finds out with two
// connections that prepare the same statement. An error tells only that it could not find out: the store also notices while
// it works. givenUp is called once when preparing stops, now or later; it must not be nil.
func (s *Store) CheckPooler(ctx context.Context, givenUp func(cause error)) error {
	e := s.engine
	e.prepared.givenUp.Store(&givenUp)
	if !e.postgres || !e.prepared.on.Load() || e.pool.Config().MaxConns < 2 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	err := e.probePooler(ctx)
	if isLost(err) {
		e.prepared.giveUp(err)
		return nil
	}
	return err
}

// probePooler prepares a statement on two connections and executes it on both in turn. A direct connection has statements
// of its own.
func (e *engine) probePooler(ctx context.Context) error {
	var conns [2]*pgx.Conn
	for i := range conns {
		c, err := e.pool.Acquire(ctx)
		if err != nil {
			return err
		}
		defer c.Release()
		conns[i] = c.Conn()
	}
	for _, c := range conns {
		if _, err := c.PgConn().Prepare(ctx, probeName, "SELECT 1", nil); err != nil {
			return err
		}
	}
	for range probeRounds {
		for _, c := range conns {
			if r := c.PgConn().ExecPrepared(ctx, probeName, nil, nil, nil).Read(); r.Err != nil {
				return r.Err
			}
		}
	}
	for _, c := range conns {
		if err := c.PgConn().Deallocate(ctx, probeName); err != nil {
			return err
		}
	}
	return nil
}
