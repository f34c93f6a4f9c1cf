package stores

import (
	"context"
	"testing"

	"tickt/adapters/bunstore"
	"tickt/adapters/memory"
	"tickt/ports"
)

// Waiting returns the jobs that wait in a store, the oldest first.
func Waiting(t testing.TB, s ports.Store) []ports.Job {
	t.Helper()
	if m, ok := s.(*memory.Store); ok {
		all, err := m.Waiting(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	all, _ := queued(t, s.(*bunstore.Store).Connections())
	return all
}

// Work runs do for the jobs that wait in a store and for those that do adds, the oldest first. An error ends the test.
func Work(t testing.TB, s ports.Store, do func(context.Context, ports.Job) error) {
	t.Helper()
	if m, ok := s.(*memory.Store); ok {
		if _, err := m.Work(t.Context(), do); err != nil {
			t.Fatal(err)
		}
		return
	}
	c := s.(*bunstore.Store).Connections()
	for jobs, ids := queued(t, c); len(jobs) > 0; jobs, ids = queued(t, c) {
		if err := do(t.Context(), jobs[0]); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Writes.ExecContext(t.Context(), `DELETE FROM river_job WHERE id = $1`, ids[0]); err != nil {
			t.Fatal(err)
		}
	}
}

// queued returns the available jobs in River's table and their ids there.
func queued(t testing.TB, c bunstore.Connections) (jobs []ports.Job, ids []int64) {
	t.Helper()
	id := `json_extract(args, '$.id')`
	if c.Postgres != nil {
		id = `args ->> 'id'`
	}
	found, err := c.Reads.QueryContext(t.Context(), `SELECT id, kind, `+id+` FROM river_job WHERE state = 'available' ORDER BY river_job.id`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	jobs = []ports.Job{}
	for found.Next() {
		var job ports.Job
		var rowID int64
		if err := found.Scan(&rowID, &job.Kind, &job.ID); err != nil {
			t.Fatal(err)
		}
		jobs, ids = append(jobs, job), append(ids, rowID)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return jobs, ids
}
