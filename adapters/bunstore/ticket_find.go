package bunstore

import (
	"context"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
)

// personRow is what ticket.Person is made of.
type personRow struct {
	ID         domain.ID `bun:"id"`
	Name       string    `bun:"name"`
	IsActive   bool      `bun:"is_active"`
	Superuser  bool      `bun:"superuser"`
	OwnGrants  string    `bun:"own_grants"`
	RoleGrants string    `bun:"role_grants"`
}

// person returns nil if there is nobody.
func (r personRow) person() (*ticket.Person, error) {
	if r.ID == "" {
		return nil, nil
	}
	grants, err := readGrants(r.OwnGrants, r.RoleGrants)
	return &ticket.Person{ID: r.ID, Name: r.Name, IsActive: r.IsActive, MayView: grants.ViewTickets(r.Superuser)}, err
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
// PostgreSQL expects one row of it even before it knows anything about the tables. Who may be assigned comes with the
// grants that triggers keep ready, as in findActor.
const foundColumns = `fs.id AS s_id, fs.name AS s_name, fs.weight AS s_weight, fs.status_type AS s_status_type,
 fp.id AS p_id, fp.name AS p_name, fp.weight AS p_weight, fp.sla_hours AS p_sla_hours, fm.id AS m_id, fm.name AS m_name,
 fc.id AS customer_id, fc.username AS customer_name, fc.is_active AS customer_is_active,
 fa.id AS staff_id, fa.username AS staff_name, fa.is_active AS staff_is_active, fa.is_superuser AS staff_superuser,
 fa.grants AS staff_own_grants, (SELECT r.grants FROM roles r WHERE r.id = fa.role_id) AS staff_role_grants`

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
func given(id domain.Optional[domain.ID]) any {
	if id.Given() {
		return id.Value
	}
	return nil
}

func (s tickets) Find(ctx context.Context, refs ticket.Refs) (ticket.Found, error) {
	r, err := row[foundRow](ctx, s.conn, s.asked(findRefs, lookedUp(refs)...))
	if err != nil {
		return ticket.Found{}, err
	}
	found, err := r.found()
	return found, s.failed(err, findRefs.embedded)
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
	if err != nil {
		return ticket.View{}, ticket.Found{}, err
	}
	found, err := r.found()
	return r.view(), found, s.failed(err, selectTicketFor.embedded)
}

func (r foundRow) found() (found ticket.Found, err error) {
	if r.Status.ID != "" {
		found.Status = (*ticket.Status)(&r.Status)
	}
	if r.Priority.ID != "" {
		found.Priority = (*ticket.Priority)(&r.Priority)
	}
	if r.Menu.ID != "" {
		found.Menu = (*ticket.Place)(&r.Menu)
	}
	if found.CreatedFor, err = r.CreatedFor.person(); err != nil {
		return found, err
	}
	found.AssignedTo, err = r.AssignedTo.person()
	return found, err
}
