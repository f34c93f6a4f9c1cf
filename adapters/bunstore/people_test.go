package bunstore

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

func TestPeopleReadARangeOfAnIndex(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(s.Update(ctx, func(tx ports.Tx) error {
			for i := range 500 {
				name := fmt.Sprintf("name%04d", i)
				err := tx.Accounts.Add(ctx, account.Account{
					ID: domain.ID(fmt.Sprintf("%032x", i)), Username: name, UsernameKey: name, Email: name, EmailKey: name, Phone: name,
					IsActive: true, Language: account.English, CreatedAt: noon, UpdatedAt: noon,
				})
				if err != nil {
					return err
				}
			}
			return nil
		}))
		explain, want := `EXPLAIN `, "Index Scan using accounts_canonical_username_key"
		if !s.engine.postgres {
			explain, want = `EXPLAIN QUERY PLAN `, "(canonical_username>? AND canonical_username<?)"
		}
		c := accounts{conn{bun: s.engine.writes, raw: s.engine.writes.DB, engine: s.engine}}
		_, err := c.raw.ExecContext(ctx, `ANALYZE`)
		must(err)
		for _, f := range []ports.PeopleFilter{
			{Prefix: "name00"}, {Prefix: "name00", For: ports.ToAssign}, {Prefix: "name", After: "name0100", For: ports.ToAsk},
		} {
			plan := planOf(ctx, t, c, explain, c.people(access.EveryTicket, f, ports.MaxPeople+1))
			if !strings.Contains(plan, want) || strings.Contains(plan, "Sort") {
				t.Errorf("%+v:\n%s", f, plan)
			}
		}
	})
}

// planOf returns the plan of a statement, one line for each step.
func planOf(ctx context.Context, t *testing.T, c accounts, explain string, q *statement) string {
	t.Helper()
	found, err := c.raw.QueryContext(ctx, explain+q.String(), q.args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	columns, err := found.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var plan strings.Builder
	for found.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := found.Scan(values...); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&plan, *values[len(values)-1].(*any))
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}
