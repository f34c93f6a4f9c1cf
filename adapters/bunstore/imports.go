package bunstore

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/domain/account"
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

// Add writes each kind with one statement; a table that refers to others comes after them.
func (s imports) Add(ctx context.Context, b ports.ImportBatch) error {
	for _, write := range []func() error{
		func() error { return roleTable.addAll(ctx, s.conn, b.Roles) },
		func() error { return menuTable.addAll(ctx, s.conn, b.Menus) },
		func() error { return rolePermissionTable.addAll(ctx, s.conn, b.RolePermissions) },
		func() error { return statusTable.addAll(ctx, s.conn, b.Statuses) },
		func() error { return priorityTable.addAll(ctx, s.conn, b.Priorities) },
		func() error { return s.accounts().addAll(ctx, s.conn, b.Accounts) },
		func() error { return accountPermissionTable.addAll(ctx, s.conn, b.AccountPermissions) },
		func() error { return s.tickets().addAll(ctx, s.conn, b.Tickets) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// importedAccount is an account with what it is searched in.
type importedAccount struct {
	accountRow
	Search string `bun:"search"`
}

func (s imports) accounts() table[importedAccount, account.Account] {
	return table[importedAccount, account.Account]{name: accountTable.name, row: func(a account.Account) importedAccount {
		return importedAccount{accountRow(a), s.searchLiteral(a.SearchText())}
	}}
}

// newTicketRow is ticket.Ticket with the columns that hold it, NULL where it is unset.
type newTicketRow struct {
	ID                   domain.ID `bun:"id"`
	Number               string    `bun:"number"`
	Title                string    `bun:"title"`
	Description          string    `bun:"description"`
	MenuID               domain.ID `bun:"menu_id,nullzero"`
	StatusID             domain.ID `bun:"status_id"`
	PriorityID           domain.ID `bun:"priority_id"`
	CreatedFor           domain.ID `bun:"created_for,nullzero"`
	AssignedTo           domain.ID `bun:"assigned_to,nullzero"`
	CreatedBy            domain.ID `bun:"created_by,nullzero"`
	ResponseDeadline     time.Time `bun:"response_deadline,nullzero"`
	DueDate              time.Time `bun:"due_date,nullzero"`
	FirstResponseAt      time.Time `bun:"first_response_at,nullzero"`
	ResolvedAt           time.Time `bun:"resolved_at,nullzero"`
	SLADueDate           time.Time `bun:"sla_due_date,nullzero"`
	SLAByHand            bool      `bun:"sla_by_hand"`
	SLABreached          bool      `bun:"sla_breached"`
	SLABreachedAt        time.Time `bun:"sla_breached_at,nullzero"`
	SLANextAt            time.Time `bun:"sla_next_at,nullzero"`
	DueReminded          time.Time `bun:"due_reminded,nullzero"`
	IsEscalated          bool      `bun:"is_escalated"`
	CustomerSatisfaction int       `bun:"customer_satisfaction,nullzero"`
	Urgency              int       `bun:"urgency"`
	UrgencyFrom          time.Time `bun:"urgency_from"`
	UrgencyUntil         time.Time `bun:"urgency_until"`
	CreatedAt            time.Time `bun:"created_at"`
	UpdatedAt            time.Time `bun:"updated_at"`
	DeletedAt            time.Time `bun:"deleted_at,nullzero"`
}

// importedTicket is a ticket with what it is ordered by and searched in.
type importedTicket struct {
	newTicketRow
	StatusWeight   int    `bun:"status_weight"`
	PriorityWeight int    `bun:"priority_weight"`
	Creator        string `bun:"creator"`
	Search         string `bun:"search"`
}

func (s imports) tickets() table[importedTicket, ticket.View] {
	return table[importedTicket, ticket.View]{name: "tickets", row: func(v ticket.View) importedTicket {
		return importedTicket{
			newTicketRow: newTicketRow(v.Ticket), StatusWeight: v.StatusWeight, PriorityWeight: v.PriorityWeight,
			Creator: domain.Fold(v.CreatedByName), Search: s.searchLiteral(v.SearchText()),
		}
	}}
}

// searchLiteral is what the search column holds, as a text that the database reads: a tsvector of words, which have no
// quotes in them, or the words themselves.
func (s imports) searchLiteral(words string) string {
	if !s.postgres || words == "" {
		return words
	}
	return `'` + strings.ReplaceAll(words, " ", `' '`) + `'`
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
