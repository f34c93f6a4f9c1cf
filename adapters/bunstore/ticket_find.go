package bunstore

import (
	"context"
	"slices"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
)

// personRow is ticket.Person as it is selected.
type personRow struct {
	ID         domain.ID `bun:"id"`
	Name       string    `bun:"name"`
	IsActive   bool      `bun:"is_active"`
	Superuser  bool      `bun:"superuser"`
	OwnGrants  string    `bun:"own_grants"`
	RoleGrants string    `bun:"role_grants"`
}

// person returns nil if the row is empty.
func (r personRow) person() (*ticket.Person, error) {
	if r.ID == "" {
		return nil, nil
	}
	grants, err := readGrants(r.OwnGrants, r.RoleGrants)
	return &ticket.Person{ID: r.ID, Name: r.Name, IsActive: r.IsActive, MayView: grants.ViewTickets(r.Superuser)}, err
}

// menuRefRow is the row of ticket.MenuRef.
type menuRefRow struct {
	ID   domain.ID `bun:"id"`
	Name string    `bun:"name"`
}

type refsRow struct {
	Status     statusRow   `bun:"embed:s_"`
	Priority   priorityRow `bun:"embed:p_"`
	Menu       menuRefRow  `bun:"embed:m_"`
	CreatedFor personRow   `bun:"embed:customer_"`
	AssignedTo personRow   `bun:"embed:staff_"`
	Reply      statusRow   `bun:"embed:r_"`
	FollowUp   followUpRow `bun:"embed:f_"`
}

// followUpRow is the row of ticket.FollowUp.
type followUpRow struct {
	ID         domain.ID         `bun:"id"`
	Number     string            `bun:"number"`
	StatusType ticket.StatusType `bun:"status_type"`
	CreatedBy  domain.ID         `bun:"created_by"`
	CreatedFor domain.ID         `bun:"created_for"`
}

// refColumns and refJoins look up everything that a change of a ticket may refer to, each by a primary key:
// PostgreSQL then expects one row even without statistics. The grants of an assignee are kept up to date by triggers,
// as in findActor.
const refColumns = `fs.id AS s_id, fs.name AS s_name, fs.weight AS s_weight, fs.status_type AS s_status_type,
 fs.auto_close_days AS s_auto_close_days,
 fp.id AS p_id, fp.name AS p_name, fp.weight AS p_weight, fp.sla_hours AS p_sla_hours, fm.id AS m_id, fm.name AS m_name,
 fc.id AS customer_id, fc.username AS customer_name, fc.is_active AS customer_is_active,
 fa.id AS staff_id, fa.username AS staff_name, fa.is_active AS staff_is_active, fa.is_superuser AS staff_superuser,
 fa.grants AS staff_own_grants, (SELECT r.grants FROM roles r WHERE r.id = fa.role_id) AS staff_role_grants`

// refJoins takes expressions for the status and the priority that apply if none is given and the default is not asked
// for.
func refJoins(status, priority string) string {
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
	findRefs = textOf(`SELECT ` + refColumns + `, f.id AS f_id, f.number AS f_number, f_status.status_type AS f_status_type,
 f.created_by AS f_created_by, f.created_for AS f_created_for FROM (SELECT 1 AS one) here` + refJoins("NULL", "NULL") + `
 LEFT JOIN tickets f ON f.id = ? AND f.deleted_at IS NULL
 LEFT JOIN ticket_statuses f_status ON f_status.id = f.status_id`)

	selectTicketWithRefs = textOf(`SELECT ` + ticketViewColumns + `, ` + lastEntryAt + `, ` +
		lastPublicAt(`s.auto_close_days IS NOT NULL OR fs.auto_close_days IS NOT NULL`) + `, ` + refColumns + `, ` + replyColumns +
		` FROM tickets t` + ticketViewJoins + refJoins("t.status_id", "t.priority_id") + replyJoin + ` WHERE t.deleted_at IS NULL AND t.id = ?`)
)

// replyColumns and replyJoin look up the status that a ticket gets when its requester replies, as ticket.Status.ReplyStatus
// does, if the argument asks for it. The statuses are read only if that of the ticket says so.
const (
	replyColumns = `fr.id AS r_id, fr.name AS r_name, fr.weight AS r_weight, fr.status_type AS r_status_type,
 fr.auto_close_days AS r_auto_close_days`
	replyJoin = `
 LEFT JOIN ticket_statuses fr ON fr.id = CASE WHEN ? AND COALESCE(s.on_requester_reply,
  CASE WHEN s.status_type IN ('pending', 'resolved') THEN 'open' ELSE 'keep' END) = 'open'
  THEN COALESCE((SELECT d.id FROM ticket_statuses d WHERE d.is_default AND d.status_type = 'open'),
   (SELECT o.id FROM ticket_statuses o WHERE o.status_type = 'open' ORDER BY o.weight, o.name_key, o.id LIMIT 1)) END`
)

// refArguments returns the arguments of refJoins.
func refArguments(refs ticket.Refs) []any {
	return []any{
		optionalID(refs.StatusID), refs.StatusID.Null, optionalID(refs.PriorityID), refs.PriorityID.Null,
		refs.MenuID, refs.CreatedFor, refs.AssignedTo,
	}
}

// optionalID returns an id as an argument, or NULL if none is given. An empty id stays "", which no row has.
func optionalID(id domain.Optional[domain.ID]) any {
	if id.Given() {
		return id.Value
	}
	return nil
}

func (s tickets) Find(ctx context.Context, refs ticket.Refs) (ticket.Found, error) {
	r, err := row[refsRow](ctx, s.conn, s.fixed(findRefs, append(refArguments(refs), refs.FollowUpOf)...))
	if err != nil {
		return ticket.Found{}, err
	}
	found, err := r.found()
	return found, s.failed(err, findRefs.sqlite)
}

// LockFor locks the ticket in a first statement and reads it in a second: a statement that had to wait for the lock
// would return the current ticket with outdated names.
func (s tickets) LockFor(ctx context.Context, id domain.ID, reach access.Reach, refs ticket.Refs) (ticket.View, ticket.Found, error) {
	if err := s.lockRow(ctx, id, reach); err != nil {
		return ticket.View{}, ticket.Found{}, err
	}
	r, err := row[struct {
		ticketViewRow
		refsRow
	}](ctx, s.conn, s.fixed(selectTicketWithRefs, slices.Concat(reachArguments(reach), refArguments(refs), []any{refs.ReplyStatus, id})...))
	if err != nil {
		return ticket.View{}, ticket.Found{}, err
	}
	found, err := r.found()
	return s.remembered(r.view()), found, s.failed(err, selectTicketWithRefs.sqlite)
}

func (r refsRow) found() (found ticket.Found, err error) {
	if r.Status.ID != "" {
		found.Status = (*ticket.Status)(&r.Status)
	}
	if r.Reply.ID != "" {
		found.ReplyStatus = (*ticket.Status)(&r.Reply)
	}
	if r.FollowUp.ID != "" {
		found.FollowUp = (*ticket.FollowUp)(&r.FollowUp)
	}
	if r.Priority.ID != "" {
		found.Priority = (*ticket.Priority)(&r.Priority)
	}
	if r.Menu.ID != "" {
		found.Menu = (*ticket.MenuRef)(&r.Menu)
	}
	if found.CreatedFor, err = r.CreatedFor.person(); err != nil {
		return found, err
	}
	found.AssignedTo, err = r.AssignedTo.person()
	return found, err
}
