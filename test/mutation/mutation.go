// Package mutation leaves a column out of the statements on their way to a database, so that a test can show that
// somebody notices. It changes texts, whoever has made them.
package mutation

import (
	"context"
	"database/sql/driver"
	"slices"
)

// Cut is a column that is left out of a statement.
type Cut struct {
	Statement string // which, whatever its values
	Table     string
	Column    string // " on conflict" follows if it is one that an INSERT changes in a row which is there
}

// Statements are the statements of a database. They are of one goroutine at a time.
type Statements struct {
	// Leave is the cut that is made in each statement from now on; nil for none.
	Leave *Cut
	// Seen are the cuts that could have been made, each once.
	Seen []Cut
}

// pass returns a statement as it is to be sent.
func (s *Statements) pass(query string, args []driver.NamedValue) (string, []driver.NamedValue) {
	w, ok := read(query)
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

// conn is a connection of a driver that implements what both drivers do.
type conn struct {
	driver.Conn
	statements *Statements
}

func (c conn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

func (c conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	query, args = c.statements.pass(query, args)
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

func (c conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	query, args = c.statements.pass(query, args)
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

// CheckNamedValue lets a driver take what it knows itself.
func (c conn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.Conn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}
