// Package mutation removes columns from the SQL statements that are sent to a database, so that tests can show that other
// tests detect it. It rewrites the text of statements.
package mutation

import (
	"context"
	"database/sql/driver"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Cut identifies a column to remove from a statement.
type Cut struct {
	Statement string // the statement, independent of its values
	Table     string
	Column    string // with the suffix " on conflict" if it is in DO UPDATE SET
}

// Statements rewrites the statements that are sent to a database. It must not be used by several goroutines at once.
type Statements struct {
	// Leave is the column that is removed from statements from now on; nil for none.
	Leave *Cut
	// Seen lists all cuts that were possible so far, without duplicates.
	Seen []Cut
}

// rewrite returns a statement and its arguments without the column in Leave.
func (s *Statements) rewrite(query string, args []driver.NamedValue) (string, []driver.NamedValue) {
	w, ok := parse(query)
	if !ok {
		return query, args
	}
	for _, c := range w.columns {
		cut := Cut{w.name, w.table, c.name}
		if !slices.Contains(s.Seen, cut) {
			s.Seen = append(s.Seen, cut)
		}
		if s.Leave != nil && *s.Leave == cut {
			return w.leaveOut(c.name, query, args)
		}
	}
	return query, args
}

// Connector returns a connector whose statements pass through s.
func (s *Statements) Connector(to driver.Connector) driver.Connector { return connector{to, s} }

type connector struct {
	driver.Connector
	statements *Statements
}

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return conn{inner, c.statements}, nil
}

// conn rewrites the statements of a connection. The driver must implement the optional interfaces that both drivers do.
type conn struct {
	driverConn
	statements *Statements
}

type driverConn = driver.Conn

// Conn returns the connection of pgx, as stdlib.Conn does. It panics on SQLite.
func (c conn) Conn() *pgx.Conn { return c.driverConn.(*stdlib.Conn).Conn() }

func (c conn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.driverConn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

func (c conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	query, args = c.statements.rewrite(query, args)
	return c.driverConn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

func (c conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	query, args = c.statements.rewrite(query, args)
	return c.driverConn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

// CheckNamedValue delegates to the driver, if it implements driver.NamedValueChecker.
func (c conn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.driverConn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}
