package contract_test

import (
	"path/filepath"
	"testing"

	"tickt/adapters/bunstore"
	"tickt/migrations"
	"tickt/ports"
	"tickt/test/contract"
	"tickt/test/postgres"
)

func TestSQLiteKeepsTheContract(t *testing.T) {
	t.Parallel()
	contract.Run(t, func(t *testing.T) ports.Store {
		return migrated(t, bunstore.Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "tickt.db")})
	}, waiting)
}

func TestPostgreSQLKeepsTheContract(t *testing.T) {
	t.Parallel()
	contract.Run(t, func(t *testing.T) ports.Store {
		return migrated(t, bunstore.Options{URL: postgres.URL(t), Prepared: true, MaxConns: 8})
	}, waiting)
}

// Poolers that cannot carry prepared statements must see the same service.
func TestPostgreSQLWithoutPreparedStatementsKeepsTheContract(t *testing.T) {
	t.Parallel()
	contract.Run(t, func(t *testing.T) ports.Store {
		return migrated(t, bunstore.Options{URL: postgres.URL(t), MaxConns: 8})
	}, waiting)
}

// waiting reads what stands in River's table.
func waiting(t *testing.T, s ports.Store) []ports.Job {
	t.Helper()
	c := s.(*bunstore.Store).Connections()
	id := `json_extract(args, '$.id')`
	if c.Postgres != nil {
		id = `args ->> 'id'`
	}
	found, err := c.Reads.QueryContext(t.Context(), `SELECT kind, `+id+` FROM river_job WHERE state = 'available' ORDER BY river_job.id`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	all := []ports.Job{}
	for found.Next() {
		var job ports.Job
		if err := found.Scan(&job.Kind, &job.ID); err != nil {
			t.Fatal(err)
		}
		all = append(all, job)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// migrated brings an empty database to the schema of this program and opens it.
func migrated(t *testing.T, o bunstore.Options) ports.Store {
	t.Helper()
	m, err := migrations.New(o.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := m.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	s, err := bunstore.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
