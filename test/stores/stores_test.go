package stores_test

import (
	"context"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
	"tickt/test/stores"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func role(name string) func(context.Context, ports.Tx) error {
	return func(ctx context.Context, tx ports.Tx) error {
		id := domain.ID("0123456789abcdef0123456789abcdef"[:32-len(name)] + name)
		return tx.Roles.Add(ctx, access.Role{ID: id, Name: name, TicketScope: access.ScopeOwn, CreatedAt: noon, UpdatedAt: noon})
	}
}

func update(t *testing.T, s ports.Store, fn func(context.Context, ports.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx ports.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// Stores are reused by later tests, which must find only the prepared data.
func TestEveryTestStartsWithThePreparedData(t *testing.T) {
	for _, engine := range []string{"memory", "sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Setenv(stores.Variable, engine)
			for _, try := range []string{"the first test", "the second test", "the third test"} {
				t.Run(try, func(t *testing.T) {
					s := stores.Prepared(t, "with a role", func(s ports.Store) { update(t, s, role("a")) })
					update(t, s, func(ctx context.Context, tx ports.Tx) error {
						roles, _, err := tx.Roles.List(ctx, ports.Page{Number: 1, Size: 10})
						calendars, _, unread := tx.Calendars.List(ctx, ports.Page{Number: 1, Size: 10})
						if len(roles) != 1 || roles[0].Name != "a" || err != nil || len(calendars) != 1 || unread != nil {
							t.Errorf("starts with %v, %v and %v, %v", roles, err, calendars, unread)
						}
						return nil
					})
					if jobs := stores.Waiting(t, s); len(jobs) != 0 {
						t.Errorf("starts with the jobs %v", jobs)
					}
					update(t, s, role("b"))
					update(t, s, func(ctx context.Context, tx ports.Tx) error {
						return tx.Jobs.Add(ctx, ports.Job{Kind: ports.MailJob, ID: "x"})
					})
					if jobs := stores.Waiting(t, s); len(jobs) != 1 || jobs[0].ID != "x" {
						t.Errorf("jobs %v", jobs)
					}
				})
			}
		})
	}
}

func TestStoresOfOneTestAreSeparate(t *testing.T) {
	t.Setenv(stores.Variable, "postgres")
	first, second := stores.New(t), stores.New(t)
	update(t, first, role("a"))
	update(t, second, role("a")) // would fail on the same store: the name is taken
}
