package bunstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"tickt/domain"
	"tickt/ports"
)

// Every error of a statement passes through translate, inside failed; every error of a View or Update passes through
// settle. Errors are recognised by codes and names of constraints, never by message texts.

// uniques maps each unique constraint to the field that clients know. PostgreSQL reports the constraint, SQLite its
// columns. An empty field means a rule across several rows: two Updates collided, and one of them is retried.
var uniques = []struct{ constraint, columns, field string }{
	{"accounts_username_key", "accounts.username_key", "username"},
	{"accounts_canonical_username_key", "accounts.canonical_username", "username"},
	{"accounts_email_key", "accounts.email_key", "email"},
	{"accounts_phone_key", "accounts.phone", "phoneNumber"},
	{"roles_name_key", "roles.name", "name"},
	{"roles_canonical_name_key", "roles.canonical_name", "name"},
	{"menus_name_key", "menus.name_key", "menuName"},
	{"menus_url_key", "menus.url", "menuUrl"},
	{"role_permissions_menu_key", "role_permissions.role_id, role_permissions.menu_id", "menuId"},
	{"account_permissions_menu_key", "account_permissions.account_id, account_permissions.menu_id", "menuId"},
	{"tickets_number_key", "tickets.number", "ticketNumber"},
	{"ticket_statuses_name_key", "ticket_statuses.name_key", "name"},
	{"ticket_statuses_code_key", "ticket_statuses.code", "code"},
	{"ticket_statuses_default_key", "ticket_statuses.is_default", ""},
	{"ticket_priorities_name_key", "ticket_priorities.name_key", "name"},
	{"ticket_priorities_code_key", "ticket_priorities.code", "code"},
	{"ticket_priorities_default_key", "ticket_priorities.is_default", ""},
	{"calendars_name_key", "calendars.name_key", "name"},
	{"sla_policies_name_key", "sla_policies.name_key", "name"},
	{"sla_policies_position_key", "sla_policies.position", "position"},
}

// violation translates the violation of a unique constraint; what is the name of the constraint or its columns.
func violation(err error, what string) error {
	for _, u := range uniques {
		switch {
		case u.constraint != what && u.columns != what:
		case u.field == "":
			return &collision{cause: err}
		default:
			return &ports.Taken{Field: u.field}
		}
	}
	return err
}

// collision is the failure of an Update that another one interfered with. A retry should succeed.
type collision struct {
	cause     error
	reference bool // a foreign key was violated: the referenced row was removed, or never existed
}

func (c *collision) Error() string { return "collided with another update: " + c.cause.Error() }
func (c *collision) Unwrap() error { return c.cause }

func collided(err error) bool {
	var c *collision
	return errors.As(err, &c)
}

// attempts is the maximum number of times that an Update is run.
const attempts = 5

// pause waits a random time before the next attempt; it returns false if the context ends first.
func pause(ctx context.Context, attempt int) bool {
	longest := 10 * time.Millisecond << attempt
	timer := time.NewTimer(longest/4 + rand.N(longest)) //nolint:gosec // no secret
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// failed returns err translated to an error of ports or domain, with the operation that failed; nil if err is nil.
// statement is the text of the statement, or a name for another operation.
func (e *engine) failed(err error, statement string) error {
	if err == nil {
		return nil
	}
	if isLost(err) {
		e.prepared.giveUp(err)
		err = &errUnprepared{err}
	}
	f := &failure{cause: e.translate(err), statement: statement, calls: make([]uintptr, maxCalls)}
	f.calls = f.calls[:runtime.Callers(2, f.calls)]
	return f
}

// translate returns the error of ports or domain for an error of a driver.
func (e *engine) translate(err error) error {
	var (
		known   *domain.Error
		connect *pgconn.ConnectError
		pg      *pgconn.PgError
		file    *sqlite.Error
	)
	switch {
	case err == nil, errors.As(err, &known), collided(err), unprepared(err):
		return err
	case errors.Is(err, sql.ErrNoRows):
		return domain.ErrNotFound
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.As(err, &connect):
		return unavailable(err)
	case errors.As(err, &pg):
		return fromPostgres(pg)
	case errors.As(err, &file):
		return fromSQLite(file)
	case disconnected(err):
		return unavailable(err)
	default:
		return err
	}
}

// pgReadOnly is read_only_sql_transaction.
const pgReadOnly = "25006"

// fromPostgres translates by SQLSTATE (PostgreSQL manual, appendix A).
func fromPostgres(err *pgconn.PgError) error {
	switch err.Code {
	case "23505": // unique_violation
		return violation(err, err.ConstraintName)
	case "23503": // foreign_key_violation
		return &collision{cause: err, reference: true}
	case "40001", "40P01": // serialization_failure, deadlock_detected
		return &collision{cause: err}
	case pgReadOnly, "55P03", "57014": // also on a standby, lock_not_available, query_canceled
		return unavailable(err)
	}
	switch err.Code[:min(2, len(err.Code))] {
	case "08", "53", "57", "58": // connection, resources (too many connections), the operator (shutdown), the system
		return unavailable(err)
	}
	return err
}

func fromSQLite(err *sqlite.Error) error {
	switch err.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE:
		return violation(err, violatedColumns(err))
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return &collision{cause: err, reference: true}
	}
	switch err.Code() & 0xff { // the primary code
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return &collision{cause: err}
	case sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
		return unavailable(err)
	}
	return err
}

// violatedColumns returns the columns of a violated unique constraint. SQLite reports them only at the end of its
// message: "…: accounts.phone (2067)".
func violatedColumns(err *sqlite.Error) string {
	text := strings.TrimSuffix(err.Error(), fmt.Sprintf(" (%d)", err.Code()))
	if i := strings.LastIndex(text, ": "); i >= 0 {
		text = text[i+2:]
	}
	return text
}

// disconnected reports whether an error is a failure of the connection.
func disconnected(err error) bool {
	var network net.Error
	return errors.As(err, &network) || pgconn.SafeToRetry(err) || pgconn.Timeout(err) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

func unavailable(cause error) error {
	return &domain.Error{
		Kind: domain.Unavailable, Message: "The service is not available for the moment.", RetryAfter: time.Second,
		Cause: cause,
	}
}

// pendingMigrations is the error of Ready if the schema is too old.
type pendingMigrations struct{ applied, needed int64 }

func (b pendingMigrations) Error() string {
	return fmt.Sprintf("the schema is at version %d, this program needs %d: migrate up", b.applied, b.needed)
}

// settle returns the error of a View or Update. If the context has ended, other internal errors count as its
// consequence.
func settle(ctx context.Context, err error) error {
	var c *collision
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil && domain.KindOf(err) == domain.Internal:
		return unavailable(errors.Join(ctx.Err(), err))
	case !errors.As(err, &c):
		return err
	case c.reference:
		return fmt.Errorf("%w: %w", ports.ErrGone, withCause(err, c.cause))
	default:
		return unavailable(withCause(err, c.cause))
	}
}

// inUse turns the violation of a foreign key by a removal into ports.ErrInUse.
func inUse(err error) error {
	var c *collision
	if errors.As(err, &c) && c.reference {
		return withCause(err, ports.ErrInUse)
	}
	return err
}
