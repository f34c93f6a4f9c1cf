package bunstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"tickt/migrations"
	"tickt/ports"
	"tickt/test/contract"
	"tickt/test/migrated"
	"tickt/test/mutation"
)

// openWithCuts opens a store whose statements in an Update pass through the returned Statements.
func openWithCuts(t *testing.T, url string) (*Store, *mutation.Statements) {
	t.Helper()
	s, statements := openStore(t, Options{URL: url, Prepared: true}), &mutation.Statements{}
	var to driver.Connector
	if s.engine.postgres {
		to = stdlib.GetPoolConnector(s.engine.pool)
	} else {
		file, _ := migrations.File(url)
		to = fileConnector{s.engine.writes.Driver(), file.URI(writerOptions)}
	}
	db := sql.OpenDB(statements.Connector(to))
	db.SetMaxOpenConns(1)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if s.engine.postgres {
		s.engine.writes = bun.NewDB(db, pgdialect.New(), discardUnknown)
	} else {
		s.engine.writes = bun.NewDB(db, sqlitedialect.New(), discardUnknown)
	}
	return s, statements
}

// fileConnector opens a file with a driver.
type fileConnector struct {
	driver driver.Driver
	name   string
}

func (c fileConnector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.name) }
func (c fileConnector) Driver() driver.Driver                        { return c.driver }

// runInUpdate runs a check in one Update, which is rolled back. A panic counts as a failure.
func runInUpdate(ctx context.Context, s *Store, c contract.Check) (failed error) {
	defer func() {
		if r := recover(); r != nil {
			failed = fmt.Errorf("a panic: %v", r)
		}
	}()
	undone := errors.New("undone")
	err := s.Update(ctx, func(tx ports.Tx) error {
		failed = c.Run(ctx, func(_ context.Context, fn func(ports.Tx) error) error { return fn(tx) })
		return undone
	})
	if !errors.Is(err, undone) {
		failed = errors.Join(failed, err)
	}
	return failed
}

// rewrites begins the statement that adds and replaces several documents.
const rewrites = "INSERT INTO ticket_search (ticket_id ticket_id public notes SELECT"

// whyUnnoticed returns why no check has to notice that a column is left out; "" if one must.
func whyUnnoticed(c mutation.Cut) string {
	switch {
	case c.Table == "tickets" && c.Column == "is_active":
		return "triggers set it if the statement does not"
	case c.Table == "ticket_history" && c.Column == "comment_id" && strings.HasSuffix(c.Statement, " SELECT"):
		return "an entry about a lost menu has no comment, and an omitted column is NULL"
	case c.Table == "tickets" && c.Column == "search" && !strings.HasPrefix(c.Statement, "INSERT"):
		return "it is empty once tickets have documents"
	case c.Table == "ticket_search" && strings.HasSuffix(c.Column, " on conflict") && !strings.HasPrefix(c.Statement, rewrites):
		return "a new ticket has no document to replace"
	case c.Table == "ticket_search" && strings.HasPrefix(c.Column, "pad"):
		return "it only makes rows long"
	case c.Table == "derived_due" && c.Column == "kind" && strings.HasSuffix(c.Statement, " SELECT"):
		return "a comment on a ticket that has a document leaves no mark"
	default:
		return ""
	}
}

// otherTables are prefixes of the tables that no method of a ports.Tx writes.
var otherTables = []string{
	"goose_", "sqlite_", "river_", // written by libraries
	"account_counts", "ticket_counts", "clock_counts", "ticket_changes", "clock_changes", // written by triggers
	"account_numbers", "accounts_search", "tickets_search", "ticket_lexemes", // written by triggers
	"ticket_numbers",      // written by Store.NextNumber, outside of Update
	"processes",           // written by the heartbeat, outside of Update
	"schema_requirements", // written by migrations
}

// writtenColumns runs the checks and returns the columns that their statements write, in total and by check.
func writtenColumns(t *testing.T, s *Store, statements *mutation.Statements, checks []contract.Check) (
	all []mutation.Cut, by [][]mutation.Cut,
) {
	t.Helper()
	for _, c := range checks {
		statements.Seen = nil
		if err := runInUpdate(t.Context(), s, c); err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		by = append(by, statements.Seen)
		for _, cut := range statements.Seen {
			if !slices.Contains(all, cut) {
				all = append(all, cut)
			}
		}
	}
	return all, by
}

func tablesOf(t *testing.T, s *Store) (tables []string) {
	t.Helper()
	q := `SELECT name FROM sqlite_master WHERE type = 'table'`
	if s.engine.postgres {
		q = `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`
	}
	if err := s.engine.reads.NewRaw(q).Scan(t.Context(), &tables); err != nil {
		t.Fatal(err)
	}
	return tables
}

// Statements that both databases share are tried on SQLite only.
func TestContractNoticesEveryOmittedColumn(t *testing.T) {
	tried := map[mutation.Cut]bool{}
	for _, database := range []struct {
		name string
		url  func(testing.TB) string
	}{{"sqlite", migrated.File}, {"postgres", migrated.Postgres}} {
		t.Run(database.name, func(t *testing.T) {
			s, statements := openWithCuts(t, database.url(t))
			checks := contract.Checks()
			all, by := writtenColumns(t, s, statements, checks)
			for _, table := range tablesOf(t, s) {
				other := slices.ContainsFunc(otherTables, func(begin string) bool { return strings.HasPrefix(table, begin) })
				if other == slices.ContainsFunc(all, func(c mutation.Cut) bool { return c.Table == table }) {
					t.Errorf("%s: in otherTables is %v, which contradicts the checks", table, other)
				}
			}
			for _, cut := range all {
				if tried[cut] {
					continue
				}
				tried[cut], statements.Leave = true, &cut
				noticed := false
				for i, c := range checks {
					noticed = noticed || slices.Contains(by[i], cut) && runInUpdate(t.Context(), s, c) != nil
				}
				if why := whyUnnoticed(cut); noticed != (why == "") {
					t.Errorf("%s omitted from %s: noticed %v; %s", cut.Column, cut.Statement, noticed, why)
				}
			}
		})
	}
	if len(tried) < 400 {
		t.Errorf("only %d columns were omitted", len(tried))
	}
}
