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

// Every failure of a statement passes through translate, inside failed, and that of a whole View or Update
// through settle. Engines are recognised by their codes and by the names of constraints, never by sentences.

// uniques names, for each unique constraint, the field that clients know. PostgreSQL tells the constraint, SQLite
// its columns. "" is a rule that holds among several rows: two Updates collided, and one of them is run again.
var uniques = []struct{ constraint, columns, field string }{
	{"accounts_username_key", "accounts.username_key", "username"},
	{"accounts_email_key", "accounts.email_key", "email"},
	{"accounts_phone_key", "accounts.phone", "phoneNumber"},
	{"roles_name_key", "roles.name", "name"},
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

// violation is the failure of a unique constraint; what is its name or its columns.
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

// collision is what becomes of an Update that another one got in the way of: run again, it should go well.
type collision struct {
	cause     error
	reference bool // what it refers to has gone or changed meanwhile, or was never there
}

func (c *collision) Error() string { return "collided with another update: " + c.cause.Error() }
func (c *collision) Unwrap() error { return c.cause }

func collided(err error) bool {
	var c *collision
	return errors.As(err, &c)
}

// attempts is how often an Update is run at most.
const attempts = 5

// pause waits a little before the next attempt; it is false where the context ends first.
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

// failed returns an error as ports and domain know it, with what the store was doing; nil if there is no error.
// statement is the text of the statement, or what was done instead of one.
func (e *engine) failed(err error, statement string) error {
	if err == nil {
		return nil
	}
	f := &failure{cause: e.translate(err), statement: statement, calls: make([]uintptr, maxCalls)}
	f.calls = f.calls[:runtime.Callers(2, f.calls)]
	return f
}

// translate gives a failure as ports and domain know it.
func (e *engine) translate(err error) error {
	var (
		known   *domain.Error
		connect *pgconn.ConnectError
		pg      *pgconn.PgError
		file    *sqlite.Error
	)
	switch {
	case err == nil, errors.As(err, &known), collided(err):
		return err
	case errors.Is(err, sql.ErrNoRows):
		return domain.ErrNotFound
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.As(err, &connect):
		return unavailable(err)
	case errors.As(err, &pg):
		return fromPostgres(pg)
	case errors.As(err, &file):
		return fromFile(file)
	case disconnected(err):
		return unavailable(err)
	default:
		return err
	}
}

// fromPostgres goes by SQLSTATE (appendix A of PostgreSQL's manual).
func fromPostgres(err *pgconn.PgError) error {
	switch err.Code {
	case "23505": // unique_violation
		return violation(err, err.ConstraintName)
	case "23503": // foreign_key_violation
		return &collision{cause: err, reference: true}
	case "40001", "40P01": // serialization_failure, deadlock_detected
		return &collision{cause: err}
	case "25006", "55P03", "57014": // read_only_sql_transaction (a standby), lock_not_available, query_canceled
		return unavailable(err)
	}
	switch err.Code[:min(2, len(err.Code))] {
	case "08", "53", "57", "58": // connection, resources (too many connections), the operator (shutdown), the system
		return unavailable(err)
	}
	return err
}

func fromFile(err *sqlite.Error) error {
	switch err.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE:
		return violation(err, violated(err))
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

// violated returns the columns of a unique constraint, for which SQLite has no place but the end of its sentence:
// "…: accounts.phone (2067)".
func violated(err *sqlite.Error) string {
	text := strings.TrimSuffix(err.Error(), fmt.Sprintf(" (%d)", err.Code()))
	if i := strings.LastIndex(text, ": "); i >= 0 {
		text = text[i+2:]
	}
	return text
}

// disconnected says whether a failure is that of the way to the database.
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

// behind says that migrations are pending.
type behind struct{ has, wants int64 }

func (b behind) Error() string {
	return fmt.Sprintf("the schema is at version %d, this program needs %d: migrate up", b.has, b.wants)
}

// settle returns the outcome of a View or Update. A context that ended explains every other failure.
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
		return fmt.Errorf("%w: %w", ports.ErrGone, because(err, c.cause))
	default:
		return unavailable(because(err, c.cause))
	}
}

// inUse turns the failure to remove what something refers to into ports.ErrInUse.
func inUse(err error) error {
	var c *collision
	if errors.As(err, &c) && c.reference {
		return because(err, ports.ErrInUse)
	}
	return err
}
