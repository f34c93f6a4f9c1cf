package django

import (
	"strings"

	"github.com/jackc/pgx/v5"

	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
)

// actions is the SQL of the flags of a permission as access.Actions.
const actions = `(CASE WHEN t.can_view THEN 1 ELSE 0 END + CASE WHEN t.can_create THEN 2 ELSE 0 END
 + CASE WHEN t.can_update THEN 4 ELSE 0 END + CASE WHEN t.can_delete THEN 8 ELSE 0 END)`

// ticketActions is the SQL of what a role permits on the menu of tickets. The URL is trimmed as when menus are imported.
const ticketActions = `(SELECT COALESCE(bit_or(CASE WHEN p.can_view THEN 1 ELSE 0 END + CASE WHEN p.can_create THEN 2 ELSE 0 END
 + CASE WHEN p.can_update THEN 4 ELSE 0 END + CASE WHEN p.can_delete THEN 8 ELSE 0 END), 0)
 FROM role_menu_permission p JOIN menus m ON m.id = p.menu_id WHERE p.role_id = t.id AND p.is_active
 AND btrim(m.menu_url, E' \t\n\x0b\f\r') = '` + access.TicketsMenu + `')`

func columns(all ...string) string { return strings.Join(all, ", ") }

func original(tx pgx.Tx) ports.Original {
	return ports.Original{
		Roles: roles(tx), Menus: menus(tx), RolePermissions: rolePermissions(tx), Statuses: statuses(tx), Priorities: priorities(tx),
		Accounts: accounts(tx), AccountPermissions: accountPermissions(tx), Tickets: tickets(tx), NotificationLogs: notificationLogs(tx),
	}
}

func roles(tx pgx.Tx) ports.Rows[access.RoleRecord] {
	return newRows(tx, rows[access.RoleRecord]{
		table: "roles", columns: columns("t.name", "t.is_predefined", "t.is_active", ticketActions),
		into: func(r *access.RoleRecord) []any {
			return []any{toTime(&r.CreatedAt), toTime(&r.UpdatedAt), &r.Name, &r.IsPredefined, &r.IsActive, &r.TicketActions}
		},
	})
}

func menus(tx pgx.Tx) ports.Rows[access.MenuRecord] {
	return newRows(tx, rows[access.MenuRecord]{
		table: "menus", joins: join("menus", "parent", "parent_id"),
		columns: columns("t.menu_name", "t.menu_url", "COALESCE(t.create_url, '')", "COALESCE(t.list_url, '')", "COALESCE(t.icon, '')",
			"t.visibility", "t.display_order", "t.is_active", refID("parent", "parent_id")),
		into: func(r *access.MenuRecord) []any {
			return []any{
				toTime(&r.CreatedAt), toTime(&r.UpdatedAt), &r.Name, &r.URL, &r.CreateURL, &r.ListURL, &r.Icon,
				&r.Visible, &r.DisplayOrder, &r.IsActive, &r.Parent,
			}
		},
	})
}

func rolePermissions(tx pgx.Tx) ports.Rows[access.RolePermissionRecord] {
	return newRows(tx, rows[access.RolePermissionRecord]{
		table: "role_menu_permission", joins: join("roles", "role", "role_id") + join("menus", "menu", "menu_id"),
		columns: columns(refID("role", "role_id"), refID("menu", "menu_id"), actions, "t.is_active AND COALESCE(role.is_active, true)"),
		into: func(r *access.RolePermissionRecord) []any {
			return []any{toTime(&r.CreatedAt), toTime(&r.UpdatedAt), &r.Role, &r.Menu, &r.Actions, &r.IsActive}
		},
	})
}

func statuses(tx pgx.Tx) ports.Rows[ticket.StatusRecord] {
	return newRows(tx, rows[ticket.StatusRecord]{
		table: "ticket_status", columns: columns("t.name", "t.code", "t.description", "t.weight", "t.status_type", "t.is_default", "t.is_active"),
		into: func(r *ticket.StatusRecord) []any {
			return []any{
				toTime(&r.CreatedAt), toTime(&r.UpdatedAt), &r.Name, &r.Code, &r.Description, &r.Weight, &r.StatusType, &r.IsDefault,
				&r.IsActive,
			}
		},
	})
}

func priorities(tx pgx.Tx) ports.Rows[ticket.PriorityRecord] {
	return newRows(tx, rows[ticket.PriorityRecord]{
		table:   "ticket_priorities",
		columns: columns("t.name", "t.code", "t.description", "t.weight", "t.color", "COALESCE(t.sla_hours, 0)", "t.is_default", "t.is_active"),
		into: func(r *ticket.PriorityRecord) []any {
			return []any{
				toTime(&r.CreatedAt), toTime(&r.UpdatedAt), &r.Name, &r.Code, &r.Description, &r.Weight, &r.Color, &r.SLAHours, &r.IsDefault,
				&r.IsActive,
			}
		},
	})
}

func accounts(tx pgx.Tx) ports.Rows[account.Record] {
	return newRows(tx, rows[account.Record]{
		table: "accounts", joins: join("roles", "role", "role_id"),
		columns: columns("t.username", "COALESCE(t.email, '')", "t.phone_number", "t.password", "t.address", refID("role", "role_id"),
			"t.is_active", "t.is_staff", "t.is_superuser", timeCol("t.last_login")),
		into: func(r *account.Record) []any {
			return []any{
				toTime(&r.CreatedAt), toTime(&r.UpdatedAt), &r.Username, &r.Email, &r.Phone, &r.Password, &r.Address, &r.Role,
				&r.IsActive, &r.IsStaff, &r.IsSuperuser, toTime(&r.LastLogin),
			}
		},
	})
}

func accountPermissions(tx pgx.Tx) ports.Rows[access.AccountPermissionRecord] {
	return newRows(tx, rows[access.AccountPermissionRecord]{
		table: "user_menu_assignments",
		joins: join("accounts", "account", "account_id") + join("menus", "menu", "menu_id") + join("accounts", "assigner", "assigned_by_id"),
		columns: columns(refID("account", "account_id"), refID("menu", "menu_id"), refID("assigner", "assigned_by_id"), actions,
			"t.is_active", timeCol("t.assigned_at")),
		into: func(r *access.AccountPermissionRecord) []any {
			return []any{
				toTime(&r.CreatedAt), toTime(&r.UpdatedAt), &r.Account, &r.Menu, &r.AssignedBy, &r.Actions, &r.IsActive,
				toTime(&r.AssignedAt),
			}
		},
	})
}

func tickets(tx pgx.Tx) ports.Rows[ticket.Record] {
	return newRows(tx, rows[ticket.Record]{
		table: "tickets_ticket",
		joins: join("menus", "menu", "menu_id") + join("ticket_status", "status", "status_id") +
			join("ticket_priorities", "priority", "priority_id") + join("accounts", "customer", "created_for_id") +
			join("accounts", "staff", "assigned_to_id") + join("accounts", "creator", "created_by_id"),
		columns: columns("t.ticket_number", "t.title", "t.description", refID("menu", "menu_id"), refID("status", "status_id"),
			refID("priority", "priority_id"), refID("customer", "created_for_id"), refID("staff", "assigned_to_id"),
			refID("creator", "created_by_id"),
			timeCol("t.response_deadline"), timeCol("t.due_date"), timeCol("t.first_response_at"), timeCol("t.resolved_at"),
			timeCol("t.sla_due_date"),
			"t.sla_breached", "t.is_escalated", "t.is_active", "t.customer_satisfaction"),
		into: func(r *ticket.Record) []any {
			return []any{
				toTime(&r.CreatedAt), toTime(&r.UpdatedAt), &r.Number, &r.Title, &r.Description, &r.Menu, &r.Status, &r.Priority,
				&r.CreatedFor, &r.AssignedTo, &r.CreatedBy, toTime(&r.ResponseDeadline), toTime(&r.DueDate), toTime(&r.FirstResponseAt),
				toTime(&r.ResolvedAt), toTime(&r.SLADueDate), &r.SLABreached, &r.IsEscalated, &r.IsActive, &r.CustomerSatisfaction,
			}
		},
	})
}

func notificationLogs(tx pgx.Tx) ports.Rows[notification.Record] {
	return newRows(tx, rows[notification.Record]{
		table: "notification_log",
		joins: join("accounts", "recipient",
			"recipient_id") + join("accounts", "sender", "sender_id") + join("tickets_ticket", "ticket", "ticket_id"),
		columns: columns("t.notification_type", refID("recipient", "recipient_id"), refID("sender", "sender_id"), refID("ticket", "ticket_id"),
			"t.title", "t.message", "t.is_read", "t.is_sent", "t.is_active", timeCol("t.sent_at"), timeCol("t.read_at")),
		into: func(r *notification.Record) []any {
			return []any{
				toTime(&r.CreatedAt), toTime(&r.UpdatedAt), &r.Type, &r.Recipient, &r.Sender, &r.Ticket, &r.Title, &r.Message,
				&r.IsRead, &r.IsSent, &r.IsActive, toTime(&r.SentAt), toTime(&r.ReadAt),
			}
		},
	})
}
