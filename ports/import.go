package ports

import (
	"context"
	"math"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// Original is the system that tickt takes over from, read as it stood at one moment.
type Original struct {
	Roles              Rows[access.RoleRecord]
	Menus              Rows[access.MenuRecord]
	RolePermissions    Rows[access.RolePermissionRecord]
	Statuses           Rows[ticket.StatusRecord]
	Priorities         Rows[ticket.PriorityRecord]
	Accounts           Rows[account.Record]
	AccountPermissions Rows[access.AccountPermissionRecord]
	Tickets            Rows[ticket.Record]
	NotificationLogs   Rows[notification.Record]
}

// Rows is one table of the original. What its records refer to is named by reference id, or, where the row that
// is meant is missing, by whatever names it there; "" refers to nothing.
type Rows[R any] interface {
	// Table is what the original calls it.
	Table() string
	Count(ctx context.Context) (int, error)
	// After gives at most limit rows, by rising key, from the first one whose key is greater.
	After(ctx context.Context, key int64, limit int) ([]OriginalRow[R], error)
}

// BeforeFirst is less than the key of every row.
const BeforeFirst int64 = math.MinInt64

// OriginalRow is one row of the original.
type OriginalRow[R any] struct {
	Key      int64
	ID       string // its reference id, as it stands there
	Repeated bool   // a row of a lesser key has the same reference id
	Record   R
}

// ImportKey is a column that the values of an import are looked up in.
type ImportKey string

// The columns. Deleted tickets count as the others do.
const (
	RoleID              ImportKey = "roles.id"
	MenuID              ImportKey = "menus.id"
	RolePermissionID    ImportKey = "role_permissions.id"
	StatusID            ImportKey = "ticket_statuses.id"
	PriorityID          ImportKey = "ticket_priorities.id"
	AccountID           ImportKey = "accounts.id"
	AccountUsername     ImportKey = "accounts.username_key"
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
	Tickets            []ticket.View // with the names that they are ordered by
}

// Dossier is a ticket with all that became of what was promised for it.
type Dossier struct {
	ticket.View
	Entries   []sla.Entry
	Standings []sla.ClockState
}

// Imports writes many rows in few round trips, for what takes over from another system.
type Imports interface {
	// Present gives those of the values that a column holds, each once, in no order.
	Present(ctx context.Context, column ImportKey, values []string) ([]string, error)
	// Usernames gives the names of the accounts that there are of those named.
	Usernames(ctx context.Context, ids []domain.ID) (map[domain.ID]string, error)
	// Add writes new rows; it fails as the Add of each store does.
	Add(ctx context.Context, b ImportBatch) error
	// Numbered lets the numbers of days (YYYYMMDD) go on after the ones given, unless they are further already.
	Numbered(ctx context.Context, last map[string]int) error
}
