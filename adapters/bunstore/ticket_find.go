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

// foundColumns and foundJoins look up everything that a change of a ticket may name, each by a primary key, so that
// PostgreSQL expects one row of it even before it knows anything about the tables. Whether somebody may be assigned
// follows the order of access: superuser, own assignment, role.
const foundColumns = `fs.id AS s_id, fs.name AS s_name, fs.weight AS s_weight, fs.status_type AS s_status_type,
 fp.id AS p_id, fp.name AS p_name, fp.weight AS p_weight, fp.sla_hours AS p_sla_hours, fm.id AS m_id, fm.name AS m_name,
 fc.id AS customer_id, fc.username AS customer_name, fc.is_active AS customer_is_active,
 fa.id AS staff_id, fa.username AS staff_name, fa.is_active AS staff_is_active,
 (fa.is_superuser OR (COALESCE(
   (SELECT own.actions FROM account_permissions own JOIN menus v ON v.id = own.menu_id
		WHERE v.url = '` + access.TicketsMenu + `' AND own.account_id = fa.id),
   (SELECT rp.actions FROM role_permissions rp JOIN menus v ON v.id = rp.menu_id
		WHERE v.url = '` + access.TicketsMenu + `' AND rp.role_id = fa.role_id),
   0) & 1) = 1) AS staff_may_view`

// foundJoins takes what a status and a priority are where none is named, nor the default one asked for.
func foundJoins(status, priority string) string {
	return `
 LEFT JOIN ticket_statuses fs ON fs.id = COALESCE(?,
		CASE WHEN ? THEN (SELECT d.id FROM ticket_statuses d WHERE d.is_default) ELSE ` + status + ` END)
 LEFT JOIN ticket_priorities fp ON fp.id = COALESCE(?,
		CASE WHEN ? THEN (SELECT d.id FROM ticket_priorities d WHERE d.is_default) ELSE ` + priority + ` END)
 LEFT JOIN menus fm ON fm.id = ?
 LEFT JOIN accounts fc ON fc.id = ?
 LEFT JOIN accounts fa ON fa.id = ?`
}

var (
	findRefs = textOf(`SELECT ` + foundColumns + ` FROM (SELECT 1 AS one) here` + foundJoins("NULL", "NULL"))

	selectTicketFor = textOf(`SELECT ` + ticketViewColumns + `, ` + lastEntryAt + `, ` + foundColumns + ` FROM tickets t` + ticketViewJoins +
		foundJoins("t.status_id", "t.priority_id") + ` WHERE t.deleted_at IS NULL AND t.id = ?`)
)

// lookedUp gives the arguments of foundJoins.
func lookedUp(refs ticket.Refs) []any {
	return []any{
		given(refs.StatusID), refs.StatusID.Null, given(refs.PriorityID), refs.PriorityID.Null, refs.MenuID, refs.CreatedFor, refs.AssignedTo,
	}
}

// given returns an id that is given, and NULL for one that is not. That of nothing is "", which no row has.
func given(id domain.Change[domain.ID]) any {
	if id.Given() {
		return id.Value
	}
	return nil
}

func (s tickets) Find(ctx context.Context, refs ticket.Refs) (ticket.Found, error) {
	r, err := row[foundRow](ctx, s.conn, s.asked(findRefs, lookedUp(refs)...))
	return r.found(), err
}

// LockFor locks first and reads then: a statement that had to wait for a lock would give the ticket as it is now
// beside names as they were before.
func (s tickets) LockFor(ctx context.Context, id domain.ID, reach access.Reach, refs ticket.Refs) (ticket.View, ticket.Found, error) {
	if err := s.hold(ctx, id, reach); err != nil {
		return ticket.View{}, ticket.Found{}, err
	}
	r, err := row[struct {
		ticketViewRow
		foundRow
	}](ctx, s.conn, s.asked(selectTicketFor, append(lookedUp(refs), id)...))
	return r.view(), r.found(), err
}

func (r foundRow) found() ticket.Found {
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
	return found
}
