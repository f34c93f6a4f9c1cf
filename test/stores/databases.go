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

// A new database costs a test many times what it takes to put one back into the state that it had. So databases, with
// the stores that are open on them, are lent to one test after the other.

// loan is what a database was prepared for.
type loan struct {
	name    string
	options bunstore.Options
}

// database is a store with the statements that put its database back.
type database struct {
	*bunstore.Store
	restore string
}

// returned are the databases that nobody uses.
var returned = struct {
	sync.Mutex
	of map[loan][]database
}{of: map[loan][]database{}}

// patience is how long putting a database back may take; statements that wait for an abandoned transaction give up
// before.
const patience = 20 * time.Second

// borrowed gives a database that was returned, else a new one. Where it cannot be put back, be it that the test has
// left a transaction open or that the user of the server is no superuser, it is not lent again.
func borrowed(t testing.TB, l loan, prepare func(ports.Store)) ports.Store {
	t.Helper()
	d, ok := returnedFor(l)
	if !ok {
		d = newDatabase(t, l, prepare)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if _, err := d.Connections().Postgres.Exec(ctx, d.restore, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Logf("a database is given up: %v", errors.Join(err, d.Close()))
			return
		}
		returned.Lock()
		defer returned.Unlock()
		returned.of[l] = append(returned.of[l], d)
	})
	return d.Store
}

func returnedFor(l loan) (database, bool) {
	returned.Lock()
	defer returned.Unlock()
	free := returned.of[l]
	if len(free) == 0 {
		return database{}, false
	}
	last := len(free) - 1
	returned.of[l] = free[:last]
	return free[last], true
}

func newDatabase(t testing.TB, l loan, prepare func(ports.Store)) database {
	t.Helper()
	url, err := migrated.LastingPostgres(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o := l.options
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

// remember copies every table that is not empty into the schema remembered.
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

// restoring gives the statements that make the tables as they were remembered, and the sequences. No trigger and no
// reference plays a part in it, and many small tables are emptied sooner by DELETE than by TRUNCATE.
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
