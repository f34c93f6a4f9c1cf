package ports

import (
	"context"
	"math"

	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/ticket"
)

// Original is the system that tickt replaces, read as of one point in time.
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

// Rows is one table of the original. A record refers to another row by its reference id, or, if that row is missing, by
// the value that the record holds; "" refers to nothing.
type Rows[R any] interface {
	// Table returns the name of the table in the original.
	Table() string
	Count(ctx context.Context) (int, error)
	// After returns at most limit rows with a key greater than key, in the order of their keys.
	After(ctx context.Context, key int64, limit int) ([]OriginalRow[R], error)
}

// BeforeFirst is less than the key of every row.
const BeforeFirst int64 = math.MinInt64

// OriginalRow is one row of the original.
type OriginalRow[R any] struct {
	Key      int64
	ID       string // its reference id, unchanged
	Repeated bool   // a row with a smaller key has the same reference id
	Record   R
}
