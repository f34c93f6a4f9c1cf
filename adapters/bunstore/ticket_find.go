package bunstore

import (
	"context"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
)

// personRow is ticket.Person with the columns that hold it.
type personRow struct {
	ID       domain.ID `bun:"id"`
	Name     string    `bun:"name"`
	IsActive bool      `bun:"is_active"`
	MayView  bool      `bun:"may_view"`
}

// placeRow is ticket.Place with the columns that hold it.
type placeRow struct {
	ID   domain.ID `bun:"id"`
	Name string    `bun:"name"`
}

type foundRow struct {
	Status     statusRow   `bun:"embed:s_"`
	Priority   priorityRow `bun:"embed:p_"`
	Menu       placeRow    `bun:"embed:m_"`
	CreatedFor personRow   `bun:"embed:customer_"`
	AssignedTo personRow   `bun:"embed:staff_"`
}

// findRefs looks up everything that a change of a ticket may name, in one row. Whether somebody may be assigned
// follows the order of access: superuser, own assignment, role.
const findRefs = `SELECT s.id AS s_id, s.name AS s_name, s.weight AS s_weight, s.status_type AS s_status_type,
 p.id AS p_id, p.name AS p_name, p.weight AS p_weight, p.sla_hours AS p_sla_hours, m.id AS m_id, m.name AS m_name,
 customer.id AS customer_id, customer.username AS customer_name, customer.is_active AS customer_is_active,
 staff.id AS staff_id, staff.username AS staff_name, staff.is_active AS staff_is_active,
 (staff.is_superuser OR (COALESCE(
   (SELECT own.actions FROM account_permissions own JOIN menus v ON v.id = own.menu_id WHERE v.url = ? AND own.account_id = staff.id),
   (SELECT rp.actions FROM role_permissions rp JOIN menus v ON v.id = rp.menu_id WHERE v.url = ? AND rp.role_id = staff.role_id),
   0) & 1) = 1) AS staff_may_view
 FROM (SELECT 1 AS one) here
 LEFT JOIN ticket_statuses s ON s.id = COALESCE(?, (SELECT d.id FROM ticket_statuses d WHERE d.is_default))
 LEFT JOIN ticket_priorities p ON p.id = COALESCE(?, (SELECT d.id FROM ticket_priorities d WHERE d.is_default))
 LEFT JOIN menus m ON m.id = ?
 LEFT JOIN accounts customer ON customer.id = ?
 LEFT JOIN accounts staff ON staff.id = ?`

// orDefault is the argument of findRefs for an entry of a catalog: NULL asks for the default one. Every join is by a
// primary key, so that PostgreSQL expects one row of it even before it knows anything about the tables.
func orDefault(id domain.ID, ask bool) any {
	if ask {
		return nil
	}
	return id
}

func (s tickets) Find(ctx context.Context, refs ticket.Refs) (ticket.Found, error) {
	r, err := row[foundRow](ctx, s.conn, s.statement(findRefs, access.TicketsMenu, access.TicketsMenu,
		orDefault(refs.StatusID, refs.DefaultStatus), orDefault(refs.PriorityID, refs.DefaultPriority), refs.MenuID, refs.CreatedFor, refs.AssignedTo))
	if err != nil {
		return ticket.Found{}, err
	}
	var found ticket.Found
	if r.Status.ID != "" {
		found.Status = (*ticket.Status)(&r.Status)
	}
	if r.Priority.ID != "" {
		found.Priority = (*ticket.Priority)(&r.Priority)
	}
	if r.Menu.ID != "" {
		found.Menu = (*ticket.Place)(&r.Menu)
	}
	if r.CreatedFor.ID != "" {
		found.CreatedFor = (*ticket.Person)(&r.CreatedFor)
	}
	if r.AssignedTo.ID != "" {
		found.AssignedTo = (*ticket.Person)(&r.AssignedTo)
	}
	return found, nil
}
