package bunstore

import "context"

// seedsKey is the key under which the table meta holds the version of the seeds.
const seedsKey = "seeds"

type setup struct{ conn }

// Lock inserts the row or rewrites it unchanged: that locks it even if it did not exist.
func (s setup) Lock(ctx context.Context) (int, error) {
	r, err := row[struct {
		Value int `bun:"value"`
	}](ctx, s.conn,
		s.statement(`INSERT INTO meta AS m (key, value) VALUES (?, 0) ON CONFLICT (key) DO UPDATE SET value = m.value RETURNING value`, seedsKey))
	return r.Value, err
}

func (s setup) SetSeeds(ctx context.Context, version int) error {
	_, err := exec(ctx, s.conn,
		s.statement(`INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, seedsKey, version))
	if err != nil || !s.postgres {
		return err
	}
	_, err = exec(ctx, s.conn, s.statement(analyzeSeeded))
	return err
}

// analyzeSeeded updates PostgreSQL's statistics of the tables that seeding fills. They stay too small for autovacuum
// to analyze, and without statistics the planner overestimates them and chooses bad plans for tickets.
const analyzeSeeded = `ANALYZE roles, menus, role_permissions, account_permissions, ticket_statuses, ticket_priorities`
