package stores

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tickt/adapters/bunstore"
	"tickt/ports"
	"tickt/test/migrated"
)

// Resetting a database is much faster than creating one. So tests reuse databases, with the stores that are open on them,
// one test after the other.

// databaseKey identifies interchangeable databases: the name of what prepare put into them, and the options of the store.
type databaseKey struct {
	name    string
	options bunstore.Options
}

// database is a store with the statements that reset its database to the prepared state.
type database struct {
	*bunstore.Store
	restore string
}

// returned holds the databases that no test uses at the moment.
var returned = struct {
	sync.Mutex
	byKey map[databaseKey][]database
}{byKey: map[databaseKey][]database{}}

// patience is the time limit for resetting a database. It is longer than the lock_timeout of the reset.
const patience = 20 * time.Second

// borrow returns the store of a returned database, or of a new one if there is none, until the test ends. If the database
// cannot be reset, because the test left a transaction open or the user is not a superuser, it is not reused.
func borrow(t testing.TB, key databaseKey, prepare func(ports.Store)) ports.Store {
	t.Helper()
	d, ok := returnedFor(key)
	if !ok {
		d = newDatabase(t, key, prepare)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if _, err := d.Connections().Postgres.Exec(ctx, d.restore, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Logf("a database is not reused: %v", errors.Join(err, d.Close()))
			return
		}
		returned.Lock()
		defer returned.Unlock()
		returned.byKey[key] = append(returned.byKey[key], d)
	})
	return d.Store
}

// returnedFor takes a database out of returned.
func returnedFor(key databaseKey) (database, bool) {
	returned.Lock()
	defer returned.Unlock()
	free := returned.byKey[key]
	if len(free) == 0 {
		return database{}, false
	}
	last := len(free) - 1
	returned.byKey[key] = free[:last]
	return free[last], true
}

// newDatabase creates a database, prepares it and copies its tables for the reset.
func newDatabase(t testing.TB, key databaseKey, prepare func(ports.Store)) database {
	t.Helper()
	url, err := migrated.LastingPostgres(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o := key.options
	o.URL = url
	s, err := bunstore.Open(context.WithoutCancel(t.Context()), o)
	if err != nil {
		t.Fatal(err)
	}
	prepare(s)
	d := database{Store: s}
	pool := s.Connections().Postgres
	if _, err := pool.Exec(t.Context(), remember, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	if err := pool.QueryRow(t.Context(), restoring).Scan(&d.restore); err != nil {
		t.Fatal(err)
	}
	return d
}

// remember copies all tables that are not empty to the schema remembered.
const remember = `CREATE SCHEMA remembered;
DO $$
DECLARE
	name text;
	filled boolean;
BEGIN
	FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
		EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
		IF filled THEN
			EXECUTE format('CREATE TABLE remembered.%I AS TABLE public.%I', name, name);
		END IF;
	END LOOP;
END
$$`

// restoring selects the statements that reset the tables and sequences to the remembered state. The role replica disables
// triggers and foreign keys. DELETE is faster than TRUNCATE for many small tables.
const restoring = `SELECT concat_ws('; ',
	'BEGIN', 'SET LOCAL session_replication_role = replica', 'SET LOCAL lock_timeout = ''5s''',
	(SELECT string_agg(format('DELETE FROM public.%I', relname), '; ')
		FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'),
	(SELECT string_agg(format('INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM remembered.%1$I', name, columns), '; ')
		FROM (SELECT t.relname AS name, string_agg(quote_ident(c.attname), ', ') AS columns
			FROM pg_class t JOIN pg_class r ON r.relname = t.relname JOIN pg_attribute c ON c.attrelid = t.oid
			WHERE t.relnamespace = 'public'::regnamespace AND r.relnamespace = 'remembered'::regnamespace
				AND t.relkind = 'r' AND c.attnum > 0 AND NOT c.attisdropped AND c.attgenerated = ''
			GROUP BY t.relname) AS filled),
	(SELECT string_agg(format('SELECT setval(%L, %s, %L)', format('%I.%I', schemaname, sequencename), 
		COALESCE(last_value, start_value), last_value IS NOT NULL), '; ')
		FROM pg_sequences WHERE schemaname = 'public'),
	'COMMIT')`
