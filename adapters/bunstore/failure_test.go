package bunstore

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"tickt/domain"
	"tickt/ports"
	"tickt/test/migrated"
)

// storesWithoutTables returns stores on databases without tables, so that every statement fails.
func storesWithoutTables(t *testing.T) map[string]*Store {
	t.Helper()
	server := openStore(t, Options{URL: migrated.Postgres(t), Prepared: true})
	if _, err := server.engine.writes.ExecContext(t.Context(), `DROP SCHEMA public CASCADE`); err != nil {
		t.Fatal(err)
	}
	return map[string]*Store{"sqlite": openStore(t, Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "empty.db")}), "postgres": server}
}

// nonZero returns a value that makes every method run its statement: not zero where that matters.
func nonZero(t *testing.T, kind reflect.Type) reflect.Value {
	switch kind {
	case reflect.TypeFor[context.Context]():
		return reflect.ValueOf(t.Context())
	case reflect.TypeFor[time.Time]():
		return reflect.ValueOf(noon)
	case reflect.TypeFor[ports.DerivedKind]():
		return reflect.ValueOf(ports.RoleNames)
	}
	v := reflect.New(kind).Elem()
	switch kind.Kind() {
	case reflect.Slice:
		return reflect.Append(v, nonZero(t, kind.Elem()))
	case reflect.Map:
		v.Set(reflect.MakeMap(kind))
		v.SetMapIndex(nonZero(t, kind.Key()), nonZero(t, kind.Elem()))
	case reflect.String:
		v.SetString("roles.id") // a valid ports.ImportKey
	case reflect.Int:
		v.SetInt(1)
	case reflect.Struct:
		for i := range kind.NumField() {
			if kind.Field(i).IsExported() && kind.Field(i).Type.Kind() == reflect.Slice {
				v.Field(i).Set(nonZero(t, kind.Field(i).Type))
			}
		}
	default: // the zero value is enough
	}
	return v
}

func TestFailuresNamePortMethodAndStatement(t *testing.T) {
	for name, s := range storesWithoutTables(t) {
		methods := 0
		for _, port := range reflect.VisibleFields(reflect.TypeFor[ports.Tx]()) {
			for i := range port.Type.NumMethod() {
				m := port.Type.Method(i)
				in := make([]reflect.Value, m.Type.NumIn())
				for j := range in {
					in[j] = nonZero(t, m.Type.In(j))
				}
				err := s.Update(t.Context(), func(tx ports.Tx) error {
					method := reflect.ValueOf(tx).FieldByIndex(port.Index).Method(i)
					call := method.Call
					if m.Type.IsVariadic() {
						call = method.CallSlice
					}
					out := call(in)
					err, _ := out[len(out)-1].Interface().(error)
					return err
				})
				methods++
				want := port.Name + "." + m.Name
				switch port.Name {
				case "Statuses", "Priorities":
					want = "Catalog." + m.Name
				case "Derived":
					want = "DerivedRows." + m.Name
				}
				begin := regexp.MustCompile(`^` + want + `: (SELECT|INSERT INTO|UPDATE|DELETE FROM|LOCK TABLE)( FROM)? \w+: `)
				switch {
				case want == "Dashboard.Compact" && name == "sqlite" && err == nil: // nothing to do on SQLite
				case (want == "Clock.Now" || want == "NameKeys.Reserve") && err == nil: // they read no table
				case err == nil || !begin.MatchString(err.Error()):
					t.Errorf("%s, %s: %v", name, want, err)
				}
			}
		}
		if methods < 100 {
			t.Errorf("only %d methods were called", methods)
		}
		_, err := s.NextNumber(t.Context(), "20260301")
		if err == nil || !strings.HasPrefix(err.Error(), "Store.NextNumber: INSERT INTO ticket_numbers: ") {
			t.Errorf("%s: %v", name, err)
		}
		if err := s.Ready(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "Store.Ready: SELECT FROM goose_db_version: ") {
			t.Errorf("%s: %v", name, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Update(t.Context(), nil); err == nil || !strings.HasPrefix(err.Error(), "Store.Update: connect: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStatementsAreNamedByVerbAndTable(t *testing.T) {
	for text, want := range map[string]string{
		selectTicket:                   "SELECT FROM tickets",
		selectLocked:                   "SELECT FROM tickets",
		selectTicketWithRefs.postgres:  "SELECT FROM tickets",
		ticketTable.insert[1].postgres: "INSERT INTO tickets",
		ticketTable.update.postgres:    "UPDATE tickets",
		findActor.postgres:             "SELECT FROM sessions",
		findRefs.postgres:              "SELECT FROM ticket_statuses",
		rolePage:                       "SELECT FROM roles",
		countsOfAll:                    "SELECT FROM ticket_counts",
		compactTickets:                 "DELETE FROM ticket_changes",
		`SELECT x FROM (SELECT a FROM (SELECT b FROM inner_table) y) z`:  "SELECT FROM inner_table",
		`WITH "_data" (a) AS (VALUES ('SELECT')) UPDATE "t" SET a = 'x'`: "UPDATE t",
		`SELECT extract(epoch FROM at), ' FROM x ''(' FROM y`:            "SELECT FROM y",
		`SELECT pg_try_advisory_xact_lock(?)`:                            "SELECT pg_try_advisory_xact_lock",
		`COPY accounts (id) FROM STDIN`:                                  "COPY accounts",
		`commit`:                                                         "commit",
	} {
		if got := nameOf(text); got != want {
			t.Errorf("%s is named %q, want %q", text, got, want)
		}
	}
}

func TestFailuresKeepTheirKind(t *testing.T) {
	e := &engine{}
	for _, known := range []error{
		domain.ErrNotFound, domain.Fail(domain.Conflict, "no"), &ports.Taken{Field: "name"}, ports.ErrInUse, ports.ErrClaimed, errRecorded,
		context.Canceled, &pgconn.PgError{Code: "42P01", Message: "no such table"},
	} {
		err := settle(t.Context(), e.failed(known, "UPDATE tickets"))
		if !errors.Is(err, known) || !strings.HasPrefix(err.Error(), "UPDATE tickets: ") {
			t.Errorf("%v became %v", known, err)
		}
	}
	collision, reference := &pgconn.PgError{Code: "40001"}, &pgconn.PgError{Code: "23503"}
	for cause, want := range map[*pgconn.PgError]struct {
		text string
		kind domain.Kind
		is   error
	}{
		collision: {"unavailable: The service is not available for the moment.: UPDATE tickets: ", domain.Unavailable, collision},
		reference: {"gone: UPDATE tickets: ", domain.Internal, ports.ErrGone},
	} {
		failed := fmt.Errorf("while working: %w", e.failed(cause, "UPDATE tickets"))
		err := settle(t.Context(), failed)
		if !collided(failed) || collided(err) || domain.KindOf(err) != want.kind || !errors.Is(err, want.is) ||
			!strings.HasPrefix(err.Error(), want.text) {
			t.Errorf("%s became %v", cause.Code, err)
		}
	}
	if err := inUse(e.failed(reference, "DELETE FROM roles")); !errors.Is(err, ports.ErrInUse) || collided(err) ||
		err.Error() != "DELETE FROM roles: in use" {
		t.Errorf("in use: %v", err)
	}
	if err := e.failed(nil, "commit"); err != nil {
		t.Errorf("no error became %v", err)
	}
}

func TestLoggedFailureNamesUseCaseMethodAndStatement(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		core, logs := observer.New(zapcore.ErrorLevel)
		at := newSite(t, s, zap.New(core))
		if _, err := s.engine.writes.ExecContext(t.Context(), `ALTER TABLE ticket_comments RENAME TO ticket_remarks`); err != nil {
			t.Fatal(err)
		}
		if status, body := at.ask("/api/ticket/" + string(at.ticket) + "/comments/"); status != 500 ||
			strings.Contains(string(body), "comments") {
			t.Errorf("got response %d %s", status, body)
		}
		all := logs.All()
		if len(all) != 1 ||
			!strings.Contains(fmt.Sprint(all[0].ContextMap()["error"]), "ticketing.Comments.List: Comments.List: SELECT FROM ticket_comments: ") {
			t.Errorf("logged %v", all)
		}
	})
}
