package bunstore

import (
	"context"
	"errors"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// ticketRow is the row of ticket.Ticket. The group due holds the columns that the sweep changes.
type ticketRow struct {
	ID                   domain.ID `bun:"id,pk"`
	Number               string    `bun:"number,skipupdate"`
	Title                string    `bun:"title"`
	Description          string    `bun:"description"`
	MenuID               domain.ID `bun:"menu_id,nullzero"`
	StatusID             domain.ID `bun:"status_id"`
	PriorityID           domain.ID `bun:"priority_id"`
	CreatedFor           domain.ID `bun:"created_for,nullzero"`
	AssignedTo           domain.ID `bun:"assigned_to,nullzero"`
	FollowUpOf           domain.ID `bun:"follow_up_of,nullzero,skipupdate"`
	CreatedBy            domain.ID `bun:"created_by,nullzero,skipupdate"`
	ResponseDeadline     time.Time `bun:"response_deadline,nullzero"`
	DueDate              time.Time `bun:"due_date,nullzero"`
	FirstResponseAt      time.Time `bun:"first_response_at,nullzero"`
	ResolvedAt           time.Time `bun:"resolved_at,nullzero"`
	SLADueDate           time.Time `bun:"sla_due_date,nullzero" group:"due"`
	SLAByHand            bool      `bun:"sla_by_hand"`
	SLABreached          bool      `bun:"sla_breached" group:"due"`
	SLABreachedAt        time.Time `bun:"sla_breached_at,nullzero" group:"due"`
	SLANextAt            time.Time `bun:"sla_next_at,nullzero" group:"due"`
	DueReminded          time.Time `bun:"due_reminded,nullzero" group:"due"`
	DuePassed            time.Time `bun:"due_passed,nullzero" group:"due"`
	ResponsePassed       time.Time `bun:"response_passed,nullzero" group:"due"`
	IsEscalated          bool      `bun:"is_escalated" group:"due"`
	CustomerSatisfaction int       `bun:"customer_satisfaction,nullzero"`
	Urgency              int       `bun:"urgency" group:"due"`
	UrgencyFrom          time.Time `bun:"urgency_from" group:"due"`
	UrgencyUntil         time.Time `bun:"urgency_until" group:"due"`
	AutoCloseAt          time.Time `bun:"auto_close_at,nullzero" group:"due"`
	CreatedAt            time.Time `bun:"created_at,skipupdate"`
	UpdatedAt            time.Time `bun:"updated_at" group:"due"`
	DeletedAt            time.Time `bun:"deleted_at,nullzero"`
}

var (
	ticketTable = newTable(table[ticketRow, ticket.Ticket]{
		name: "tickets", hot: true, search: ticket.Ticket.SearchText,
		row:    func(t ticket.Ticket) ticketRow { return ticketRow(t) },
		entity: func(r ticketRow) ticket.Ticket { return ticket.Ticket(r) },
		// If the status or priority was just removed, the weight becomes -1, which the foreign key refuses.
		derived: []derived{
			{name: "status_weight", source: "status_id", expression: `COALESCE((SELECT weight FROM ticket_statuses WHERE id = ?), -1)`},
			{name: "is_active", source: "status_id", expression: `COALESCE((SELECT is_active FROM ticket_statuses WHERE id = ?), FALSE)`},
			{name: "priority_weight", source: "priority_id", expression: `COALESCE((SELECT weight FROM ticket_priorities WHERE id = ?), -1)`},
			{name: "creator", source: "created_by", expression: `COALESCE((SELECT username_key FROM accounts WHERE id = ?), '')`, insertOnly: true},
		},
	})

	dueTickets = ticketTable.groupUpdate("due")
)

// namesRow is ticket.Names as it is selected.
type namesRow struct {
	MenuName       string            `bun:"menu_name"`
	StatusName     string            `bun:"status_name"`
	StatusType     ticket.StatusType `bun:"status_type"`
	StatusWeight   int               `bun:"status_weight"`
	AutoCloseDays  int               `bun:"auto_close_days"`
	PriorityName   string            `bun:"priority_name"`
	PriorityWeight int               `bun:"priority_weight"`
	CreatedForName string            `bun:"created_for_name"`
	AssignedToName string            `bun:"assigned_to_name"`
	AssigneeGone   bool              `bun:"assignee_gone"`
	CreatedByName  string            `bun:"created_by_name"`
	FollowUpNumber string            `bun:"follow_up_number"`
}

type ticketViewRow struct {
	ticketRow
	namesRow
	LastAt       time.Time `bun:"last_at"`
	LastPublicAt time.Time `bun:"last_public_at"`
}

func (r ticketViewRow) view() ticket.View {
	return ticket.View{
		Ticket: ticket.Ticket(r.ticketRow), Names: ticket.Names(r.namesRow), LastAt: r.LastAt, LastPublicAt: r.LastPublicAt,
	}
}

// The columns of a view of a ticket t, and statements with them. Each statement begins with the arguments of ticketViewJoins.
var (
	ticketViewColumns = ticketTable.prefixed("t") + `, m.name AS menu_name, s.name AS status_name, s.status_type, t.status_weight,
 s.auto_close_days, p.name AS priority_name, t.priority_weight, customer.username AS created_for_name,
 staff.username AS assigned_to_name, NOT staff.is_active AS assignee_gone, creator.username AS created_by_name,
 followed.number AS follow_up_number`

	findTicket   = textOf(selectTicket + ` AND t.id = ?`)
	selectTicket = `SELECT ` + ticketViewColumns + ` FROM tickets t` + ticketViewJoins + ` WHERE t.deleted_at IS NULL`

	// findLocked runs after the statement that locks: a statement that had to wait for the lock would not see the newest
	// history entry.
	findLocked   = textOf(selectLocked + ` AND t.id = ?`)
	selectLocked = `SELECT ` + ticketViewColumns + `, ` + lastEntryAt + `, ` + lastPublicAt(`s.auto_close_days IS NOT NULL`) +
		` FROM tickets t` + ticketViewJoins + ` WHERE t.deleted_at IS NULL`
)

const (
	// ticketViewJoins takes a reach (reachArguments): the ticket that another one follows up is found only within it.
	ticketViewJoins = `
 LEFT JOIN ticket_statuses s ON s.id = t.status_id
 LEFT JOIN ticket_priorities p ON p.id = t.priority_id
 LEFT JOIN menus m ON m.id = t.menu_id
 LEFT JOIN accounts customer ON customer.id = t.created_for
 LEFT JOIN accounts staff ON staff.id = t.assigned_to
 LEFT JOIN accounts creator ON creator.id = t.created_by
 LEFT JOIN tickets followed ON followed.id = t.follow_up_of AND followed.deleted_at IS NULL
  AND (? OR followed.created_by = ? OR followed.created_for = ? OR followed.assigned_to = ?)`

	// lastEntryAt reads one entry of the index ticket_history_by_age.
	lastEntryAt = `(SELECT h.at FROM ticket_history h WHERE h.ticket_id = t.id ORDER BY h.at DESC LIMIT 1) AS last_at`
)

// lastPublicAt selects when the newest public comment was written, if the condition holds. It reads the index
// ticket_comments_by_age.
func lastPublicAt(condition string) string {
	return `(SELECT c.created_at FROM ticket_comments c WHERE (` + condition + `) AND c.ticket_id = t.id AND c.visibility = '` +
		string(ticket.Public) + `' ORDER BY c.created_at DESC LIMIT 1) AS last_public_at`
}

// reachArguments returns the arguments of ticketViewJoins.
func reachArguments(r access.Reach) []any { return []any{r.All, r.Account, r.Account, r.Account} }

type tickets struct {
	conn
	withDocuments bool // a search reads ticket_search, not the words in the column search
}

func (s tickets) Add(ctx context.Context, t ticket.Ticket) error {
	q := s.unbound(insertTicket, len(ticketTable.insertColumns)+1)
	q.args = ticketTable.insertArguments(q.args, t)
	r, err := row[requesterRow](ctx, s.conn, q)
	if err != nil {
		return err
	}
	s.note(1)
	return s.addDocument(ctx, t, ticket.Requester(r))
}

func (s tickets) Save(ctx context.Context, t ticket.Ticket) error {
	if err := ticketTable.save(ctx, s.conn, t); err != nil || s.sameDocument(t) {
		return err
	}
	return s.rewriteDocument(ctx, t.ID)
}

func (s tickets) Get(ctx context.Context, id domain.ID, reach access.Reach) (ticket.View, error) {
	q := s.fixed(findTicket, append(reachArguments(reach), id)...)
	within(q, reach)
	r, err := row[ticketViewRow](ctx, s.conn, q)
	return r.view(), err
}

// Lock locks the ticket in a first statement and reads it in a second, as LockFor does.
func (s tickets) Lock(ctx context.Context, id domain.ID, reach access.Reach) (ticket.View, error) {
	if err := s.lockRow(ctx, id, reach); err != nil {
		return ticket.View{}, err
	}
	r, err := row[ticketViewRow](ctx, s.conn, s.fixed(findLocked, append(reachArguments(reach), id)...))
	return s.remembered(r.view()), err
}

type idRow struct {
	ID domain.ID `bun:"id"`
}

// lockRow locks a ticket without reading it; domain.ErrNotFound if there is none. The latter is why SQLite needs it
// too.
func (s tickets) lockRow(ctx context.Context, id domain.ID, reach access.Reach) error {
	q := s.statement(`SELECT t.id FROM tickets t WHERE t.deleted_at IS NULL AND t.id = ?`, id)
	within(q, reach)
	_, err := row[idRow](ctx, s.conn, q.add(s.forUpdate("t")))
	return err
}

// activeTickets reads along the primary key, skipping tickets that are not active; it is for background work.
const activeTickets = `SELECT t.id, t.number FROM tickets t WHERE t.deleted_at IS NULL AND t.is_active AND t.id > ? ORDER BY t.id LIMIT ?`

func (s tickets) Active(ctx context.Context, after domain.ID, limit int) ([]ticket.View, error) {
	return s.viewsOf(ctx, s.statement(activeTickets, after, limit), selectTicket)
}

func (s tickets) ActiveRefs(ctx context.Context, after domain.ID, limit int) ([]ports.TicketRef, error) {
	return s.refs(ctx, s.statement(activeTickets, after, limit))
}

// refs returns the ids and numbers of the tickets that a statement selects.
func (s tickets) refs(ctx context.Context, q *statement) ([]ports.TicketRef, error) {
	found, err := rows[ticketRefRow](ctx, s.conn, q)
	return converted(found, func(r ticketRefRow) ports.TicketRef { return ports.TicketRef(r) }), err
}

// The active tickets of an account are read from the index tickets_active_assigned. The expression keeps a database from reading
// along the primary key instead: of an account with many tickets, nearly all of which may be over.
const (
	activeTicketsOf = `SELECT t.id, t.number FROM tickets t WHERE t.assigned_to = ? AND t.deleted_at IS NULL AND t.is_active
 AND t.id > ? ORDER BY t.id || '' LIMIT ?`
	countActiveOf = `SELECT count(*) AS n FROM tickets t WHERE t.assigned_to = ? AND t.deleted_at IS NULL AND t.is_active`
)

func (s tickets) ActiveOf(ctx context.Context, assignee, after domain.ID, limit int) ([]ports.TicketRef, error) {
	return s.refs(ctx, s.statement(activeTicketsOf, assignee, after, limit))
}

func (s tickets) CountActiveOf(ctx context.Context, assignee domain.ID) (int, error) {
	counted, err := row[struct {
		N int `bun:"n"`
	}](ctx, s.conn, s.statement(countActiveOf, assignee))
	return counted.N, err
}

// LockActive locks the tickets in a first statement and reads them in a second, as LockFor does.
func (s tickets) LockActive(ctx context.Context, after domain.ID, limit int) ([]ticket.View, error) {
	return s.viewsOf(ctx, s.statement(activeTickets, after, limit).add(s.forUpdate("t")), selectLocked)
}

// viewsOf returns the tickets whose ids q selects, in the order of their ids; read is the statement that reads them.
func (s tickets) viewsOf(ctx context.Context, q *statement, read string) ([]ticket.View, error) {
	found, err := rows[idRow](ctx, s.conn, q)
	if err != nil || len(found) == 0 {
		return []ticket.View{}, err
	}
	q = s.statement(read, reachArguments(access.EveryTicket)...)
	s.andIDIn(q, `t.id`, converted(found, func(r idRow) domain.ID { return r.ID }))
	views, err := rows[ticketViewRow](ctx, s.conn, q.add(` ORDER BY t.id`))
	return converted(views, ticketViewRow.view), err
}

func (s tickets) NextDue(ctx context.Context) (time.Time, error) {
	next, err := row[struct {
		At time.Time `bun:"at"`
	}](ctx, s.conn, s.statement(`SELECT t.urgency_until AS at `+s.fromTimeDriven()+` ORDER BY t.urgency_until LIMIT 1`))
	if errors.Is(err, domain.ErrNotFound) {
		return ticket.Never, nil
	}
	return next.At, err
}

// fromTimeDriven returns the FROM and WHERE clauses for tickets that the sweep will change, written exactly as in the
// partial index on urgency_until. Tickets that are set aside are excluded.
func (s tickets) fromTimeDriven() string {
	return `FROM tickets t WHERE t.deleted_at IS NULL AND t.urgency_until < ` + s.never() +
		` AND NOT EXISTS (SELECT 1 FROM tickets_set_aside a WHERE a.ticket_id = t.id)`
}

// ticketRefRow is the row of ports.TicketRef.
type ticketRefRow struct {
	ID     domain.ID `bun:"id"`
	Number string    `bun:"number"`
}

func (s tickets) Due(ctx context.Context, now time.Time, limit int) ([]ports.TicketRef, error) {
	q := s.statement(`SELECT t.id, t.number `+s.fromTimeDriven()+` AND t.urgency_until <= ? ORDER BY t.urgency_until LIMIT ?`, now, limit)
	return s.refs(ctx, q)
}

func (s tickets) LockDue(ctx context.Context, now time.Time, limit int) ([]ticket.View, error) {
	q := s.statement(`SELECT t.id `+s.fromTimeDriven()+` AND t.urgency_until <= ? ORDER BY t.urgency_until LIMIT ?`, now, limit)
	return s.locked(ctx, q.add(s.forUpdateSkipLocked("t")), `t.urgency_until`)
}

// locked returns the tickets whose ids q selects and locks, in an order.
func (s tickets) locked(ctx context.Context, q *statement, order string) ([]ticket.View, error) {
	held, err := rows[idRow](ctx, s.conn, q)
	if err != nil || len(held) == 0 {
		return []ticket.View{}, err
	}
	q = s.statement(selectLocked, reachArguments(access.EveryTicket)...)
	s.andIDIn(q, `t.id`, converted(held, func(r idRow) domain.ID { return r.ID }))
	found, err := rows[ticketViewRow](ctx, s.conn, q.add(` ORDER BY `+order))
	return converted(found, ticketViewRow.view), err
}

func (s tickets) SaveDue(ctx context.Context, due []ticket.Ticket) error {
	return dueTickets.saveAll(ctx, s.conn, due)
}
