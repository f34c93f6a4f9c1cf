// Package django reads the PostgreSQL database of the original Django system. It writes nothing.
package django

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tickt/ports"
)

const connectTimeout = 5 * time.Second

// ErrURL reports a URL that is not that of a PostgreSQL database. It does not contain the URL, which may hold a password.
var ErrURL = errors.New("cannot be read as postgres://user:password@host:port/database; special characters must be written as %XX")

// Read calls fn with the tables of a database, in one read-only transaction that sees a single snapshot. It fails if the database
// cannot be reached, or lacks a table or a column.
func Read(ctx context.Context, url string, fn func(ports.Original) error) (err error) {
	config, err := pgx.ParseConfig(url)
	if err != nil || !strings.HasPrefix(url, "postgres://") && !strings.HasPrefix(url, "postgresql://") {
		return ErrURL
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeExec // works through a pooler in transaction mode
	c, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
	tx, err := c.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if err := checkSchema(ctx, tx); err != nil {
		return err
	}
	return fn(original(tx))
}

// checkSchema returns an error that names the missing tables and columns.
func checkSchema(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx,
		`SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = ANY (current_schemas(false))`)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	has := map[string]bool{}
	for _, name := range names {
		table, _, _ := strings.Cut(name, ".")
		has[name], has[table] = true, true
	}
	var missing []string
	for _, t := range requiredTables {
		if !has[t.table] {
			missing = append(missing, "the table "+t.table)
			continue
		}
		for column := range strings.FieldsSeq(t.columns) {
			if !has[t.table+"."+column] {
				missing = append(missing, "the column "+t.table+"."+column)
			}
		}
	}
	if missing == nil {
		return nil
	}
	return fmt.Errorf("missing %s: this is not the database of the original system", strings.Join(slices.Compact(missing), ", "))
}

const base = "id reference_id created_at updated_at is_active "

// requiredTables are the tables and columns that are read.
var requiredTables = []struct{ table, columns string }{
	{"roles", base + "name is_predefined"},
	{"menus", base + "menu_name menu_url create_url list_url icon visibility display_order parent_id"},
	{"role_menu_permission", base + "can_create can_view can_update can_delete menu_id role_id"},
	{"ticket_status", base + "name code description weight status_type is_default"},
	{"ticket_priorities", base + "name code description weight color sla_hours is_default"},
	{"accounts", base + "password last_login is_superuser username email phone_number address is_staff role_id"},
	{"user_menu_assignments", base + "assigned_at can_view can_create can_update can_delete account_id assigned_by_id menu_id"},
	{"tickets_ticket", base + `ticket_number title description first_response_at response_deadline due_date resolved_at
 sla_due_date sla_breached is_escalated customer_satisfaction assigned_to_id created_by_id created_for_id menu_id priority_id status_id`},
	{"notification_log", base + "notification_type title message is_read is_sent sent_at read_at recipient_id sender_id ticket_id"},
}
