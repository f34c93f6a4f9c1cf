package bunstore

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"
)

// transaction is one transaction on a connection.
type transaction interface {
	// conn returns what statements of the transaction run on.
	conn() conn
	commit(ctx context.Context) error
	// rollback does nothing after commit.
	rollback(ctx context.Context)
}

// begin begins a transaction that reads and writes.
func (e *engine) begin(ctx context.Context, session bun.Conn) (transaction, error) {
	if e.postgres {
		return e.beginPostgres(ctx, session, beginQuery(ctx, time.Now()))
	}
	tx, err := session.BeginTx(ctx, nil)
	return sqliteTransaction{tx, session, e}, err
}

type sqliteTransaction struct {
	tx      bun.Tx
	session bun.Conn
	engine  *engine
}

func (t sqliteTransaction) conn() conn {
	return conn{bun: t.tx, raw: t.tx.Tx, session: t.session.Conn, engine: t.engine}
}
func (t sqliteTransaction) commit(context.Context) error { return t.tx.Commit() }
func (t sqliteTransaction) rollback(context.Context)     { _ = t.tx.Rollback() } // fails harmlessly after commit

// postgresTransaction is begun by pgx instead of database/sql, so that its time limits are set in the round trip of BEGIN.
type postgresTransaction struct {
	tx      pgx.Tx
	session bun.Conn
	engine  *engine
}

// beginPostgres begins a transaction with the statements of begin.
func (e *engine) beginPostgres(ctx context.Context, session bun.Conn, begin string) (transaction, error) {
	t := postgresTransaction{session: session, engine: e}
	err := session.Raw(func(driver any) (err error) {
		t.tx, err = pgxOf(driver).BeginTx(ctx, pgx.TxOptions{BeginQuery: begin})
		return err
	})
	return t, err
}

// pgxOf returns the connection of pgx in one of the driver stdlib, or in one that wraps it.
func pgxOf(driver any) *pgx.Conn {
	return driver.(interface{ Conn() *pgx.Conn }).Conn()
}

func (t postgresTransaction) conn() conn {
	return conn{bun: t.session, raw: t.session.Conn, session: t.session.Conn, engine: t.engine}
}

func (t postgresTransaction) commit(ctx context.Context) error {
	return t.session.Raw(func(any) error { return t.tx.Commit(ctx) })
}

// rollbackTime is how long a rollback may take. If it fails, the pool closes the connection.
const rollbackTime = 5 * time.Second

func (t postgresTransaction) rollback(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTime)
	defer cancel()
	_ = t.session.Raw(func(any) error { return t.tx.Rollback(ctx) })
}

// Time limits of a transaction, in addition to those of its context: they end it on the server if this process, or the
// network, has gone.
const (
	limitMargin = time.Second      // after the deadline of the context
	idleLimit   = 10 * time.Minute // of a transaction without a deadline, while it waits for this process
	lockLimit   = time.Minute      // of a transaction without a deadline, while it waits for a lock
)

// beginQuery returns the statements that begin a transaction, with the time limits that follow from the deadline of its
// context, and with the number of the rules by which this program derives columns. They are sent together. SET LOCAL also works
// behind a pooler in transaction mode.
func beginQuery(ctx context.Context, now time.Time) string {
	statement, lock, idle := time.Duration(0), lockLimit, idleLimit // 0 means no limit
	if end, ok := ctx.Deadline(); ok {
		left := max(end.Sub(now), 0) + limitMargin
		statement, lock, idle = left, left, left
	}
	var b strings.Builder
	b.WriteString("BEGIN ISOLATION LEVEL READ COMMITTED")
	for _, limit := range []struct {
		name  string
		value time.Duration
	}{{"statement_timeout", statement}, {"lock_timeout", lock}, {"idle_in_transaction_session_timeout", idle}} {
		fmt.Fprintf(&b, "; SET LOCAL %s = %d", limit.name, limit.value.Milliseconds())
	}
	fmt.Fprintf(&b, "; SET LOCAL tickt.derives = '%d'", derivesBy)
	return b.String()
}
