package bunstore

import "context"

// seedsKey is where meta holds the version of the seeds that were sown.
const seedsKey = "seeds"

type setup struct{ conn }

// Lock writes the row even where it stays as it is, so that it is locked where it did not exist before, too.
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

// analyzeSeeded tells PostgreSQL about the tables that seeding fills. They stay so small that it would never look by
// itself, and takes them for larger than they are: its plans for tickets would be those for another database.
const analyzeSeeded = `ANALYZE roles, menus, role_permissions, account_permissions, ticket_statuses, ticket_priorities`
