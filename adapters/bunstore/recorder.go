package bunstore

import (
	"context"
	"database/sql"
	"errors"

	"tickt/ports"
)

// Statement is a hot statement as it is sent to PostgreSQL, with its arguments.
type Statement struct {
	Text string
	Args []any
}

var errRecorded = errors.New("recorded")

// Recorded returns the first hot statement that fn would send to PostgreSQL. Nothing is sent: it is for tests that
// measure or explain a single statement.
func Recorded(fn func(ports.Tx) error) (Statement, error) {
	var r recorder
	e := &engine{postgres: true}
	e.indexed.Store(true)
	err := fn(stores(conn{raw: &r, engine: e}))
	if errors.Is(err, errRecorded) {
		err = nil
	}
	if err == nil && r.Text == "" {
		err = errors.New("no statement was recorded")
	}
	return r.Statement, err
}

// recorder records a statement in place of a connection.
type recorder struct{ Statement }

func (r *recorder) record(text string, args []any) error {
	r.Statement = Statement{text, args[1:]} // the first argument is the execution mode
	return errRecorded
}

func (r *recorder) QueryContext(_ context.Context, text string, args ...any) (*sql.Rows, error) {
	return nil, r.record(text, args)
}

func (r *recorder) ExecContext(_ context.Context, text string, args ...any) (sql.Result, error) {
	return nil, r.record(text, args)
}
