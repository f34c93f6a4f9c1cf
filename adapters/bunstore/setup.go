package bunstore

import (
	"context"
	"strings"

	"tickt/domain/account"
)

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

func (s setup) KeyChecks(ctx context.Context) ([]account.KeyCheck, error) {
	type check struct {
		Value account.KeyCheck `bun:"value"`
	}
	found, err := rows[check](ctx, s.conn, s.statement(`SELECT value FROM key_checks ORDER BY value`))
	return converted(found, func(c check) account.KeyCheck { return c.Value }), err
}

func (s setup) SetKeyChecks(ctx context.Context, all []account.KeyCheck) error {
	if _, err := exec(ctx, s.conn, s.statement(`DELETE FROM key_checks`)); err != nil || len(all) == 0 {
		return err
	}
	q := s.statement(`INSERT INTO key_checks (value) VALUES (?)` + strings.Repeat(`, (?)`, len(all)-1))
	for _, c := range all {
		q.add(``, c)
	}
	_, err := exec(ctx, s.conn, q)
	return err
}

// analyzeSeeded updates PostgreSQL's statistics of the tables that seeding fills. They stay too small for autovacuum
// to analyze, and without statistics the planner overestimates them and chooses bad plans for tickets.
const analyzeSeeded = `ANALYZE roles, menus, role_permissions, account_permissions, ticket_statuses, ticket_priorities`
