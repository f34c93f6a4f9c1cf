package ports

import (
	"context"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// ImportKey is a column in which an import looks up values.
type ImportKey string

// The columns. Lookups include deleted tickets.
const (
	RoleID              ImportKey = "roles.id"
	MenuID              ImportKey = "menus.id"
	RolePermissionID    ImportKey = "role_permissions.id"
	StatusID            ImportKey = "ticket_statuses.id"
	PriorityID          ImportKey = "ticket_priorities.id"
	AccountID           ImportKey = "accounts.id"
	AccountUsername     ImportKey = "accounts.canonical_username"
	AccountEmail        ImportKey = "accounts.email_key"
	AccountPhone        ImportKey = "accounts.phone"
	AccountPermissionID ImportKey = "account_permissions.id"
	TicketID            ImportKey = "tickets.id"
	TicketNumber        ImportKey = "tickets.number"
	TicketStatus        ImportKey = "tickets.status_id"
	TicketPriority      ImportKey = "tickets.priority_id"
	NotificationLogID   ImportKey = "notification_logs.id"
)

// ImportBatch is what an import writes at once: a few hundred rows.
type ImportBatch struct {
	Roles              []access.Role
	Menus              []access.Menu // parents may come after their children
	RolePermissions    []access.RolePermission
	Statuses           []ticket.Status
	Priorities         []ticket.Priority
	Accounts           []account.Account
	AccountPermissions []access.AccountPermission
	Tickets            []ticket.View // with the names that lists are ordered by
}

// Dossier is a ticket with its ledger and the state of its clocks.
type Dossier struct {
	ticket.View
	Entries     []sla.Entry
	ClockStates []sla.ClockState
}

// Imports writes many rows in few round trips, to import the data of another system.
type Imports interface {
	// Present returns those of the values that the column holds, each once, in no particular order.
	Present(ctx context.Context, column ImportKey, values []string) ([]string, error)
	// Usernames returns the user names of those of the accounts that exist.
	Usernames(ctx context.Context, ids []domain.ID) (map[domain.ID]string, error)
	// Add adds new rows; it fails as the Add of each store does.
	Add(ctx context.Context, b ImportBatch) error
	// Numbered makes the ticket numbers of days (YYYYMMDD) continue after the given counts. It never lowers a count.
	Numbered(ctx context.Context, last map[string]int) error
}
