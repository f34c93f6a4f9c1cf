package bunstore

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

type imports struct{ conn }

func (s imports) Present(ctx context.Context, column ports.ImportKey, values []string) ([]string, error) {
	if len(values) == 0 {
		return []string{}, nil
	}
	table, name, _ := strings.Cut(string(column), ".")
	found := []string{}
	err := s.scan(ctx, s.bun.NewSelect().Distinct().Table(table).Column(name).Where("? IN (?)", bun.Ident(name), bun.List(values)), &found)
	return found, err
}

func (s imports) Usernames(ctx context.Context, ids []domain.ID) (map[domain.ID]string, error) {
	names := make(map[domain.ID]string, len(ids))
	if len(ids) == 0 {
		return names, nil
	}
	var found []struct {
		ID       domain.ID `bun:"id"`
		Username string    `bun:"username"`
	}
	err := s.scan(ctx, s.bun.NewSelect().Table(accountTable.name).Column("id", "username").Where("id IN (?)", bun.List(ids)), &found)
	for _, r := range found {
		names[r.ID] = r.Username
	}
	return names, err
}

// Add writes each kind with one statement. Tables are written after those that they refer to.
func (s imports) Add(ctx context.Context, b ports.ImportBatch) error {
	for _, write := range []func() error{
		func() error { return roleTable.addAll(ctx, s.conn, b.Roles) },
		func() error { return menuTable.addAll(ctx, s.conn, b.Menus) },
		func() error { return rolePermissionTable.addAll(ctx, s.conn, b.RolePermissions) },
		func() error { return statusTable.addAll(ctx, s.conn, b.Statuses) },
		func() error { return priorityTable.addAll(ctx, s.conn, b.Priorities) },
		func() error { return completeAccounts.addAll(ctx, s.conn, b.Accounts) },
		func() error { return accountPermissionTable.addAll(ctx, s.conn, b.AccountPermissions) },
		func() error { return completeTickets.addAll(ctx, s.conn, b.Tickets) },
		func() error {
			return s.rewriteMarked(ctx, converted(b.Tickets, func(v ticket.View) domain.ID { return v.ID }))
		},
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

func (s imports) Numbered(ctx context.Context, last map[string]int) error {
	type dayRow struct {
		Day  string `bun:"day"`
		Last int    `bun:"last"`
	}
	var days []dayRow
	for _, day := range slices.Sorted(maps.Keys(last)) {
		days = append(days, dayRow{day, last[day]})
	}
	if len(days) == 0 {
		return nil
	}
	return s.run(ctx, s.bun.NewInsert().Model(&days).ModelTableExpr("ticket_numbers AS n").On("CONFLICT (day) DO UPDATE").
		Set("last = CASE WHEN excluded.last > n.last THEN excluded.last ELSE n.last END").Returning("NULL"))
}
